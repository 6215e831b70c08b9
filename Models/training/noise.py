"""What people do to a sentence when they type it: politeness, lower case, missing marks, slips."""
import random

PREFIXES = ["Please tell me: ", "Hey, ", "Hi! ", "Quick question: ", "So, ", "Tell me, ", "Okay. ", "Can you help? ",
            "I wonder: ", "Now: ", "{name}, ", "Hello, ", "Hi, "]
SUFFIXES = [" please", " Please.", " Thanks!", " Thank you.", " I forgot.", " Do you know?"]
TYPO_SHARE = 0.06


def decorate(text: str, rng: random.Random, name: str) -> str:
    """Adds, at times, something polite before or after the text."""
    if rng.random() < 0.22:
        text = rng.choice(PREFIXES).format(name=name) + (text if rng.random() < 0.6 else text[:1].lower() + text[1:])
    if rng.random() < 0.12:
        text += rng.choice(SUFFIXES)
    return text


def sloppy(text: str, rng: random.Random, typos: bool) -> str:
    """Changes case and punctuation at times, and (where `typos`) slips a letter in one long word."""
    draw = rng.random()
    if draw < 0.25:
        text = text.lower()
    if rng.random() < 0.2:
        text = text.rstrip("?.!")
    if typos and rng.random() < TYPO_SHARE:
        text = _slip(text, rng)
    return text


def _slip(text: str, rng: random.Random) -> str:
    """Drops, doubles or swaps one inner letter of one word of five letters or more."""
    words = text.split(" ")
    long = [i for i, w in enumerate(words) if len(w) >= 5 and w.isalpha() and w.islower()]
    if not long:
        return text
    i = rng.choice(long)
    w = words[i]
    j = rng.randrange(1, len(w) - 2)
    words[i] = rng.choice([w[:j] + w[j + 1:], w[:j] + w[j] + w[j:], w[:j] + w[j + 1] + w[j] + w[j + 2:]])
    return " ".join(words)
