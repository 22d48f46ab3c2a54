"""Copying the embedded store to another one: in steps that can be resumed, compared by counts.

Events keep their ids, so whatever is copied twice counts once. Bodies of replays, pictures and
saved things are not in the store and stay where they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

import msgspec
import sqlglot
from msgspec import Struct, field
from sqlglot import exp

from isotherm.model import Event
from isotherm.storage.ports import Appended, EventStore, Recording
from isotherm.storage.tables import TABLES

_EVENTS: Final = 10_000
_DAY_MS: Final = 86_400_000
_START: Final = (-1, 0)


class Target(EventStore, Protocol):
    """A store that takes what another one has (`storage/clickhouse/engine.py`)."""

    def take_over(self, events: Sequence[Event]) -> Appended:
        """Add events; whether a recording is still to be read is said by `mark_unread`."""

    def mark_unread(self, recordings: Sequence[Recording]) -> None:
        """Say that recordings are still to be read."""


class Copied(Struct, frozen=True):
    """How far it is: events of all tables."""

    events: int
    of: int


class Differing(Struct, frozen=True):
    """A day of a table that has fewer rows in the target."""

    table: str
    day_ms: int
    source: int
    target: int


class Progress(Struct):
    """The places to go on from, kept in a file while the copy is under way."""

    target: str
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    events: int = 0


def copy(source: EventStore, target: Target, name: str, kept: Path) -> Iterator[Copied]:
    """Copy all events table by table, oldest first, and yield the progress.

    It goes on from where an earlier run to the same target (`name`) was interrupted: `kept` says
    where. Raises STORE_UNAVAILABLE.
    """
    progress = _read(kept, name)
    of = sum(sum(days_of(source, table.name).values()) for table in TABLES)
    yield Copied(progress.events, of)
    for table in TABLES:
        place = progress.places.get(table.name, _START)
        while True:
            events, place = source.events_after(table.name, place, _EVENTS)
            if not events:
                break
            target.take_over(events)
            progress.places[table.name] = place
            progress.events += len(events)
            _write(kept, progress)
            yield Copied(progress.events, of)
    target.mark_unread(source.pending_recordings())


def differing(
    source: EventStore, target: EventStore, since_ms: Mapping[str, int]
) -> list[Differing]:
    """Return the days of which the target has fewer rows than the source.

    Days that begin before `since_ms` (by table) do not count: retention deletes them.
    """
    found = []
    for table in TABLES:
        copied = days_of(target, table.name)
        for day_ms, rows in days_of(source, table.name).items():
            if day_ms < since_ms.get(table.name, 0):
                continue
            if copied.get(day_ms, 0) < rows:
                found.append(Differing(table.name, day_ms, rows, copied.get(day_ms, 0)))
    return found


def days_of(store: EventStore, table: str) -> dict[int, int]:
    """Return how many rows of a table each day has, by its beginning."""
    columns = store.run(_DAYS[table])
    return dict(zip(columns["day_ms"].tolist(), columns["n"].tolist(), strict=True))


_DAYS: Final[dict[str, exp.Expression]] = {
    table.name: sqlglot.parse_one(  # type: ignore[misc]
        f"SELECT time_ms // {_DAY_MS} * {_DAY_MS} AS day_ms, count(*) AS n FROM {table.name} "
        "GROUP BY day_ms ORDER BY day_ms",
        dialect="duckdb",
    )
    for table in TABLES
}


def _read(kept: Path, name: str) -> Progress:
    if not kept.exists():
        return Progress(name)
    progress = msgspec.json.decode(kept.read_bytes(), type=Progress)
    return progress if progress.target == name else Progress(name)


def _write(kept: Path, progress: Progress) -> None:
    new = kept.with_suffix(".new")
    new.write_bytes(msgspec.json.encode(progress))
    new.replace(kept)
