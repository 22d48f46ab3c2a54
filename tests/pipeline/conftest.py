"""A worker with real pipeline, and short ways to write events."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from isotherm.intake.drops import Counters
from isotherm.model import Action, Segment, SegmentFormat, View
from isotherm.pipeline.quarantine import Quarantine
from isotherm.pipeline.readers.messages import Start
from isotherm.pipeline.readers.process import COMMAND, ReaderProcess
from isotherm.pipeline.reading_schedule import MOST
from isotherm.pipeline.sessionization import Sessionization
from isotherm.pipeline.spool import Spool
from isotherm.pipeline.worker import Worker
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.store import Options
from isotherm.storage.objects.replays import LocalReplays
from isotherm.storage.ports import Recording
from isotherm.storage.saved.db import open_database

T0 = 1_790_000_000_000
WHERE = {"application": "shop", "session_id": "s1", "view_id": "v1"}


class Pipeline:
    """Everything a worker works with, in one folder; `begin` again is a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[Recording] = []
        self.begin()

    def begin(
        self, *, reader: str = "counting_reader.py", version: str = "1",
        quiet_period_s: float = 60.0, readers: int = 1, longer: bool = False, most_due: int = MOST,
        **limits: Any,
    ) -> None:  # fmt: skip
        """Open everything; `limits` are those of `Start`."""
        self.spool = Spool(self.folder / "spool", quota_bytes=2**26)
        self.engine = DuckDBEngine(self.folder / "store.duckdb", Options(threads=2))
        self.replays = LocalReplays(self.folder / "replays")
        self.counters = Counters()
        self.quarantine = Quarantine(open_database("", self.folder), version)
        start = Start(replays_url=str(self.folder / "replays"), **limits)
        command = (sys.executable, str(Path(__file__).with_name(reader))) if reader else COMMAND
        self.sessionization = Sessionization(
            self.engine, None, self.quarantine,
            [ReaderProcess(start.quick(), command) for _ in range(readers)],
            ReaderProcess(start, command),
            longer=ReaderProcess(start.longer(), command) if longer else None,
            on_read=self.told.append, quiet_period_s=quiet_period_s, most_due=most_due,
        )  # fmt: skip
        self.worker = Worker(
            self.spool, self.engine, self.replays, self.counters, self.sessionization
        )

    def start(self) -> None:
        self.worker.start()
        self.sessionization.start()

    def end(self) -> None:
        self.worker.stop()
        self.sessionization.stop()
        self.spool.close()
        self.engine.close()

    def send(self, *events: Any) -> None:
        counted = sum(one.events if isinstance(one, Segment) else 1 for one in events)
        self.counters.received("test", counted)
        self.spool.append(events)

    def balance(self) -> tuple[int, int, dict[str, int]]:
        """Return received, accepted and dropped."""
        now = self.counters.snapshot()
        return sum(now.received.values()), now.accepted, now.dropped


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Pipeline]:
    """Return the pipeline; the worker is not started yet."""
    made = Pipeline(tmp_path)
    yield made
    made.end()


@pytest.fixture
def click() -> Callable[..., Action]:
    """Return a way to write a click."""
    return lambda name, **told: Action(
        **{"event_id": name, "time_ms": T0, "page": "/", **WHERE, **told}
    )


@pytest.fixture
def view() -> Callable[..., View]:
    """Return a way to write a view."""
    return lambda version, **told: View(
        **{"version": version, "time_ms": T0, "page": "/", **WHERE, **told}
    )


@pytest.fixture
def segment() -> Callable[..., Segment]:
    """Return a way to write a segment."""
    return lambda number, **told: Segment(
        **{
            "segment_id": f"g{number}", "time_ms": T0 + number, "end_ms": T0 + number + 1,
            "index": number, "format": SegmentFormat.DATADOG, "body": b"{}", **WHERE, **told,
        }
    )  # fmt: skip
