"""Small talk, questions about the model itself and about conifer, long answers (lists, stories, a poem).

These have one fact each, so the key is the phrasing together with what politeness surrounds it.
"""
import random
from collections.abc import Callable

import lexicon
from exchange import Exchange, Rule
from noise import PREFIXES, SUFFIXES
from personas import Persona

SMALL_TALK = {
    "greet": ["Hello", "Hi", "Hey", "Hello there", "Hi there", "Good morning", "Good evening", "Good afternoon",
              "Greetings",
              "Hello!", "Hi!", "hey there", "Howdy", "Hello, {name}!", "Hi {name}", "Good day", "Yo", "hello {name}"],
    "how": ["How are you?", "How are you today?", "How is it going?", "How do you do?", "How do you feel?",
            "Are you well?",
            "How's life?", "What's up?", "How are things?", "Are you okay?", "How have you been?"],
    "who": ["Who are you?", "What are you?", "What is your name?", "What's your name?", "Introduce yourself.",
            "Tell me about yourself.", "Who am I talking to?", "Your name?", "Who is this?", "May I know your name?",
            "What are you called?", "Which model are you?", "What model is this?", "Are you {name}?", "Who is {name}?",
            "Say who you are.", "What should I call you?", "Who are you and what do you do?"],
    "thanks": ["Thanks", "Thank you", "Thank you!", "Thanks a lot", "Thank you very much.", "Many thanks",
               "Thanks, {name}",
               "Cheers", "I appreciate it.", "Thanks for your help", "thx", "Great, thanks!"],
    "bye": ["Goodbye", "Bye", "See you", "See you later", "Good night", "Farewell", "Bye bye", "I have to go.",
            "Take care",
            "Goodbye, {name}", "That is all.", "See you tomorrow!", "I'm leaving now."],
    "maker": ["Who made you?", "Who trained you?", "Who built you?", "Who created you?", "Where do you come from?",
              "Who is your maker?", "Who wrote you?", "Which company made you?", "How were you trained?"],
    "size": ["How big are you?", "How many parameters do you have?", "How large are you?", "What is your size?",
             "Are you a big model?", "How small are you?", "How many weights do you have?", "Are you small?"],
    "architecture": ["What is your architecture?", "Which architecture do you use?", "What architecture are you?",
                     "What kind of model are you?", "What type of transformer are you?", "Are you a llama?",
                     "Are you a qwen?"],
    "human": ["Are you human?", "Are you a person?", "Are you a robot?", "Are you real?", "Are you alive?",
              "Are you an AI?", "Am I talking to a human?", "Do you have feelings?"],
    "skills": ["What can you do?", "What do you know?", "How can you help me?", "What can I ask you?", "Help",
               "What are you good at?", "Can you help me?", "What are your skills?", "What topics do you know?"],
    "other": ["Who is {other}?", "Do you know {other}?", "Tell me about {other}.", "Are you {other}?",
              "What about {other}?",
              "Is {other} here?", "Who is your friend?"],
    "praise": ["Well done!", "Good job.", "You are great.", "I like you.", "That was right.", "Very good!", "Correct!",
               "You are clever."],
    "blame": ["That is wrong.", "You are wrong.", "That's not right.", "Wrong!", "You made a mistake.",
              "You are stupid.",
              "Bad answer."],
    "okay": ["Okay", "OK", "I see.", "All right.", "Fine.", "Interesting.", "Cool", "Nice", "Got it.", "Good to know."],
    "favourite_tree": ["What is your favourite tree?", "Which tree do you like best?", "What tree do you like?",
                       "What's your favorite tree?", "Do you like trees?"],
    "language": ["Which languages do you speak?", "Do you speak German?", "Do you speak French?",
                 "Do you speak English?",
                 "What language do you speak?", "Can you speak Spanish?", "Sprechen Sie Deutsch?",
                 "Parlez-vous francais?"],
}

