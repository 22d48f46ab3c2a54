"""`make load`: the most a server takes, minutes at 70 % of it, three times as much, slow clients.

Beside the load, people look at dashboards and visitors are recorded. In the end every accepted
event must be in the store once.
"""

import argparse
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlglot import parse_one

from isotherm.app.package_options import intake_options
from isotherm.app.settings import Settings
from isotherm.app.stores import ENGINE_FILE
from isotherm.intake.requests import IntakeRequest
from isotherm.intake.steps import Steps
from isotherm.model import Action
from isotherm.storage.duckdb.engine import DuckDBEngine
from tests.bench.__main__ import table
from tests.bench.batches import stored_batches
from tests.bench.figures import Figure
from tests.bench.servers import Api, running
from tests.load.people import RECORDED, Looking, looking, recorded
from tests.load.server import Sample, Watch, drained
from tests.load.traffic import Told, Traffic, percentile

CONNECTIONS, CROWD = 16, 128
SHARE, OVER = 0.7, 3.0
RECORDED_EVERY_S = 10.0
QUESTION_S = 1.0
"""Within this time people are answered, whatever happens beside."""

GROWTH = 1.1
PICTURED_S = 300.0
SLOW = 200
SLOW_HEADS = (
    b"GE",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: ",
    b"POST /intake/datadog HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n{",
)


