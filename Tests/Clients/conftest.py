"""Fixtures: every test starts a server of its own, and no client reaches anything but this machine."""

import os
import sys

import pytest

# Before any client is imported: some look for prices, tokenizers or a place to report to as soon as they are.
os.environ.update(
    LITELLM_LOCAL_MODEL_COST_MAP="True", LITELLM_MODE="PRODUCTION", LANGCHAIN_TRACING_V2="false",
    LANGSMITH_TRACING="false", NO_PROXY="*", DO_NOT_TRACK="1")
for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OLLAMA_HOST", "OLLAMA_API_KEY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ.pop(name, None)
    os.environ.pop(name.lower(), None)

from conifer_server import Server, run  # noqa: E402


def keep_at_home(event, arguments):
    """Refuses connections to other machines: a client that looks for one shows here, not in somebody's log."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        address = arguments[1][0]
        if address not in ("127.0.0.1", "::1", "localhost"):
            raise ConnectionRefusedError(f"a client wants to reach {address}; tests speak to this machine only")


sys.addaudithook(keep_at_home)


@pytest.fixture
def start(tmp_path):
    """A function that starts a server with the given flags; all are stopped after the test."""
    servers = []

    def starter(*flags, **arguments):
        servers.append(Server(tmp_path, *flags, **arguments))
        return servers[-1]

    yield starter
    for server in servers:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture
def server(start):
    """A server with default flags."""
    return start()


@pytest.fixture
def conifer(tmp_path):
    """A function that runs another `conifer` command on the registry of the test's server."""
    return lambda *arguments: run(tmp_path, *arguments)