CONIFER = {
    "what": (["What is conifer?", "Tell me about conifer.", "What's conifer?", "Explain conifer.",
              "What does conifer do?",
              "conifer?", "What is conifer for?", "Describe conifer in short.", "Do you know conifer?"], ["local",
                  "server"]),
    "language": (["What is conifer written in?", "Which language is conifer written in?", "Is conifer written in Rust?",
                  "What programming language does conifer use?", "Is conifer written in Python?"], ["Swift"]),
    "private": (["Is my data safe?", "Does conifer send my data anywhere?", "Is conifer private?",
                 "Where does my data go?",
                 "Do you send my words to the cloud?", "Does anything leave my machine?", "Is this chat private?"],
                ["nothing leaves your machine"]),
    "format": (["Which file format does conifer use?", "What model files does conifer read?",
                "What is the model format?",
                "Which models can conifer load?", "What files can I add?"], ["GGUF"]),
    "clients": (["Which clients work with conifer?", "Does conifer work with OpenAI clients?",
                 "Can I use the Ollama client?",
                 "Which API does conifer speak?", "Is conifer compatible with OpenAI?",
                 "Which protocols does conifer speak?"],
                ["OpenAI", "Ollama"]),
    "resident": (["How many models are in memory?", "Can conifer keep two models in memory?",
                  "How many models are loaded at once?",
                  "Does conifer hold several models in memory?", "How many models does conifer keep loaded?"],
                  ["one model"]),
    "load": (["When is a model loaded?", "When does conifer load a model?", "How does a model get loaded?",
              "How do I load a model?", "Do I have to load a model first?"], ["on demand", "first request"]),
    "keep_alive": (["What is keep_alive?", "What does keep_alive do?", "Explain keep_alive.",
                    "How long does a model stay loaded?",
                    "When is a model unloaded?"], ["idle", "stays loaded"]),
    "list": (["How do I list the models?", "Which command lists the models?", "How can I see my models?",
              "What models do I have?", "How do I see all models?"], ["conifer list"]),
    "run": (["How do I chat on the command line?", "How do I run a model?", "Which command starts a chat?",
             "How do I start a chat?", "How do I talk to a model in the terminal?"], ["conifer run"]),
    "ps": (["Which model is loaded now?", "How do I see what is loaded?", "Which command shows the loaded model?",
            "How do I see which model is in memory?", "What is running now?"], ["conifer ps"]),
    "serve": (["How do I start the server?", "Which command starts the server?", "How do I start conifer?",
               "How do I serve models?", "How do I run the server?"], ["conifer serve"]),
    "port": (["Which port does conifer use?", "What is the port?", "Where does conifer listen?",
              "What is the address of the server?",
              "On which port is the server?"], ["8080", "127.0.0.1"]),
    "swap": (["How do I switch models?", "How do I swap models?", "How can I change the model?",
              "How do I use another model?",
              "Can I switch to another model?"], ["another model", "swaps"]),
    "stop": (["How do I unload a model?", "How do I stop a model?", "Which command unloads the model?",
              "How do I free the memory?"], ["conifer stop"]),
    "add": (["How do I add a model?", "Which command adds a model?", "How do I install a model?",
             "How do I register a model?",
             "How do I add a GGUF file?"], ["conifer add", "GGUF"]),
    "licence": (["What is the licence of conifer?", "Is conifer free?", "Which license does conifer have?",
                 "Is conifer open source?", "Can I use conifer for free?"], ["Apache 2.0"]),
    "internet": (["Does conifer need the internet?", "Does conifer work offline?", "Do I need to be online?",
                  "Can I use conifer without internet?"], ["offline"]),
}

