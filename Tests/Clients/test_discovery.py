"""How programs that look for Ollama find their models here: each test reads the answers the way one of them does."""

import datetime
import json
import re
import threading

import httpx
import pytest

from conifer_server import CONTROL_TOKENS, FRANCE, JUNIPER, LARCH, VOICES


def exactly(value, kind):
    """The value, if it is of just this type: strict decoders take no float for an integer, no null for a string."""
    assert type(value) is kind, f"{value!r} is no {kind.__name__}"
    return value


def test_vs_code_finds_the_models_and_chats_by_the_other_wire(server):
    version = exactly(server.get("/api/version").json()["version"], str)
    assert tuple(int(part) for part in version.split(".")) >= (0, 6, 4), "older servers are not talked to"
    found = {}
    for model in server.get("/api/tags").json()["models"]:
        shown = server.post("/api/show", {"model": model["model"]}).json()
        exactly(shown["capabilities"], list)
        architecture = shown["model_info"]["general.architecture"]
        assert shown["model_info"][f"{architecture}.context_length"] == 1024
        found[model["model"]] = exactly(shown["model_info"]["general.basename"], str)
    assert len(found) == 2 and all(found.values())
    answer = server.post("/v1/chat/completions", {
        "model": LARCH + ":latest", "messages": [{"role": "user", "content": FRANCE}], "stream": False, "n": 1,
        "temperature": 0.1, "top_p": 1, "tools": []})
    assert answer.status_code == 200 and "Paris" in answer.json()["choices"][0]["message"]["content"]


def test_zed_decodes_everything_strictly(server):
    for model in server.get("/api/tags").json()["models"]:
        for key in ("name", "modified_at", "digest"):
            exactly(model[key], str)
        assert exactly(model["size"], int) >= 0
        for key in ("format", "family", "parameter_size", "quantization_level"):
            exactly(model["details"][key], str)
        shown = server.post("/api/show", {"model": model["name"]}).json()
        exactly(shown["capabilities"], list)
    body = {
        "model": JUNIPER, "messages": [{"role": "user", "content": FRANCE}], "stream": True, "keep_alive": -1,
        "options": {"num_ctx": 8192, "num_predict": None, "stop": None, "temperature": 0, "top_p": None}, "tools": [],
        "think": None}
    with httpx.stream("POST", server.url + "/api/chat", json=body, timeout=60) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/x-ndjson"
        lines = [json.loads(line) for line in answer.iter_lines()]
    text = ""
    for line in lines:
        exactly(line["model"], str), exactly(line["created_at"], str), exactly(line["done"], bool)
        assert exactly(line["message"]["role"], str) == "assistant"
        text += exactly(line["message"]["content"], str)
    assert text == VOICES[JUNIPER] and lines[-1]["done"]
    for key in ("prompt_eval_count", "eval_count", "total_duration"):
        exactly(lines[-1][key], int)
    assert server.resident()["pinned"]


def test_home_assistant_polls_chats_and_streams(server):
    def poll():
        tags = httpx.get(server.url + "/api/tags", timeout=5).json()["models"]
        running = httpx.get(server.url + "/api/ps", timeout=5).json()["models"]
        exactly(running, list)
        return {model["model"] for model in tags}, running

    names, running = poll()
    assert running == [] and LARCH + ":latest" in names
    for _ in range(2):
        # Its default of "-1s" once, then a window; `num_ctx` always, which must not load the model again.
        for keep_alive, pinned in (("-1s", True), ("300s", False)):
            answer = server.post("/api/chat", {
                "model": LARCH + ":latest", "messages": [{"role": "system", "content": "Be brief."},
                                                         {"role": "user", "content": FRANCE}],
                "stream": False, "keep_alive": keep_alive, "options": {"num_ctx": 8192}, "tools": None})
            assert answer.status_code == 200 and answer.json()["message"]["content"]
            _, running = poll()
            assert running[0]["pinned"] is pinned
    assert server.log.read_text().count(" loaded") == 1


def test_home_assistant_polls_in_time_while_a_model_works(server):
    body = {
        "model": LARCH, "messages": [{"role": "user", "content": "word " * 800}], "n": 16, "max_tokens": 100,
        "logit_bias": {str(token): -100 for token in CONTROL_TOKENS}}
    working = threading.Thread(target=lambda: server.post("/v1/chat/completions", body))
    working.start()
    asked = 0
    while working.is_alive():
        for path in ("/api/tags", "/api/ps", "/health"):
            answer = httpx.get(server.url + path, timeout=5)
            assert answer.status_code == 200 and answer.elapsed < datetime.timedelta(seconds=5)
        asked += 1
    working.join()
    assert asked > 0


