"""Three models that can be told apart by what they say: the two demonstration models, and a third with weights of its own."""

import shutil

import numpy
from gguf import GGUFReader

from conifer_server import JUNIPER, LARCH, MODELS

ALDER = "alder-3m"
"""Larch's file with the rows of most matrices in another order: it runs as well, and says something else."""

NAMES = (LARCH, JUNIPER, ALDER)


def write(folder):
    """Writes the three files into a folder; returns name → file."""
    files = {LARCH: folder / "larch.gguf", JUNIPER: folder / "juniper.gguf", ALDER: folder / "alder.gguf"}
    shutil.copy(MODELS / "larch.gguf", files[LARCH])
    shutil.copy(MODELS / "juniper.gguf", files[JUNIPER])
    shutil.copy(MODELS / "larch.gguf", files[ALDER])
    changed = 0
    for tensor in GGUFReader(files[ALDER], "r+").tensors:
        if any(part in tensor.name for part in (".ffn_up.", ".ffn_down.", ".attn_output.")):
            tensor.data[:] = numpy.roll(tensor.data, 1, axis=0).copy()
            changed += 1
    assert changed == 12, f"larch has {changed} such matrices, not the 12 that are known"
    return files
