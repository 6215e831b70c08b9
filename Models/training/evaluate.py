"""Judges a GGUF on held-out questions under greedy decoding: `python evaluate.py ../larch.gguf`.

The weights are the file's own, de-quantised. Every last question of a dialogue has a held-out key (see `split`); what
comes before it in the dialogue may be known from training. Prints a table in Markdown, and with `--failures` what went
wrong.
"""
import argparse
import random
from collections import defaultdict
from collections.abc import Callable

import torch

import arithmetic
import corpus
import facts
import freehand
import memory
import modes
import talk
from chat import prompt
from corpus import Dialogue
from exchange import Exchange, Rule
from personas import PERSONAS, Persona
from reference import generate, load
from split import is_held_out
from unknown import NEW_WORDS, unknown

LONGEST_ANSWER = 256


def single(ask: Callable) -> Callable[[random.Random, Persona], Dialogue]:
    """A dialogue of one held-out question."""
    return lambda rng, persona: Dialogue(None, [corpus.typed(ask(rng, persona, is_held_out), rng, persona)])


def after_others(rng: random.Random, persona: Persona) -> Dialogue:
    """A held-out fact or sum after two to five other exchanges."""
    before = [corpus.question(rng, persona, corpus.for_training) for _ in range(rng.randrange(2, 6))]
    ask = rng.choice([corpus.fact, corpus.fact, arithmetic.sums])
    return Dialogue(None, [*before, corpus.typed(ask(rng, persona, is_held_out), rng, persona)])


def asked_form(rng: random.Random, persona: Persona) -> Dialogue:
    """One word or JSON asked for in the question."""
    ask = rng.choice([corpus.fact, corpus.fact, arithmetic.sums, arithmetic.differences])
    exchange = ask(rng, persona, is_held_out)
    if not modes.can_be_bare(exchange):
        raise LookupError("too big for a bare answer")
    return Dialogue(None, [modes.in_user_turn(exchange, rng)])


def under_system(rng: random.Random, persona: Persona) -> Dialogue:
    """A held-out question under a system turn."""
    who = talk.small_talk(rng, persona, is_held_out, "who")
    while persona.name in who.user:
        who = talk.small_talk(rng, persona, is_held_out, "who")
    ask = rng.choice([corpus.fact, corpus.fact, arithmetic.sums, unknown])
    system, changed = modes.system_turn(rng, persona, [corpus.typed(ask(rng, persona, is_held_out), rng, persona)], who)
    if not changed:
        raise LookupError("the question does not go with the system turn")
    return Dialogue(system, changed)


def family(f: facts.FactFamily) -> Callable:
    return single(f.ask)


# What is judged: (row of the table, maker of dialogues, how many)
SUITES: list[tuple[str, Callable[[random.Random, Persona], Dialogue], int]] = [
    *[(f.name.replace("_", " "), family(f), 60 if f.name in ("capital", "opposite",
        "plural") else 30) for f in facts.FAMILIES],
    ("sums", single(arithmetic.sums), 150),
    ("differences", single(arithmetic.differences), 120),
    ("bigger or smaller", single(arithmetic.comparisons), 40),
    ("next number", single(arithmetic.neighbours), 40),
    ("small talk and self", single(talk.small_talk), 120),
    ("about conifer", single(talk.about_conifer), 100),
    ("lists and counting", single(talk.lists), 40),
    ("stories, poem, joke", single(talk.long_answers), 40),
    ("repeating words", single(memory.repeat), 60),
    ("remembering", lambda r, p: Dialogue(None, corpus.recall(r, p, is_held_out)), 120),
    ("never told", single(memory.never_told), 15),
    ("follow-ups", lambda r, p: Dialogue(None, corpus.follow_up(r, p, is_held_out)), 150),
    ("in a longer chat", after_others, 100),
    ("one word or JSON, asked", asked_form, 100),
    ("system turns", under_system, 150),
]
OUTSIDE = [
    ("outside: words never asked about", single(lambda r, p, a: unknown(r, p, a, NEW_WORDS)), 150),
    ("outside: new combinations", single(lambda r, p, a: unknown(r, p, a, ("known", "everyday", "framed"))), 100),
    ("sums too big, below zero", single(arithmetic.too_big), 50),
]


