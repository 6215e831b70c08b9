"""Writes the reference logits that the test suite compares with: ../TransformersTests/reference/*.logits

  python3 store.py PARITY_LOGITS

For the tiny models that the suite builds itself (`parity-logits tiny`) and for the demonstration models in Models/. A
file holds, little-endian: the number of tokens and the tokens (int32); the vocabulary's size, the number of positions and
the positions (int32); for each position the reference's logits (binary16; rounding them costs less than 1e-6 nats).
"""
import os
import subprocess
import sys
import tempfile

import numpy as np

from parity import ROOT, own_words, random_words
from reference import Model

OUT = os.path.join(ROOT, "Tests", "TransformersTests", "reference")
TOKENS = 256
FAMILIES = ["llama", "qwen2", "qwen3"]
TYPES = ["f32", "f16", "bf16", "q8_0", "q4_0", "q4_k", "q5_k", "q6_k"]


def store(name, model, tokens, count):
    positions = np.arange(1, count + 1) * TOKENS // count - 1
    logits = model.logits(tokens)[positions].numpy()
    with open(os.path.join(OUT, name + ".logits"), "wb") as out:
        out.write(np.array([len(tokens), *tokens, logits.shape[1], count, *positions], "<i4").tobytes())
        out.write(logits.astype("<f2").tobytes())


def main():
    os.makedirs(OUT, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        for family in FAMILIES:
            for kind in TYPES:
                path = os.path.join(work, "tiny.gguf")
                subprocess.run([sys.argv[1], "tiny", family, kind, path], check=True)
                model = Model(path)
                store(f"{family}-{kind}", model, random_words(model, TOKENS), 16 if kind in ("f32", "q8_0", "q4_k") else 8)
    folder = os.path.join(ROOT, "Models")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".gguf"):
            model = Model(os.path.join(folder, name))
            store(name.removesuffix(".gguf"), model, own_words(model, TOKENS), 8)


if __name__ == "__main__":
    main()
