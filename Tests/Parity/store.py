"""Writes what the test suite compares with: ../TransformersTests/reference/*.logits, ../InferenceTests/reference/embeddings.json

  python3 store.py PARITY_LOGITS

For the tiny models that the suite builds itself (`parity-logits tiny`) and for the demonstration models in Models/. A
file holds, little-endian: the number of tokens and the tokens (int32); the vocabulary's size, the number of positions and
the positions (int32); for each position the reference's logits (binary16; rounding them costs less than 1e-6 nats).
embeddings.json has, for each family's tiny F32 model, some tokens and the vectors that each pooling makes of them.
"""
import json
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


def embeddings(model):
    """The hidden rows pooled in each way, scaled to length 1."""
    tokens = random_words(model, TOKENS)[:100]
    rows = model.hidden(tokens).double()
    pooled = {"mean": rows.mean(0), "first": rows[0], "last": rows[-1]}
    vectors = {name: [round(float(x), 7) for x in row / row.norm()] for name, row in pooled.items()}
    return {"tokens": [int(t) for t in tokens], **vectors}


def store_embeddings(parity_logits):
    found = {}
    with tempfile.TemporaryDirectory() as work:
        for family in FAMILIES:
            path = os.path.join(work, "tiny.gguf")
            subprocess.run([parity_logits, "tiny", family, "f32", path], check=True)
            found[family] = embeddings(Model(path))
    folder = os.path.join(ROOT, "Tests", "InferenceTests", "reference")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "embeddings.json"), "w") as out:
        json.dump(found, out, separators=(",", ":"))
        out.write("\n")


def main():
    os.makedirs(OUT, exist_ok=True)
    store_embeddings(sys.argv[1])
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
