"""Looks at the server from outside while the soak runs: its status, how fast that comes, and its memory."""

import asyncio
import datetime
import pathlib
import time

from answers import Mistake
from models import NAMES


def memory(process, field="VmRSS"):
    """Bytes, from the system's own account of the process."""
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) << 10
    raise Mistake(f"the system tells no {field} of the server")


def check_status(document):
    """Holds one answer of `/api/ps` against what can be; returns the resident model's entry, or None."""
    models = document["models"]
    if len(models) > 1:
        raise Mistake(f"two models are resident: {models}")
    if not models:
        return None
    entry = models[0]
    if entry["name"].removesuffix(":latest") not in NAMES or entry["state"] not in ("loading", "ready", "draining"):
        raise Mistake(f"/api/ps shows {entry}")
    if entry["active_turns"] < 0 or entry["queued_turns"] < 0 or not 0 <= entry["load_progress"] <= 1:
        raise Mistake(f"/api/ps counts wrongly: {entry}")
    if (entry["active_turns"] > 0 or entry["pinned"]) and entry["idle_remaining_seconds"] is not None:
        raise Mistake(f"/api/ps: the idle clock runs beside a turn, or of a pinned model: {entry}")
    left = datetime.datetime.fromisoformat(entry["expires_at"]) - datetime.datetime.now(datetime.timezone.utc)
    if left < datetime.timedelta(seconds=-1):
        raise Mistake(f"/api/ps: expires_at lies {-left} in the past: {entry}")
    if entry["pinned"] is not (left > datetime.timedelta(days=20 * 365)):
        raise Mistake(f"/api/ps: pinned and expires_at disagree: {entry}")
    return entry


class Watch:
    """Asks for the status again and again, until it is cancelled."""

    def __init__(self, client, process):
        self.client = client
        self.process = process
        self.delays = []
        self.states = {}
        self.queued = 0
        self.peak = 0

    async def run(self):
        while True:
            for path in ("/api/ps", "/health", "/v1/models"):
                began = time.monotonic()
                response = await self.client.get(path)
                self.delays.append(time.monotonic() - began)
                if response.status_code != 200:
                    raise Mistake(f"{path} answers {response.status_code}")
                if path == "/api/ps":
                    entry = check_status(response.json())
                    state = entry["state"] if entry else "empty"
                    self.states[state] = self.states.get(state, 0) + 1
                    self.queued = max(self.queued, entry["queued_turns"] if entry else 0)
            self.peak = max(self.peak, memory(self.process))
            await asyncio.sleep(0.05)
