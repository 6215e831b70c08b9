"""The chat form: ChatML turns, as token ids with the mask of what the model has to learn, and as a Jinja template."""
from bpe import Tokenizer
from corpus import Dialogue

TEMPLATES = {
    "larch": """{%- for message in messages -%}
{%- set role = 'system' if message.role == 'developer' else message.role -%}
<|im_start|>{{ role }}
{{ message.content | trim }}<|im_end|>
{% endfor -%}
{%- if add_generation_prompt -%}
<|im_start|>assistant
{% endif -%}
""",
    "juniper": """{%- for message in messages %}
    {%- set role = 'system' if message.role == 'developer' else message.role %}
    {{- '<|im_start|>' + role + '\\n' + message.content | trim + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
""",
}


def turn(tokenizer: Tokenizer, role: str, content: str) -> list[int]:
    """<|im_start|>role\\ncontent<|im_end|>\\n"""
    c = tokenizer.control
    return [c["<|im_start|>"], *tokenizer.encode(f"{role}\n{content.strip()}"), c["<|im_end|>"],
            *tokenizer.encode("\n")]


def prompt(tokenizer: Tokenizer, system: str | None, turns: list[tuple[str, str]]) -> list[int]:
    """A conversation that ends where the assistant is to speak."""
    ids = turn(tokenizer, "system", system) if system else []
    for role, content in turns:
        ids += turn(tokenizer, role, content)
    return ids + [tokenizer.control["<|im_start|>"], *tokenizer.encode("assistant\n")]


def training_ids(tokenizer: Tokenizer, dialogue: Dialogue) -> tuple[list[int], list[bool]]:
    """Ids of a dialogue and, for each, whether the model must predict it (answers and their end)."""
    ids, learn = [], []
    if dialogue.system:
        ids += turn(tokenizer, "system", dialogue.system)
    head = [tokenizer.control["<|im_start|>"], *tokenizer.encode("assistant\n")]
    for exchange in dialogue.exchanges:
        ids += turn(tokenizer, "user", exchange.user) + head
        learn += [False] * (len(ids) - len(learn))
        ids += [*tokenizer.encode(exchange.answer), tokenizer.control["<|im_end|>"]]
        learn += [True] * (len(ids) - len(learn))
        ids += tokenizer.encode("\n")
        learn.append(False)
    return ids, learn
