"""The `openai` client from PyPI: two turns with one demonstration model, then one with the other."""

import httpx
import openai
import pytest


@pytest.fixture
def client(server):
    return openai.OpenAI(base_url=server.url + "/v1", api_key="unused", max_retries=0)


def resident(server):
    models = httpx.get(server.url + "/api/ps").json()["models"]
    return models[0] if models else None


def names(client):
    return [model.id for model in client.models.list()]


def test_two_turns_with_one_model_then_one_with_the_other(server, client):
    first, second = names(client)
    assert resident(server) is None, "listing models must load nothing"

    messages = [{"role": "user", "content": "Hello! What is your name?"}]
    answer = client.chat.completions.create(model=first, messages=messages)
    assert answer.model == first
    assert answer.choices[0].finish_reason == "stop"
    opening = answer.choices[0].message.content
    assert opening
    assert resident(server)["name"].removesuffix(":latest") == first

    messages += [{"role": "assistant", "content": opening}, {"role": "user", "content": "What is the capital of France?"}]
    answer = client.chat.completions.create(model=first, messages=messages)
    assert "Paris" in answer.choices[0].message.content
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens

    answer = client.chat.completions.create(model=second, messages=messages[:1])
    assert answer.model == second
    assert answer.choices[0].message.content != opening, "the other model has its own voice"
    assert resident(server)["name"].removesuffix(":latest") == second


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
    assert resident(server) is None


def test_keep_alive_zero_gives_the_memory_back(server, client):
    client.chat.completions.create(
        model=names(client)[0], messages=[{"role": "user", "content": "Hi"}], extra_body={"keep_alive": 0})
    for _ in range(50):
        if resident(server) is None:
            return
        httpx.get(server.url + "/health")
    pytest.fail("still resident after keep_alive 0")


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
