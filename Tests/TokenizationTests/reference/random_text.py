"""Random text that looks for trouble: all planes, scripts, white space, digits, code, near-specials. Same seed, same text."""

import random
import unicodedata

WORDS = """the quick brown Fox JUMPS over lazyDog camelCase HTTPServer don't I'm we'LL they'Ve it'S 'tis o'clock
naïve café Straße Ünïcödé ĲSSEL ﬁnance ΑΒΓδ λόγος Привет мир Київ שלום עולם مرحبا بالعالم ‏ नमस्ते दुनिया বাংলা ไทยภาษา
ລາວ မြန်မာ ខ្មែរ 你好世界 我想在apple工作 日本語テスト ひらがな カタカナ ﾊﾝｶｸ 한국어 텍스트 ㄅㄆㄇ ქართული ᲐᲑᲒ Հայերեն ꙮ ǅ ǈ ʰʷ ªº""".split()
CODE = ["def f(x):\n    return x**2\n", "for (int i=0;i<n;++i){a[i]+=b[i]*0x1F;}", "{\"key\": [1, 2.5e-3, null]}",
        "<div class=\"a\">&amp;</div>", "SELECT * FROM t WHERE a<>'b';", "#!/bin/sh\n\techo $HOME | sed 's/a/b/g'\r\n",
        "https://example.org/a?b=c&d=%20#e", "\\frac{a}{b}^2_i", "if (a!=b&&c||!d) { /* … */ }", "__init__", "x->y::z<T>",
        "````", "~~~", "***", "===", "-----", "......", "!!!???", "«»„“”‘’…—–"]
EMOJI = ["👨‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇩🇪🇫🇷", "😁", "❤️", "🧑🏿‍🚀", "☃", "✅", "⚡️", "1️⃣", "🫠", "🪿"]
DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３", "²³¹¼½¾", "ⅣⅧⅫↂ", "①②③", "一二三", "𝟘𝟙𝟚", "𐄇𐄈"]
SPACES = [" ", "  ", "   ", "        ", "\t", "\t\t", "\n", "\n\n", "\r\n", "\r", " \n", "\n ", " \n \n  ", "\u00a0", "\u3000",
          "\u2028", "\u2029", "\u1680", "\u2003\u2009", "\u202f", "\u205f", "\u0085", "\u000b", "\u000c", "\u200b", "\ufeff",
          "\u180e", "\u001c"]
NEAR = ["<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|begin_of_text|>", "<|start_header_id|>", "<s>",
        "<unk>", "<|user|>", "<|assistant|>", "<|end|>", "<|system|>", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>",
        ">>TITLE<<", ">>ABSTRACT<<", "<fim_prefix>", "<fim_middle>", "<file_sep>", "<NAME>", "[PAD151646]", "[PAD32060]",
        "<|reserved_special_token_7|>", "<|placeholder1|>", "[INST]", "<<SYS>>", "<think>", "</think>", "<tool_call>",
        "<0x0A>", "<0xE2>", "▁", "▁▁a", "Ġ", "Ċ", "ø", "À", "÷"]
CONTRACTIONS = ["'s", "'S", "'t", "'re", "'RE", "'Ve", "'m", "'ll", "'lL", "'d", "'D", "'", "''", "’s", "'sa", "'x"]
MARKS = [chr(c) for c in range(0x300, 0x370)] + list("\u0483\u064b\u0651\u093c\u0941\u0e31\u0e34\u20dd\ufe0f\u1ab0")


def scalar(rng):
    """One scalar of any plane, unassigned ones among them, surrogates not."""
    while True:
        kind = rng.random()
        if kind < 0.25:
            value = rng.randrange(0x80, 0x800)
        elif kind < 0.6:
            value = rng.randrange(0x800, 0x10000)
        elif kind < 0.85:
            value = rng.randrange(0x10000, 0x20000)
        else:
            value = rng.randrange(0x20000, 0x110000)
        if not 0xD800 <= value < 0xE000:
            return chr(value)


def pieces(rng):
    kind = rng.randrange(16)
    if kind <= 3:
        return rng.choice(WORDS)
    if kind == 4:
        return rng.choice(CODE)
    if kind == 5:
        return rng.choice(EMOJI) * rng.choice([1, 1, 2])
    if kind == 6:
        return "".join(rng.choice(rng.choice(DIGITS)) for _ in range(rng.randrange(1, 5)))
    if kind == 7:
        return "".join(rng.choice("0123456789.,") for _ in range(rng.randrange(1, 14)))
    if kind == 8:
        return "".join(rng.choice(SPACES) for _ in range(rng.randrange(1, 4)))
    if kind == 9:
        near = rng.choice(NEAR)
        return near if rng.random() < 0.6 else near[rng.randrange(0, 2) : len(near) - rng.randrange(0, 2)]
    if kind == 10:
        return rng.choice(["", "a", "X", "é"]) + rng.choice(CONTRACTIONS)
    if kind == 11:
        return rng.choice("aeoуاक") + "".join(rng.choice(MARKS) for _ in range(rng.randrange(1, 5)))
    if kind == 12:
        return "".join(scalar(rng) for _ in range(rng.randrange(1, 5)))
    if kind == 13:
        return "".join(chr(rng.randrange(0x20, 0x7F)) for _ in range(rng.randrange(1, 12)))
    if kind == 14:
        return "".join(chr(rng.choice([*range(0, 0x20), 0x7F, *range(0x80, 0xA0)])) for _ in range(rng.randrange(1, 4)))
    # Letters of one block, so that cases, modifiers and marks stand side by side.
    block = rng.choice([0x100, 0x180, 0x1C0, 0x240, 0x370, 0x400, 0x500, 0x10A0, 0x13A0, 0x1D00, 0x1E00, 0x1F00, 0x2100,
                        0x2C00, 0xA640, 0xA720, 0xAB30, 0xFB00, 0xFF20, 0x10400, 0x1D400, 0x1E900, 0x900, 0xE00, 0x3000])
    return "".join(chr(block + rng.randrange(0x60)) for _ in range(rng.randrange(1, 8)))


def text(rng):
    parts = []
    for _ in range(rng.choice([1, 2, 3, 4, 6, 8, 12])):
        parts.append(pieces(rng))
        if rng.random() < 0.5:
            parts.append(rng.choice(SPACES) if rng.random() < 0.25 else " ")
    if rng.random() < 0.02:
        parts.append(rng.choice("aAß 1界") * rng.randrange(50, 300))
    return "".join(parts)


def texts(seed, count):
    rng = random.Random(seed)
    return [text(rng) for _ in range(count)]
