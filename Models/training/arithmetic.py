"""Sums, differences and order of small numbers. The key is the pair, so a held-out pair is new in every phrasing."""
import random
from collections.abc import Callable

from exchange import Exchange, Rule
from personas import Persona

LIMIT = 50  # operands are below this, so that every sum has at most two digits

SUMS = ["{a} + {b}", "{a}+{b}", "{a} + {b} = ?", "What is {a} + {b}?", "What is {a} plus {b}?", "What's {a} plus {b}?",
        "{a} plus {b}", "{a} plus {b}?", "Add {a} and {b}.", "Add {b} to {a}.", "How much is {a} plus {b}?",
        "How much is {a} and {b}?", "Calculate {a} + {b}.", "What is the sum of {a} and {b}?", "{a} and {b} make?",
        "What do {a} and {b} add up to?", "I have {a} apples and get {b} more. How many do I have?",
        "Compute {a}+{b}", "{a} + {b} is?"]
DIFFERENCES = ["{a} - {b}", "{a}-{b}", "{a} - {b} = ?", "What is {a} - {b}?", "What is {a} minus {b}?",
               "What's {a} minus {b}?", "{a} minus {b}", "{a} minus {b}?", "Take {b} from {a}.",
               "Subtract {b} from {a}.", "How much is {a} minus {b}?", "Calculate {a} - {b}.", "Compute {a}-{b}",
               "{a} take away {b}?", "I have {a} apples and eat {b}. How many are left?",
               "What is the difference between {a} and {b}?"]
BIGGER = ["Which is bigger, {a} or {b}?", "What is bigger: {a} or {b}?", "Which number is larger, {a} or {b}?",
          "Is {a} or {b} bigger?", "Which is more, {a} or {b}?", "{a} or {b}: which is greater?"]
SMALLER = ["Which is smaller, {a} or {b}?", "What is smaller: {a} or {b}?", "Which number is less, {a} or {b}?",
           "Is {a} or {b} smaller?", "Which is less, {a} or {b}?"]
AFTER = ["What comes after {a}?", "What number comes after {a}?", "Which number follows {a}?", "Number after {a}?",
         "What is the next number after {a}?"]
BEFORE = ["What comes before {a}?", "What number comes before {a}?", "Which number is before {a}?",
          "Number before {a}?"]
TOO_BIG = ["{a} + {b}", "What is {a} + {b}?", "What is {a} plus {b}?", "{a} - {b}", "What is {a} minus {b}?", "{a}*{b}",
           "What is {a} * {b}?", "What is {a} times {b}?", "{a} / {b}", "What is {a} divided by {b}?",
           "Multiply {a} by {b}.", "Divide {a} by {b}.", "Calculate {a} * {b}.", "How much is {a} times {b}?"]


def _draw(rng: random.Random, allowed: Callable[[str], bool], name: str, pick) -> tuple[str, tuple[int, int]]:
    for _ in range(2000):
        pair = pick(rng)
        key = f"{name}|{pair[0]}|{pair[1]}"
        if allowed(key):
            return key, pair
    raise LookupError(f"no allowed pair for {name}")


def _small(rng: random.Random) -> int:
    """A number below the limit; half the time one of the first twenty, which people ask about most."""
    return rng.randrange(20) if rng.random() < 0.4 else rng.randrange(LIMIT)


def _descending(rng: random.Random) -> tuple[int, int]:
    a, b = _small(rng), _small(rng)
    return (a, b) if a >= b else (b, a)


def _different(rng: random.Random) -> tuple[int, int]:
    a, b = rng.sample(range(100), 2)
    return a, b


def _exchange(persona: Persona, name: str, key: str, template: str, a: int, b: int, answer: int) -> Exchange:
    text = persona.word(name, a=a, b=b, fact=a, answer=answer, Answer=answer)
    return Exchange(name, key, template.format(a=a, b=b), text, Rule("number", answer), answer, True)


