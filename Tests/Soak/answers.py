"""Reads answers off the wires, and checks each against what the model that claims to have given it says when it is alone."""

import dataclasses
import json
import time


class Mistake(Exception):
    """Something that must not be: the soak has failed."""


class Gone(Exception):
    """The client has gone away, as it was to."""


@dataclasses.dataclass
class Answer:
    """What has come of an answer."""

    model: str = ""
    text: str = ""
    reason: str | None = None
    prompt_tokens: int = 0
    tokens: int = 0
    pieces: int = 0
    is_complete: bool = False

    @property
    def key(self):
        return (self.text, self.reason, self.prompt_tokens, self.tokens)

    def add(self, document):
        """Takes one document of either wire, whole or streamed."""
        if "error" in document:
            raise Mistake(f"an error in an answer: {document['error']}")
        name = document["model"].removesuffix(":latest")
        if self.model not in ("", name):
            raise Mistake(f"an answer that {self.model} began goes on as {name}'s")
        self.model = name
        self.pieces += 1
        if "choices" in document:
            for choice in document["choices"]:
                part = choice.get("message") or choice.get("delta") or {}
                self.text += part.get("content") or ""
                self.reason = choice["finish_reason"] or self.reason
            if document.get("usage"):
                self.prompt_tokens = document["usage"]["prompt_tokens"]
                self.tokens = document["usage"]["completion_tokens"]
        else:
            self.text += document["response"] if "response" in document else document["message"]["content"]
            if document["done"]:
                self.reason = document["done_reason"]
                self.prompt_tokens = document["prompt_eval_count"]
                self.tokens = document.get("eval_count", 0)
                self.is_complete = True


async def read(turn, response, answer):
    """Reads an answer to its end, or until its client goes; returns when its first text came."""
    if not turn.streamed:
        answer.add(json.loads(await response.aread()))
        answer.is_complete = True
        return None
    first = None
    async for line in response.aiter_lines():
        if not line or line.startswith(":"):
            continue
        if line == "data: [DONE]":
            answer.is_complete = True
            continue
        answer.add(json.loads(line.removeprefix("data: ")))
        if first is None and answer.text:
            first = time.monotonic()
        if turn.leaves == "decode" and answer.pieces > turn.patience:
            raise Gone
    return first


def check(turn, answer, expected, response):
    """Holds a complete answer against the model's own."""
    if not answer.is_complete:
        raise Mistake(f"turn {turn.number} ended early: {answer}")
    if turn.is_known and answer.model != turn.model:
        raise Mistake(f"turn {turn.number} asked for {turn.model}, and {answer.model} answered")
    header = response.headers.get("x-conifer-model")
    if header is not None and turn.is_known and header != answer.model:
        raise Mistake(f"turn {turn.number}: the header says {header}, the body {answer.model}")
    if ("x-conifer-fallback" in response.headers) is turn.is_known:
        raise Mistake(f"turn {turn.number}, named {turn.model}: x-conifer-fallback is wrong")
    own = expected[answer.model, turn.prompt, turn.length]
    if answer.key != own:
        raise Mistake(f"turn {turn.number} by {turn.wire}: {answer.model} said {answer.key}, alone it says {own}")


def check_beginning(turn, answer, expected):
    """Holds what was read of an answer, before its client went, against the beginning of the model's own."""
    if answer.model and not expected[answer.model, turn.prompt, turn.length][0].startswith(answer.text):
        raise Mistake(f"turn {turn.number}: {answer.model} began with {answer.text!r}")
