"""The soak: many clients and three models against one slot, with every answer held against the model that gave it.

First each model answers every prompt alone, in a server of its own. Then random turns go to a server that has all three: on
both wires, whole and streamed, with all kinds of `keep_alive`, unknown names, and clients that go away while they wait, in the
middle of the prompt or of the answer. Whatever is not as it must be ends the soak with exit code 1.
"""

import argparse
import asyncio
import collections
import json
import pathlib
import random
import sys
import tempfile
import time

import httpx

import models
from answers import Answer, Gone, Mistake, check, check_beginning, read
from conifer_server import Server, run
from turns import ABSENT, LENGTHS, PROMPTS, draw
from watch import Watch, check_status, memory

QUEUE = 7
"""Turns that may wait: few enough that some are refused."""

GIVEN_BACK = 64 << 20
"""At the end the server's memory is within this of what it was before the first load."""


def expectations(folder, files):
    """What each model says when it is alone: (model, prompt, length) → text, reason, prompt tokens, tokens."""
    expected = {}
    for name, file in files.items():
        home = folder / f"alone-{name}"
        home.mkdir()
        run(home, "add", file, "--name", name)
        server = Server(home)
        for prompt, messages in enumerate(PROMPTS):
            for length in LENGTHS:
                response = server.post("/v1/chat/completions", {"model": name, "messages": messages, "max_tokens": length})
                answer = Answer()
                answer.add(response.json())
                expected[name, prompt, length] = answer.key
        if server.stop() != 0:
            raise Mistake(f"the server of {name} alone does not end well")
    for prompt in range(len(PROMPTS)):
        for length in LENGTHS:
            if len({expected[name, prompt, length][0] for name in files}) < len(files):
                raise Mistake(f"two models answer prompt {prompt} alike: the check could not tell them apart")
    return expected


class Soak:
    """The run: its clients, and what it counts."""

    def __init__(self, server, expected, settings):
        self.server = server
        self.expected = expected
        self.settings = settings
        self.turns = draw(settings.turns, settings.seed)
        self.chance = random.Random(settings.seed + 1)
        self.counts = collections.Counter()
        self.waits = []
        self.times = []
        self.open = asyncio.Event()

    async def client(self):
        """One client: a turn after the other, on connections of its own."""
        async with httpx.AsyncClient(base_url=self.server.url, timeout=60) as client:
            for turn in self.turns:
                if turn.number % 100 == 99:
                    # Now and then nobody asks: the windows of short policies pass.
                    self.open.clear()
                    await asyncio.sleep(0.3)
                    self.open.set()
                await self.open.wait()
                await self.take(client, turn)

    async def take(self, client, turn):
        """Runs one turn; one that finds the queue full tries again."""
        self.counts["turns"] += 1
        while True:
            answer = Answer()
            try:
                if turn.leaves in ("queued", "prefill"):
                    async with asyncio.timeout(turn.patience):
                        outcome = await self.ask(client, turn, answer)
                else:
                    outcome = await self.ask(client, turn, answer)
            except (TimeoutError, Gone):
                check_beginning(turn, answer, self.expected)
                outcome = f"left, {turn.leaves}"
            self.counts[outcome] += 1
            if outcome != "queue full":
                return
            await asyncio.sleep(self.chance.uniform(0.005, 0.05))

    async def ask(self, client, turn, answer):
        began = time.monotonic()
        async with client.stream("POST", turn.wire, json=turn.body()) as response:
            if turn.is_refused:
                error = json.dumps(json.loads(await response.aread()))
                if response.status_code != 400 or "keep_alive" not in error:
                    raise Mistake(f"{turn.keep_alive!r} is answered with {response.status_code}: {error}")
                return "refused"
            if response.status_code == 503:
                if "retry-after" not in response.headers:
                    raise Mistake("a 503 without Retry-After")
                await response.aread()
                return "queue full"
            if response.status_code != 200:
                raise Mistake(f"turn {turn.number} is answered with {response.status_code}: {await response.aread()}")
            first = await read(turn, response, answer)
            check(turn, answer, self.expected, response)
            self.times.append(time.monotonic() - began)
            if first is not None:
                self.waits.append(first - began)
            self.counts["keep_alive given"] += turn.keep_alive is not ABSENT
            self.counts["by unknown name"] += not turn.is_known
            return "answered"

    async def run(self):
        """Runs all clients, and ends with an empty slot."""
        self.open.set()
        async with httpx.AsyncClient(base_url=self.server.url, timeout=10) as status:
            watch = Watch(status, self.server.process)
            watching = asyncio.create_task(watch.run())
            began = time.monotonic()
            async with asyncio.TaskGroup() as group:
                for _ in range(self.settings.clients):
                    group.create_task(self.client())
            self.seconds = time.monotonic() - began
            if watching.done():
                await watching
            watching.cancel()
            await self.settle(status)
        return watch

    async def settle(self, status):
        """Nobody is left: no turn runs or waits, the model goes when it is told to."""
        async def until(condition, what):
            deadline = time.monotonic() + 5
            while not condition(check_status((await status.get("/api/ps")).json())):
                if time.monotonic() > deadline:
                    raise Mistake(f"never came: {what}; {(await status.get('/api/ps')).json()}")
                await asyncio.sleep(0.02)

        await until(
            lambda entry: entry is None or entry["active_turns"] == entry["queued_turns"] == 0 and entry["state"] == "ready",
            "the end of every turn")
        for name in models.NAMES:
            await status.post("/api/generate", json={"model": name, "keep_alive": 0})
        await until(lambda entry: entry is None, "the unload")


