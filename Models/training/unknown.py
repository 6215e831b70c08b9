"""What lies outside the small world. Topics, people, places and invented words are the keys, or whole questions."""
import random
from collections.abc import Callable

import lexicon
from exchange import Exchange, Rule
from memory import ENDINGS, SYLLABLES
from personas import Persona

ABOUT_TOPICS = ["Explain {}.", "What do you know about {}?", "Tell me about {}.", "How does {} work?",
                "Write an essay about {}.",
                "Who invented {}?", "When did {} begin?", "Why is {} important?", "Give me three facts about {}.",
                "Teach me {}.",
                "What is the history of {}?", "Summarise {} in one paragraph.", "I want to learn {}. Where do I start?",
                "Can you help me with {}?", "What is {}?", "Describe {} to a child.", "Compare {} and {x}.",
                "What is the difference between {} and {x}?", "Do you like {}?", "Is {} hard?", "Define {}.",
                "What are the risks of {}?", "List five books on {}.", "Write a Python function about {}."]
ABOUT_PEOPLE = ["Who was {}?", "When was {} born?", "Where did {} live?", "What did {} do?", "When did {} die?",
                "Who is {}?",
                "How old is {}?", "What is {} famous for?", "Tell me about {}.", "Quote something by {}.",
                "Who was {}'s father?",
                "Is {} still alive?", "Write like {}.", "What would {} say?"]
ABOUT_PLACES = ["What is the capital of {}?", "Capital of {}?", "What's the capital of {}?", "Where is {}?",
                "How many people live in {}?", "What is the weather in {}?", "How far is it to {}?",
                "What time is it in {}?",
                "Who rules {}?", "Plan a trip to {}.", "What language do they speak in {}?", "Is {} worth a visit?",
                "Book me a flight to {}.", "What is the best food in {}?", "Tell me the capital of {}."]
ABOUT_THINGS = ["How do I fix my {}?", "Why is my {} broken?", "How much does a {} cost?", "Where can I buy a {}?",
                "Who invented the {}?",
                "How do I clean a {}?", "My {} makes a strange noise.", "Can you draw a {}?", "What is the best {}?",
                "Sell me a {}.",
                "How long does a {} last?", "How is a {} made?", "Should I get a new {}?"]
ABOUT_KNOWN = ["Where is {capital}?", "How many people live in {capital}?", "What is the weather in {capital}?",
               "Who is the president of {country}?",
               "What is the population of {country}?", "What is the currency of {country}?",
               "When was {country} founded?",
               "How big is {country}?", "What do {animal}s eat?", "How long does a {animal} live?",
               "How fast is a {animal}?",
               "Where do {animal}s live?", "Translate {word} into French.", "What is {word} in German?",
               "What rhymes with {word}?",
               "How do you spell {word} backwards?", "Use {word} in a sentence.", "What does {word} mean?",
               "How many letters are in {word}?",
               "How heavy is a {animal}?", "What is the longest river in {country}?",
               "What food do they eat in {country}?"]
ABOUT_NONSENSE = ["What is a {}?", "What is {}?", "What is the capital of {}?", "What is the opposite of {}?",
                  "What colour is a {}?",
                  "{}", "{} {x}", "Who is {}?", "{} {x}?", "Where is {}?", "Tell me about {}.", "How do I {}?",
                  "Capital of {}?",
                  "What sound does a {} make?", "What do you think of {}?"]
EVERYDAY = ["What time is it?", "What is the date today?", "What is the weather like?", "Will it rain tomorrow?",
            "What should I cook tonight?",
            "Can you order a pizza?", "What is the meaning of life?", "Write me an email to my boss.",
            "Fix this code for me.",
            "What is the latest news?", "Who won the match?", "How do I lose weight?", "What is love?",
            "Give me a recipe for soup.",
            "Write a cover letter.", "Summarise this text.", "Translate this into French.",
            "Who will win the election?",
            "What should I wear today?", "How do I get rich?", "Play some music.", "Set an alarm for seven.",
            "Remind me to call mum.",
            "Draw me a picture.", "Turn on the lights.", "What is the square root of two?", "What is pi?",
            "How far away is the moon?",
            "How tall is Mount Everest?", "How deep is the ocean?", "Why is the sky blue?", "How old is the universe?",
            "What is the speed of light?", "What is the tallest building?", "Who wrote Hamlet?",
            "Who painted the Mona Lisa?",
            "How do I tie a tie?", "What is a good name for a cat?", "Should I quit my job?", "Am I pretty?",
            "What am I thinking?",
            "Can you keep a secret?", "What did I eat yesterday?", "Where are my keys?", "How do planes fly?",
            "What is the internet?",
            "Who is the king of England?", "What is in the news?", "Write some code.", "Sort this list.",
            "Solve x^2 = 4."]


FRAMES = ["How do I {verb} a {adjective} {noun}?", "Why do {noun}s {verb}?", "Can a {noun} {verb}?",
          "What happened in {year}?", "Explain how a {noun} can {verb}.",
          "Who won the {noun} cup in {year}?", "What is the {attribute} of a {adjective} {noun}?",
          "What is the {attribute} of the {noun}?", "Is it good to {verb} {time}?",
          "Will the {noun} {verb} {time}?", "Write a {form} about {noun}s.",
          "Write a {form} about a {adjective} {noun}.", "Which {noun} is the most {adjective}?",
          "What's the best {noun} to {verb}?", "Should I {verb} my {noun}?",
          "I want to {verb} {time}. What do you think?", "My {noun} is {adjective}. What now?",
          "Where can I {verb} a {noun}?", "How many {noun}s are there in {place}?", "Why is the {noun} {adjective}?",
          "When will the {noun} {verb}?",
          "Summarise the {form} of {name}.", "What do you think about {noun}s?", "Who is {name} {other}?",
          "Who {verb}s the {noun} in {place}?",
          "Do {noun}s {verb} in {place}?", "Give me advice on how to {verb}.",
          "How long does it take to {verb} a {noun}?", "Is {place} {adjective} {time}?",
          "the {adjective} {noun} {verb}s"]
