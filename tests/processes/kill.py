"""Processes of a server that are killed under load: `python -m tests.processes.kill --seconds 300`.

Clients post what SDKs send, others ask questions, and every few seconds one process of the server
is killed; in between all are replaced by a rolling restart. In the end every event that was sent
must be there once. With `--machines 2` the processes are those of two servers with data folders of
their own, which share ClickHouse, PostgreSQL and S3; then whole machines are killed, too. With
`--influx` InfluxDB is in front; in the end it must have every event once as well.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from itertools import count, takewhile
from pathlib import Path
from typing import Any

from msgspec import Struct

from isotherm.app.demo.sessions import sample_requests
from isotherm.app.package_options import intake_options
from isotherm.app.settings import Settings
from isotherm.intake.requests import IntakeRequest
from isotherm.intake.steps import Steps
from isotherm.model import Action, Event, Segment, View, ViewPart
from isotherm.model.event_ids import event_hash
from isotherm.pipeline.recorded_requests import StoredRequest
from isotherm.storage.clickhouse.engine import ClickHouseEngine
from isotherm.storage.influxdb.journal import open_journal
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.influxdb.schema import LIVE, PART
from isotherm.storage.tables import TABLE_OF, TABLES
from tests.conftest import environment, free_port, wait_until_alive
from tests.processes.senders import GONE, get, post, send, wait_until_in_step, wait_until_stored
from tests.processes.shared_servers import influxdb_of, services_of
from tests.storage.clickhouse.chdb_process import clickhouse

TWICE = 7
"""Every so many requests are sent twice."""

WHOLE_S = 120.0
PACE_S = 0.1
"""Between two visits of a client: spools take far more than one engine in one process stores."""

SPAN = (1_790_000_000_000, 1_800_000_000_000)
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"question": "heat", "page": "/"},
    {"question": "actions", "page": "/"},
    {"question": "pages"},
    {"question": "timeseries", "measure": "clicks", "intervalMs": 60_000},
)


class Figures(Struct):
    """What happened."""

    kills: int = 0
    restarts: int = 0
    machines: int = 0  # killed whole, and started again on what they had
    visits: int = 0  # accepted
    sent_again: int = 0  # requests that a process did not answer
    sent_twice: int = 0  # requests that were sent once more though they were accepted
    questions: int = 0
    asked_again: int = 0
    failed: int = 0  # questions that had no answer after another try
    events: int = 0  # of the visits: what must be stored
    stored: int = 0
    lost: int = 0
    doubled: int = 0
    journal: int = 0  # events of the visits in InfluxDB, if it is in front
    received: int = 0  # as the server counts
    duplicates: int = 0


def templates() -> list[StoredRequest]:
    """Return requests of SDKs that hold clicks, and no part of a recording."""
    steps = _pipeline()
    found = []
    for request in sample_requests(0):
        kinds = {type(event) for event in _events(steps, request)}
        if Action in kinds and Segment not in kinds:
            found.append(request)
    return found


def visit(of: Sequence[StoredRequest], number: int) -> StoredRequest:
    """Return a request as another visitor's SDK would have sent it: with ids of its own."""
    request = of[number % len(of)]

    def other(match: re.Match[bytes]) -> bytes:
        if match[0] == _APPLICATION:
            return str(uuid.uuid5(uuid.NAMESPACE_URL, "killed")).encode()
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{number} {match[0].decode()}")).encode()

    body = _ID.sub(other, request.body).replace(_APP_ID, b"appid_killed")
    return replace(request, body=body)


_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_APPLICATION = b"6f1c2b1e-0000-4000-8000-00000000abcd"
_APP_ID = b"appid_6f1c2b1e00004000800000000000abcd"


def _pipeline() -> Steps:
    return Steps(intake_options(Settings({"user_key": "any", "data": "unused"})))


def _events(steps: Steps, request: StoredRequest) -> list[Event]:
    asked = IntakeRequest.of_path(
        request.path, query=request.query, headers=request.headers, body=request.body
    )
    return list(steps.run(asked).events)


def expected(of: Sequence[StoredRequest], visits: int) -> tuple[set[str], dict[str, int]]:
    """Return the applications of visits, and how many events they have, by table."""
    steps, found = _pipeline(), defaultdict[str, set[int]](set)
    applications = set()
    for number in range(visits):
        for event in _events(steps, visit(of, number)):
            if isinstance(event, ViewPart):
                continue  # a difference makes no row by itself
            applications.add(event.application)
            name = event.view_id if isinstance(event, View | Segment) else event.event_id
            found[TABLE_OF[type(event)].name].add(event_hash(event.application, name))
    return applications, {table: len(numbers) for table, numbers in found.items()}


