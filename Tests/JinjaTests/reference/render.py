"""Renders chat templates and snippets with Python's Jinja2 as transformers sets it up, and keeps what came out.

    python render.py templates FOLDER     writes templates.json: FOLDER's templates with the cases of cases.py
    python render.py snippets             writes snippets.json: the snippets of snippets.py
    python render.py check FOLDER         compares the cases with transformers' own apply_chat_template

The templates themselves are not kept: a length and a hash of each output are, or the error.
"""

import base64, datetime, hashlib, json, pathlib, sys

import jinja2
from transformers.utils.chat_template_utils import _compile_jinja_template

HERE = pathlib.Path(__file__).parent
NOW = datetime.datetime(2031, 3, 5, 14, 7, 9)


def environment():
    result = _compile_jinja_template("").environment
    result.globals["strftime_now"] = lambda format: NOW.strftime(format)
    result.filters["from_json"] = json.loads
    return result


def render(env, source, context):
    """The output, or the class and message of the error."""
    try:
        return env.from_string(source).render(**context), None
    except jinja2.exceptions.TemplateError as error:
        kind = "raised" if type(error) is jinja2.exceptions.TemplateError else type(error).__name__
        return None, [kind, error.message or ""]
    except Exception as error:
        return None, [type(error).__name__, str(error)]


def short(text):
    data = text.encode("utf-8", "surrogatepass")
    return f"{len(data)} {base64.b64encode(hashlib.sha256(data).digest()[:18]).decode()}"


def templates(folder):
    from cases import cases

    env = environment()
    variables = dict(cases())
    results = {}
    for path in sorted(pathlib.Path(folder).glob("*.jinja")):
        source = path.read_bytes().decode("utf-8")
        results[path.stem] = {}
        for name, context in variables.items():
            output, error = render(env, source, json.loads(json.dumps(context)))
            results[path.stem][name] = error if output is None else short(output)
    keep("templates.json", {"jinja2": jinja2.__version__, "cases": variables, "results": results})


def check(folder):
    import tokenizers, transformers
    from cases import cases

    env = environment()
    model = tokenizers.Tokenizer(tokenizers.models.WordLevel({"<unk>": 0}, unk_token="<unk>"))
    counts = {"equal": 0, "different": 0, "refused by both": 0, "refused by one": 0}
    for path in sorted(pathlib.Path(folder).glob("*.jinja")):
        source = path.read_bytes().decode("utf-8")
        if "strftime_now" in source or "from_json" in source:
            continue
        for name, context in cases():
            # apply_chat_template drops null contents and fills in other names of the reasoning before it renders.
            if any("reasoning_content" in m or m["content"] is None for m in context["messages"]) or not context["messages"]:
                continue
            tokens = {key: value for key, value in context.items() if key.endswith("_token")}
            tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=model, **tokens)
            rest = {key: value for key, value in context.items() if key not in tokens and key != "messages"}
            expected, _ = render(env, source, json.loads(json.dumps(context)))
            try:
                given = tokenizer.apply_chat_template(context["messages"], chat_template=source, tokenize=False, **rest)
            except Exception:
                given = None
            both = {given, expected} == {None}
            key = "refused by both" if both else "refused by one" if None in (given, expected) else "equal" if given == expected else "different"
            counts[key] += 1
    print(counts)


def snippets():
    from snippets import CONTEXT, SNIPPETS

    env = environment()
    results = []
    for source in SNIPPETS:
        output, error = render(env, source, json.loads(json.dumps(CONTEXT)))
        results.append({"template": source, **({"output": output} if error is None else {"error": error})})
    keep("snippets.json", {"jinja2": jinja2.__version__, "context": CONTEXT, "snippets": results})


def keep(name, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("\u2028", "\\u2028")
    (HERE / name).write_text(text.replace('},{"template"', '},\n{"template"').replace('},"', '},\n"') + "\n")
    print(name, len(text))


if __name__ == "__main__":
    {"templates": templates, "snippets": snippets, "check": check}[sys.argv[1]](*sys.argv[2:])
