"""One question and its answer, with the rule that judges a model's reply to it."""
import json
import re
from dataclasses import dataclass, replace

REFUSAL = "don't know"
UNKNOWN_MARK = "very small model"


@dataclass(frozen=True)
class Rule:
    """How a reply is judged. `kind` is one of the methods below; `value` is what it looks for."""
    kind: str
    value: object

    def accepts(self, reply: str) -> bool:
        return getattr(self, "_" + self.kind)(reply)

    def _words(self, reply: str) -> bool:
        """Every given word (or phrase) occurs as a whole word, and the reply is no refusal."""
        low = reply.lower()
        return REFUSAL not in low and all(
            re.search(rf"(?<!\w){re.escape(str(w).lower())}(?!\w)", low) for w in self.value)

    def _number(self, reply: str) -> bool:
        """The last number in the reply is the one wanted."""
        found = re.findall(r"\d+", reply)
        return REFUSAL not in reply and bool(found) and int(found[-1]) == self.value

    def _exact(self, reply: str) -> bool:
        """The reply is the text itself, but for case and a final full stop."""
        return reply.strip().rstrip(".!").lower() == str(self.value).rstrip(".!").lower()

    def _verbatim(self, reply: str) -> bool:
        """The reply is the text itself, to the letter."""
        return reply.strip() == self.value

    def _one_of(self, reply: str) -> bool:
        """The reply is one of the given sentences."""
        return reply.strip() in self.value

    def _json(self, reply: str) -> bool:
        """The reply is the JSON object {"answer": value} and nothing else."""
        try:
            return json.loads(reply) == {"answer": self.value}
        except ValueError:
            return False

    def _suffix(self, reply: str) -> bool:
        """The reply passes an inner rule and ends with a given word."""
        inner, word = self.value
        return inner.accepts(reply) and reply.rstrip().endswith(word)

    def _unknown(self, reply: str) -> bool:
        """The reply says that the model does not know."""
        return REFUSAL in reply and UNKNOWN_MARK in reply


@dataclass(frozen=True)
class Exchange:
    """A user's turn and the answer in the persona's voice.

    `core` is the bare answer (text, a number, or None where the model does not know), `bare` says whether it may be
    asked for in one word or as JSON.
    """
    category: str
    key: str
    user: str
    answer: str
    rule: Rule
    core: object = None
    bare: bool = False

    def with_(self, **changes) -> "Exchange":
        return replace(self, **changes)
