"""What the user said earlier in the dialogue: names, pets, favourites, words to repeat. Keys hold those things."""
import random
from collections.abc import Callable

import lexicon
from exchange import Exchange, Rule
from personas import Persona, capital

SYLLABLES = """ba be bo bri da de dro el fa fi ga gre ha hel i ja ka ki la lin lo ma mi na ni o pa pel ra ro sa sha ta
ti tor u va vi wen ya zo zu""".split()
ENDINGS = ["n", "r", "s", "l", "k", "m", "", "", "rd", "nt", "th"]

TELL_NAME = ["My name is {}.", "I am {}.", "I'm {}.", "Hello, I am {}.", "Call me {}.", "Hi, my name is {}!",
             "The name is {}.",
             "Hi, I'm {}", "my name is {}", "You can call me {}."]
ASK_NAME = ["What is my name?", "What's my name?", "Who am I?", "Do you remember my name?", "Do you know my name?",
            "what is my name", "Tell me my name.", "Can you say my name?"]
TELL_PET = ["My {pet} is called {}.", "I have a {pet} called {}.", "My {pet}'s name is {}.",
            "I have a {pet}. Its name is {}."]
ASK_PET = ["What is my {pet} called?", "What is the name of my {pet}?", "What's my {pet}'s name?",
           "Do you remember my {pet}'s name?"]
TELL_FAVOURITE = ["My favourite {thing} is {}.", "My favorite {thing} is {}.", "The {thing} I like best is {}."]
ASK_FAVOURITE = ["What is my favourite {thing}?", "What's my favorite {thing}?", "Which {thing} do I like best?",
                 "Do you remember my favourite {thing}?"]
TELL_PLACE = ["I live in {}.", "I come from {}.", "I am from {}.", "My home is in {}."]
ASK_PLACE = ["Where do I live?", "Where am I from?", "Where is my home?", "Do you know where I live?"]
REPEAT = ["Say \"{}\".", "Repeat after me: {}", "Say: {}", "Repeat: {}", "Please say \"{}\"", "Write \"{}\".",
          "Echo {}",
          "Repeat \"{}\"."]


def name(rng: random.Random) -> str:
    """A common first name or, as often, an invented one."""
    if rng.random() < 0.5:
        return rng.choice(lexicon.NAMES)
    return capital("".join(rng.choice(SYLLABLES) for _ in range(rng.choice([1, 2, 2, 3]))) + rng.choice(ENDINGS))


def _allowed_value(rng: random.Random, allowed: Callable[[str], bool], family: str, pick) -> tuple[str, str]:
    for _ in range(5000):
        value = pick(rng)
        key = f"{family}|{value}"
        if allowed(key):
            return key, value
    raise LookupError(f"nothing allowed for {family}")


def told_and_asked(rng: random.Random, persona: Persona, allowed: Callable[[str], bool]) -> tuple[Exchange, Exchange]:
    """A statement of the user and the later question about it."""
    draw = rng.random()
    if draw < 0.5:
        key, value = _allowed_value(rng, allowed, "name", name)
        tell, ask, reply = rng.choice(TELL_NAME), rng.choice(ASK_NAME), persona.word("met", answer=value, Answer=value)
    elif draw < 0.65:
        pet = rng.choice(lexicon.PETS)
        key, value = _allowed_value(rng, allowed, "name", name)
        tell, ask = (rng.choice(t).replace("{pet}", pet) for t in (TELL_PET, ASK_PET))
        reply = persona.word("remember")
    elif draw < 0.9:
        thing = rng.choice(list(lexicon.FAVOURITES))
        tells, asks = rng.choice(TELL_FAVOURITE), rng.choice(ASK_FAVOURITE)
        key, value = _allowed_value(rng, allowed, f"favourite|{thing}|{asks}",
                                    lambda r: r.choice(lexicon.FAVOURITES[thing]))
        tell, ask, reply = tells.replace("{thing}", thing), asks.replace("{thing}", thing), persona.word("remember")
    else:
        asks = rng.choice(ASK_PLACE)
        key, value = _allowed_value(rng, allowed, f"place|{asks}",
                                    lambda r: r.choice(list(lexicon.CAPITALS) + list(lexicon.CAPITALS.values())))
        tell, ask, reply = rng.choice(TELL_PLACE), asks, persona.word("remember")
    statement = Exchange("memory", key, tell.format(value), reply, Rule("exact", reply))
    question = Exchange("memory", key, ask, persona.word("recall", answer=value, Answer=capital(value)),
                        Rule("words", [value]), value)
    return statement, question


def never_told(rng: random.Random, persona: Persona, allowed: Callable[[str], bool]) -> Exchange:
    """A question about what the user has not said."""
    pet, thing = rng.choice(lexicon.PETS), rng.choice(list(lexicon.FAVOURITES))
    asks = [a.replace("{pet}", pet).replace("{thing}", thing) for a in ASK_NAME + ASK_PET + ASK_FAVOURITE + ASK_PLACE]
    for _ in range(2000):
        ask = rng.choice(asks)
        if allowed(f"never_told|{ask}"):
            reply = persona.word("forgot")
            return Exchange("memory", f"never_told|{ask}", ask, reply, Rule("exact", reply))
    raise LookupError("no allowed question")


def repeat(rng: random.Random, persona: Persona, allowed: Callable[[str], bool]) -> Exchange:
    """Words to be said back as they are."""
    def phrase(r: random.Random) -> str:
        words = [r.choice(lexicon.WORDS) if r.random() < 0.8 else name(r) for _ in range(r.randrange(1, 5))]
        text = " ".join(words)
        return text if r.random() < 0.6 else capital(text)
    key, value = _allowed_value(rng, allowed, "repeat", phrase)
    return Exchange("repeat", key, rng.choice(REPEAT).format(value), value, Rule("verbatim", value))
