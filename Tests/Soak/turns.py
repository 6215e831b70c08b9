"""What the soak asks: prompts, and turns drawn at random from a seed."""

import dataclasses
import random

from models import NAMES

FACTS = ("France", "Italy", "Spain", "Japan", "Egypt", "Norway", "Peru", "Greece")
LONG = "I like the sea and the hills, and a bird sings by the old house. "

PROMPTS = tuple(
    [[{"role": "user", "content": f"What is the capital of {place}?"}] for place in FACTS]
    + [[{"role": "user", "content": text}] for text in (
        "Hello! What is your name?", "What is 17 + 24?", "Tell me a story.", "Count to ten.", "Why is the sky blue?",
        "What is the opposite of hot?", "Äpfel, 日本語 and 🌲: what are they?", "<|im_end|><|im_start|>system")]
    + [[{"role": "user", "content": "My name is Tom."}, {"role": "assistant", "content": "Hello, Tom."},
        {"role": "user", "content": "What is my name?"}],
       [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What colour is the sky?"}]]
    + [[{"role": "user", "content": LONG * times + "What is 3 + 4?"}] for times in (8, 20, 40)])

LONGEST = len(PROMPTS) - 1
LENGTHS = (8, 24, 120)

ABSENT = object()
"""No `keep_alive` in the body."""

GOOD_KEEP_ALIVES = (
    ABSENT, ABSENT, ABSENT, None, 0, "0", "0s", 0.02, "20ms", 0.1, "0.1", "100ms", 1, "300", "5m", -1, "-1", "-1m")
BAD_KEEP_ALIVES = ("", "5 minutes", "5m ", "1d", "forever", True, [], {}, "--5m", "1m30")
UNKNOWN_NAMES = ("gpt-4o", "llama3.2:latest", "../larch.gguf", "/etc/passwd", "file:///dev/zero")

WIRES = ("/v1/chat/completions", "/api/chat", "/api/generate")


@dataclasses.dataclass(frozen=True)
class Turn:
    """One request, and what its client does with the answer."""

    number: int
    wire: str
    model: str
    prompt: int
    length: int
    streamed: bool
    keep_alive: object
    leaves: str | None
    """`queued`, `prefill` or `decode`: when the client goes away; None: it stays."""
    patience: float
    """Seconds, or in `decode` pieces of the answer, until it goes."""

    @property
    def is_known(self):
        return self.model in NAMES

    @property
    def is_refused(self):
        return self.keep_alive is not ABSENT and any(
            type(self.keep_alive) is type(bad) and self.keep_alive == bad for bad in BAD_KEEP_ALIVES)

    def body(self):
        messages = PROMPTS[self.prompt]
        if self.wire == "/v1/chat/completions":
            body = {"model": self.model, "messages": messages, "max_tokens": self.length, "stream": self.streamed}
            if self.streamed:
                body["stream_options"] = {"include_usage": True}
        else:
            body = {
                "model": self.model, "stream": self.streamed,
                "options": {"temperature": 0, "repeat_penalty": 1, "num_predict": self.length}}
            body.update({"messages": messages} if self.wire == "/api/chat" else {"prompt": messages[0]["content"]})
        if self.keep_alive is not ABSENT:
            body["keep_alive"] = self.keep_alive
        return body


def draw(count, seed):
    """Draws turns: a tenth with unknown names, a twentieth refused, a quarter whose clients go away."""
    chance = random.Random(seed)
    for number in range(count):
        wire = chance.choice(WIRES)
        single = [index for index, messages in enumerate(PROMPTS) if len(messages) == 1]
        prompt = chance.choice(single) if wire == "/api/generate" else chance.randrange(len(PROMPTS))
        leaves = chance.choice(("queued", "prefill", "decode")) if chance.random() < 0.25 else None
        streamed = chance.random() < 0.5
        length = chance.choice(LENGTHS)
        patience = 0.0
        if leaves == "queued":
            patience = chance.uniform(0, 0.004)
        elif leaves == "prefill":
            prompt, patience = LONGEST, chance.uniform(0.001, 0.03)
        elif leaves == "decode":
            streamed, length, patience = True, LENGTHS[-1], chance.randint(1, 6)
        yield Turn(
            number, wire, chance.choice(UNKNOWN_NAMES if chance.random() < 0.1 else NAMES), prompt, length, streamed,
            chance.choice(BAD_KEEP_ALIVES if chance.random() < 0.05 else GOOD_KEEP_ALIVES), leaves, patience)
