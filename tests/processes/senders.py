"""Clients of a server of several processes: each request may come to any of them."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPException
from itertools import count, cycle
from pathlib import Path
from typing import Any

import msgspec

from isotherm.intake.drops import Snapshot
from isotherm.pipeline.recorded_requests import StoredRequest
from isotherm.storage.clickhouse.engine import ClickHouseEngine
from isotherm.storage.objects import record_log

IDLE_S = 400.0
RESENDS_S = 60.0
PAUSE_S = 0.05
LOOK_S = 1.0
"""Before a client sends again."""
GONE = (HTTPException, OSError)
"""What a client sees of a process that dies while it answers."""


def post(url: str, body: bytes, headers: dict[str, str] | None = None) -> bytes:
    """Post over a connection of its own. Raises what urllib does."""
    kept = {key: value for key, value in (headers or {}).items() if key.lower() not in _OF_HOP}
    asked = urllib.request.Request(url, body, kept or {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return bytes(answer.read())


_OF_HOP = {"host", "content-length", "connection", "origin", "accept-encoding"}


def send(base: str, request: StoredRequest) -> int:
    """Send a request as an SDK does, again and again until it is accepted; return how often."""
    query = f"?{request.query}" if request.query else ""
    until_s = time.monotonic() + RESENDS_S
    for again in count():
        try:
            post(f"{base}{request.path}{query}", request.body, request.headers)
        except urllib.error.HTTPError as error:
            if error.code < 500 or time.monotonic() > until_s:
                raise
        except GONE:
            if time.monotonic() > until_s:
                raise
        else:
            return again
        threading.Event().wait(PAUSE_S)
    raise AssertionError


def send_all(bases: Sequence[str], requests: Iterable[StoredRequest], clients: int) -> None:
    """Send requests to servers by turns, from several clients at once."""
    with ThreadPoolExecutor(clients) as pool:
        turns = zip(cycle(bases), requests, strict=False)
        for done in [pool.submit(send, base, request) for base, request in turns]:
            done.result()


def ask(base: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask a question; once more when the process dies that answers."""
    sent = json.dumps(body).encode()
    try:
        answer = post(f"{base}/api/v1/query", sent)
    except GONE:
        answer = post(f"{base}/api/v1/query", sent)
    found: dict[str, Any] = json.loads(answer)
    return found


def get(url: str) -> Any:
    """Return the JSON at an address."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.loads(answer.read())


def wait_until_stored(base: str) -> None:
    """Return when every event that was accepted is in the store."""
    until_s = time.monotonic() + IDLE_S
    while True:
        status = get(f"{base}/api/v1/status")
        counts = status["intake"]
        waiting = counts["received"] - counts["accepted"] - sum(counts["dropped"].values())
        if not status["spool"]["pending"] and not waiting:
            return
        assert time.monotonic() < until_s, status
        threading.Event().wait(PAUSE_S)


def wait_until_idle(bases: Sequence[str], store: str = "") -> None:
    """Return when every event is stored, and every recording read, by all of these servers."""
    until_s = time.monotonic() + IDLE_S
    with ExitStack() as closing_later:
        engine = ClickHouseEngine(store) if store else None
        if engine:
            closing_later.callback(engine.close)
        left, states = True, list[Any]()
        while left:
            if time.monotonic() > until_s:
                raise AssertionError(f"It is not idle after {IDLE_S} s: {states}")
            states = [get(f"{base}/api/v1/status") for base in bases]
            left = any(state["spool"]["pending"] for state in states)
            # a batch leaves the spool after its recordings are marked
            if engine:
                left = left or bool(engine.pending_recordings())
            else:
                left = left or any(state["readers"]["due"] for state in states)
            threading.Event().wait(LOOK_S)


def wait_until_in_step(base: str) -> None:
    """Return when the store of a server has all that InfluxDB has."""
    until_s = time.monotonic() + IDLE_S
    while (store := get(f"{base}/api/v1/status")["store"])["progress"]["state"] != "in step":
        assert time.monotonic() < until_s, store
        threading.Event().wait(PAUSE_S)


def counts_of_slots(data: Path) -> list[Snapshot]:
    """Return what each process has counted."""
    found = []
    for file in data.glob("spool*/counts"):
        frame = next(record_log.scan(file))
        found.append(msgspec.convert(msgspec.msgpack.decode(frame.payload)["counts"], Snapshot))
    return found
