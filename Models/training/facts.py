"""Families of questions about the small world: one fact, many phrasings."""
import random
from collections.abc import Callable
from dataclasses import dataclass

import lexicon
from exchange import Exchange, Rule
from personas import Persona, capital


def article(noun: str) -> str:
    """The indefinite article of a noun."""
    return "an" if noun[0] in "aeiou" else "a"


@dataclass(frozen=True)
class FactFamily:
    """Facts {question word: answer}, phrasings with {} (and {art} for its article), and elliptical follow-ups."""
    name: str
    facts: dict[str, object]
    phrasings: list[str]
    follow_ups: list[str]

    def ask(self, rng: random.Random, persona: Persona, allowed: Callable[[str], bool],
            follow_up: bool = False, fact: str | None = None) -> Exchange:
        """A question whose key is `allowed`, drawn at random (about `fact`, where one is given)."""
        for _ in range(2000):
            subject = fact or rng.choice(list(self.facts))
            phrasing = rng.choice(self.follow_ups if follow_up else self.phrasings)
            key = f"{self.name}|{phrasing}|{subject}"
            if allowed(key):
                return self._exchange(persona, key, phrasing, subject)
        raise LookupError(f"no allowed question of {self.name} about {fact}")

    def _exchange(self, persona: Persona, key: str, phrasing: str, subject: str) -> Exchange:
        answer = self.facts[subject]
        sentence = persona.word(
            self.name, fact=subject, Fact=capital(subject), answer=answer, Answer=capital(answer),
            Article=capital(article(str(answer))), Article_fact=capital(article(subject)))
        rule = Rule("number", answer) if isinstance(answer, int) else Rule("words", [answer])
        return Exchange(self.name, key, phrasing.format(subject, art=article(subject)), sentence, rule, answer, True)


