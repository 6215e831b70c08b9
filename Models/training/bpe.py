"""Byte-level BPE in the manner of GPT-2: training, encoding, decoding. Digits never merge: each is a token."""
import json
from collections import Counter, defaultdict

import regex

# The pre-tokenisers that GGUF's `tokenizer.ggml.pre` names. They differ here in how digits are cut.
_PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|DIGITS| ?[^\s\p{L}\p{N}]+[\r\n]*"
            r"|\s*[\r\n]+|\s+(?!\S)|\s+")
PRE_TOKENIZERS = {
    "llama-bpe": regex.compile(_PATTERN.replace("DIGITS", r"\p{N}{1,3}")),
    "qwen2": regex.compile(_PATTERN.replace("DIGITS", r"\p{N}")),
}
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def byte_to_unicode() -> dict[int, str]:
    """GPT-2's printable stand-in for each byte."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {b: chr(b) for b in printable}
    for shift, b in enumerate(b for b in range(256) if b not in table):
        table[b] = chr(256 + shift)
    return table


BYTES = byte_to_unicode()
UNBYTES = {c: b for b, c in BYTES.items()}


def train(texts: list[str], pre: str, size: int) -> list[tuple[str, str]]:
    """Merges, best first, for a vocabulary of `size` pieces (256 bytes and the control tokens included)."""
    counts = Counter(w for t in texts for w in PRE_TOKENIZERS[pre].findall(t))
    words = [([BYTES[b] for b in w.encode()], n) for w, n in sorted(counts.items())]
    pairs: Counter = Counter()
    where: dict[tuple[str, str], set[int]] = defaultdict(set)

    def account(index: int, sign: int) -> None:
        symbols, n = words[index]
        for pair in zip(symbols, symbols[1:]):
            if not any(c.isdigit() for c in pair[0] + pair[1]):
                pairs[pair] += sign * n
                where[pair].add(index)

    for index in range(len(words)):
        account(index, 1)
    merges = []
    while len(merges) < size - 256 - len(CONTROL):
        best = max(pairs, key=lambda p: (pairs[p], p))
        merges.append(best)
        for index in list(where[best]):
            account(index, -1)
            words[index] = (merge(words[index][0], best), words[index][1])
            account(index, 1)
        del pairs[best], where[best]
    return merges


def merge(symbols: list[str], pair: tuple[str, str]) -> list[str]:
    """The symbols with every occurrence of `pair` joined, left to right."""
    out, i = [], 0
    while i < len(symbols):
        if i + 1 < len(symbols) and (symbols[i], symbols[i + 1]) == pair:
            out.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            out.append(symbols[i])
            i += 1
    return out


class Tokenizer:
    """Pieces (bytes, merges in order, control tokens) and what follows from them."""

    def __init__(self, merges: list[tuple[str, str]], pre: str):
        self.pre, self.merges = pre, merges
        self.pieces = [BYTES[b] for b in range(256)] + [a + b for a, b in merges] + CONTROL
        self.ids = {p: i for i, p in enumerate(self.pieces)}
        self.ranks = {m: i for i, m in enumerate(merges)}
        self.control = {p: self.ids[p] for p in CONTROL}
        self._cache: dict[str, list[int]] = {}

    def encode(self, text: str) -> list[int]:
        """Token ids of plain text; nothing in it is taken for a control token."""
        return [i for word in PRE_TOKENIZERS[self.pre].findall(text) for i in self._word(word)]

    def _word(self, word: str) -> list[int]:
        if word not in self._cache:
            symbols = [BYTES[b] for b in word.encode()]
            whole = "".join(symbols)
            if self.pre == "llama-bpe" and whole in self.ids:  # this pre-tokeniser takes known words before merging
                symbols = [whole]
            while len(symbols) > 1:
                best = min(zip(symbols, symbols[1:]), key=lambda p: self.ranks.get(p, 1 << 30))
                if best not in self.ranks:
                    break
                symbols = merge(symbols, best)
            self._cache[word] = [self.ids[s] for s in symbols]
            if len(self._cache) > 200_000:
                self._cache.clear()
                return [self.ids[s] for s in symbols]
        return self._cache[word]

    def decode(self, ids: list[int]) -> str:
        """The text of token ids; control tokens are left out."""
        first_control = len(self.pieces) - len(CONTROL)
        data = bytes(UNBYTES[c] for i in ids if i < first_control for c in self.pieces[i])
        return data.decode(errors="replace")

    def save(self, path: str) -> None:
        with open(path, "w") as file:
            json.dump({"pre": self.pre, "merges": self.merges}, file)

    @staticmethod
    def load(path: str) -> "Tokenizer":
        with open(path) as file:
            data = json.load(file)
        return Tokenizer([tuple(m) for m in data["merges"]], data["pre"])
