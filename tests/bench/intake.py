"""The intake over HTTP, durable, against a bare route that only decodes the same bodies."""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from tests.bench.batches import requests, stored_batches
from tests.bench.figures import LEAST_RUNS, LIMIT_S, Figure, Times
from tests.bench.servers import Api, Running, Sender, isotherm, running
from tests.bench.work import Work

CONNECTIONS = (1, 16)  # the server has 16 threads
DRAIN_S = 60.0
WRITES = 50


def measure(work: Work) -> list[Figure]:
    """Measure on one connection (latency) and on as many as the server has threads."""
    (work.root / "intake").mkdir()
    figures = [Figure("one fdatasync of 16 kB on this disk", str(_disk(work.root)))]
    with isotherm(work.root / "intake") as ours, running(["tests.bench.baseline_intake"]) as bare:
        for connections in CONNECTIONS:
            figures += _rounds(ours, bare, connections)
        _nothing_lost(Api(ours.port))
    return figures


def _disk(folder: Path) -> Times:
    """Time what no durable answer can do without."""
    spent = []
    with (folder / "synced").open("wb") as file:
        for _ in range(WRITES):
            start = time.perf_counter()
            file.write(bytes(16_384))
            file.flush()
            os.fdatasync(file.fileno())
            spent.append((time.perf_counter() - start) * 1000)
    return Times(spent)


def _rounds(ours: Running, bare: Running, connections: int) -> list[Figure]:
    each = len(stored_batches()) * min(connections, 4)
    source = requests()
    api = Api(ours.port)
    spent: dict[str, list[float]] = {"isotherm": [], "bare": []}
    stored = 0.0
    servers = {"isotherm": ours, "bare": bare}
    busy = dict.fromkeys(servers, 0.0)
    senders = {
        name: [Sender(server.port) for _ in range(connections)] for name, server in servers.items()
    }
    began = time.monotonic()
    for done in range(LEAST_RUNS + 1):  # the first round warms up
        if time.monotonic() - began > LIMIT_S:
            break
        bodies = list(islice(source, each))
        for name, mine in senders.items():
            before, start = servers[name].cpu_ms(), time.perf_counter()
            _send(mine, bodies)
            took = time.perf_counter() - start
            if name == "isotherm":
                _drained(api)  # so that storing does not slow the other one down
                stored += (time.perf_counter() - start) if done else 0.0
            if done:
                spent[name].append(took * 1000 / each)
                busy[name] += (servers[name].cpu_ms() - before) / each
    for sender in (*senders["isotherm"], *senders["bare"]):
        sender.close()
    ours_ms, baseline_ms = (Times(spent[name], busy[name] / len(spent[name])) for name in servers)
    rate = len(ours_ms.ms) * each / stored
    people = f"{connections} connection" + ("s" if connections > 1 else "")
    return [
        Figure(
            f"intake per Datadog batch, {people}, {len(ours_ms.ms)} rounds of {each}",
            f"{ours_ms} ({rate:,.0f} batches/s until stored)",
            f"bare Flask + msgspec {baseline_ms}",
            ratio=ours_ms.median / baseline_ms.median,
            most=1.4,
        )
    ]


def _send(senders: Sequence[Sender], bodies: Sequence[bytes]) -> None:
    """Send every body once, spread over the connections."""

    def share(number: int) -> None:
        for body in bodies[number :: len(senders)]:
            status = senders[number].send(body)
            if status != 202:
                raise RuntimeError(f"A batch was answered with {status}")

    if len(senders) == 1:
        share(0)
        return
    with ThreadPoolExecutor(len(senders)) as pool:
        list(pool.map(share, range(len(senders))))


def _drained(api: Api) -> None:
    """Wait until everything that was answered for is in the store."""
    deadline = time.monotonic() + DRAIN_S
    while api.status()["spool"]["pending"]:
        if time.monotonic() > deadline:
            raise RuntimeError(f"The spool was not empty after {DRAIN_S:g} s")
        time.sleep(0.02)


def _nothing_lost(api: Api) -> None:
    counts = api.status()["intake"]
    dropped = counts["dropped"]
    if dropped.get("duplicate") or counts["received"] != counts["accepted"] + sum(dropped.values()):
        raise RuntimeError(f"Not every event was kept: {counts}")
