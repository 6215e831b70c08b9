"""Kullback-Leibler divergence and greedy agreement between reference and engine, and the issue's bounds on them."""
import torch

FLOATS = ("F32", "F16", "BF16")
# Mean divergence in nats over the positions.
BOUNDS = {True: 1e-4, False: 5e-3}
# Where the reference's two likeliest tokens differ by more than this, the greedy choice must agree ...
MARGIN = 0.1
# ... at this share of the positions.
AGREEMENT = 0.99


def compare(reference, ours):
    """Both [positions, vocabulary]."""
    p, q = reference.double().log_softmax(-1), ours.double().log_softmax(-1)
    divergence = (p.exp() * (p - q)).sum(-1)
    top = reference.topk(2, -1)
    clear = (top.values[:, 0] - top.values[:, 1]) > MARGIN
    same = ours.argmax(-1) == top.indices[:, 0]
    return {
        "positions": len(reference),
        "mean_kl": divergence.mean().item(),
        "max_kl": divergence.max().item(),
        "clear": int(clear.sum()),
        "agree": (same & clear).sum().item() / max(1, int(clear.sum())),
        "agree_all": same.float().mean().item(),
        "largest_difference": (reference - ours).abs().max().item(),
    }


def passes(result, is_float):
    return result["mean_kl"] <= BOUNDS[is_float] and result["agree"] >= AGREEMENT
