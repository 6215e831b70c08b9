"""The older text completions, through the `openai` client."""

import openai
import pytest

from conifer_server import CONTROL_TOKENS, JUNIPER, LARCH


@pytest.fixture
def client(server):
    return openai.OpenAI(base_url=server.url + "/v1", api_key="unused", max_retries=0)


PROMPT = "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n"


def test_a_prompt_is_continued(client):
    answer = client.completions.create(model=LARCH, prompt=PROMPT, max_tokens=20)
    assert answer.object == "text_completion" and answer.model == LARCH
    assert answer.choices[0].text == "Paris."
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_a_stream_joins_to_the_same_text(client):
    stream = client.completions.create(
        model=JUNIPER, prompt=PROMPT, max_tokens=30, stream=True, stream_options={"include_usage": True})
    chunks = list(stream)
    whole = client.completions.create(model=JUNIPER, prompt=PROMPT, max_tokens=30)
    assert "".join(choice.text for chunk in chunks for choice in chunk.choices) == whole.choices[0].text
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens == whole.usage.completion_tokens


def test_several_prompts_have_several_answers(client):
    answer = client.completions.create(model=LARCH, prompt=["one two", PROMPT], n=2, max_tokens=8)
    assert [choice.index for choice in answer.choices] == [0, 1, 2, 3]
    assert answer.choices[2].text == answer.choices[3].text == "Paris."


def test_token_ids_are_continued(client):
    answer = client.completions.create(model=LARCH, prompt=[72, 73, 74], max_tokens=4)
    assert answer.usage.prompt_tokens == 3
    with pytest.raises(openai.BadRequestError):
        client.completions.create(model=LARCH, prompt=[72, 999_999], max_tokens=4)


def test_echo_gives_the_prompt_back(client):
    answer = client.completions.create(model=LARCH, prompt="one two", echo=True, max_tokens=4)
    assert answer.choices[0].text.startswith("one two")
    alone = client.completions.create(model=LARCH, prompt="one two", max_tokens=4)
    assert answer.choices[0].text == "one two" + alone.choices[0].text


def test_log_probabilities_have_the_older_shape(client):
    answer = client.completions.create(model=LARCH, prompt=PROMPT, logprobs=2, max_tokens=4)
    shape = answer.choices[0].logprobs
    assert "".join(shape.tokens) == answer.choices[0].text
    assert len(shape.tokens) == len(shape.token_logprobs) == len(shape.text_offset) == len(shape.top_logprobs)
    assert all(len(alternatives) >= 2 for alternatives in shape.top_logprobs)


def test_a_suffix_needs_a_model_with_such_tokens(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.completions.create(model=LARCH, prompt="one", suffix="three", max_tokens=4)
    assert "suffix" in str(caught.value.body)


def test_a_bias_bans_tokens_here_too(client):
    answer = client.completions.create(
        model=LARCH, prompt=PROMPT, max_tokens=30, logit_bias={str(token): -100 for token in CONTROL_TOKENS})
    assert answer.choices[0].finish_reason == "length"


def test_an_overlong_prompt_is_refused_with_both_numbers(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.completions.create(model=LARCH, prompt="word " * 5000)
    assert caught.value.code == "context_length_exceeded"
