"""Real servers and the journals on them: 1.x always, 2.x and 3.x when the environment names one."""

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from isotherm.model import Event
from isotherm.storage.clickhouse.engine import ClickHouseEngine
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.influxdb.journal import InfluxJournal, open_journal
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.influxdb.reconcile import Reconciler
from tests.storage.influxdb.bad_line import BadLine
from tests.storage.influxdb.influxd import Influxd


@pytest.fixture
def line(influxd: Influxd) -> Iterator[BadLine]:
    """Put a line that may turn bad before the InfluxDB 1.x."""
    proxy = BadLine(influxd.port)
    yield proxy
    proxy.close()


def on(influxd: Influxd, state: Path, **more: object) -> JournalOptions:
    """Return options for a database of one's own on a 1.x server."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    return JournalOptions(influxd.url, database=name, state=state / f"{name}.db", **more)  # type: ignore[arg-type]


@pytest.fixture(
    params=[pytest.param(one, marks=pytest.mark.server) for one in ("1.x", "2.x", "3.x")]
)
def options(request: pytest.FixtureRequest, tmp_path: Path) -> JournalOptions:
    """Name a new database on each of the servers that there are."""
    major = request.param[0]
    if major == "1":
        return on(request.getfixturevalue("influxd"), tmp_path)
    url = os.environ.get(f"ISOTHERM_TEST_INFLUXDB{major}_URL")
    if not url:
        pytest.skip(f"ISOTHERM_TEST_INFLUXDB{major}_URL names no InfluxDB {request.param}")
    return JournalOptions(
        url,
        version=major,  # type: ignore[arg-type]
        token=os.environ.get(f"ISOTHERM_TEST_INFLUXDB{major}_TOKEN", ""),
        org=os.environ.get(f"ISOTHERM_TEST_INFLUXDB{major}_ORG", ""),
        database=f"test_{uuid.uuid4().hex[:12]}",
        state=tmp_path / "journal.db",
    )


Engine = DuckDBEngine | ClickHouseEngine


class Isotherm:
    """Journal, engine and what keeps them in step: one server's worth."""

    def __init__(self, options: JournalOptions, engine: Engine | None = None) -> None:
        self.engine: Engine = engine or DuckDBEngine()
        self.journal: InfluxJournal = open_journal(options, self.engine)
        self.reconciler = Reconciler(self.journal, self.engine)

    def take(self, events: list[Event]) -> None:
        """Do what the worker does with a batch."""
        with self.journal.write_lock():
            rejected = {entry.position for entry in self.journal.write(events)}
            kept = [event for n, event in enumerate(events) if n not in rejected]
            self.engine.append(kept)

    def close(self) -> None:
        self.reconciler.close()
        self.journal.close()
        self.engine.close()


Start = Callable[[JournalOptions], Isotherm]


@pytest.fixture(params=["duckdb", pytest.param("clickhouse", marks=pytest.mark.server)])
def started(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Start]:
    """Start Isotherms on a journal, each with an empty engine and a ledger of its own.

    One on ClickHouse does what is needed where other processes write, too.
    """
    running: list[Isotherm] = []

    def start(options: JournalOptions) -> Isotherm:
        own = replace(options, state=tmp_path / f"ledger-{len(running)}.db")
        engine = None
        if request.param == "clickhouse":
            server = request.getfixturevalue("clickhouse_server")
            own = replace(own, several=True)
            engine = ClickHouseEngine(f"{server}/test_{uuid.uuid4().hex}")
        running.append(Isotherm(own, engine))
        return running[-1]

    yield start
    for isotherm in running:
        isotherm.close()
