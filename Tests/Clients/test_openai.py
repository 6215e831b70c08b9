"""The `openai` client from PyPI: chat with the two demonstration models, whole and streamed."""

import openai
import pytest

from conifer_server import CONTROL_TOKENS, FRANCE, JUNIPER, LARCH, VOICES


@pytest.fixture
def client(server):
    return openai.OpenAI(base_url=server.url + "/v1", api_key="unused", max_retries=0)


def names(client):
    return [model.id for model in client.models.list()]


def test_two_turns_with_one_model_then_one_with_the_other(server, client):
    first, second = names(client)
    assert server.resident() is None, "listing models must load nothing"

    messages = [{"role": "user", "content": "Hello! What is your name?"}]
    answer = client.chat.completions.create(model=first, messages=messages)
    assert answer.model == first
    assert answer.choices[0].finish_reason == "stop"
    opening = answer.choices[0].message.content
    assert opening
    assert server.resident()["name"].removesuffix(":latest") == first

    messages += [{"role": "assistant", "content": opening}, {"role": "user", "content": "What is the capital of France?"}]
    answer = client.chat.completions.create(model=first, messages=messages)
    assert "Paris" in answer.choices[0].message.content
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens

    answer = client.chat.completions.create(model=second, messages=messages[:1])
    assert answer.model == second
    assert answer.choices[0].message.content != opening, "the other model has its own voice"
    assert server.resident()["name"].removesuffix(":latest") == second


def test_a_stream_joins_to_the_same_answer(client):
    model = names(client)[0]
    messages = [{"role": "user", "content": "What is the opposite of hot?"}]
    whole = client.chat.completions.create(model=model, messages=messages)
    stream = client.chat.completions.create(
        model=model, messages=messages, stream=True, stream_options={"include_usage": True})
    chunks = list(stream)
    assert chunks[0].choices[0].delta.role == "assistant"
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens == whole.usage.completion_tokens
    assert len({chunk.id for chunk in chunks}) == 1


def test_an_unknown_name_is_answered_by_the_resident_model(server, client):
    name = names(client)[1]
    client.chat.completions.create(model=name, messages=[{"role": "user", "content": "Hi"}])
    raw = client.chat.completions.with_raw_response.create(
        model="gpt-4o", messages=[{"role": "user", "content": "Hi"}])
    assert raw.parse().model == name
    assert raw.headers["x-conifer-model"] == name
    assert raw.headers["x-conifer-fallback"] == "unknown-model"


def test_a_bad_keep_alive_is_refused_before_anything_is_loaded(server, client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model=names(client)[0], messages=[{"role": "user", "content": "Hi"}], extra_body={"keep_alive": "5 minutes"})
    assert caught.value.body["param"] == "keep_alive"
    assert server.resident() is None


def test_keep_alive_zero_gives_the_memory_back(server, client):
    client.chat.completions.create(
        model=names(client)[0], messages=[{"role": "user", "content": "Hi"}], extra_body={"keep_alive": 0})
    server.wait_until(lambda model: model is None, "the unload after keep_alive 0")


def test_an_overlong_prompt_is_an_error_with_both_numbers(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model=names(client)[0], messages=[{"role": "user", "content": "word " * 5000}])
    assert caught.value.code == "context_length_exceeded"
    assert "maximum context length is" in str(caught.value)


def test_same_seed_same_answer(client):
    def answer(seed):
        return client.chat.completions.create(
            model=names(client)[0], messages=[{"role": "user", "content": "Hello there"}], temperature=1.5, seed=seed,
        ).choices[0].message.content

    assert answer(7) == answer(7)


def test_a_control_token_in_a_message_is_plain_text(client):
    """`<|im_end|>` in what a user says must not end the user's turn."""
    plain = client.chat.completions.create(
        model=names(client)[0], max_tokens=1, messages=[{"role": "user", "content": "Hi"}])
    spelled = client.chat.completions.create(
        model=names(client)[0], max_tokens=1, messages=[{"role": "user", "content": "Hi<|im_end|>"}])
    assert spelled.usage.prompt_tokens > plain.usage.prompt_tokens + 1


def test_shutdown_is_clean(server, client):
    client.chat.completions.create(model=names(client)[0], messages=[{"role": "user", "content": "Hi"}])
    assert server.stop() == 0


def chat(client, model, content=FRANCE, **fields):
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": content}], **fields)


def test_each_model_speaks_with_its_own_voice(client):
    for model in (LARCH, JUNIPER, LARCH):
        answer = chat(client, model)
        assert answer.choices[0].message.content == VOICES[model]
        assert answer.choices[0].message.role == "assistant"


def test_a_model_is_found_by_id_and_an_unknown_id_is_not(client):
    assert client.models.retrieve(LARCH).id == LARCH
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("gpt-4o")
    assert caught.value.code == "model_not_found"


def test_names_match_whatever_their_case_or_tag(client):
    for name in (JUNIPER.upper(), JUNIPER + ":latest"):
        assert chat(client, name).model == JUNIPER


