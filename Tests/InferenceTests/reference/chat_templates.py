"""Renders published chat templates as transformers' apply_chat_template does, and keeps what came out.

    python chat_templates.py FOLDER     writes chat_templates.json beside this file

Beside the language (Tests/JinjaTests/reference checks that) this is about what a template is given: null fields left out,
reasoning under every name that templates read, tools and documents null where there are none. The templates are not kept:
a length and a hash (64-bit FNV-1a) of each output are, or that there was an error.
"""
import datetime
import json
import pathlib
import sys

import jinja2
from transformers.utils import chat_template_utils as utils

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "JinjaTests" / "reference"))
from cases import CONVERSATIONS, TOOLS, assistant, user  # noqa: E402

NOW = datetime.datetime(2031, 3, 5, 14, 7, 9)
TOKENS = {"bos_token": "<|bos|>", "eos_token": "<|eos|>"}
ROLES = {"system", "developer", "user", "assistant", "tool"}
compile_template = utils._compile_jinja_template


def compiled(source):
    environment = compile_template("").environment
    environment.globals["strftime_now"] = lambda format: NOW.strftime(format)
    environment.filters["from_json"] = json.loads
    return environment.from_string(source)


utils._compile_jinja_template = compiled


def conversations():
    for name, messages in CONVERSATIONS.items():
        if messages and all(message["role"] in ROLES for message in messages):
            # Clients send the reasoning under OpenAI's newer name for it.
            yield name, [
                {"reasoning" if key == "reasoning_content" else key: value for key, value in message.items()}
                for message in messages
            ]
    yield "null name", [{"role": "user", "content": "Hi", "name": None}, assistant(None, reasoning="Hm."), user("So?")]


def render(source, messages, tools, thinking):
    # A template that does not know the role gets the older one.
    knows = "developer" in source
    messages = [{**m, "role": "system" if m["role"] == "developer" and not knows else m["role"]} for m in messages]
    try:
        rendered, _ = utils.render_jinja_template(
            [utils._normalize_chat_messages(messages)], tools=tools, chat_template=source, add_generation_prompt=True,
            enable_thinking=thinking, thinking=thinking, **TOKENS)
    except jinja2.exceptions.TemplateError as error:
        return "raised " + (error.message or "") if type(error) is jinja2.exceptions.TemplateError else "error"
    except Exception:
        return "error"
    data, value = rendered[0].encode("utf-8"), 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return f"{len(data)} {value:016x}"


def main(folder):
    cases, results = {}, {}
    for name, messages in conversations():
        for tools in [None, TOOLS] if "tool" in name or name in ("single", "lookalikes") else [None]:
            for thinking in [False, True]:
                full = name + (", tools" if tools else "") + (", thinking" if thinking else "")
                cases[full] = {"messages": messages, "tools": tools, "thinking": thinking}
    for path in sorted(pathlib.Path(folder).glob("*.jinja")):
        source = path.read_bytes().decode("utf-8")
        results[path.stem] = {name: render(source, **json.loads(json.dumps(case))) for name, case in cases.items()}
    text = json.dumps({"cases": cases, "results": results}, ensure_ascii=True, separators=(",", ":"))
    (HERE / "chat_templates.json").write_text(text.replace('},"', '},\n"') + "\n")
    print(len(cases), "cases,", len(results), "templates,", len(text), "bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
