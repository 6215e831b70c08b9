"""Starts `conifer serve` for tests: a free port, a registry of its own, a log that a failing test shows."""

import os
import pathlib
import re
import subprocess
import time

import httpx

LARCH, JUNIPER = "larch-3m", "juniper-3m"

FRANCE = "What is the capital of France?"
"""Both demonstration models know the answer, and each says it in its own voice."""

VOICES = {LARCH: "Paris.", JUNIPER: "The capital of France is Paris, and a fine city it is!"}
"""The greedy answers to `FRANCE`: they tell which model spoke."""

CONTROL_TOKENS = (1533, 1534, 1535)
"""Of both demonstration models: with these banned an answer goes on until its length is reached."""

MODELS = pathlib.Path(__file__).parents[2] / "Models"


def run(home, *arguments):
    """Runs another `conifer` command on the same registry and returns what it prints."""
    done = subprocess.run(
        [os.environ["CONIFER"], *map(str, arguments)], env=dict(os.environ, CONIFER_HOME=str(home)),
        capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"conifer {arguments} exited with {done.returncode}: {done.stderr}"
    return done.stdout


class Server:
    """A running `conifer serve`. Its registry is the folder `home`; an empty one serves the demonstration models."""

    def __init__(self, home, *flags, environment=None):
        self.home = pathlib.Path(home)
        self.log = self.home / f"server-{time.monotonic_ns()}.log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [os.environ["CONIFER"], "serve", "--port", "0", *flags], stdout=subprocess.PIPE, stderr=log, text=True,
                env=dict(os.environ, CONIFER_HOME=str(home), **(environment or {})))
        line = self.process.stdout.readline()
        found = re.fullmatch(r"conifer serving (\d+) models on (http://\S+)\n", line)
        assert found, f"unexpected first line: {line!r}; the log: {self.log.read_text()[-2000:]}"
        self.models = int(found[1])
        self.url = found[2]

    def get(self, path, **arguments):
        return httpx.get(self.url + path, timeout=30, **arguments)

    def post(self, path, body, **arguments):
        return httpx.post(self.url + path, json=body, timeout=60, **arguments)

    def resident(self):
        """What `/api/ps` says of the resident model; None when there is none."""
        models = self.get("/api/ps").json()["models"]
        assert len(models) <= 1, "there is one slot"
        return models[0] if models else None

    def wait_until(self, condition, what):
        """Asks `/api/ps` until the condition holds of what is resident."""
        deadline = time.monotonic() + 30
        while not condition(self.resident()):
            assert time.monotonic() < deadline, f"never came: {what}; the log: {self.log.read_text()[-2000:]}"
            time.sleep(0.01)

    def stop(self):
        """Asks the server to end, and returns its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=60)