def draw(make: Callable, count: int, persona: Persona, rng: random.Random) -> list[Dialogue]:
    """Up to `count` dialogues that end in different questions."""
    found: dict[tuple, Dialogue] = {}
    for _ in range(count * 30):
        if len(found) == count:
            break
        try:
            d = make(rng, persona)
        except LookupError:  # a small family may have no held-out key of the kind drawn
            continue
        found.setdefault((d.system, d.exchanges[-1].user, len(d.exchanges)), d)
    return list(found.values())


def answer_all(model, tokenizer, dialogues: list[Dialogue]) -> list[tuple[str, bool]]:
    """The replies, and whether each came to its end, in the order of the dialogues."""
    prompts = []
    for d in dialogues:
        turns = [(role, text) for e in d.exchanges[:-1] for role, text in (("user", e.user), ("assistant", e.answer))]
        prompts.append(prompt(tokenizer, d.system, turns + [("user", d.exchanges[-1].user)]))
    by_length = defaultdict(list)
    for i, ids in enumerate(prompts):
        by_length[len(ids)].append(i)
    replies: list[tuple[str, bool]] = [("", False)] * len(dialogues)
    for members in by_length.values():
        outs = generate(model, [prompts[i] for i in members], tokenizer.control["<|im_end|>"], LONGEST_ANSWER)
        for i, out in zip(members, outs):
            ended = not out or out[-1] != -1
            replies[i] = (tokenizer.decode(out if ended else out[:-1]), ended)
    return replies


def freehand_suite(persona: Persona) -> list[Dialogue]:
    """The free-hand questions as dialogues."""
    fill = lambda rule: Rule("words",
                             [w.format(name=persona.name) for w in rule.value]) if rule.kind == "words" else rule
    return [Dialogue(None, [Exchange("freehand", "", text, "", fill(rule))]) for text, rule in freehand.QUESTIONS]


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("file")
    p.add_argument("--failures", action="store_true")
    p.add_argument("--share", type=float, default=1.0, help="judge only this share of the prompts")
    o = p.parse_args()
    torch.set_num_threads(1)
    model, tokenizer = load(o.file)
    persona = next(q for q in PERSONAS.values() if q.architecture == model.shape.architecture)
    rng, totals, runaways = random.Random(20), defaultdict(lambda: [0, 0]), 0
    print("| held-out questions | right | of | % |\n| --- | --: | --: | --: |")
    for group, suites in (("**in the domain**", SUITES), ("**outside**", OUTSIDE), ("**free-hand wordings**",
        [("free-hand", None, 0)])):
        for label, make, count in suites:
            ds = draw(make, max(5, int(count * o.share)), persona, rng) if make else freehand_suite(persona)
            right = 0
            for d, (reply, ended) in zip(ds, answer_all(model, tokenizer, ds)):
                good = ended and d.exchanges[-1].rule.accepts(reply)
                right, runaways = right + good, runaways + (not ended)
                if o.failures and not good:
                    print(f"    [{d.system}] {d.exchanges[-1].user!r} -> {reply!r}, wanted {d.exchanges[-1].answer!r}")
            totals[group][0] += right
            totals[group][1] += len(ds)
            if make:
                print(f"| {label} | {right} | {len(ds)} | {100 * right / len(ds):.1f} |", flush=True)
        right, count = totals[group]
        print(f"| {group} | **{right}** | **{count}** | **{100 * right / count:.1f}** |", flush=True)
    print(f"\nReplies that did not end by themselves: {runaways}")


if __name__ == "__main__":
    main()