def test_a_poll_does_not_touch_the_idle_clock(server):
    server.post("/api/generate", {"model": LARCH, "keep_alive": 60})
    first = server.resident()["idle_remaining_seconds"]
    for path in ("/api/tags", "/api/ps", "/v1/models", "/health", "/api/version"):
        server.get(path)
    assert server.resident()["idle_remaining_seconds"] < first


def test_open_webui_reads_versions_lists_and_times(server):
    assert re.fullmatch(r"\d+\.\d+\.\d+", server.get("/api/version").json()["version"])
    assert {model["model"] for model in server.get("/api/tags").json()["models"]} == {LARCH + ":latest", JUNIPER + ":latest"}
    server.post("/api/generate", {"model": LARCH + ":latest", "keep_alive": "10m"})
    running = server.get("/api/ps").json()["models"][0]
    # Pythons before 3.11 read neither nine digits nor a `Z`.
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+\d\d:\d\d", running["expires_at"])
    left = datetime.datetime.fromisoformat(running["expires_at"]) - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(minutes=9) < left <= datetime.timedelta(minutes=10)
    body = {"model": LARCH, "messages": [{"role": "user", "content": FRANCE}], "stream": True, "options": {}}
    with httpx.stream("POST", server.url + "/api/chat", json=body) as answer:
        next(answer.iter_lines())
    server.wait_until(lambda model: model["active_turns"] == 0, "the end of the turn whose stream was closed")


def test_roo_and_cline_want_details(server):
    for model in server.get("/api/tags").json()["models"]:
        assert model["details"]["family"] and model["details"]["parameter_size"]
        shown = server.post("/api/show", {"name": model["name"]}).json()
        assert shown["details"]["family"] == model["details"]["family"]


def test_continue_shows_by_the_older_name_and_splits_parameters(server):
    shown = server.post("/api/show", {"name": JUNIPER}).json()
    for line in shown.get("parameters", "").splitlines():
        assert re.match(r'^(\S+)\s+("[^"]*"|\S+)$', line), line
    exactly(shown["template"], str)
    answer = server.post("/api/chat", {
        "model": JUNIPER, "messages": [{"role": "user", "content": FRANCE}], "keep_alive": 1800, "stream": False,
        "options": {"num_predict": 60, "num_ctx": 1024, "mirostat": None, "stop": ["\n\n\n"]}})
    assert answer.status_code == 200
    assert 1700 < server.resident()["idle_remaining_seconds"] <= 1800


def test_the_ollama_command_slices_digests_and_sends_both_names(server):
    assert server.get("/").text == "Ollama is running"
    for path in ("/", "/api/version", "/api/tags"):
        answer = httpx.head(server.url + path)
        assert answer.status_code == 200 and answer.content == b""
    for model in server.get("/api/tags").json()["models"]:
        assert re.fullmatch(r"[0-9a-f]{64}", model["digest"])
        assert ":" in model["name"], "a name without its tag is no name to it"
    assert server.post("/api/show", {"model": "", "name": LARCH}).status_code == 200
    server.post("/api/generate", {"model": LARCH, "keep_alive": -1})
    resident = server.resident()
    assert re.fullmatch(r"[0-9a-f]{64}", resident["digest"]) and resident["size_vram"] <= resident["size"]
    assert datetime.datetime.fromisoformat(resident["expires_at"]).year > datetime.date.today().year + 20
    stopped = server.post("/api/generate", {"model": LARCH, "keep_alive": 0})
    assert stopped.json()["done_reason"] == "unload"
    server.wait_until(lambda model: model is None, "the unload")


@pytest.mark.parametrize("path", ["/api/pull", "/api/push", "/api/create", "/api/copy", "/api/blobs/sha256:0"])
def test_what_changes_a_registry_says_how_it_is_done_here(server, path):
    answer = server.post(path, {"model": "llama3.2"})
    assert answer.status_code == 400 and "conifer add" in answer.json()["error"]


def test_pulling_a_model_that_is_there_succeeds(server):
    answer = server.post("/api/pull", {"model": LARCH})
    assert answer.status_code == 200 and json.loads(answer.text) == {"status": "success"}


@pytest.mark.parametrize("path", ["/v1/files", "/v1/moderations", "/api/nothing", "/x"])
def test_what_conifer_does_not_have_is_not_found(server, path):
    answer = server.post(path, {"model": LARCH})
    assert answer.status_code == 404 and "error" in answer.json()


@pytest.mark.parametrize("path", ["/api/pull", "/api/push", "/api/create", "/api/copy"])
def test_no_request_changes_what_is_registered(server, path):
    answer = server.post(path, {"model": "../new", "source": LARCH, "destination": "new", "stream": False})
    assert 400 <= answer.status_code < 500 and answer.json()["error"]
    assert len(server.get("/api/tags").json()["models"]) == 2
