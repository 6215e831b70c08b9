"""Compares conifer's logits with reference.py's over 256 positions and prints a table.

  python3 parity.py PARITY_LOGITS [MODEL.gguf ...] [--work DIR] [--json OUT]

Without models: random ones of every family and weight type (random_models.py), and the demonstration models in Models/.
Exit status 1 if a model misses its bound (compare.py). Run it through `Tests/Parity/run`, which builds what it needs.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch

import random_models
from compare import FLOATS, compare, passes
from reference import Model

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
POSITIONS = 256


def own_words(model, count):
    """Tokens that the model itself would write: sampled from the reference, so that a trained model is on its own ground."""
    generator = torch.Generator().manual_seed(1)
    end = model.fields.get("tokenizer.ggml.eos_token_id", 0)
    tokens = [model.fields.get("tokenizer.ggml.bos_token_id", end)]
    while len(tokens) < count:
        probabilities = model.logits(tokens[-128:])[-1].softmax(-1)
        tokens.append(int(torch.multinomial(probabilities, 1, generator=generator)))
    return np.array(tokens, np.int32)


def random_words(model, count):
    rows = model.weight("token_embd.weight").shape[0]
    return np.random.default_rng(7).integers(0, rows, count).astype(np.int32)


def engine_logits(executable, path, tokens, work):
    token_file, out = os.path.join(work, "tokens"), os.path.join(work, "logits")
    tokens.tofile(token_file)
    said = subprocess.run([executable, "run", path, token_file, out], check=True, capture_output=True, text=True).stdout
    logits = torch.from_numpy(np.fromfile(out, np.float32).reshape(len(tokens), -1))
    os.remove(out)
    return logits, said.strip()


def weight_type(model):
    """The least exact type among the matrices decides which bound holds."""
    kinds = {t.tensor_type.name for t in model.tensors.values() if len(t.shape) == 2}
    return "+".join(sorted(kinds)), all(kind in FLOATS for kind in kinds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("executable")
    parser.add_argument("models", nargs="*")
    parser.add_argument("--work")
    parser.add_argument("--json")
    options = parser.parse_args()
    work = options.work or tempfile.mkdtemp(prefix="conifer-parity-")
    cases = [(os.path.basename(path), lambda path=path: path, False) for path in options.models]
    if not cases:
        for shape in random_models.SHAPES:
            for kind in random_models.TYPES:
                def make(shape=shape, kind=kind):
                    path = os.path.join(work, "model.gguf")
                    random_models.write(shape, kind, path)
                    return path

                cases.append((f"{shape} {kind}", make, True))
        folder = os.path.join(ROOT, "Models")
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            if name.endswith(".gguf"):
                cases.append((name, lambda name=name: os.path.join(folder, name), False))
    results, failed = [], False
    print("| model | weights | mean KL | max KL | greedy, clear positions | greedy, all | passes |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, path_of, is_random in cases:
        path = path_of()
        model = Model(path)
        kinds, is_float = weight_type(model)
        tokens = random_words(model, POSITIONS) if is_random else own_words(model, POSITIONS)
        ours, said = engine_logits(options.executable, path, tokens, work)
        result = compare(model.logits(tokens), ours)
        good = passes(result, is_float)
        failed |= not good
        results.append({"model": name, "weights": kinds, "engine": said, "passes": good, **result})
        print(
            f"| {name} | {kinds} | {result['mean_kl']:.1e} | {result['max_kl']:.1e} "
            f"| {100 * result['agree']:.1f} % of {result['clear']} | {100 * result['agree_all']:.1f} % "
            f"| {'yes' if good else 'NO'} |",
            flush=True,
        )
    print(results[-1]["engine"] if results else "no models")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump(results, out, indent=1)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