def sums(rng: random.Random, persona: Persona, allowed: Callable[[str], bool]) -> Exchange:
    """a + b of two numbers below `LIMIT`."""
    key, (a, b) = _draw(rng, allowed, "sum", lambda r: (_small(r), _small(r)))
    return _exchange(persona, "sum", key, rng.choice(SUMS), a, b, a + b)


def differences(rng: random.Random, persona: Persona, allowed: Callable[[str], bool]) -> Exchange:
    """a - b, never negative."""
    key, (a, b) = _draw(rng, allowed, "difference", _descending)
    return _exchange(persona, "difference", key, rng.choice(DIFFERENCES), a, b, a - b)


def comparisons(rng: random.Random, persona: Persona, allowed: Callable[[str], bool]) -> Exchange:
    """The bigger or smaller of two numbers below 100."""
    name = rng.choice(["bigger", "smaller"])
    key, (a, b) = _draw(rng, allowed, name, _different)
    answer = max(a, b) if name == "bigger" else min(a, b)
    return _exchange(persona, name, key, rng.choice(BIGGER if name == "bigger" else SMALLER), a, b, answer)


def neighbours(rng: random.Random, persona: Persona, allowed: Callable[[str], bool]) -> Exchange:
    """The number after or before one below 100 (the key holds the phrasing: there are few numbers)."""
    name = rng.choice(["number_after", "number_before"])
    for _ in range(2000):
        a = rng.randrange(1, 99)
        template = rng.choice(AFTER if name == "number_after" else BEFORE)
        key = f"{name}|{template}|{a}"
        if allowed(key):
            return _exchange(persona, name, key, template, a, 0, a + 1 if name == "number_after" else a - 1)
    raise LookupError("no allowed number")


def too_big(rng: random.Random, persona: Persona, allowed: Callable[[str], bool]) -> Exchange:
    """Arithmetic beyond the model (big numbers, products, quotients, below zero). The right answer is to say so."""
    def pick(r: random.Random) -> tuple[int, int]:
        big = r.randrange(LIMIT, 100) if r.random() < 0.4 else r.randrange(100, 10 ** r.randrange(3, 6))
        return big, r.randrange(2, 10 ** r.randrange(2, 6))
    for _ in range(2000):
        template = rng.choice(TOO_BIG)
        multiplies = any(m in template for m in ["*", "/", "times", "divi", "Divi", "Multi"])
        most = 13 if rng.random() < 0.5 else 1000
        a, b = (rng.randrange(2, most), rng.randrange(2, most)) if multiplies else pick(rng)
        if ("+" in template or "plus" in template) and rng.random() < 0.5:
            a, b = b, a
        if ("-" in template or "minus" in template) and rng.random() < 0.4:  # below zero
            a, b = sorted(rng.sample(range(LIMIT), 2))
        key = f"too_big|{template}|{a}|{b}"
        if allowed(key):
            text = persona.word("too_big")
            return Exchange("too_big", key, template.format(a=a, b=b), text, Rule("unknown", None), None, True)
    raise LookupError("no allowed numbers")


def follow_up(rng: random.Random, persona: Persona, allowed: Callable[[str], bool], start: int) -> Exchange:
    """"Plus b?" or "minus b?" after an answer `start`; the key is that of the pair itself."""
    for _ in range(2000):
        plus = rng.random() < 0.5 or start == 0
        b = _small(rng)
        if (plus and start >= LIMIT) or (not plus and (b > start or start >= LIMIT)):
            if start >= LIMIT:
                raise LookupError("the start is beyond the limit")
            continue
        name = "sum" if plus else "difference"
        key = f"{name}|{start}|{b}"
        if allowed(key):
            template = rng.choice(["Plus {b}?", "And plus {b}?", "Add {b} to that.", "And {b} more?"] if plus else
                                  ["Minus {b}?", "And minus {b}?", "Take {b} from that.", "And {b} less?"])
            answer = start + b if plus else start - b
            return _exchange(persona, name, key, template, start, b, answer).with_(category="follow-up")
    raise LookupError("no allowed number")