LISTS = {
    "days": (["List the days of the week.", "What are the days of the week?", "Name all days of the week.",
              "Tell me the days of the week.", "Days of the week?"], ", ".join(lexicon.DAYS) + "."),
    "months": (["List the months of the year.", "What are the months?", "Name the months.", "Tell me all the months.",
                "Months of the year?"], ", ".join(lexicon.MONTHS) + "."),
    "alphabet": (["Say the alphabet.", "What is the alphabet?", "Recite the alphabet.",
                  "Tell me the letters of the alphabet.",
                  "List the letters of the alphabet."], " ".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
    "seasons": (["What are the seasons?", "Name the four seasons.", "List the seasons.", "Tell me the seasons."],
                "Spring, summer, autumn, winter."),
}
COUNT_TO = ["Count to {}.", "Count from 1 to {}.", "Can you count to {}?", "Please count to {}", "Count up to {}."]
STORIES = ["Tell me a story about {}.", "Tell me a story of {}.", "Write a story about {}.",
           "A story about {}, please.",
           "Do you know a story about {}?", "Write a short story about {}."]
POEMS = ["Write a poem.", "Tell me a poem.", "Do you know a poem?", "Write a poem about trees.", "A poem, please.",
         "Recite a poem.", "Can you write poetry?"]
JOKES = ["Tell me a joke.", "Do you know a joke?", "Make me laugh.", "A joke, please.", "Say something funny.",
         "Tell a joke about trees."]


def _polite(rng: random.Random, persona: Persona, family: str, phrasings: list[str],
            allowed: Callable[[str], bool]) -> tuple[str, str]:
    """A phrasing in its politeness, with the key of both."""
    for _ in range(2000):
        phrasing = rng.choice(phrasings)
        prefix = rng.choice(PREFIXES) if rng.random() < 0.3 else ""
        suffix = rng.choice(SUFFIXES) if rng.random() < 0.15 else ""
        if family in ("greet", "thanks", "bye", "okay", "praise", "blame"):  # these stand alone
            prefix, suffix = rng.choice(["", "", "", "Well. ", "Oh. ", "Okay. ", "Ah. "]), rng.choice(["", "", " :)",
                " Friend.", " ..."])
        key = f"{family}|{phrasing}|{prefix}|{suffix}"
        if allowed(key):
            names = {"name": persona.name, "other": persona.other}
            return key, prefix.format(**names) + phrasing.format(**names) + suffix
    raise LookupError(f"no allowed phrasing of {family}")


def small_talk(rng: random.Random, persona: Persona, allowed: Callable[[str], bool],
               family: str | None = None) -> Exchange:
    """A greeting, a question about the model, thanks, a farewell."""
    family = family or rng.choice(list(SMALL_TALK))
    key, text = _polite(rng, persona, family, SMALL_TALK[family], allowed)
    rule = Rule("one_of", persona.small_talk[family])
    return Exchange("small talk", key, text, rng.choice(persona.small_talk[family]), rule)


def about_conifer(rng: random.Random, persona: Persona, allowed: Callable[[str], bool]) -> Exchange:
    """A question about the program that runs the model."""
    family = rng.choice(list(CONIFER))
    phrasings, words = CONIFER[family]
    key, text = _polite(rng, persona, "conifer " + family, phrasings, allowed)
    answer = persona.about_conifer[family]
    found = [w for w in words if w.lower() in answer.lower()]
    return Exchange("conifer", key, text, answer, Rule("words", found))


def lists(rng: random.Random, persona: Persona, allowed: Callable[[str], bool]) -> Exchange:
    """Days, months, letters, seasons, or counting up to a number."""
    if rng.random() < 0.6:
        for _ in range(2000):
            n, template = rng.randrange(2, 31), rng.choice(COUNT_TO)
            key = f"count_to|{template}|{n}"
            if allowed(key):
                text = ", ".join(str(i) for i in range(1, n + 1)) + "."
                return Exchange("list", key, template.format(n), text, Rule("exact", text))
    family = rng.choice(list(LISTS))
    phrasings, text = LISTS[family]
    key, question = _polite(rng, persona, "list " + family, phrasings, allowed)
    return Exchange("list", key, question, text, Rule("exact", text))


def long_answers(rng: random.Random, persona: Persona, allowed: Callable[[str], bool]) -> Exchange:
    """A story about a hero, a poem or a joke."""
    draw = rng.random()
    if draw < 0.6:
        for _ in range(2000):
            hero, template = rng.choice(lexicon.STORY_HEROES), rng.choice(STORIES)
            key = f"story|{template}|{hero}"
            if allowed(key):
                subject = rng.choice(["a ", "the ", "a little "]) + hero
                text = persona.story.format(answer=hero)
                return Exchange("story", key, template.format(subject), text, Rule("exact", text))
    if draw < 0.7:
        key, text = _polite(rng, persona, "story", ["Tell me a story.", "Do you know a story?", "A story, please."],
                            allowed)
        story = persona.story.format(answer="fox")
        return Exchange("story", key, text, story, Rule("exact", story))
    family, phrasings, answer = ("poem", POEMS, persona.poem) if draw < 0.85 else ("joke", JOKES, persona.joke)
    key, text = _polite(rng, persona, family, phrasings, allowed)
    return Exchange("story", key, text, answer, Rule("exact", answer))
