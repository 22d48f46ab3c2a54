"""A worker with real parts, and short ways to write events."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from isotherm.intake.drops import Counters
from isotherm.model import Action, Segment, SegmentFormat, View
from isotherm.pipeline.spool import Spool
from isotherm.pipeline.worker import Worker
from isotherm.replay.derive.derived import Derived
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.store import Options
from isotherm.storage.objects.replays import LocalReplays
from isotherm.storage.ports import Recording

T0 = 1_790_000_000_000
WHERE = {"application": "shop", "session_id": "s1", "view_id": "v1"}


class Parts:
    """Everything a worker works with, in one folder; `begin` again is a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[Recording] = []
        self.begin()

    def begin(self, **given: Any) -> None:
        self.spool = Spool(self.folder / "spool", quota_bytes=2**26)
        self.engine = DuckDBEngine(self.folder / "store.duckdb", Options(threads=2))
        self.replays = LocalReplays(self.folder / "replays")
        self.counters = Counters()
        plain = {"enrich": enrich, "derive": derive, "settled": self.told.append, "settle_s": 60.0}
        self.worker = Worker(
            self.spool, self.engine, self.replays, self.counters,
            **{**plain, **given},
        )  # fmt: skip

    def end(self) -> None:
        self.worker.stop()
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


def enrich(views: Any, actions: Any, segments: Any) -> Derived:
    """Say how many segments there are in the page position of each action, as a reader would."""
    return Derived(
        tuple(replace(one, page_x=float(len(segments))) for one in actions), tuple(views)
    )


def derive(segments: Any) -> Derived:
    """Make one view and one action of each segment."""
    views = tuple(
        View(
            **{**WHERE, "view_id": "derived"},
            version=0,
            time_ms=T0,
            page="/",
            actions=len(segments),
        )
        for _ in segments[:1]
    )
    actions = tuple(
        Action(
            **{**WHERE, "view_id": "derived"}, event_id=one.segment_id, time_ms=one.time_ms,
            page="/", source="replay",
        )
        for one in segments
    )  # fmt: skip
    return Derived(actions, views)


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    """Return the parts; the worker is not started yet."""
    made = Parts(tmp_path)
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
