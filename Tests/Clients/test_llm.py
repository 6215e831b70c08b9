"""The `llm` command from PyPI: conifer as one of its OpenAI-compatible models, and by its plugin for Ollama."""

import os
import subprocess
import sys

import pytest

from conifer_server import FRANCE, JUNIPER, LARCH, VOICES

EXTRA_MODELS = """
- model_id: conifer-larch
  model_name: larch-3m
  api_base: {url}/v1
- model_id: conifer-juniper
  model_name: juniper-3m
  api_base: {url}/v1
"""


@pytest.fixture
def llm(server, tmp_path):
    """A function that runs `llm` with a configuration of its own and returns what it prints."""
    folder = tmp_path / "llm"
    folder.mkdir()
    (folder / "extra-openai-models.yaml").write_text(EXTRA_MODELS.format(url=server.url))
    environment = dict(os.environ, LLM_USER_PATH=str(folder), OLLAMA_HOST=server.url)

    def runner(*arguments, succeeds=True):
        done = subprocess.run(
            [sys.executable, "-m", "llm", *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=60)
        assert (done.returncode == 0) is succeeds, done.stderr
        return done.stdout.strip() if succeeds else done.stderr

    return runner


def test_openai_streams_and_waits(llm):
    assert llm("-m", "conifer-larch", FRANCE) == VOICES[LARCH]
    assert llm("-m", "conifer-juniper", "--no-stream", FRANCE) == VOICES[JUNIPER]


def test_openai_a_conversation_goes_on(llm):
    llm("-m", "conifer-larch", "My name is Tom.")
    assert "Tom" in llm("-c", "What is my name?")


def test_openai_an_error_is_told(llm):
    assert "maximum context length" in llm("-m", "conifer-larch", "word " * 3000, succeeds=False)


def test_ollama_models_are_found_and_answer(server, llm):
    found = llm("models", "list", "-q", "ollama/")
    assert f"ollama/{LARCH}:latest" in found and f"ollama/{JUNIPER}:latest" in found
    assert server.resident() is None, "finding models loads none"
    assert llm("-m", f"ollama/{JUNIPER}:latest", "-o", "temperature", "0", "-o", "repeat_penalty", "1", FRANCE) \
        == VOICES[JUNIPER]