def test_several_answers_come_with_their_index(client):
    answer = chat(client, LARCH, "Hello", n=3, temperature=1.2, seed=1)
    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    pieces = {0: "", 1: "", 2: ""}
    for chunk in chat(client, LARCH, "Hello", n=3, temperature=1.2, seed=1, stream=True):
        for choice in chunk.choices:
            pieces[choice.index] += choice.delta.content or ""
    assert pieces == {choice.index: choice.message.content for choice in answer.choices}


def test_max_tokens_cuts_under_both_names(client):
    for field in ("max_tokens", "max_completion_tokens"):
        answer = chat(client, JUNIPER, **{field: 3})
        assert answer.choices[0].finish_reason == "length"
        assert answer.usage.completion_tokens == 3


def test_a_stop_string_is_left_out_even_of_a_stream(client):
    answer = chat(client, JUNIPER, stop=[" Paris"])
    assert answer.choices[0].message.content == "The capital of France is"
    assert answer.choices[0].finish_reason == "stop"
    stream = chat(client, JUNIPER, stop=" Paris", stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream) == "The capital of France is"


def test_content_parts_and_the_developer_role_are_read(client):
    answer = client.chat.completions.create(
        model=LARCH, messages=[
            {"role": "developer", "content": [{"type": "text", "text": "Answer briefly."}]},
            {"role": "user", "content": [{"type": "text", "text": FRANCE}]}])
    assert "Paris" in answer.choices[0].message.content


def test_a_logit_bias_bans_a_token(client):
    answer = chat(client, LARCH, max_tokens=40, logit_bias={str(token): -100 for token in CONTROL_TOKENS})
    assert answer.choices[0].finish_reason == "length", "the end of the turn was banned"


def test_no_usage_comes_in_a_stream_unless_asked(client):
    chunks = list(chat(client, LARCH, stream=True))
    assert all(chunk.usage is None and len(chunk.choices) == 1 for chunk in chunks)


def test_a_prompt_that_was_read_before_counts_as_cached(client):
    messages = [{"role": "user", "content": "word " * 200}]
    first = client.chat.completions.create(model=LARCH, messages=messages, max_tokens=1)
    second = client.chat.completions.create(model=LARCH, messages=messages, max_tokens=1)
    assert first.usage.prompt_tokens_details.cached_tokens == 0
    assert 0 < second.usage.prompt_tokens_details.cached_tokens < second.usage.prompt_tokens


def test_log_probabilities_come_with_every_token(client):
    answer = chat(client, LARCH, logprobs=True, top_logprobs=2, max_tokens=4)
    tokens = answer.choices[0].logprobs.content
    assert "".join(token.token for token in tokens) == answer.choices[0].message.content
    for token in tokens:
        assert len(token.top_logprobs) == 2 and token.logprob <= 0
        assert token.logprob == pytest.approx(token.top_logprobs[0].logprob), "greedy takes the likeliest"
        assert bytes(token.bytes).decode() == token.token
    streamed = [
        token.token for chunk in chat(client, LARCH, logprobs=True, max_tokens=4, stream=True)
        for choice in chunk.choices if choice.logprobs for token in choice.logprobs.content]
    assert streamed == [token.token for token in tokens]


def test_keep_alive_goes_with_extra_body(server, client):
    chat(client, LARCH, extra_body={"keep_alive": -1})
    assert server.resident()["pinned"]
    chat(client, LARCH)
    assert server.resident()["pinned"], "a request that says nothing leaves the pin alone"
    chat(client, LARCH, extra_body={"keep_alive": "2m"})
    resident = server.resident()
    assert not resident["pinned"] and 100 < resident["idle_remaining_seconds"] <= 120


def test_leaving_a_stream_frees_its_place(server, client):
    stream = chat(
        client, LARCH, "Count.", stream=True, n=8, max_tokens=900,
        logit_bias={str(token): -100 for token in CONTROL_TOKENS})
    next(iter(stream))
    stream.close()
    server.wait_until(lambda model: model["active_turns"] == 0, "the end of the turn whose client has left")
    assert chat(client, LARCH).choices[0].message.content == VOICES[LARCH]


def test_the_stream_helper_puts_the_answer_together(client):
    with client.chat.completions.stream(model=LARCH, messages=[{"role": "user", "content": FRANCE}]) as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_completion()
    assert "content.delta" in kinds and "content.done" in kinds
    assert final.choices[0].message.content == VOICES[LARCH]


@pytest.mark.anyio
async def test_the_asynchronous_client_runs_many_turns_at_once(server):
    import asyncio

    async with openai.AsyncOpenAI(base_url=server.url + "/v1", api_key="unused", max_retries=0) as client:
        models = [LARCH, JUNIPER] * 6
        answers = await asyncio.gather(*(
            client.chat.completions.create(model=model, messages=[{"role": "user", "content": FRANCE}])
            for model in models))
    assert [answer.choices[0].message.content for answer in answers] == [VOICES[model] for model in models]


@pytest.fixture
def anyio_backend():
    return "asyncio"
