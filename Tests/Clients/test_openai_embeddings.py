"""Embeddings through the `openai` client, which asks for base64 unless told otherwise."""

import math

import openai
import pytest

from conifer_server import JUNIPER, LARCH


@pytest.fixture
def client(server):
    return openai.OpenAI(base_url=server.url + "/v1", api_key="unused", max_retries=0)


def dot(left, right):
    return sum(a * b for a, b in zip(left, right, strict=True))


def test_base64_and_floats_are_the_same_numbers(client):
    default = client.embeddings.create(model=LARCH, input="A dog barks.")
    floats = client.embeddings.create(model=LARCH, input="A dog barks.", encoding_format="float")
    assert default.data[0].embedding == pytest.approx(floats.data[0].embedding, rel=1e-6)
    assert default.model == LARCH and default.usage.prompt_tokens > 0
    assert default.usage.total_tokens == default.usage.prompt_tokens


def test_vectors_have_length_one_and_the_models_width(client):
    for model, width in ((LARCH, 256), (JUNIPER, 192)):
        vector = client.embeddings.create(model=model, input="A dog barks.").data[0].embedding
        assert len(vector) == width
        assert math.sqrt(dot(vector, vector)) == pytest.approx(1, abs=1e-5)


def test_many_inputs_come_back_in_order(client):
    texts = ["one", "What is the capital of France?", "two"]
    together = client.embeddings.create(model=LARCH, input=texts)
    assert [item.index for item in together.data] == [0, 1, 2]
    for text, item in zip(texts, together.data):
        alone = client.embeddings.create(model=LARCH, input=text).data[0].embedding
        assert item.embedding == pytest.approx(alone, abs=1e-5)


def test_token_ids_are_taken_as_they_are(client):
    one = client.embeddings.create(model=LARCH, input=[5, 6, 7])
    many = client.embeddings.create(model=LARCH, input=[[5, 6, 7], [8, 9]])
    assert len(one.data) == 1 and len(many.data) == 2
    assert one.data[0].embedding == pytest.approx(many.data[0].embedding, abs=1e-5)
    with pytest.raises(openai.BadRequestError) as caught:
        client.embeddings.create(model=LARCH, input=[[5, 999_999]])
    assert "999999" in caught.value.body["message"].replace(",", "")


def test_a_text_past_the_context_is_refused(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.embeddings.create(model=LARCH, input="word " * 5000)
    assert caught.value.code == "context_length_exceeded"


@pytest.mark.parametrize("value", [[], "", 5, [""], [["a"]], {}])
def test_an_input_that_is_none_is_refused(server, client, value):
    with pytest.raises(openai.BadRequestError) as caught:
        client.embeddings.create(model=LARCH, input="x", extra_body={"input": value})
    assert caught.value.body["param"].startswith("input")


def test_keep_alive_counts_here_too(server, client):
    client.embeddings.create(model=LARCH, input="x", extra_body={"keep_alive": -1})
    assert server.resident()["pinned"]
    with pytest.raises(openai.BadRequestError):
        client.embeddings.create(model=LARCH, input="x", extra_body={"keep_alive": "1d"})
    assert server.resident()["pinned"]
