"""Whole dialogues, drawn at random without end. `python corpus.py larch 20` prints some."""
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass

import arithmetic
import facts
import memory
import modes
import noise
import talk
from exchange import Exchange
from personas import PERSONAS, Persona, capital
from split import is_held_out
from unknown import unknown

Allowed = Callable[[str], bool]


@dataclass(frozen=True)
class Dialogue:
    """A system turn (or none) and the exchanges after it."""
    system: str | None
    exchanges: list[Exchange]


def for_training(key: str) -> bool:
    """Whether training may see this key."""
    return not is_held_out(key)


FACT_WEIGHTS = [1.6 if f.name in ("capital", "opposite", "plural") else 1.6 if f.name in ("letter", "kind") else 0.5
                for f in facts.FAMILIES]


def fact(rng: random.Random, persona: Persona, allowed: Allowed) -> Exchange:
    """A question from one of the fact families."""
    return rng.choices(facts.FAMILIES, FACT_WEIGHTS)[0].ask(rng, persona, allowed)


KINDS: list[tuple[Callable[[random.Random, Persona, Allowed], Exchange], float]] = [
    (fact, 28), (arithmetic.sums, 15), (arithmetic.differences, 15), (arithmetic.comparisons, 5),
    (arithmetic.neighbours, 3),
    (arithmetic.too_big, 3), (talk.small_talk, 11), (talk.about_conifer, 7), (talk.lists, 4), (talk.long_answers, 2),
    (memory.repeat, 6), (memory.never_told, 0.5), (unknown, 12),
]
PLAIN = {"repeat", "memory"}  # the very letters matter: no noise


def typed(exchange: Exchange, rng: random.Random, persona: Persona) -> Exchange:
    """The question as somebody might type it."""
    if exchange.category in PLAIN:
        return exchange
    text = exchange.user
    if exchange.category not in ("small talk", "conifer", "list", "story", "follow-up"):
        text = noise.decorate(text, rng, persona.name)
    return exchange.with_(user=noise.sloppy(text, rng, typos=True))


def question(rng: random.Random, persona: Persona, allowed: Allowed) -> Exchange:
    """One exchange of any kind; a bare one sometimes asks for one word or for JSON."""
    kinds, weights = zip(*KINDS)
    exchange = typed(rng.choices(kinds, weights)[0](rng, persona, allowed), rng, persona)
    if modes.can_be_bare(exchange) and rng.random() < 0.4:
        return modes.in_user_turn(exchange, rng)
    return exchange


def follow_up(rng: random.Random, persona: Persona, allowed: Allowed) -> list[Exchange]:
    """A question and one that makes sense only after it. The first is always one that training may see."""
    draw = rng.random()
    if draw < 0.35:
        family = rng.choice(facts.FAMILIES)
        first = family.ask(rng, persona, for_training)
        second = family.ask(rng, persona, allowed, follow_up=True)
    elif draw < 0.6:
        first, second = _of_that(rng, persona, allowed)
    elif draw < 0.8:
        for _ in range(100):
            first = rng.choice([arithmetic.sums, arithmetic.differences])(rng, persona, for_training)
            if first.core < arithmetic.LIMIT:
                break
        second = arithmetic.follow_up(rng, persona, allowed, first.core)
    else:
        first, second = _once_more(rng, persona, allowed)
    return [typed(first, rng, persona), typed(second.with_(category="follow-up"), rng, persona)]


def _of_that(rng: random.Random, persona: Persona, allowed: Allowed) -> tuple[Exchange, Exchange]:
    """The opposite, plural or first letter of the last answer."""
    target, sources, wordings = rng.choice([
        ("opposite", ["opposite"], ["And the opposite of that?", "What is the opposite of that?",
                                    "And the opposite of this?"]),
        ("plural", ["young"], ["And the plural of that?", "What is the plural of that?", "And more than one?"]),
        ("letter", ["capital", "opposite", "plural", "young"],
         ["What letter does that start with?", "And its first letter?", "What is the first letter of that?"])])
    for _ in range(2000):
        first = facts.BY_NAME[rng.choice(sources)].ask(rng, persona, for_training)
        family, wording = facts.BY_NAME[target], rng.choice(wordings)
        key = f"{target}|{wording}|{first.core}"
        if first.core in family.facts and allowed(key):
            return first, family._exchange(persona, key, wording, first.core)
    raise LookupError("no allowed follow-up")


def _once_more(rng: random.Random, persona: Persona, allowed: Allowed) -> tuple[Exchange, Exchange]:
    """"Are you sure?" and "say that again"."""
    for _ in range(2000):
        first = rng.choice([fact, arithmetic.sums])(rng, persona, for_training)
        name, wording = rng.choice([("sure", "Are you sure?"), ("sure", "Really?"), ("sure", "Is that right?"),
                                    ("again", "Say that again."), ("again", "Can you repeat that?"), ("again",
                                        "Pardon?")])
        key = f"{name}|{wording}|{first.core}"
        if allowed(key):
            text = persona.word(name, answer=first.core, Answer=capital(first.core))
            return first, Exchange("follow-up", key, wording, text, first.rule, first.core)
    raise LookupError("no allowed follow-up")


def recall(rng: random.Random, persona: Persona, allowed: Allowed) -> list[Exchange]:
    """A statement, other talk, and the question about what was stated."""
    told, asked = memory.told_and_asked(rng, persona, allowed)
    between = [question(rng, persona, for_training) for _ in range(rng.choice([0, 0, 1, 1, 2, 3, 5]))]
    return [told, *between, asked]


def dialogue(rng: random.Random, persona: Persona) -> Dialogue:
    """One dialogue for training."""
    ask = lambda: question(rng, persona, for_training)
    draw = rng.random()
    if draw < 0.34:
        return Dialogue(None, [ask()])
    if draw < 0.54:
        return Dialogue(None, [ask() for _ in range(rng.randrange(2, 6))])
    if draw < 0.68:
        return Dialogue(None, follow_up(rng, persona, for_training) + [ask() for _ in range(rng.randrange(3) // 2)])
    if draw < 0.80:
        return Dialogue(None, recall(rng, persona, for_training))
    if draw < 0.97:
        who = talk.small_talk(rng, persona, for_training, "who")
        while persona.name in who.user:  # "Are you Larch?" has another answer under another name
            who = talk.small_talk(rng, persona, for_training, "who")
        exchanges = [ask() for _ in range(rng.choice([1, 1, 1, 2, 2, 3]))]
        system, changed = modes.system_turn(rng, persona, exchanges, who)
        return Dialogue(system, changed or [modes.one_word(typed(fact(rng, persona, for_training), rng, persona))])
    if draw < 0.993:
        return Dialogue(None, [rng.choice([arithmetic.sums, arithmetic.differences])(rng, persona, for_training)
                               for _ in range(rng.randrange(6, 20))])
    told, asked = memory.told_and_asked(rng, persona, for_training)
    return Dialogue(None, [told] + [ask() for _ in range(rng.randrange(8, 22))] + [asked])


def main() -> None:
    """Prints dialogues of a persona."""
    persona, count = PERSONAS[sys.argv[1]], int(sys.argv[2])
    rng = random.Random(1)
    for _ in range(count):
        d = dialogue(rng, persona)
        print(f"[{d.system}]" if d.system else "")
        for e in d.exchanges:
            print(f"  U: {e.user}\n  A: {e.answer}    ({e.category})")


if __name__ == "__main__":
    main()