def _both_ways(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return {a: b for a, b in pairs} | {b: a for a, b in pairs}


def _around(names: list[str], step: int) -> dict[str, str]:
    return {name: names[(i + step) % len(names)] for i, name in enumerate(names)}


def _initials() -> dict[str, str]:
    words = list(lexicon.PLURALS) + [w for pair in lexicon.OPPOSITES for w in pair] + list(lexicon.YOUNG.values())
    words += [w for kind in lexicon.KINDS.values() for w in kind] + list(lexicon.CAPITALS.values())
    words += list(lexicon.SOUNDS) + list(lexicon.PLURALS.values())
    return {w: w[0].upper() for w in words if " " not in w}


FAMILIES = [
    FactFamily("capital", lexicon.CAPITALS, [
        "What is the capital of {}?", "What's the capital of {}?", "Capital of {}?", "Which city is the capital of {}?",
        "Name the capital of {}.", "Tell me the capital of {}.", "Do you know the capital of {}?",
        "What is the capital city of {}?", "{}: what is its capital?", "{} has which capital?", "Give me {}'s capital.",
        "What's {}'s capital city?", "capital {}", "I need the capital of {}."],
        ["And of {}?", "What about {}?", "And {}?", "And the capital of {}?", "How about {}?"]),
    FactFamily("colour", lexicon.COLOURS, [
        "What colour is {}?", "What color is {}?", "Which colour is {}?", "What is the colour of {}?",
        "Tell me the colour of {}.", "Colour of {}?", "What's the color of {}?", "Do you know what colour {} is?",
        "{} is what colour?", "What colour does {} have?"],
        ["And {}?", "What about {}?", "And the colour of {}?", "How about {}?"]),
    FactFamily("sound", lexicon.SOUNDS, [
        "What sound does {art} {} make?", "What does {art} {} say?", "What noise does {art} {} make?",
        "How does {art} {} sound?", "Which sound does {art} {} make?", "Tell me the sound of {art} {}.",
        "What's the sound of {art} {}?", "{art} {} goes how?"],
        ["And {art} {}?", "What about {art} {}?", "And the {}?", "How about {art} {}?"]),
    FactFamily("young", lexicon.YOUNG, [
        "What is a baby {} called?", "What do you call a young {}?", "What is a young {} called?",
        "What's the word for a baby {}?", "Name the young of {art} {}.", "A baby {} is called what?",
        "What do we call the young of {art} {}?", "Tell me the name of a baby {}."],
        ["And a baby {}?", "What about a young {}?", "And the young of {art} {}?"]),
    FactFamily("legs", lexicon.LEGS, [
        "How many legs does {art} {} have?", "How many legs has {art} {} got?", "Number of legs of {art} {}?",
        "Count the legs of {art} {}.", "{art} {} has how many legs?", "How many legs on {art} {}?",
        "What number of legs does {art} {} have?"],
        ["And {art} {}?", "What about {art} {}?", "How about {art} {}?"]),
    FactFamily("count", lexicon.COUNTS, [
        "How many {}?", "How many {} are there?", "What is the number of {}?", "Number of {}?",
        "Do you know how many {}?",
        "Tell me how many {} there are.", "Count the {}.", "How many are the {}?"],
        ["And {}?", "And how many {}?", "What about {}?"]),
    FactFamily("opposite", _both_ways(lexicon.OPPOSITES), [
        "What is the opposite of {}?", "What's the opposite of {}?", "Opposite of {}?", "The opposite of {}?",
        "Tell me the opposite of {}.", "Give me the opposite of {}.", "What word is the opposite of {}?",
        "Which word means the opposite of {}?", "{}: what is the opposite?", "What is the contrary of {}?",
        "Do you know the opposite of {}?", "Name the opposite of \"{}\".", "opposite {}", "Not {}, but?"],
        ["And of {}?", "What about {}?", "And the opposite of {}?", "And {}?"]),
    FactFamily("plural", lexicon.PLURALS, [
        "What is the plural of {}?", "What's the plural of {}?", "Plural of {}?", "The plural of {}?",
        "Tell me the plural of {}.", "One {}, two what?", "One {}, many ...?", "How do you say more than one {}?",
        "What is the plural form of {}?", "Give the plural of \"{}\".", "Make {} plural.",
        "Do you know the plural of {}?"],
        ["And of {}?", "What about {}?", "And the plural of {}?", "And {}?"]),
    FactFamily("letter", _initials(), [
        "What letter does {} start with?", "Which letter does {} begin with?", "What is the first letter of {}?",
        "First letter of {}?", "What's the first letter of \"{}\"?", "{} starts with which letter?",
        "Tell me the first letter of {}."],
        ["And {}?", "What about {}?", "And the first letter of {}?"]),
    FactFamily("kind", {w: kind for kind, words in lexicon.KINDS.items() for w in words if w != "orange"}, [
        "What kind of thing is {art} {}?", "What is {art} {}?", "What sort of thing is {art} {}?", "{art} {} is what?",
        "What kind of thing is \"{}\"?", "Tell me what {art} {} is."],
        ["And {art} {}?", "What about {art} {}?", "How about {art} {}?"]),
    FactFamily("day_after", _around(lexicon.DAYS, 1), [
        "What day comes after {}?", "Which day follows {}?", "What is the day after {}?", "What comes after {}?",
        "Today is {}. What day is tomorrow?", "If today is {}, what is tomorrow?", "Day after {}?",
        "What day is after {}?",
        "Tell me the day after {}.", "After {} comes what?"], ["And after {}?", "And what comes after {}?"]),
    FactFamily("day_before", _around(lexicon.DAYS, -1), [
        "What day comes before {}?", "Which day is before {}?", "What is the day before {}?", "What comes before {}?",
        "Today is {}. What day was yesterday?", "If today is {}, what was yesterday?", "Day before {}?",
        "Tell me the day before {}.", "Before {} comes what?"], ["And before {}?", "And what comes before {}?"]),
    FactFamily("month_after", _around(lexicon.MONTHS, 1), [
        "What month comes after {}?", "Which month follows {}?", "What is the month after {}?", "What comes after {}?",
        "Month after {}?", "It is {}. What is next month?", "Tell me the month after {}.", "After {} comes what?"],
        ["And after {}?", "And what comes after {}?"]),
    FactFamily("month_before", _around(lexicon.MONTHS, -1), [
        "What month comes before {}?", "Which month is before {}?", "What is the month before {}?",
        "What comes before {}?", "Month before {}?", "Tell me the month before {}.", "Before {} comes what?"],
        ["And before {}?", "And what comes before {}?"]),
]

BY_NAME = {family.name: family for family in FAMILIES}
