"""The parity reference: float32 logits from a demonstration model's GGUF, its weights de-quantised, in plain PyTorch.

`python reference.py ../larch.gguf 1 2 3` prints the five likeliest next tokens after each of the given ids.
"""
import sys

import gguf
import torch

from architecture import Shape, Transformer
from bpe import CONTROL, Tokenizer


def load(path: str) -> tuple[Transformer, Tokenizer]:
    """The model, with de-quantised float32 weights, and the tokeniser: from the file and nothing else."""
    reader = gguf.GGUFReader(path)
    value = lambda key: reader.fields[key].contents()
    architecture = value("general.architecture")
    of = lambda key: value(f"{architecture}.{key}")
    shape = Shape(architecture, len(value("tokenizer.ggml.tokens")), of("embedding_length"), of("block_count"),
                  of("attention.head_count"), of("attention.head_count_kv"), of("attention.key_length"),
                  of("feed_forward_length"), of("context_length"), of("rope.freq_base"),
                  of("attention.layer_norm_rms_epsilon"))
    model = Transformer(shape)
    model.load_state_dict({t.name: torch.from_numpy(gguf.quants.dequantize(t.data, t.tensor_type).copy())
                           for t in reader.tensors})
    merges = [tuple(m.split(" ")) for m in value("tokenizer.ggml.merges")]
    tokenizer = Tokenizer(merges, value("tokenizer.ggml.pre"))
    if tokenizer.pieces != value("tokenizer.ggml.tokens") or tokenizer.pieces[-len(CONTROL):] != CONTROL:
        raise ValueError(f"{path}: the pieces do not follow from the merges")
    return model.eval(), tokenizer


@torch.no_grad()
def logits(path: str, tokens: list[int]) -> torch.Tensor:
    """Logits [tokens, vocabulary] in float32: row i is the prediction after tokens[0...i]."""
    model, _ = load(path)
    return model.logits(model.hidden(torch.tensor([tokens])))[0]


@torch.no_grad()
def generate(model: Transformer, prompts: list[list[int]], end: int, limit: int) -> list[list[int]]:
    """Greedy continuations, without `end`, of prompts that all have the same length; at most `limit` ids each."""
    ids = torch.tensor(prompts)
    caches, out, ended = [None] * len(model.blk), [[] for _ in prompts], [False] * len(prompts)
    position = 0
    while not all(ended) and len(max(out, key=len)) < limit and position + ids.shape[1] <= model.shape.context:
        x = model.token_embd(ids)
        span = slice(position, position + ids.shape[1])
        for i, block in enumerate(model.blk):
            x, caches[i] = block(x, model.cos[span], model.sin[span], caches[i], None)
        position += ids.shape[1]
        best = model.logits(model.output_norm(x[:, -1])).argmax(-1)
        for row, token in enumerate(best.tolist()):
            if token == end:
                ended[row] = True
            elif not ended[row]:
                out[row].append(token)
        ids = best[:, None]
    return [o if e else o + [-1] for o, e in zip(out, ended)]  # -1 marks what did not end


def main() -> None:
    path, tokens = sys.argv[1], [int(t) for t in sys.argv[2:]]
    _, tokenizer = load(path)
    for token, row in zip(tokens, logits(path, tokens)):
        top = row.topk(5)
        print(token, [(tokenizer.pieces[i], round(v, 4)) for v, i in zip(top.values.tolist(), top.indices.tolist())])


if __name__ == "__main__":
    main()