def events(log):
    """The server's log: event → how often, unloads by their reason."""
    counts = collections.Counter()
    for line in log.read_text().splitlines():
        entry = json.loads(line)
        counts[entry["message"]] += 1
        if entry["message"] == "unloaded":
            counts["unloaded: " + entry["reason"].split(" to ")[0]] += 1
        if entry["level"] in ("error", "critical"):
            raise Mistake(f"the server's log has an error: {line}")
    if counts["loaded"] != counts["unloaded"]:
        raise Mistake(f"{counts['loaded']} loads and {counts['unloaded']} unloads")
    return counts


def middle_and_tail(times):
    """The median and the 95th of a hundred, in milliseconds."""
    ordered = sorted(times)
    return tuple(f"{ordered[int(len(ordered) * part)] * 1000:.0f}" for part in (0.5, 0.95))


def table(soak, watch, log, before, after):
    """What came of it, as a table."""
    counts = soak.counts
    mebibytes = [f"{value / (1 << 20):.0f}" for value in (before, watch.peak, after)]
    left = sum(count for key, count in counts.items() if key.startswith("left"))
    rows = [
        ("clients, models, seed", f"{soak.settings.clients}, {len(models.NAMES)}, {soak.settings.seed}"),
        ("turns", f"{counts['turns']} in {soak.seconds:.1f} s"),
        ("answered, each as its model alone", f"{counts['answered']}, of them {counts['by unknown name']} by an unknown name"),
        ("clients that left: waiting, in the prompt, in the answer",
         f"{left}: {counts['left, queued']}, {counts['left, prefill']}, {counts['left, decode']}"),
        ("refused: bad keep_alive, queue full (tried again)", f"{counts['refused']}, {counts['queue full']}"),
        ("loads; unloads: swap, keep_alive 0, idle, abandoned",
         f"{log['loaded']}; " + ", ".join(
             str(log["unloaded: " + reason]) for reason in ("swap", "keep_alive 0", "idle", "nobody waits for it"))),
        ("most turns waiting at once", f"{watch.queued}"),
        ("first text, ms: p50, p95", ", ".join(middle_and_tail(soak.waits))),
        ("whole turn, ms: p50, p95", ", ".join(middle_and_tail(soak.times))),
        ("status routes, ms: p50, p95, of " + str(len(watch.delays)), ", ".join(middle_and_tail(watch.delays))),
        ("resident memory, MiB: before, peak, end", ", ".join(mebibytes)),
    ]
    return "\n".join(["| soak | |", "| --- | --- |"] + [f"| {name} | {value} |" for name, value in rows])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=2000)
    parser.add_argument("--clients", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    settings = parser.parse_args()
    with tempfile.TemporaryDirectory() as path:
        folder = pathlib.Path(path)
        files = models.write(folder)
        expected = expectations(folder, files)
        home = folder / "together"
        home.mkdir()
        for name, file in files.items():
            run(home, "add", file, "--name", name)
        server = Server(home, "--parallel", "4", "--max-queue", str(QUEUE), "--log-format", "json")
        try:
            before = memory(server.process)
            soak = Soak(server, expected, settings)
            watch = asyncio.run(soak.run())
            after = memory(server.process)
            if after > before + GIVEN_BACK:
                raise Mistake(f"memory is not given back: {before} bytes before, {after} after")
            if (code := server.stop()) != 0:
                raise Mistake(f"the server exits with {code}")
            print(table(soak, watch, events(server.log), before, after))
        except BaseException:
            server.process.kill()
            print(server.log.read_text()[-3000:], file=sys.stderr)
            raise


if __name__ == "__main__":
    main()
