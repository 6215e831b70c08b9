#!/usr/bin/env python3
"""Writes what llama.cpp or tokenizers makes of random text, one file for each tokeniser, for `ReferenceTokenTests`.

    pip install llama-cpp-python==0.3.36        (or, with --reference tokenizers: pip install tokenizers==0.23.3 gguf==0.19.0)
    python3 expected_tokens.py --vocabularies DIR --out DIR [--count 10000] [--seed 1]      all tokens, as JSON lines
    python3 expected_tokens.py --vocabularies DIR --sample FILE [--count 300] [--seed 2]    digests, for the repository
    CONIFER_EXPECTED_TOKENS=DIR swift test --filter ReferenceTokenTests

A tokeniser is a vocabulary file `ggml-vocab-NAME.gguf`, or `NAME+PRE`: such a file with another pre-tokeniser.
"""

import argparse
import json
import os
import re
import struct
import tempfile
import unicodedata

from random_text import texts

VOCABULARIES = "deepseek-llm falcon gpt-2 llama-bpe llama-spm phi-3 qwen2 qwen35 starcoder".split()
OTHERS_PUBLISHED = ["qwen2+smollm", "qwen2+gpt-4o", "qwen2+tekken", "qwen2+deepseek-coder", "qwen2+deepseek-v3"]
OTHERS = ["gpt-2+default", "qwen2+smollm", "qwen2+minicpm5", "qwen2+deepseek-coder", "qwen2+deepseek-v3", "qwen2+glm4",
          "llama-bpe+dbrx"]


def with_pre_tokenizer(path, name, folder):
    """A copy of a vocabulary file with another `tokenizer.ggml.pre`."""
    content = open(path, "rb").read()
    key = b"tokenizer.ggml.pre"
    at = content.index(struct.pack("<Q", len(key)) + key) + 8 + len(key) + 4
    (length,) = struct.unpack_from("<Q", content, at)
    copy = os.path.join(folder, f"{name}.gguf")
    with open(copy, "wb") as file:
        file.write(content[:at] + struct.pack("<Q", len(name)) + name.encode() + content[at + 8 + length :])
    return copy


def llama_encoder(vocabularies, tokenizer, folder):
    import llama_cpp

    base, _, pre = tokenizer.partition("+")
    path = os.path.join(vocabularies, f"ggml-vocab-{base}.gguf")
    if pre:
        path = with_pre_tokenizer(path, pre, folder)
    model = llama_cpp.Llama(path, vocab_only=True, verbose=False)
    # Where an expression lists ranges, llama.cpp has replaced wide white space by U+000B before it matches; the published
    # tokenisers have not. Such texts are left to `--reference tokenizers`.
    blind = re.compile("[\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]") if "deepseek-" in tokenizer else None
    if tokenizer == "qwen2+deepseek-v3":
        blind = None  # Its ranges hold no white space.

    def encode(text, special):
        if blind and blind.search(text):
            return None
        return model.tokenize(text.encode(), add_bos=False, special=special)

    return encode


SPACED = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
PREFIXED = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CASED = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+C"
         r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*C"
         r"|\p{N}D| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
