"""The `ollama` client from PyPI on the native wire."""

import datetime

import ollama
import pytest

from conifer_server import FRANCE, JUNIPER, LARCH, VOICES

GREEDY = {"temperature": 0, "repeat_penalty": 1}


@pytest.fixture
def client(server):
    return ollama.Client(server.url)


def ask(client, model=LARCH, content=FRANCE, options=None, **fields):
    return client.chat(
        model=model, messages=[{"role": "user", "content": content}], options={**GREEDY, **(options or {})}, **fields)


def test_each_model_chats_with_its_own_voice(client):
    for model in (LARCH, JUNIPER, LARCH + ":latest"):
        answer = ask(client, model)
        assert answer.message.content == VOICES[model.removesuffix(":latest")]
        assert answer.message.role == "assistant"
        assert answer.done and answer.done_reason == "stop"


def test_the_last_line_has_the_statistics(client):
    answer = ask(client)
    assert answer.prompt_eval_count > 0 and answer.eval_count > 0
    for duration in (answer.total_duration, answer.prompt_eval_duration, answer.eval_duration):
        assert isinstance(duration, int) and duration > 0
    assert answer.total_duration >= answer.eval_duration
    assert datetime.datetime.fromisoformat(answer.created_at).tzinfo is not None


def test_a_stream_joins_to_the_same_answer(client):
    lines = list(ask(client, JUNIPER, stream=True))
    assert "".join(line.message.content for line in lines) == VOICES[JUNIPER]
    assert [line.done for line in lines] == [False] * (len(lines) - 1) + [True]
    assert len(lines) > 2, "a stream comes in pieces"


def test_generate_answers_like_chat(client):
    answer = client.generate(LARCH, FRANCE, options=GREEDY)
    assert answer.response == VOICES[LARCH] and answer.done_reason == "stop"
    pieces = client.generate(LARCH, FRANCE, options=GREEDY, stream=True)
    assert "".join(piece.response for piece in pieces) == VOICES[LARCH]


def test_raw_goes_to_the_model_as_it_is(client):
    prompt = f"<|im_start|>user\n{FRANCE}<|im_end|>\n<|im_start|>assistant\n"
    answer = client.generate(LARCH, prompt, raw=True, options=GREEDY)
    assert answer.response == VOICES[LARCH]
    assert answer.context is None


def test_context_carries_a_conversation_on(client):
    first = client.generate(LARCH, "My name is Tom.", options=GREEDY)
    assert first.context and all(isinstance(token, int) for token in first.context)
    second = client.generate(LARCH, FRANCE, context=first.context, options=GREEDY)
    assert second.context[:len(first.context)] == first.context
    assert second.prompt_eval_count > len(first.context)


def test_a_system_text_goes_first(client):
    with_system = client.generate(LARCH, FRANCE, system="You are Larch.", options=GREEDY)
    assert with_system.prompt_eval_count > client.generate(LARCH, FRANCE, options=GREEDY).prompt_eval_count


def test_options_are_heard(client):
    assert ask(client, JUNIPER, options={"num_predict": 2}).done_reason == "length"
    assert ask(client, JUNIPER, options={"stop": [" Paris"]}).message.content == "The capital of France is"
    drawn = [ask(client, LARCH, "Hello", options={"temperature": 1.5, "seed": 3}).message.content for _ in range(2)]
    assert drawn[0] == drawn[1]


def test_num_ctx_never_loads_the_model_again(server, client):
    ask(client)
    for length in (512, 8192, 2048):
        assert not ask(client, options={"num_ctx": length}).load_duration or server.resident()
    assert server.log.read_text().count(" loaded") == 1


def test_load_and_unload_by_empty_requests(server, client):
    loaded = client.generate(LARCH)
    assert loaded.done_reason == "load" and loaded.response == ""
    assert [model.model.removesuffix(":latest") for model in client.ps().models] == [LARCH]
    assert client.chat(JUNIPER, keep_alive=-1).done_reason == "load"
    assert server.resident()["pinned"] and server.resident()["name"].startswith(JUNIPER)
    assert client.generate(JUNIPER, keep_alive=0).done_reason == "unload"
    server.wait_until(lambda model: model is None, "the unload")
    assert client.chat(LARCH, keep_alive=0).done_reason == "unload", "nothing resident is no error"
    assert client.ps().models == []


def test_an_empty_streamed_request_has_one_line(client):
    assert [line.done_reason for line in client.generate(LARCH, stream=True)] == ["load"]
    assert [line.done_reason for line in client.chat(LARCH, stream=True, keep_alive=0)] == ["unload"]


@pytest.mark.parametrize("value, pinned, window", [
    (-1, True, None), (300.0, False, 300), ("10m", False, 600), ("-1s", True, None), ("-1", True, None),
    ("90", False, 90), ("1.5h", False, 5400), (None, False, 300),
])
def test_keep_alive_as_clients_write_it(server, client, value, pinned, window):
    ask(client, keep_alive=value)
    resident = server.resident()
    assert resident["pinned"] is pinned
    if window:
        assert window - 30 < resident["idle_remaining_seconds"] <= window
    left = client.ps().models[0].expires_at - datetime.datetime.now(datetime.timezone.utc)
    assert left > datetime.timedelta(days=20 * 365) if pinned else left < datetime.timedelta(seconds=window + 5)


