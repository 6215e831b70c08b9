"""Writes GGUF models of each family with random weights: peaked distributions, real structure, a small vocabulary.

  python3 random_models.py SHAPE TYPE OUT.gguf [--seed N]

F32 to Q4_0 are quantised from normal numbers; K types are filled with random codes of the true layout.
"""
import argparse

import gguf
import numpy as np
from gguf import GGMLQuantizationType as T

VOCABULARY = 4096
# A deviation that gives peaked distributions: with smaller ones the greedy choice is a coin toss.
DEVIATION = 0.05
SHAPES = {
    "llama-tiny": dict(arch="llama", kv=2, base=5e5, epsilon=1e-5, tied=True),
    "spm-tiny": dict(arch="llama", kv=4, base=1e4, epsilon=1e-5, tied=False),
    "llama3-tiny": dict(arch="llama", kv=2, base=5e5, epsilon=1e-5, tied=True, factors=True),
    "qwen2-tiny": dict(arch="qwen2", kv=2, base=1e6, epsilon=1e-6, tied=True),
    "qwen2-yarn-tiny": dict(arch="qwen2", kv=2, base=1e6, epsilon=1e-6, tied=True, yarn=4.0),
    "qwen3-tiny": dict(arch="qwen3", kv=2, base=1e6, epsilon=1e-6, tied=True),
}
TYPES = ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K_M", "Q5_K_M", "Q6_K"]
LAYERS, EMBEDDING, FEED_FORWARD, HEADS, HEAD = 2, 256, 512, 4, 64
MIX = {"Q4_K_M": T.Q4_K, "Q5_K_M": T.Q5_K, "Q6_K": T.Q6_K}


def k_blocks(kind, count, random):
    """Random super-blocks of 256 weights; they come out centred, spread about DEVIATION."""
    size = {T.Q4_K: 144, T.Q5_K: 176, T.Q6_K: 210}[kind]
    blocks = random.integers(0, 256, (count, size), dtype=np.uint8)

    def half(value):
        return np.full(count, value, np.float16).view(np.uint8).reshape(count, 2)

    if kind == T.Q6_K:  # low bits 128, high bits 64, 16 signed scales, scale
        blocks[:, 192:208] = random.integers(16, 64, (count, 16)).astype(np.uint8)
        blocks[:, 208:210] = half(DEVIATION / (40 * 18.5))
        return blocks
    top = 15 if kind == T.Q4_K else 31
    scales = random.integers(24, 48, (count, 8))
    # scale · (code − top/2): the minima that centre the codes, in steps of so many scales that they fit six bits.
    step = 8 if kind == T.Q4_K else 16
    minima = np.round(scales * (top / 2) / step).astype(int)
    for j in range(4):  # 6-bit numbers packed into 12 bytes
        blocks[:, 4 + j] = (scales[:, j] & 63) | ((scales[:, j + 4] >> 4) << 6)
        blocks[:, 8 + j] = (minima[:, j] & 63) | ((minima[:, j + 4] >> 4) << 6)
        blocks[:, 12 + j] = (scales[:, j + 4] & 15) | ((minima[:, j + 4] & 15) << 4)
    scale = DEVIATION / (36 * top * 0.29)
    blocks[:, 0:2], blocks[:, 2:4] = half(scale), half(scale * step)
    return blocks


def write(shape_name, type_name, path, seed=1):
    shape, random = SHAPES[shape_name], np.random.default_rng(seed)
    writer = gguf.GGUFWriter(path, shape["arch"])
    writer.add_name(f"{shape_name} (random weights)")
    writer.add_block_count(LAYERS)
    writer.add_context_length(4096)
    writer.add_embedding_length(EMBEDDING)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(shape["kv"])
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_layer_norm_rms_eps(shape["epsilon"])
    writer.add_rope_freq_base(shape["base"])
    writer.add_vocab_size(VOCABULARY)
    if shape["arch"] == "llama":
        writer.add_rope_dimension_count(HEAD)
    if "yarn" in shape:
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(shape["yarn"])
        writer.add_rope_scaling_orig_ctx_len(64)

    def matrix(name, rows, columns, important=False):
        kind = MIX.get(type_name) or T[type_name]
        if important and type_name in MIX:
            kind = T.Q6_K  # what an _M mix gives the embedding and, in some layers, attn_v and ffn_down
        if kind in (T.Q4_K, T.Q5_K, T.Q6_K):
            data = k_blocks(kind, rows * columns // 256, random).reshape(rows, -1)
        else:
            values = random.standard_normal((rows, columns), dtype=np.float32) * DEVIATION
            data = gguf.quants.quantize(values, kind)
        writer.add_tensor(name, data, raw_dtype=kind)

    def vector(name, values):
        writer.add_tensor(name, values.astype(np.float32))

    def norm(name, width):
        vector(name, 1 + 0.05 * random.standard_normal(width))

    queries, keys = HEADS * HEAD, shape["kv"] * HEAD
    matrix("token_embd.weight", VOCABULARY, EMBEDDING, True)
    norm("output_norm.weight", EMBEDDING)
    if not shape["tied"]:
        matrix("output.weight", VOCABULARY, EMBEDDING, True)
    if shape.get("factors"):
        vector("rope_freqs.weight", np.repeat([1.0, 1.7, 4.3, 8.0], HEAD // 8))
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        norm(block + "attn_norm.weight", EMBEDDING)
        norm(block + "ffn_norm.weight", EMBEDDING)
        matrix(block + "attn_q.weight", queries, EMBEDDING)
        matrix(block + "attn_k.weight", keys, EMBEDDING)
        matrix(block + "attn_v.weight", keys, EMBEDDING, layer % 2 == 1)
        matrix(block + "attn_output.weight", EMBEDDING, queries)
        matrix(block + "ffn_gate.weight", FEED_FORWARD, EMBEDDING)
        matrix(block + "ffn_up.weight", FEED_FORWARD, EMBEDDING)
        matrix(block + "ffn_down.weight", EMBEDDING, FEED_FORWARD, layer % 2 == 1)
        if shape["arch"] == "qwen3":
            norm(block + "attn_q_norm.weight", HEAD)
            norm(block + "attn_k_norm.weight", HEAD)
        if shape["arch"] == "qwen2":
            for name, width in (("q", queries), ("k", keys), ("v", keys)):
                vector(block + f"attn_{name}.bias", 0.1 * random.standard_normal(width))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("type", choices=TYPES)
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(options.shape, options.type, options.out, options.seed)