ASIAN = r"[一-龥ࠀ-一가-퟿]+"
# The letters are those of Sources/Tokenization/PreTokenizers/CasedRanges.swift.
PUBLISHED = {
    "gpt-2": [SPACED],
    "starcoder": [r"\p{N}", SPACED],
    "smollm": [r"\p{N}", SPACED],
    "llama-bpe": [PREFIXED % "{1,3}"],
    "qwen2": [PREFIXED % ""],
    "qwen35": [r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*"
               r"|\s*[\r\n]+|\s+(?!\S)|\s+"],
    "gpt-4o": [CASED.replace("C", "(?i:'s|'t|'re|'ve|'m|'ll|'d)?").replace("D", "{1,3}")],
    "tekken": [CASED.replace("C", "").replace("D", "")],
    "deepseek-llm": [r"[\r\n]", r"\s?[LETTERS]+", r"\s?" + "[!-/:-~！-／：-～‘-‟\u3000-。]+", r"\s+$",
                     ASIAN, r"\p{N}+"],
    "deepseek-coder": [r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", ASIAN, r"\p{N}"],
    "deepseek-v3": [r"\p{N}{1,3}", "[一-龥\u3040-ゟ゠-ヿ]+",
                    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
                    r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"],
}


def cased_letters():
    """The ranges of CasedRanges.swift as the inside of a character class."""
    swift = os.path.join(os.path.dirname(__file__), "../../../Sources/Tokenization/PreTokenizers/CasedRanges.swift")
    ranges = re.findall(r"0x([0-9A-F]+)\.\.\.0x([0-9A-F]+)", open(swift).read())
    return "".join(f"{chr(int(low, 16))}-{chr(int(high, 16))}" for low, high in ranges)


def published_encoder(vocabularies, tokenizer, _):
    """The pieces and merges of a GGUF file in PyPI's tokenizers, with the expressions that the family was published with."""
    import gguf
    from tokenizers import AddedToken, Regex, Tokenizer, models, pre_tokenizers

    base, _, pre = tokenizer.partition("+")
    fields = gguf.GGUFReader(os.path.join(vocabularies, f"ggml-vocab-{base}.gguf")).fields
    strings = {key: [bytes(fields[key].parts[i]).decode() for i in fields[key].data]
               for key in ("tokenizer.ggml.tokens", "tokenizer.ggml.merges")}
    pieces = strings["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ")) for merge in strings["tokenizer.ggml.merges"]]
    kinds = [int(fields["tokenizer.ggml.token_type"].parts[i][0]) for i in fields["tokenizer.ggml.token_type"].data]
    whole = (pre or base) in ("llama-bpe", "tekken")
    model = Tokenizer(models.BPE({piece: i for i, piece in enumerate(pieces)}, merges, ignore_merges=whole))
    steps = [pre_tokenizers.Split(Regex(expression.replace("LETTERS", cased_letters())), "isolated")
             for expression in PUBLISHED[pre or base]]
    model.pre_tokenizer = pre_tokenizers.Sequence(
        steps + [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    added = [AddedToken(piece, normalized=False) for piece, kind in zip(pieces, kinds) if kind == 4]
    model.add_tokens(added)
    plain = lambda text: model.encode(text, add_special_tokens=False).ids
    return lambda text, special: None if special else plain(text)


def is_assigned(text):
    return all(unicodedata.category(scalar) != "Cn" for scalar in text)


def digest(tokens):
    """FNV-1a over the tokens as little-endian 32-bit numbers; nothing for nothing."""
    if tokens is None:
        return ""
    value = 0xCBF29CE484222325
    for byte in struct.pack(f"<{len(tokens)}i", *tokens):
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--vocabularies", required=True)
    arguments.add_argument("--out")
    arguments.add_argument("--sample")
    arguments.add_argument("--count", type=int, default=10000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--reference", choices=["llama.cpp", "tokenizers"], default="llama.cpp")
    arguments.add_argument("--only", nargs="*")
    given = arguments.parse_args()
    if given.reference == "llama.cpp":
        encoder, known = llama_encoder, VOCABULARIES + OTHERS
    else:
        encoder, known = published_encoder, [name for name in VOCABULARIES if name in PUBLISHED] + OTHERS_PUBLISHED
    if given.reference == "llama.cpp":
        strings = texts(given.seed, given.count)
    else:
        # tokenizers' expressions know a later Unicode version than 15.1: scalars that are assigned in both.
        strings = [string for string in texts(given.seed, 3 * given.count) if is_assigned(string)][: given.count]
    sample = {"texts": strings, "digests": {}}
    with tempfile.TemporaryDirectory() as folder:
        for tokenizer in given.only or known:
            encode = encoder(given.vocabularies, tokenizer, folder)
            expected = [(encode(string, True), encode(string, False)) for string in strings]
            if given.sample:
                sample["digests"][tokenizer] = [digest(parsed) + digest(plain) for parsed, plain in expected]
            if given.out:
                os.makedirs(given.out, exist_ok=True)
                with open(os.path.join(given.out, f"{tokenizer}.jsonl"), "w") as file:
                    for string, (parsed, plain) in zip(strings, expected):
                        line = {"text": string, "parsed": parsed, "plain": plain}
                        file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            print(tokenizer, len(strings), flush=True)
    if given.sample:
        with open(given.sample, "w") as file:
            json.dump(sample, file, ensure_ascii=False, indent=0, separators=(",", ":"))
            file.write("\n")


main()