class Load:
    """Clients that send and ask until they are told to stop."""

    def __init__(self, bases: Sequence[str], figures: Figures, clients: int) -> None:
        self._bases = bases
        self._figures = figures
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._next = self._asked = 0
        self.templates = templates()
        self.faults: list[str] = []
        self._died: list[Exception] = []
        work = [self._sending] * clients + [self._asking, self._sending_samples]
        self._threads = [
            threading.Thread(target=self._client, args=[one], daemon=True) for one in work
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let every client finish what it has begun. Raises what a client has died of."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(120)
            assert not thread.is_alive()
        if self._died:
            raise ExceptionGroup("Clients have died", self._died)

    def _client(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the thread that stops the load raises it
            self._died.append(error)

    def _sending(self) -> None:
        while not self._stopping.is_set():
            with self._turn:
                number, self._next = self._next, self._next + 1
            base = self._bases[number % len(self._bases)]
            again = send(base, visit(self.templates, number))
            twice = number % TWICE == 0  # as an SDK does that has not seen the answer
            if twice:  # and another machine may get it
                send(self._bases[number // TWICE % len(self._bases)], visit(self.templates, number))
            with self._turn:
                self._figures.visits += 1
                self._figures.sent_again += again
                self._figures.sent_twice += twice
            self._stopping.wait(PACE_S)

    def _sending_samples(self) -> None:
        for request in sample_requests(0):
            again = send(self._bases[-1], request)
            with self._turn:
                self._figures.sent_again += again

    def _asking(self) -> None:
        while not self._stopping.is_set():
            for question in QUESTIONS:
                query = question | {"application": "appid_killed", "refId": "A"}
                span = {"from": SPAN[0], "to": SPAN[1]}
                body = json.dumps({"queries": [query], "range": span}).encode()
                self._figures.questions += 1
                if not self._answered(body):
                    self._figures.asked_again += 1
                    ended = self._ended
                    while not self._answered(body):
                        if ended == self._ended:  # no other process was killed meanwhile
                            self._figures.failed += 1
                            break
                        ended = self._ended

    @property
    def _ended(self) -> int:
        return self._figures.kills + self._figures.restarts + self._figures.machines

    def _answered(self, body: bytes) -> bool:
        self._asked += 1  # who asks again is sent to another machine, as a proxy does
        base = self._bases[self._asked % len(self._bases)]
        try:
            result = json.loads(post(f"{base}/api/v1/query", body))["results"]["A"]
        except urllib.error.HTTPError as error:
            result = {"status": error.code, "error": error.read().decode()}
        except GONE as error:
            result = {"status": 0, "error": repr(error)}
        if result["status"] != 200:
            self.faults.append(str(result))
        return bool(result["status"] == 200)


def workers_of(master: int) -> list[int]:
    """Return the processes of a server."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text()
    return [int(pid) for pid in children.split()]


class Machine:
    """A server with a data folder of its own."""

    def __init__(self, folder: Path, workers: int, settings: Mapping[str, str]) -> None:
        port = free_port()
        self.base, self.log = f"http://127.0.0.1:{port}", folder / "serve.log"
        self._command = [sys.executable, "-m", "isotherm", "serve", "--data", str(folder)]
        self._command += ["--port", str(port), "--workers", str(workers)]
        self._settings = dict(settings)
        self.start()

    def start(self) -> None:
        """Start the server; it need not answer yet."""
        with self.log.open("ab") as out:
            self.server = subprocess.Popen(
                self._command, env=environment(**self._settings), stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip

    def wait(self) -> None:
        """Wait until it answers."""
        wait_until_alive(self.base, self.server, self.log)

    def lose(self) -> None:
        """Kill everything that runs on it at once, and start it again on what it had."""
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait(timeout=60)
        self.start()
        _wait_until_whole(self.base)  # connections of before may still be reset

    def stop(self) -> None:
        """End the server in order."""
        self.server.terminate()
        self.server.wait(timeout=60)


def run(
    folders: Sequence[Path],
    store: str,
    *,
    turns: Iterable[int],
    every_s: float,
    workers: int,
    clients: int,
    shared: Mapping[str, str] | None = None,
) -> tuple[Figures, list[str]]:
    """Serve, send, ask and kill; return what happened, and questions that had no answer.

    In each turn a process is killed; in every fourth one all of a machine are replaced instead.
    With several machines, whose folders these are and which have the settings `shared` in common,
    every fourth turn one is lost with all its processes.
    """
    figures, chance = Figures(), random.Random(7)
    settings = {
        "ISOTHERM_STORE": store, "ISOTHERM_CAPTURE": "false", "ISOTHERM_RETENTION_DAYS": "0",
        "ISOTHERM_DETAIL_RETENTION_DAYS": "0", "ISOTHERM_REPLAY_RETENTION_DAYS": "0",
        **(shared or {}),
    }  # fmt: skip
    with ExitStack() as running:
        machines = []
        for folder in folders:
            machines.append(Machine(folder, workers, settings))
            running.callback(machines[-1].stop)
            machines[-1].wait()
        load = Load([one.base for one in machines], figures, clients)
        for turn in turns:
            threading.Event().wait(every_s)
            for one in machines:
                _wait_until_whole(one.base)
            machine = machines[turn // 4 % len(machines)]
            if turn % 4 == 3:
                figures.restarts += 1
                machine.server.send_signal(signal.SIGHUP)
            elif turn % 4 == 1 and len(machines) > 1:
                figures.machines += 1
                machine.lose()
            else:
                figures.kills += 1
                victims = workers_of(chance.choice(machines).server.pid)
                os.kill(chance.choice(victims), signal.SIGKILL)
        load.stop()
        for one in machines:
            assert one.server.poll() is None, one.log.read_text()
            wait_until_stored(one.base)
        _count([one.base for one in machines], store, figures, load.templates)
        if "ISOTHERM_INFLUX_URL" in settings:
            for one in machines:
                wait_until_in_step(one.base)
            figures.journal = _count_points(settings, expected(load.templates, figures.visits)[0])
    return figures, load.faults


def _wait_until_whole(base: str) -> None:
    """Wait until every process is there: on a busy machine one takes long to start."""
    until_s = time.monotonic() + WHOLE_S
    while time.monotonic() < until_s:
        with suppress(*GONE):
            told = get(f"{base}/api/v1/status")["processes"]
            if len(told["running"]) == told["wanted"]:
                return
        threading.Event().wait(0.2)
    raise AssertionError("a process that was killed is not there again")


def _turns_of(seconds: float) -> Iterator[int]:
    until_s = time.monotonic() + seconds
    return takewhile(lambda _: time.monotonic() < until_s, count())


def _count(bases: Sequence[str], store: str, figures: Figures, of: Sequence[StoredRequest]) -> None:
    for base in bases:
        counted = get(f"{base}/api/v1/status")["intake"]
        figures.received += counted["received"]
        figures.duplicates += counted["dropped"].get("duplicate", 0)
    applications, wanted = expected(of, figures.visits)
    figures.events = sum(wanted.values())
    with closing(ClickHouseEngine(store)) as engine:
        numbers = sorted(engine.term_id("application", name) for name in applications)
        for table in TABLES:
            number = table.columns[0].name
            ((rows, different),) = engine._server.rows(
                f"SELECT count(), uniqExact({number}) FROM {table.name} "
                "WHERE application IN {applications: Array(Int64)}",
                {"applications": numbers},
            )
            figures.stored += rows
            figures.doubled += rows - different
            figures.lost += max(0, wanted.get(table.name, 0) - different)


def _count_points(settings: Mapping[str, str], applications: set[str]) -> int:
    """Return how many live points of events of some applications InfluxDB has."""
    url, database = (settings[f"ISOTHERM_INFLUX_{name}"] for name in ("URL", "DATABASE"))
    found = 0
    with closing(open_journal(JournalOptions(url, database=database))) as journal:
        for source in journal.sources:
            if source.key == PART.name:
                continue  # a difference makes no row by itself
            asked = f'SELECT sum({LIVE}) FROM {source.address} GROUP BY "application"'
            for series in journal.ask_all([asked])[0]:
                if series["tags"]["application"] in applications:
                    found += int(series["values"][0][1])
    return found


def check(figures: Figures, faults: list[str]) -> None:
    """Say what is wrong, if anything is."""
    assert (figures.lost, figures.doubled, figures.failed) == (0, 0, 0), (figures, faults[:5])
    assert figures.stored == figures.events > 0, figures
    assert figures.journal in {0, figures.events}, figures


def main() -> None:
    """Run against chDB behind HTTP, or the server that ISOTHERM_TEST_CLICKHOUSE_URL names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--every", type=float, default=4.0, help="least seconds between two kills")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--machines", type=int, default=1, help="share the processes")
    parser.add_argument("--influx", action="store_true", help="put InfluxDB in front")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="isotherm-kill-"))
    folders = [folder / f"machine-{number}" for number in range(asked.machines)]
    for one in folders:
        one.mkdir()
    with clickhouse(folder) as url, ExitStack() as services:
        shared = services_of(services) if asked.machines > 1 else {}
        if asked.influx:
            shared |= influxdb_of(services, folder / "influxdb")
        figures, faults = run(
            folders, f"{url}/killed_{os.getpid()}", turns=_turns_of(asked.seconds),
            every_s=asked.every, workers=max(1, asked.workers // asked.machines),
            clients=asked.clients, shared=shared,
        )  # fmt: skip
    assert not asked.influx or figures.journal
    for name in figures.__struct_fields__:
        sys.stdout.write(f"{name:12} {getattr(figures, name):,}\n")
    check(figures, faults)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
