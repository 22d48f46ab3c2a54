"""Events stored a second, in requests as large as SDKs send them, and the memory meanwhile."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from tests.bench.batches import fresh, stored_batches
from tests.bench.figures import Figure
from tests.bench.servers import Api, Running, Sender, isotherm
from tests.bench.work import Work

EVENTS = 50
"""Of a request: the most that Datadog's SDK puts into one."""

SECONDS = 60.0
CONNECTIONS = 4
TARGET = 30_000.0


def measure(work: Work) -> list[Figure]:
    """Send for a minute on four connections; it ends when everything is in the store."""
    folder = work.root / "stored"
    folder.mkdir()
    with isotherm(folder) as server:
        api = Api(server.port)
        _send(server.port, SECONDS / 10)
        _drained(api)
        before, start = api.status()["intake"]["accepted"], time.monotonic()
        spent, early = server.cpu_ms(), 0.0
        for part in range(4):
            _send(server.port, SECONDS / 4)
            early = early or _memory_mb(server) * (part == 1)
        _drained(api)
        took, late = time.monotonic() - start, _memory_mb(server)
        events = api.status()["intake"]["accepted"] - before
        cpu_us = (server.cpu_ms() - spent) * 1000 / events
    return [
        Figure(f"events stored a second, requests of {EVENTS}, {took:.0f} s",
               f"{events / took:,.0f} (CPU {cpu_us:.0f} µs an event)", f"{TARGET:,.0f} a second",
               ratio=events / took / TARGET, least=1.0),
        Figure("memory of the server at the end of it", f"{late:,.0f} MB",
               f"in the middle {early:,.0f} MB", ratio=late / early, most=1.1),
    ]  # fmt: skip


def bodies() -> Iterator[bytes]:
    """Yield HTTP requests of 50 events for ever."""
    batches = stored_batches()
    lines = [line for one in batches for line in one.body.split(b"\n") if line.strip()]
    while True:
        for first in range(0, len(lines) - EVENTS + 1, EVENTS):
            body = fresh(b"\n".join(lines[first : first + EVENTS]))
            head = [
                f"POST {batches[0].path}?{batches[0].query} HTTP/1.1",
                "host: 127.0.0.1",
                "content-type: text/plain;charset=UTF-8",
                f"user-agent: {batches[0].headers.get('user-agent', '')}",
                f"content-length: {len(body)}",
            ]
            yield "\r\n".join(head).encode() + b"\r\n\r\n" + body


def _send(port: int, seconds: float) -> None:
    until = time.monotonic() + seconds

    def client(first: int) -> None:
        sender = Sender(port)
        for body in islice(bodies(), first, None):
            if time.monotonic() > until:
                break
            status = sender.send(body)
            if status == 503:
                time.sleep(0.1)  # as SDKs do, only sooner
            elif status != 202:
                raise RuntimeError(f"A request was answered with {status}")
        sender.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(client, range(CONNECTIONS)))


def _drained(api: Api) -> None:
    deadline = time.monotonic() + SECONDS
    while api.status()["spool"]["pending"]:
        if time.monotonic() > deadline:
            raise RuntimeError(f"The spool was not empty after {SECONDS:g} s")
        time.sleep(0.05)


def _memory_mb(server: Running) -> float:
    """Return the resident memory of the server's processes."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text("ascii").split()
    texts = [Path(f"/proc/{pid}/status").read_text("utf-8") for pid in (server.pid, *children)]
    found = [re.search(r"VmRSS:\s+(\d+) kB", text) for text in texts]
    return sum(int(one[1]) for one in found if one) / 1024
