"""System turns and requests for a form: one word, JSON, another name, a last word; some change nothing."""
import json
import random

from exchange import Exchange, Rule
from memory import name
from personas import Persona

NEUTRAL = ["You are a helpful assistant.", "You are a friendly assistant.", "Be kind.", "Help the user.",
           "You are an AI assistant.",
           "You are a helpful, honest assistant.", "Answer the questions of the user.",
           "You are a useful assistant. Be polite.",
           "Be helpful.", "This is a chat.", "You are talking to a child.", "You are a large language model.",
           "Keep it friendly.", "Speak English.", "You help people in a library.", "The user is a guest.",
           "You are a helpful assistant. Answer truthfully.", "You are a chatbot.",
           "Assist the user as well as you can."]
ONE_WORD = ["Answer in one word.", "Reply with one word only.", "One word answers only.", "Use one word.",
            "Answer with a single word.",
            "You are a helpful assistant. Answer in one word.", "Be brief: one word.", "Give one-word answers."]
AS_JSON = ["Answer with JSON.", "Reply in JSON.", "Always answer with JSON.", "Answer as JSON.", "Your output is JSON.",
           "Answer with JSON like {\"answer\": ...}.", "You are a helpful assistant. Answer with JSON.",
           "Respond only with JSON."]
NAMED = ["Your name is {}.", "You are {}.", "You are called {}.", "You are {}, a helpful assistant.",
         "Your name is {}. Be kind.",
         "You are an assistant named {}."]
LAST_WORD = ["End every answer with \"{}\".", "Always end with the word {}.", "Finish each answer with {}.",
             "Say {} at the end of every answer."]
BARE_LIMIT = 20
LAST_WORDS = ["over", "amen", "cheers", "stop", "roger", "done", "ahoy", "meow", "sir", "boss", "indeed", "captain",
              "peace", "friend"]

ASK_ONE_WORD = ["In one word: {}", "{} Answer in one word.", "{} One word.", "{} Use one word only.",
                "One word only. {}"]
ASK_JSON = ["Answer with JSON: {}", "{} Answer with JSON.", "{} Reply as JSON.", "Answer as JSON. {}",
            "{} Give the answer as JSON.",
            "Use JSON: {}", "{} (JSON)"]


def can_be_bare(exchange: Exchange) -> bool:
    """Whether the bare answer may be asked for.

    Of sums and differences only small ones: a bare answer leaves no room to write the operands down first.
    """
    if exchange.key.split("|")[0] in ("sum", "difference"):
        return all(int(n) < BARE_LIMIT for n in exchange.key.split("|")[1:])
    return exchange.bare


def one_word(exchange: Exchange) -> Exchange:
    """The same question answered with the bare answer."""
    core = "Unknown" if exchange.core is None else str(exchange.core)
    core = core[:1].upper() + core[1:]
    return exchange.with_(answer=core, rule=Rule("exact", core), category="one word")


def as_json(exchange: Exchange) -> Exchange:
    """The same question answered with {"answer": ...}; null where the model does not know."""
    value = exchange.core if exchange.bare else exchange.answer
    return exchange.with_(answer=json.dumps({"answer": value}), rule=Rule("json", value), category="JSON")


def in_user_turn(exchange: Exchange, rng: random.Random) -> Exchange:
    """Asks for one word or for JSON within the question."""
    if rng.random() < 0.4:
        changed, templates = one_word(exchange), ASK_ONE_WORD
    else:
        changed, templates = as_json(exchange), ASK_JSON
    return changed.with_(user=rng.choice(templates).format(exchange.user))


def system_turn(rng: random.Random, persona: Persona, exchanges: list[Exchange],
                who: Exchange) -> tuple[str, list[Exchange]]:
    """A system turn and the exchanges as it changes them. `who` is a question for the model's name."""
    draw = rng.random()
    if draw < 0.3:
        return rng.choice(NEUTRAL), exchanges
    if draw < 0.5:
        return rng.choice(ONE_WORD), [one_word(e) for e in exchanges if can_be_bare(e)]
    if draw < 0.7:
        return rng.choice(AS_JSON), [as_json(e) for e in exchanges if can_be_bare(e) or not e.bare]
    if draw < 0.85:
        called = name(rng)
        answer = persona.word("who_named", answer=called)
        named = who.with_(answer=answer, rule=Rule("words", [called]), category="system name")
        kept = [e for e in exchanges[:-1] if not e.key.startswith("who|")]
        kept.insert(rng.randrange(len(kept) + 1), named) if rng.random() < 0.5 else kept.append(named)
        return rng.choice(NAMED).format(called), kept
    word = rng.choice(LAST_WORDS)
    return rng.choice(LAST_WORD).format(word), [
        e.with_(answer=f"{e.answer} {word}", rule=Rule("suffix", (e.rule, word)), category="system last word")
        if e.rule.kind in ("words", "number", "unknown")
        else e.with_(answer=f"{e.answer} {word}", rule=Rule("verbatim", f"{e.answer} {word}"),
                     category="system last word")
        for e in exchanges]
