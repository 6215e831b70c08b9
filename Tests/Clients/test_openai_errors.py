"""What the `openai` client makes of conifer's refusals: the class of its exception, and whether it tries again."""

import pathlib
import shutil
import threading

import httpx
import openai
import pytest

from conifer_server import CONTROL_TOKENS, FRANCE, JUNIPER, LARCH, MODELS, VOICES


def counting_client(server, retries, **arguments):
    """A client, and the list of the statuses that it was answered with."""
    statuses = []
    http = httpx.Client(event_hooks={"response": [lambda response: statuses.append(response.status_code)]})
    return openai.OpenAI(
        base_url=server.url + "/v1", http_client=http, max_retries=retries, **{"api_key": "unused", **arguments}), statuses


def ask(client, model=LARCH, **fields):
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": FRANCE}], **fields)


@pytest.fixture
def client(server):
    return counting_client(server, 0)[0]


@pytest.mark.parametrize("field, value", [
    ("temperature", -1), ("temperature", "hot"), ("n", 0), ("max_tokens", 0), ("stop", 5), ("stream", "yes"),
    ("frequency_penalty", 9), ("logit_bias", {"word": 1}), ("messages", []), ("top_logprobs", 99), ("seed", "x"),
])
def test_a_bad_field_is_named(server, client, field, value):
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, extra_body={field: value})
    assert caught.value.body["param"].startswith(field)
    assert caught.value.body["type"] == "invalid_request_error"
    assert server.resident() is None, "nothing is loaded for a request that is refused"


def test_what_is_no_json_is_a_bad_request(server):
    for content in (b"", b"{", b"[]", b"\xff", b'"text"', b"{" * 300):
        answer = httpx.post(server.url + "/v1/chat/completions", content=content)
        assert answer.status_code == 400, content
        error = answer.json()["error"]
        assert set(error) == {"message", "type", "param", "code"}


def test_an_unknown_path_and_a_wrong_method(server, client):
    with pytest.raises(openai.NotFoundError):
        client.moderations.create(input="text")
    answer = server.get("/v1/chat/completions")
    assert answer.status_code == 405 and answer.headers["allow"] == "POST"


def test_the_key_is_asked_for(start):
    server = start("--api-key", "secret")
    right, _ = counting_client(server, 0, api_key="secret")
    assert ask(right).choices[0].message.content == VOICES[LARCH]
    wrong, statuses = counting_client(server, 2, api_key="other")
    with pytest.raises(openai.AuthenticationError) as caught:
        ask(wrong)
    assert caught.value.code == "invalid_api_key"
    assert statuses == [401], "a wrong key is not tried again"


@pytest.mark.parametrize("headers, named", [
    ({"Host": "evil.example"}, "--host"), ({"Origin": "https://evil.example"}, "--allow-origin"),
])
def test_strangers_are_refused_with_the_flag_that_lets_them_in(server, client, headers, named):
    with pytest.raises(openai.PermissionDeniedError) as caught:
        ask(client, extra_headers=headers)
    assert "evil.example" in caught.value.body["message"] and named in caught.value.body["message"]


def test_a_model_that_cannot_load_is_not_tried_again(start, conifer, tmp_path):
    broken = pathlib.Path(shutil.copy(MODELS / "larch.gguf", tmp_path / "broken.gguf"))
    conifer("add", broken, "--name", "broken")
    conifer("add", MODELS / "juniper.gguf", "--name", JUNIPER)
    broken.write_bytes(broken.read_bytes()[:100_000])
    server = start()
    client, statuses = counting_client(server, 2)
    assert ask(client, JUNIPER).model == JUNIPER
    with pytest.raises(openai.InternalServerError) as caught:
        ask(client, "broken")
    assert statuses == [200, 500]
    assert caught.value.response.headers["x-should-retry"] == "false"
    assert "broken" in caught.value.body["message"] and str(tmp_path) not in caught.value.body["message"]
    assert server.resident()["name"].startswith(JUNIPER), "what was resident stays"


def test_a_model_that_does_not_fit_says_the_numbers(start):
    server = start("--memory-budget", "1MiB")
    client, statuses = counting_client(server, 2)
    with pytest.raises(openai.InternalServerError) as caught:
        ask(client)
    assert caught.value.status_code == 507 and statuses == [507]
    assert caught.value.code == "insufficient_memory"


def test_a_file_that_has_gone_is_not_tried_again(start, conifer, tmp_path):
    passing = pathlib.Path(shutil.copy(MODELS / "larch.gguf", tmp_path / "passing.gguf"))
    conifer("add", passing, "--name", "passing")
    passing.unlink()
    server = start()
    client, statuses = counting_client(server, 2)
    with pytest.raises(openai.InternalServerError) as caught:
        ask(client, "passing")
    assert statuses == [caught.value.status_code] and str(tmp_path) not in str(caught.value.body)


def long_turns(client, count):
    """Streams that go on until they are closed, or for some thousand tokens."""
    streams = [client.chat.completions.create(
        model=LARCH, messages=[{"role": "user", "content": "Count."}], n=16, max_tokens=900, stream=True,
        logit_bias={str(token): -100 for token in CONTROL_TOKENS}) for _ in range(count)]
    for stream in streams:
        next(iter(stream))
    return streams


def test_a_full_queue_is_tried_again_until_there_is_room(start):
    """One slot, one place to wait: the third model's turn is refused, waits as told, and is answered in the end."""
    server = start("--max-queue", "1")
    client, _ = counting_client(server, 0)
    holding = long_turns(client, 4)
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(ask(client, JUNIPER)))
    waiting.start()
    server.wait_until(lambda model: model["queued_turns"] == 1, "the turn that waits for the swap")

    with pytest.raises(openai.InternalServerError) as caught:
        ask(client, JUNIPER)
    assert caught.value.status_code == 503 and caught.value.code == "overloaded"
    assert int(caught.value.response.headers["retry-after"]) >= 1

    patient, statuses = counting_client(server, 5)
    retried = threading.Thread(target=lambda: answers.append(ask(patient, JUNIPER)))
    retried.start()
    while not statuses:
        threading.Event().wait(0.01)
    for stream in holding:
        stream.close()
    waiting.join()
    retried.join()
    assert [answer.choices[0].message.content for answer in answers] == [VOICES[JUNIPER]] * 2
    assert statuses[0] == 503 and statuses[-1] == 200


def test_a_shutdown_ends_a_stream_with_an_error_event(start):
    server = start("--shutdown-grace", "0")
    client, _ = counting_client(server, 0)
    stream = long_turns(client, 1)[0]
    server.process.terminate()
    with pytest.raises(openai.APIError) as caught:
        for _ in stream:
            pass
    assert "shutting down" in str(caught.value)
    assert server.process.wait(timeout=60) == 0
