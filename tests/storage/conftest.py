"""Engines to test, and short ways to write events."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from isotherm.model import (
    Action,
    LongTask,
    PageError,
    Resource,
    Segment,
    SegmentFormat,
    View,
    ViewPart,
    Vital,
)
from isotherm.storage.clickhouse.engine import ClickHouseEngine
from isotherm.storage.clickhouse.options import Options as ClickHouseOptions
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.store import Options

T0 = 1_790_000_000_000
WHERE = {"application": "shop", "session_id": "s1", "view_id": "v1"}
EMBEDDED = (
    "file",
    pytest.param("memory", marks=pytest.mark.thorough),
    pytest.param("few terms in memory", marks=pytest.mark.thorough),
)
"""`make test-fast` tries one of them."""


@pytest.fixture(params=[*EMBEDDED, pytest.param("clickhouse", marks=pytest.mark.server)])
def engine(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[DuckDBEngine | ClickHouseEngine]:
    """Every way an engine may run; all must behave alike."""
    made: DuckDBEngine | ClickHouseEngine
    if request.param == "clickhouse":
        options = ClickHouseOptions(idle_text_s=0)
        made = ClickHouseEngine(request.getfixturevalue("url"), options)
    else:
        path = None if request.param == "memory" else tmp_path / "store.duckdb"
        few = {"terms_in_memory": 4} if request.param == "few terms in memory" else {}
        made = DuckDBEngine(path, Options(threads=2, **few))
    yield made
    made.close()


class Scenario:
    """Builds events that differ from a plain one in what is told."""

    T0 = T0

    @staticmethod
    def click(event_id: str, *, at: int = 0, **told: Any) -> Action:
        return Action(**{"event_id": event_id, "time_ms": T0 + at, "page": "/", **WHERE, **told})

    @staticmethod
    def error(event_id: str, *, at: int = 0, **told: Any) -> PageError:
        return PageError(**{"event_id": event_id, "time_ms": T0 + at, "page": "/", **WHERE, **told})

    @staticmethod
    def resource(event_id: str, *, at: int = 0, **told: Any) -> Resource:
        return Resource(**{"event_id": event_id, "time_ms": T0 + at, "page": "/", **WHERE, **told})

    @staticmethod
    def long_task(event_id: str, *, at: int = 0, **told: Any) -> LongTask:
        return LongTask(**{"event_id": event_id, "time_ms": T0 + at, "page": "/", **WHERE, **told})

    @staticmethod
    def vital(event_id: str, *, at: int = 0, **told: Any) -> Vital:
        return Vital(**{"event_id": event_id, "time_ms": T0 + at, "page": "/", **WHERE, **told})

    @staticmethod
    def view(version: int, *, at: int = 0, **told: Any) -> View:
        return View(**{"version": version, "time_ms": T0 + at, "page": "/", **WHERE, **told})

    @staticmethod
    def part(version: int, **changed: Any) -> ViewPart:
        return ViewPart(version=version, time_ms=T0, changed=changed, **WHERE)

    @staticmethod
    def segment(segment_id: str, *, at: int = 0, **told: Any) -> Segment:
        plain = {"time_ms": T0 + at, "end_ms": T0 + at + 5, "format": SegmentFormat.DATADOG}
        return Segment(**{"segment_id": segment_id, **plain, **WHERE, **told})


@pytest.fixture
def scenario() -> type[Scenario]:
    return Scenario
