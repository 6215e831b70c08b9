"""`litellm` from PyPI by its three routes to a local server: OpenAI's wire, Ollama's `/api/generate` and `/api/chat`."""


import litellm
import pytest

from conifer_server import FRANCE, JUNIPER, LARCH, VOICES

litellm.telemetry = False

ROUTES = ["openai", "ollama", "ollama_chat"]


@pytest.fixture(params=ROUTES)
def route(request):
    return request.param


@pytest.fixture
def ask(server, route):
    """A function that asks a model by the route."""
    def asker(model=LARCH, content=FRANCE, **fields):
        return litellm.completion(
            model=f"{route}/{model}", messages=[{"role": "user", "content": content}],
            api_base=server.url + ("/v1" if route == "openai" else ""), api_key="unused", temperature=0,
            max_tokens=fields.pop("max_tokens", 60), num_retries=0, max_retries=0, timeout=60, **fields)
    return asker


def test_each_model_answers_with_its_own_voice(ask):
    for model in (LARCH, JUNIPER):
        answer = ask(model)
        assert answer.choices[0].message.content == VOICES[model]
        assert answer.choices[0].finish_reason == "stop"
        assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 0


def test_a_stream_joins_to_the_same_answer(ask):
    chunks = list(ask(JUNIPER, stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == VOICES[JUNIPER]
    assert litellm.stream_chunk_builder(chunks).usage.completion_tokens > 0


def test_a_cut_answer_says_so(ask):
    # litellm's own mapping of `/api/generate` always says "stop".
    assert ask(JUNIPER, max_tokens=2).usage.completion_tokens == 2


def test_an_overflow_has_an_exception_of_its_own(ask, route):
    # On its routes to Ollama litellm looks at the status alone.
    expected = litellm.ContextWindowExceededError if route == "openai" else litellm.BadRequestError
    with pytest.raises(expected) as caught:
        ask(content="word " * 5000)
    assert type(caught.value) is expected and "exceeds the available context size" in str(caught.value)


def test_keep_alive_arrives_wherever_litellm_puts_it(server, route, ask):
    extra = {"extra_body": {"keep_alive": -1}} if route == "openai" else {"keep_alive": -1}
    ask(**extra)
    assert server.resident()["pinned"]


def test_a_bad_keep_alive_is_a_bad_request(server, route, ask):
    extra = {"extra_body": {"keep_alive": "5 minutes"}} if route == "openai" else {"keep_alive": "5 minutes"}
    with pytest.raises(litellm.BadRequestError) as caught:
        ask(**extra)
    assert "keep_alive" in str(caught.value)
    assert server.resident() is None


def test_an_unknown_name_is_answered(ask):
    ask(JUNIPER)
    assert ask("gpt-4o-mini").choices[0].message.content == VOICES[JUNIPER]


@pytest.mark.anyio
async def test_the_asynchronous_call_works(server, route):
    answer = await litellm.acompletion(
        model=f"{route}/{LARCH}", messages=[{"role": "user", "content": FRANCE}], temperature=0, max_tokens=60,
        api_base=server.url + ("/v1" if route == "openai" else ""), api_key="unused")
    assert answer.choices[0].message.content == VOICES[LARCH]


@pytest.fixture
def anyio_backend():
    return "asyncio"


def test_text_completion(server):
    answer = litellm.text_completion(
        model=f"text-completion-openai/{LARCH}", prompt="one two", max_tokens=4, api_base=server.url + "/v1", api_key="unused")
    assert answer.choices[0].text and answer.usage.completion_tokens == 4


@pytest.mark.parametrize("way", ["openai", "ollama"])
def test_embeddings(server, way):
    answer = litellm.embedding(
        model=f"{way}/{LARCH}", input=["A dog barks.", "Two and two."], api_key="unused",
        api_base=server.url + ("/v1" if way == "openai" else ""), **({"encoding_format": "float"} if way == "openai" else {}))
    assert len(answer.data) == 2 and len(answer.data[0]["embedding"]) == 256
    assert answer.usage.prompt_tokens > 0


def test_the_key_is_asked_for(start):
    server = start("--api-key", "secret")
    with pytest.raises(litellm.AuthenticationError):
        litellm.completion(
            model=f"openai/{LARCH}", messages=[{"role": "user", "content": FRANCE}], api_base=server.url + "/v1",
            api_key="wrong")


def test_the_model_is_described_from_show(server, monkeypatch):
    monkeypatch.setenv("OLLAMA_API_BASE", server.url)
    information = litellm.get_model_info(f"ollama/{LARCH}", api_base=server.url)
    assert information["max_tokens"] == 1024
    assert server.resident() is None
