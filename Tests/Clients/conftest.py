"""Starts a conifer server of its own for each test module: empty registry, so the demonstration models are the catalog."""

import os
import re
import subprocess

import pytest


class Server:
    """A running `conifer serve` on a free port."""

    def __init__(self, home, *flags):
        environment = dict(os.environ, CONIFER_HOME=str(home))
        self.process = subprocess.Popen(
            [os.environ["CONIFER"], "serve", "--port", "0", *flags],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
        line = self.process.stdout.readline()
        found = re.fullmatch(r"conifer serving (\d+) models on (http://\S+)\n", line)
        assert found, f"unexpected first line: {line!r}"
        self.models = int(found[1])
        self.url = found[2]

    def stop(self):
        """Asks the server to end, and returns its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=60)


@pytest.fixture
def start(tmp_path):
    """A function that starts a server with the given flags; all are stopped after the test."""
    servers = []

    def starter(*flags):
        servers.append(Server(tmp_path, *flags))
        return servers[-1]

    yield starter
    for server in servers:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture
def server(start):
    """A server with default flags."""
    return start()