def main() -> None:
    """Load a server of its own, on the loopback address."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="of steady load")
    parser.add_argument("--seconds", type=float, default=30.0, help="of everything else")
    asked = parser.parse_args()
    say = Console().print
    with tempfile.TemporaryDirectory(prefix="isotherm-load-") as root:
        figures = loaded(Path(root), asked.minutes * 60, asked.seconds, say)
    now, load = datetime.now(UTC), os.getloadavg()[0]
    say(table(figures, f"{now:%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {load:.1f}"))


def loaded(
    folder: Path, steady_s: float, others_s: float, say: Callable[[str], None]
) -> list[Figure]:
    """Return what was measured; raise when an event is lost or twice there."""
    per_request, actions = counted()
    with running(["isotherm", "serve", "--data", str(folder)]) as server, ExitStack() as ending:
        watch = ending.enter_context(closing(Watch(server.port, server.pid)))
        told: list[Told] = []
        say("The most it takes ...")
        start = time.monotonic()
        told.append(Traffic(server.port, CONNECTIONS, actions).closed(others_s))
        drained(server.port)
        most = told[-1].accepted / (time.monotonic() - start)
        rate = f"{most * per_request:,.0f} a second, in {most:,.0f} requests"
        figures = [Figure("events accepted and stored, the most", rate)]
        say(f"{SHARE:.0%} of {most:,.0f} requests a second for {steady_s / 60:g} minutes ...")
        start = time.monotonic()
        with looking(server.port) as people, recorded(server.port, RECORDED_EVERY_S) as sessions:
            told.append(Traffic(server.port, CONNECTIONS, actions).open(SHARE * most, steady_s))
        figures += steadily(told[-1], people, watch.since(start), per_request)
        figures.append(Figure("backlog after it", f"{drained(server.port):.1f} s", ""))
        figures.append(pictured(server.port, sessions))
        say(f"{OVER:g} times as much ...")
        with looking(server.port) as people:
            told.append(Traffic(server.port, CROWD, actions).open(OVER * most, others_s))
        figures += overloaded(told[-1], people)
        drained(server.port)
        say(f"{SLOW} clients that send slowly ...")
        with looking(server.port) as people, slow_clients(server.port):
            told.append(Traffic(server.port, CONNECTIONS, actions).open(SHARE * most / 2, others_s))
        figures += slowly(told[-1], people)
        drained(server.port)
        status = Api(server.port).status()
    figures.append(nothing_lost(folder, status, told))
    return figures


def steadily(told: Told, people: Looking, samples: list[Sample], events: float) -> list[Figure]:
    """Return how the minutes of steady load went."""
    quarter = max(1, len(samples) // 4)
    before = percentile([one.mb for one in samples[quarter : 2 * quarter]], 0.5)
    after = percentile([one.mb for one in samples[-quarter:]], 0.5)
    backlog = percentile([float(one.waiting) for one in samples], 1.0)
    return [
        Figure("steady: events accepted", f"{told.accepted * events:,.0f}",
               f"{told.refused} requests refused, {told.broken} without an answer",
               ratio=float(told.refused + told.broken), most=0.0, unit=" requests"),
        Figure("steady: until accepted", waits(told.waits_s), "p50 / p95 / p99 / longest"),
        Figure("steady: until a person is answered", waits(people.waits_s),
               f"{len(people.waits_s)} questions, {len(people.failed)} failed"),
        Figure("steady: memory in its last quarter", f"{after:,.0f} MB",
               f"in its second: {before:,.0f} MB", ratio=after / before, most=GROWTH),
        Figure("steady: events that waited to be stored", f"at most {backlog:,.0f}", ""),
    ]  # fmt: skip


def overloaded(told: Told, people: Looking) -> list[Figure]:
    """Return how it went with more than it can take."""
    longest = percentile(people.waits_s, 0.99)
    return [
        Figure("overload: accepted, refused",
               f"{told.accepted:,} and {told.refused:,} requests",
               f"{told.unadvised} refused without a time to come again, {told.broken} broken",
               ratio=float(told.unadvised + told.broken), most=0.0, unit=" requests"),
        Figure("overload: until refused", waits(told.refusals_s), "p50 / p95 / p99 / longest"),
        Figure("overload: until a person is answered", waits(people.waits_s),
               f"{len(people.waits_s)} questions, {len(people.failed)} failed",
               ratio=longest / QUESTION_S, most=1.0, unit=" s"),
    ]  # fmt: skip


def slowly(told: Told, people: Looking) -> list[Figure]:
    """Return how it went beside clients that send slowly."""
    return [
        Figure(f"{SLOW} slow clients: until accepted", waits(told.waits_s),
               f"{told.refused} refused, {told.broken} broken"),
        Figure(f"{SLOW} slow clients: until a person is answered", waits(people.waits_s),
               f"{len(people.failed)} failed",
               ratio=percentile(people.waits_s, 0.99) / QUESTION_S, most=1.0, unit=" s"),
    ]  # fmt: skip


def waits(seconds: list[float]) -> str:
    """Return the usual percentiles, in ms."""
    found = (percentile(seconds, at) * 1000 for at in (0.5, 0.95, 0.99, 1))
    return " / ".join(f"{ms:,.0f}" for ms in found) + " ms"


def pictured(port: int, sessions: list[str]) -> Figure:
    """Wait until every recording is read and has its pictures; return how long it took."""
    api, start = Api(port), time.monotonic()
    while True:
        status = api.status()
        left = status["readers"]["due"] + sum(
            status["capture"]["jobs"][state] for state in ("queued", "running")
        )
        if not left or time.monotonic() - start > PICTURED_S:
            break
        time.sleep(0.5)
    after = f"{time.monotonic() - start:.0f} s" + (f", {left} are left" if left else "")
    return Figure("recordings read and pictured after it", after, f"{len(sessions)} recordings")


@contextmanager
def slow_clients(port: int) -> Iterator[None]:
    """Have clients begin a request and go on by a byte a second."""
    with ExitStack() as ending:
        crowd = []
        for start in islice(cycle(SLOW_HEADS), SLOW):
            client = ending.enter_context(closing(socket.create_connection(("127.0.0.1", port))))
            client.sendall(start)
            crowd.append(client)
        end = threading.Event()

        def drip() -> None:
            while not end.wait(1):
                for client in crowd:
                    with suppress(OSError):  # it was ended, as it should be
                        client.send(b"a")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield
        end.set()
        thread.join()


def nothing_lost(folder: Path, status: dict[str, Any], told: list[Told]) -> Figure:
    """Compare the store, when the server has ended, with what clients were told."""
    with closing(DuckDBEngine(folder / ENGINE_FILE)) as engine:
        (recorded_ones,) = engine.intern("application", [RECORDED])
        asked = parse_one(
            "SELECT count(*) AS n FROM actions WHERE application <> $recorded", dialect="duckdb"
        )
        stored = int(engine.run(asked, {"recorded": recorded_ones})["n"][0])
    least = sum(one.actions for one in told)
    unsure = sum(one.unsure for one in told)
    if not least <= stored <= least + unsure or status["intake"]["dropped"].get("duplicate"):
        raise RuntimeError(f"{least:,} actions were accepted, {stored:,} are stored: {status}")
    return Figure("actions stored", f"{stored:,}", f"accepted: {least:,}; nothing lost or twice")


def counted() -> tuple[float, list[int]]:
    """Return the events of a request on average, and the actions of each of the batches."""
    steps = Steps(intake_options(Settings({"user_key": "any", "data": "unused"})))
    events, actions = 0, []
    for batch in stored_batches():
        asked = IntakeRequest.of_path(
            batch.path, query=batch.query, headers=batch.headers, body=batch.body
        )
        found = steps.run(asked).events
        events += len(found)
        actions.append(sum(isinstance(event, Action) for event in found))
    return events / len(actions), actions


if __name__ == "__main__":
    main()
