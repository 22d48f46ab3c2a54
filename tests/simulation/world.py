"""A world in one thread, driven by a seed: senders, intake, spool, worker, journal, engine.

Everything but the journal is real. The journal keeps points as InfluxDB does, by the event. It
refuses, takes a part, or loses its acknowledgement. The process is ended between any two steps and
inside them, and its clock jumps. At the end all faults are over, and everything must add up.
"""

import gzip
import json
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlglot import parse_one

from isotherm.intake import routes
from isotherm.intake.drops import Counters
from isotherm.intake.options import Options
from isotherm.intake.routes import intake_blueprint
from isotherm.intake.steps import Steps
from isotherm.model import Event, View, ViewPart
from isotherm.model.errors import Code, IsothermError
from isotherm.model.event_ids import event_hash
from isotherm.pipeline import worker as workers
from isotherm.pipeline.retention import Maintenance, Retention
from isotherm.pipeline.spool import Spool
from isotherm.pipeline.worker import Worker
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.store import Options as EngineOptions
from isotherm.storage.objects.replays import LocalReplays
from isotherm.storage.ports import Rejected

NOON_MS = 1_795_364_500_000
PAGES = ("/", "/cart", "/help")
CLOCKS_MS = (0, 0, 0, -86_400_000 * 365 * 20, 86_400_000 * 365 * 50, 86_400_000)
"""How wrong the clock of a sender is."""
DRAIN_TRIES = 200


class CrashError(BaseException):
    """The process ends here, as if it was killed: nothing catches it."""


