#!/usr/bin/env python3
"""Writes what PyPI's gguf reads from GGUF files, as one line of checksums each, for ReferenceTests.swift.

    python3 digest.py FILE.gguf... > digests.txt

A line: file name, metadata entries, CRC-32 over them, tensors, CRC-32 over them. Over an entry: key, a zero byte, the type
numbers, the count of an array, then the values as they lie in the file (strings with their length). Over a tensor: name, a
zero byte, type number, dimension count, dimensions, offset in the file, bytes, and a CRC-32 over its bytes.
"""
import os, sys, struct, zlib
import gguf
from gguf import GGUFValueType as V


def value(field):
    out = bytearray()
    for kind in field.types:
        out += struct.pack("<I", kind)
    if field.types[0] == V.ARRAY:
        out += struct.pack("<Q", len(field.data))
    for index in field.data:
        raw = field.parts[index].tobytes()
        if field.types[-1] == V.STRING:
            out += struct.pack("<Q", len(raw))
        out += raw
    return bytes(out)


def main():
    for path in sys.argv[1:]:
        reader = gguf.GGUFReader(path)
        entries = [f for name, f in reader.fields.items() if not name.startswith("GGUF.")]
        checksum = 0
        for field in entries:
            checksum = zlib.crc32(field.name.encode() + b"\0" + value(field), checksum)
        tensors = 0
        for tensor in reader.tensors:
            dimensions = [int(d) for d in tensor.shape]
            head = tensor.name.encode() + b"\0" + struct.pack("<II", tensor.tensor_type, len(dimensions))
            head += struct.pack(f"<{len(dimensions)}Q", *dimensions)
            head += struct.pack("<QQ", int(tensor.data_offset), int(tensor.n_bytes))
            head += struct.pack("<I", zlib.crc32(tensor.data.tobytes()))
            tensors = zlib.crc32(head, tensors)
        print(os.path.basename(path), len(entries), f"{checksum:08x}", len(reader.tensors), f"{tensors:08x}")


main()