@pytest.mark.parametrize("value", ["5 minutes", "", "1d", "5m ", "forever", True])
def test_a_bad_keep_alive_is_refused_before_anything_is_loaded(server, client, value):
    # The client itself refuses `True`, so the request is sent without it.
    answer = server.post("/api/chat", {
        "model": LARCH, "messages": [{"role": "user", "content": "Hi"}], "keep_alive": value})
    assert answer.status_code == 400 and "keep_alive" in answer.json()["error"]
    if isinstance(value, str):
        with pytest.raises(ollama.ResponseError) as caught:
            client.generate(LARCH, keep_alive=value)
        assert caught.value.status_code == 400
    assert server.resident() is None


def test_listing_and_showing_load_nothing(server, client):
    listed = client.list().models
    assert sorted(model.model for model in listed) == sorted([LARCH + ":latest", JUNIPER + ":latest"])
    for model in listed:
        assert model.size > 1_000_000 and len(model.digest) >= 12 and model.modified_at is not None
        assert model.details.family in ("llama", "qwen3") and model.details.parameter_size.endswith("M")
    shown = client.show(LARCH)
    assert shown.modelinfo["general.architecture"] == "llama"
    assert shown.modelinfo["llama.context_length"] == 1024
    assert "completion" in shown.capabilities and shown.template and shown.details.format == "gguf"
    assert server.resident() is None
    with pytest.raises(ollama.ResponseError) as caught:
        client.show("no-such-model")
    assert caught.value.status_code == 404


def test_what_is_resident_shows_in_ps(client):
    ask(client)
    running = client.ps().models[0]
    assert running.size > 0 and running.size_vram <= running.size and running.context_length == 1024
    assert running.details.quantization_level == "Q8_0"


def test_an_unknown_name_is_answered_by_the_resident_model(client):
    ask(client, JUNIPER)
    answer = ask(client, "llama3.2")
    assert answer.model.removesuffix(":latest") == JUNIPER
    assert answer.message.content == VOICES[JUNIPER]


def test_embeddings_in_both_shapes(client):
    one = client.embed(LARCH, "A dog barks.")
    many = client.embed(LARCH, ["A dog barks.", "Two and two."])
    assert len(one.embeddings) == 1 and len(many.embeddings) == 2
    assert one.embeddings[0] == pytest.approx(many.embeddings[0], abs=1e-5)
    assert sum(value * value for value in one.embeddings[0]) == pytest.approx(1, abs=1e-4)
    assert one.prompt_eval_count > 0
    old = client.embeddings(LARCH, "A dog barks.")
    assert old.embedding == pytest.approx(one.embeddings[0], abs=1e-5)


def test_an_empty_embedding_loads_the_model(server, client):
    assert client.embed(LARCH, []).embeddings == []
    assert server.resident()["name"].startswith(LARCH)


def test_an_overlong_prompt_is_refused(client):
    with pytest.raises(ollama.ResponseError) as caught:
        ask(client, content="word " * 5000)
    assert caught.value.status_code == 400
    assert "context" in caught.value.error and "exceed" in caught.value.error


def test_truncation_has_to_be_asked_for_in_embeddings(client):
    with pytest.raises(ollama.ResponseError) as caught:
        client.embed(LARCH, "word " * 5000, truncate=False)
    assert caught.value.status_code == 400
    assert len(client.embed(LARCH, "word " * 5000, truncate=True).embeddings) == 1


def test_structured_output_is_refused_with_a_clear_word(client):
    with pytest.raises(ollama.ResponseError) as caught:
        ask(client, format="json")
    assert caught.value.status_code == 400 and "format" in caught.value.error


def test_errors_have_their_status(server, client):
    with pytest.raises(ollama.ResponseError) as caught:
        ask(client, options={"temperature": -1})
    assert caught.value.status_code == 400
    assert server.post("/api/chat", {"messages": []}).status_code == 400
    empty = server.get("/api/chat")
    assert empty.status_code == 405 and "error" in empty.json()


def test_leaving_a_stream_frees_its_place(server, client):
    stream = client.generate(
        JUNIPER, "Tell me a story.", stream=True, options={"temperature": 1.9, "num_predict": 900})
    next(stream)
    stream.close()
    server.wait_until(lambda model: model["active_turns"] == 0, "the end of the turn whose client has left")
    assert ask(client, JUNIPER).message.content == VOICES[JUNIPER]


def test_log_probabilities_come_with_the_pieces(client):
    answer = ask(client, logprobs=True, top_logprobs=2)
    assert "".join(token.token for token in answer.logprobs) == answer.message.content
    assert all(len(token.top_logprobs) == 2 for token in answer.logprobs)


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.mark.anyio
async def test_the_asynchronous_client_runs_many_turns_at_once(server):
    import asyncio

    client = ollama.AsyncClient(server.url)
    models = [LARCH, JUNIPER] * 6
    answers = await asyncio.gather(*(ask(client, model) for model in models))
    assert [answer.message.content for answer in answers] == [VOICES[model] for model in models]
