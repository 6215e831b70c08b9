"""Compares reference.py with Hugging Face's implementations on the same weights, in float32.

  python3 cross_check.py [MODEL.gguf ...]     without models: random ones of every family (random_models.py)
"""
import os
import sys
import tempfile

import numpy as np
import torch
import transformers

import random_models
from reference import Model

CLASSES = {
    "llama": (transformers.LlamaConfig, transformers.LlamaForCausalLM),
    "qwen2": (transformers.Qwen2Config, transformers.Qwen2ForCausalLM),
    "qwen3": (transformers.Qwen3Config, transformers.Qwen3ForCausalLM),
}
NAMES = {
    "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm",
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}


def halves(weight, heads):
    """GGUF's llama files keep neighbouring rows as rotary pairs; Hugging Face pairs the halves of a head."""
    rows = weight.shape[0] // heads
    return weight.reshape(heads, rows // 2, 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def hugging_face(model):
    configuration, network = CLASSES[model.architecture]
    rotary = {"rope_type": "default", "rope_theta": model.base}
    if model.key("rope.scaling.type", "none") == "yarn":
        rotary = {
            "rope_type": "yarn", "rope_theta": model.base, "factor": model.key("rope.scaling.factor"),
            "original_max_position_embeddings": model.key("rope.scaling.original_context_length"),
        }
    embedding = model.weight("token_embd.weight")
    output = model.weight("output.weight", optional=True)
    config = configuration(
        vocab_size=embedding.shape[0], hidden_size=model.embedding, intermediate_size=model.key("feed_forward_length"),
        num_hidden_layers=model.layers, num_attention_heads=model.heads, num_key_value_heads=model.kv_heads,
        head_dim=model.head_dimension, rms_norm_eps=model.epsilon, rope_parameters=rotary, rope_theta=model.base,
        max_position_embeddings=4096, tie_word_embeddings=output is None, attn_implementation="eager",
    )
    state = {"model.embed_tokens.weight": embedding, "model.norm.weight": model.weight("output_norm.weight")}
    state["lm_head.weight"] = embedding if output is None else output
    for name in model.tensors:
        if not name.startswith("blk."):
            continue
        _, layer, part, suffix = name.split(".")
        weight = model.weight(name)
        if model.architecture == "llama" and part in ("attn_q", "attn_k"):
            weight = halves(weight, model.heads if part == "attn_q" else model.kv_heads)
        state[f"model.layers.{layer}.{NAMES[part]}.{suffix}"] = weight
    result = network(config).float().eval()
    missing, unexpected = result.load_state_dict(state, strict=False)
    assert not unexpected and not [name for name in missing if "rotary" not in name], (missing, unexpected)
    if "rope_freqs.weight" in model.tensors:  # Llama 3.1 keeps its factors in the frequencies
        result.model.rotary_emb.inv_freq = model.frequencies.float()
    return result


def main():
    work = tempfile.mkdtemp(prefix="conifer-cross-check-")
    paths = sys.argv[1:]
    if not paths:
        for shape in random_models.SHAPES:
            path = os.path.join(work, shape + ".gguf")
            random_models.write(shape, "F32", path)
            paths.append(path)
    worst = 0
    for path in paths:
        model = Model(path)
        rows = model.weight("token_embd.weight").shape[0]
        tokens = np.random.default_rng(7).integers(0, rows, 256)
        with torch.no_grad():
            theirs = hugging_face(model)(torch.from_numpy(tokens)[None]).logits[0]
        difference = (theirs - model.logits(tokens)).abs().max().item()
        worst = max(worst, difference)
        print(f"{os.path.basename(path)}: largest difference of a logit {difference:.1e} (largest logit {theirs.abs().max():.1f})")
    sys.exit(0 if worst < 2e-3 else 1)


if __name__ == "__main__":
    main()