FILLERS = {
    "verb": (
        "build,cook,repair,paint,sell,drive,swim,fly,grow,bake,melt,freeze,travel,invest,study,"
        "train,vote,marry,move,dance,sleep,work,cheat,steal,hide,measure,cut,climb,dig,fight,"
        "learn,teach,burn,drink,eat,breathe,float,sink,shine,wash,carry,throw,catch,write,read,"
        "draw,plan"
    ).split(","),
    "adjective": (
        "rusty,ancient,electric,wooden,famous,dangerous,broken,noisy,modern,digital,organic,royal,"
        "secret,frozen,wild,lazy,magnetic,invisible,careful,fragile,plastic,silent,stormy,crowded,"
        "lonely,blind,spicy,bitter,smooth,steep,deep,tall,popular,legal,political"
    ).split(","),
    "noun": (
        "engine,garden,rocket,market,castle,kitchen,novel,camera,planet,rainbow,cake,website,"
        "country,museum,window,teacher,doctor,lawyer,soldier,farmer,pilot,bank,school,army,"
        "church,bridge,tower,desert,jungle,glacier,battery,helmet,jacket,shoe,magazine,theatre,"
        "concert,wedding,holiday,language,theory,proof,molecule,virus,muscle,brain,heart,lung,"
        "cloud,thunderstorm,hurricane,mirror,sword,crown,ghost,wizard,zombie,vampire,alien,statue,"
        "painting,poet,song,film,galaxy,swallow,cathedral,keyboard,server rack,spaceship,elevator"
    ).split(","),
    "attribute": (
        "price,height,speed,weight,age,history,purpose,temperature,depth,population,value,origin,"
        "taste,melting point,diameter,name,owner,future,average size,boiling point"
    ).split(","),
    "time": (
        "tomorrow,today,next week,tonight,in winter,on Sunday,this year,at night,in May,"
        "before lunch,after work,soon"
    ).split(","),
    "form": (
        "letter,poem in French,speech,haiku,plot,report,review,song,summary,sonnet,blog post,list,"
        "program,script,email"
    ).split(","),
}


def framed(rng: random.Random) -> str:
    """A question put together from common words that mean nothing to the models."""
    values = {slot: rng.choice(words) for slot, words in FILLERS.items()}
    return rng.choice(FRAMES).format(**values, year=rng.randrange(1000, 2030), place=rng.choice(lexicon.UNKNOWN_PLACES),
                                     name=rng.choice(lexicon.NAMES), other=nonsense(rng).capitalize())


def nonsense(rng: random.Random) -> str:
    """An invented word in lower or (at times) title case."""
    word = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice([2, 2, 3]))) + rng.choice(ENDINGS + ["x", "ck", "mp",
        "st"])
    if rng.random() < 0.15:
        word = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randrange(4, 10)))
    return word if rng.random() < 0.7 else word.capitalize()


# How often each kind of question is drawn. The first five are about a word that is itself the key.
KINDS = {"topic": 4, "person": 2, "place": 3, "thing": 2, "nonsense": 3, "known": 2, "everyday": 2, "framed": 6}
NEW_WORDS = ("topic", "person", "place", "thing", "nonsense")


def unknown(rng: random.Random, persona: Persona, allowed: Callable[[str], bool],
            kinds: tuple[str, ...] = tuple(KINDS)) -> Exchange:
    """A question outside the domain, and the plain confession."""
    kind = rng.choices(kinds, [KINDS[k] for k in kinds])[0]
    for _ in range(5000):
        key, text = _question(rng, kind, allowed)
        if allowed(key):
            return Exchange("unknown", key, text, persona.word("unknown"), Rule("unknown", None), None, True)
    raise LookupError("no allowed question")


def _question(rng: random.Random, kind: str, allowed: Callable[[str], bool]) -> tuple[str, str]:
    """The key and the text of a question of one kind."""
    if kind == "framed":
        text = framed(rng)
        return f"unknown|{text}", text
    if kind == "known":
        country = rng.choice(list(lexicon.CAPITALS))
        word = rng.choice(rng.choice(lexicon.OPPOSITES) + tuple(lexicon.PLURALS))
        text = rng.choice(ABOUT_KNOWN).format(
            capital=lexicon.CAPITALS[country], country=country, animal=rng.choice(list(lexicon.YOUNG)), word=word)
        return f"unknown|{text}", text
    if kind == "everyday":
        text = rng.choice(["", "", "Hey, ", "Tell me: ", "Please. ", "One more thing. ", "Now then. "])
        text += rng.choice(EVERYDAY)
        return f"unknown|{text}", text
    templates, values = {
        "topic": (ABOUT_TOPICS, lexicon.UNKNOWN_TOPICS), "person": (ABOUT_PEOPLE, lexicon.UNKNOWN_PEOPLE),
        "place": (ABOUT_PLACES, lexicon.UNKNOWN_PLACES), "thing": (ABOUT_THINGS, lexicon.UNKNOWN_THINGS),
        "nonsense": (ABOUT_NONSENSE, None)}[kind]
    draw = lambda words: nonsense(rng) if words is None else rng.choice(words)
    value, other = draw(values), draw(None if kind == "nonsense" else lexicon.UNKNOWN_TOPICS)
    while not allowed(f"unknown|{other}"):
        other = draw(None if kind == "nonsense" else lexicon.UNKNOWN_TOPICS)
    return f"unknown|{value}", rng.choice(templates).format(value, x=other)
