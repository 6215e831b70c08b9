"""What lies outside the small world. Topics, people, places and invented words are the keys: evaluation asks about other ones."""
import random
from collections.abc import Callable

import lexicon
from exchange import Exchange, Rule
from memory import ENDINGS, SYLLABLES
from personas import Persona

ABOUT_TOPICS = ["Explain {}.", "What do you know about {}?", "Tell me about {}.", "How does {} work?", "Write an essay about {}.",
                "Who invented {}?", "When did {} begin?", "Why is {} important?", "Give me three facts about {}.", "Teach me {}.",
                "What is the history of {}?", "Summarise {} in one paragraph.", "I want to learn {}. Where do I start?",
                "Can you help me with {}?", "What is {}?", "Describe {} to a child.", "Compare {} and {x}.",
                "What is the difference between {} and {x}?", "Do you like {}?", "Is {} hard?", "Define {}.",
                "What are the risks of {}?", "List five books on {}.", "Write a Python function about {}."]
ABOUT_PEOPLE = ["Who was {}?", "When was {} born?", "Where did {} live?", "What did {} do?", "When did {} die?", "Who is {}?",
                "How old is {}?", "What is {} famous for?", "Tell me about {}.", "Quote something by {}.", "Who was {}'s father?",
                "Is {} still alive?", "Write like {}.", "What would {} say?"]
ABOUT_PLACES = ["What is the capital of {}?", "Capital of {}?", "What's the capital of {}?", "Where is {}?",
                "How many people live in {}?", "What is the weather in {}?", "How far is it to {}?", "What time is it in {}?",
                "Who rules {}?", "Plan a trip to {}.", "What language do they speak in {}?", "Is {} worth a visit?",
                "Book me a flight to {}.", "What is the best food in {}?", "Tell me the capital of {}."]
ABOUT_THINGS = ["How do I fix my {}?", "Why is my {} broken?", "How much does a {} cost?", "Where can I buy a {}?", "Who invented the {}?",
                "How do I clean a {}?", "My {} makes a strange noise.", "Can you draw a {}?", "What is the best {}?", "Sell me a {}.",
                "How long does a {} last?", "How is a {} made?", "Should I get a new {}?"]
ABOUT_KNOWN = ["Where is {capital}?", "How many people live in {capital}?", "What is the weather in {capital}?", "Who is the president of {country}?",
               "What is the population of {country}?", "What is the currency of {country}?", "When was {country} founded?",
               "How big is {country}?", "What do {animal}s eat?", "How long does a {animal} live?", "How fast is a {animal}?",
               "Where do {animal}s live?", "Translate {word} into French.", "What is {word} in German?", "What rhymes with {word}?",
               "How do you spell {word} backwards?", "Use {word} in a sentence.", "What does {word} mean?", "How many letters are in {word}?",
               "How heavy is a {animal}?", "What is the longest river in {country}?", "What food do they eat in {country}?"]
ABOUT_NONSENSE = ["What is a {}?", "What is {}?", "What is the capital of {}?", "What is the opposite of {}?", "What colour is a {}?",
                  "{}", "{} {x}", "Who is {}?", "{} {x}?", "Where is {}?", "Tell me about {}.", "How do I {}?", "Capital of {}?",
                  "What sound does a {} make?", "What do you think of {}?"]
EVERYDAY = ["What time is it?", "What is the date today?", "What is the weather like?", "Will it rain tomorrow?", "What should I cook tonight?",
            "Can you order a pizza?", "What is the meaning of life?", "Write me an email to my boss.", "Fix this code for me.",
            "What is the latest news?", "Who won the match?", "How do I lose weight?", "What is love?", "Give me a recipe for soup.",
            "Write a cover letter.", "Summarise this text.", "Translate this into French.", "Who will win the election?",
            "What should I wear today?", "How do I get rich?", "Play some music.", "Set an alarm for seven.", "Remind me to call mum.",
            "Draw me a picture.", "Turn on the lights.", "What is the square root of two?", "What is pi?", "How far away is the moon?",
            "How tall is Mount Everest?", "How deep is the ocean?", "Why is the sky blue?", "How old is the universe?",
            "What is the speed of light?", "What is the tallest building?", "Who wrote Hamlet?", "Who painted the Mona Lisa?",
            "How do I tie a tie?", "What is a good name for a cat?", "Should I quit my job?", "Am I pretty?", "What am I thinking?",
            "Can you keep a secret?", "What did I eat yesterday?", "Where are my keys?", "How do planes fly?", "What is the internet?",
            "Who is the king of England?", "What is in the news?", "Write some code.", "Sort this list.", "Solve x^2 = 4."]


def nonsense(rng: random.Random) -> str:
    """An invented word in lower or (at times) title case."""
    word = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice([2, 2, 3]))) + rng.choice(ENDINGS + ["x", "ck", "mp", "st"])
    if rng.random() < 0.15:
        word = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randrange(4, 10)))
    return word if rng.random() < 0.7 else word.capitalize()


def unknown(rng: random.Random, persona: Persona, allowed: Callable[[str], bool]) -> Exchange:
    """A question outside the domain, and the plain confession."""
    kinds = [("topic", ABOUT_TOPICS, lexicon.UNKNOWN_TOPICS, 4), ("person", ABOUT_PEOPLE, lexicon.UNKNOWN_PEOPLE, 2),
             ("place", ABOUT_PLACES, lexicon.UNKNOWN_PLACES, 3), ("thing", ABOUT_THINGS, lexicon.UNKNOWN_THINGS, 2),
             ("nonsense", ABOUT_NONSENSE, None, 3), ("known", ABOUT_KNOWN, None, 2), ("everyday", EVERYDAY, None, 2)]
    kind, templates, values, _ = rng.choices(kinds, [k[3] for k in kinds])[0]
    for _ in range(5000):
        template = rng.choice(templates)
        other = nonsense(rng) if kind == "nonsense" else rng.choice(lexicon.UNKNOWN_TOPICS)
        if kind == "known":
            country = rng.choice(list(lexicon.CAPITALS))
            word = rng.choice(rng.choice(lexicon.OPPOSITES) + tuple(lexicon.PLURALS))
            text = template.format(capital=lexicon.CAPITALS[country], country=country, animal=rng.choice(list(lexicon.YOUNG)), word=word)
            key = f"unknown|{text}"
        elif kind == "everyday":
            prefix = rng.choice(["", "", "Hey, ", "Tell me: ", "Please. ", "One more thing. ", "Now then. "])
            text = prefix + template
            key = f"unknown|{text}"
        else:
            value = nonsense(rng) if values is None else rng.choice(values)
            text = template.format(value, x=other)
            key = f"unknown|{value}"
            if "{x}" in template and not allowed(f"unknown|{other}"):
                continue
        if allowed(key):
            return Exchange("unknown", key, text, persona.word("unknown"), Rule("unknown", None), None, True)
    raise LookupError("no allowed question")
