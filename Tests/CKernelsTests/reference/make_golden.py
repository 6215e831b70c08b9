"""Writes dequantised.txt: random blocks of every weight type and their values by PyPI's gguf.quants.

Usage: python make_golden.py > dequantised.txt      (needs numpy and gguf; made with gguf 0.19.0)
A line: type, hex of the stored bytes, hex of the little-endian float32 values.
"""
import sys

import numpy as np
from gguf import GGMLQuantizationType as T
from gguf.quants import dequantize

random = np.random.default_rng(20240607)


def half(count):
    """Finite halves of all magnitudes, subnormals and both zeros among them."""
    bits = random.integers(0, 1 << 16, count, dtype=np.uint16)
    return np.where((bits & 0x7C00) == 0x7C00, bits & 0x83FF, bits)


def blocks(kind, count):
    size = {T.Q8_0: 34, T.Q4_0: 18, T.Q4_K: 144, T.Q5_K: 176, T.Q6_K: 210}[kind]
    data = random.integers(0, 256, (count, size), dtype=np.uint8)
    places = {T.Q8_0: [0], T.Q4_0: [0], T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208]}[kind]
    for place in places:
        data[:, place : place + 2] = half(count).view(np.uint8).reshape(count, 2)
    return data


def show(name, data, values):
    print(name, data.tobytes().hex(), np.ascontiguousarray(values, dtype="<f4").tobytes().hex())


floats = np.concatenate([random.standard_normal(28), [0.0, -0.0, 3.0e38, 1.0e-42]]).astype("<f4")
show("f32", floats, floats)
halves = half(64)
show("f16", halves, halves.view(np.float16).astype(np.float32))
brains = random.integers(0, 1 << 16, 64, dtype=np.uint16)
brains = np.where((brains & 0x7F80) == 0x7F80, brains & 0x807F, brains).astype(np.uint16)
show("bf16", brains, dequantize(brains.view(np.uint8), T.BF16))
for kind in (T.Q8_0, T.Q4_0, T.Q4_K, T.Q5_K, T.Q6_K):
    data = blocks(kind, 3)
    show(kind.name.lower(), data, dequantize(data, kind))