class Journal:
    """InfluxDB as the worker sees it. What it holds outlives the process."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.points: dict[tuple[str, ...], Event] = {}
        self.faults = True

    def write(self, events: Sequence[Event]) -> tuple[Rejected, ...]:
        """Take events, or have a fault before, in the middle or behind."""
        fault = self.chance.random() if self.faults else 1.0
        if fault < 0.1:
            raise _away("refuses")
        if fault < 0.15:
            raise CrashError
        cut = self.chance.randrange(len(events) + 1) if fault < 0.25 else len(events)
        for event in events[:cut]:
            self.points[_name(event)] = event
        if fault < 0.35:
            raise _away("has lost the acknowledgement")
        if fault < 0.4:
            raise CrashError
        return ()

    def write_lock(self) -> Any:
        return nullcontext()


class Sessions:
    """Recordings are not read in this world."""

    def touch(self, _: object) -> None:
        return


class World:
    """One schedule. `run` raises AssertionError when a promise is broken."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.journal = Journal(self.chance)
        self.clock_s = NOON_MS / 1000
        self.numbers = iter(range(1_000_000))
        self.accepted: dict[str, dict[str, Any]] = {}  # clicks that were acknowledged
        self.maybe: set[str] = set()  # clicks whose answer never came
        self.views: dict[str, int] = {}  # view -> newest version that was acknowledged
        self.refused: Counter[str] = Counter()
        self.sent: list[tuple[bytes, list[dict[str, Any]]]] = []  # for resending
        self.restarts = 0
        self.begin()

    def begin(self) -> None:
        """Start the process."""
        self.spool = Spool(self.folder / "spool", quota_bytes=2**26, segment_bytes=3_000)
        self.engine = DuckDBEngine(
            self.folder / "store.duckdb", EngineOptions(threads=1, memory_mb=256)
        )
        self.counters = Counters()
        maintain = Maintenance(
            self.engine, LocalReplays(self.folder / "replays"), Retention(),
            clock_s=lambda: self.clock_s, timer_s=lambda: self.clock_s,
        )  # fmt: skip
        self.worker = Worker(
            self.spool, self.engine, LocalReplays(self.folder / "replays"), self.counters,
            Sessions(),  # type: ignore[arg-type]
            journal=self.journal,  # type: ignore[arg-type]
            maintain=maintain,
        )  # fmt: skip
        self.worker._hurry = 1
        self.worker._stopping.set()  # a store that is away ends the step, and no one waits
        options = Options()
        app = Flask("simulated")
        blueprint = intake_blueprint(Steps(options), self.append, self.counters, options)
        app.register_blueprint(blueprint)
        app.testing = True  # a crash comes through
        self.http: FlaskClient = app.test_client()

    def append(self, events: list[Event]) -> None:
        """Append as the intake does, with an end before, or behind: the answer is lost then."""
        if self.chance.random() < 0.03 and self.journal.faults:
            raise CrashError
        if self.chance.random() < 0.05 and self.journal.faults:
            raise _away("The disk is full")
        self.spool.append(events)
        if self.chance.random() < 0.03 and self.journal.faults:
            raise CrashError

    def end(self) -> None:
        self.spool.close()
        self.engine.close()

    def restart(self) -> None:
        self.restarts += 1
        self.end()
        self.begin()

    def run(self, steps: int = 40) -> None:
        """Live through a schedule and check everything at its end."""
        actions = (self.post, self.resend, self.work, self.compact, self.jump, self.restart)
        weights = (6, 2, 5, 1, 1, 0.3)
        for _ in range(steps):
            [act] = self.chance.choices(actions, weights)
            try:
                act()
            except CrashError:
                self.restart()
        self.journal.faults = False
        self.drain()
        self.check()
        self.restart()
        self.drain()
        self.check()
        self.end()

    def jump(self) -> None:
        """Set the clock, far back or forth."""
        self.clock_s += self.chance.choice((-1e9, -3600, 1, 60, 3600, 1e9))

    def compact(self) -> None:
        self.engine.compact(least_rows=1)

    def work(self) -> None:
        """Let the worker do a step."""
        try:
            self.worker._step()
        except IsothermError as error:
            if error.code is not Code.STORE_UNAVAILABLE:
                raise

    def drain(self) -> None:
        for _ in range(DRAIN_TRIES):
            if not self.worker._step():
                return
        raise AssertionError("the worker does not come to an end")

    def post(self) -> None:
        """Send a new body, whose events are good and bad."""
        lines = [self._line() for _ in range(self.chance.randint(1, 6))]
        body = b"\n".join(json.dumps(line).encode() for line in lines)
        self.sent.append((body, lines))
        self._send(body, lines)

    def resend(self) -> None:
        """Send a body again, as an SDK does that got no answer, or a proxy that tries twice."""
        if self.sent:
            self._send(*self.chance.choice(self.sent))

    def _send(self, body: bytes, lines: list[dict[str, Any]]) -> None:
        good = [line for line in lines if _is_good(line)]
        clicks = [line for line in good if line["type"] == "action"]
        self.maybe |= {line["action"]["id"] for line in clicks}
        data = gzip.compress(body) if self.chance.random() < 0.3 else body
        answer = self.http.post("/intake/datadog", data=data)
        if answer.status_code == 503:
            assert answer.headers["Retry-After"]
            return
        assert answer.status_code == (202 if good else 400), answer.data
        for line in good:
            if line["type"] == "action":
                self.accepted[line["action"]["id"]] = line
            else:
                view, version = line["view"]["id"], line["_dd"]["document_version"]
                self.views[view] = max(version, self.views.get(view, 0))

    def _line(self) -> dict[str, Any]:
        number = next(self.numbers)
        view = f"v{self.chance.randrange(4)}"
        at = NOON_MS + self.chance.randrange(5) + self.chance.choice(CLOCKS_MS)
        line: dict[str, Any] = {
            "type": "action", "date": at, "application": {"id": "shop"},
            "session": {"id": "s", "type": "user"},
            "view": {"id": view, "url": f"http://shop.test{PAGES[int(view[1:]) % len(PAGES)]}"},
            "action": {"id": f"a{number}", "type": "click", "target": {"name": "Buy"}},
        }  # fmt: skip
        kind = self.chance.random()
        if kind < 0.2:
            line |= {"type": "view", "_dd": {"document_version": number + 1}}
            line["view"] |= {"time_spent": 1, "action": {"count": number}}
            line["date"] = NOON_MS
            del line["action"]
        elif kind < 0.3:
            line["date"] = self.chance.choice((0, -1, 10**16, 4_102_444_800_000))
        elif kind < 0.35:
            line["session"] = {}
        return line

    def check(self) -> None:
        """Compare everything with a reference of dictionaries."""
        run = self.engine.run
        hashes = {event_hash("shop", name): name for name in self.maybe}
        found = run(parse_one("SELECT event, page, time_ms, clicks FROM actions"))
        names = [hashes.get(one, "unknown") for one in found["event"].tolist()]
        counted = Counter(names)
        assert not {name: n for name, n in counted.items() if n > 1}, "counted twice"
        assert not self.accepted.keys() - counted.keys(), "accepted and lost"
        assert not counted.keys() - self.maybe, "never sent"
        pages = self.engine.terms("page")
        for name, page, at in zip(names, found["page"].tolist(), found["time_ms"], strict=True):
            if name in self.accepted:
                sent = self.accepted[name]
                assert pages[page] == sent["view"]["url"].removeprefix("http://shop.test")
                assert int(at) == sent["date"]
        stored = {view.view_id: view.version for view in self.engine.views_of("shop", "s")}
        for view, version in self.views.items():
            assert stored.get(view, -1) >= version, f"an old version of {view}"
        in_journal = {name[1] for name in self.journal.points if name[0] == "action"}
        assert in_journal == set(counted), "journal and engine differ"
        now = self.counters.snapshot()
        assert sum(now.received.values()) == now.accepted + sum(now.dropped.values())
        assert self.spool.pending == self.spool.dead_count == 0


def _is_good(line: dict[str, Any]) -> bool:
    return bool(line["session"]) and 946_684_800_000 <= line["date"] < 4_102_444_800_000


def _name(event: Event) -> tuple[str, ...]:
    if isinstance(event, View | ViewPart):
        return ("view", event.view_id, str(event.version))
    return ("action", event.event_id)  # type: ignore[union-attr]


def _away(why: str) -> IsothermError:
    return IsothermError(Code.STORE_UNAVAILABLE, f"The store {why}", retry_after_s=1)


for _log in (workers._log, routes.log):
    _log.disabled = True  # each fault says so
