"""Copying the embedded store to another one, day by day, and again what has changed since.

Of each day that is copied a digest of its rows is kept, so that an interrupted copy goes on where
it was, and a later one only reads the days that are no longer what they were. Bodies of replays,
pictures and saved things are not in the store and stay where they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec
import sqlglot
from msgspec import Struct, field

from isotherm.model import Event
from isotherm.storage.durable import write_durably
from isotherm.storage.ports import EventStore, Recording
from isotherm.storage.tables import TABLES

_EVENTS: Final = 10_000
_DAY_MS: Final = 86_400_000
_LAST: Final = 2**62  # above every number


class Target(EventStore, Protocol):
    """A store that takes what another one has (`storage/clickhouse/engine.py`)."""

    def mirror(self, name: str, from_ms: int, to_ms: int, events: Sequence[Event]) -> int:
        """Make events those of [from, to) of a table, as far as they came this way; count rows."""

    def mark_unread(self, recordings: Sequence[Recording]) -> None:
        """Say that recordings are still to be read."""


class Copied(Struct, frozen=True):
    """How far it is: events of the days that are to be read, and what they changed there."""

    events: int
    of: int
    changed: int = 0


class Differing(Struct, frozen=True):
    """A day of a table that has fewer rows in the target."""

    table: str
    day_ms: int
    source: int
    target: int


class Progress(Struct):
    """What the target has, kept in a file beside the source."""

    target: str
    days: dict[str, dict[int, str]] = field(default_factory=dict)  # table -> day -> digest
    unread: list[Recording] = field(default_factory=list)  # said to be still to be read


def copy(source: EventStore, target: Target, name: str, kept: Path) -> Iterator[Copied]:
    """Copy the events of all days that have changed, table by table, and yield the progress.

    `kept` says what an earlier run to the same target (`name`) has copied: days that are as they
    were are not read. What an earlier run brought and the source no longer has is taken away there.
    Raises STORE_UNAVAILABLE.
    """
    progress = _read(kept, name)
    now = {one.name: _digests(source, one.name) for one in TABLES}
    due: dict[str, list[int]] = {
        table: [day for day, (digest, _) in days.items()
               if progress.days.get(table, {}).get(day) != digest]
        for table, days in now.items()
    }  # fmt: skip
    of = sum(now[table][day][1] for table, days in due.items() for day in days)
    events = changed = 0
    yield Copied(events, of)
    for table, days in now.items():
        known = progress.days.setdefault(table, {})
        for day in sorted(known.keys() - days.keys()):  # erased, or older than it is kept
            changed += target.mirror(table, day, day + _DAY_MS, [])
            del known[day]
            write_durably(kept, msgspec.json.encode(progress))
        for day in due[table]:
            for from_ms, to_ms, some in _parts(source, table, day):
                changed += target.mirror(table, from_ms, to_ms, some)
                events += len(some)
                yield Copied(events, of, changed)
            known[day] = days[day][0]
            write_durably(kept, msgspec.json.encode(progress))
    pending = source.pending_recordings()
    for recording in progress.unread:
        if recording not in pending:
            target.mark_read(recording)
    target.mark_unread([one for one in pending if one not in progress.unread])
    progress.unread = pending
    write_durably(kept, msgspec.json.encode(progress))


def _parts(source: EventStore, name: str, day_ms: int) -> Iterator[tuple[int, int, list[Event]]]:
    """Yield the events of a day in parts, each with its time [from, to); together it is the day."""
    place, from_ms, end_ms = (day_ms - 1, _LAST), day_ms, day_ms + _DAY_MS
    held: list[Event] = []
    while True:
        events, place = source.events_after(name, place, _EVENTS)
        held += [event for event in events if event.time_ms < end_ms]
        if not events or events[-1].time_ms >= end_ms:
            yield from_ms, end_ms, held
            return
        cut_ms = held[-1].time_ms  # more of this moment may follow
        if cut_ms > from_ms:
            yield from_ms, cut_ms, [event for event in held if event.time_ms < cut_ms]
            held = [event for event in held if event.time_ms == cut_ms]
            from_ms = cut_ms


def _digests(source: EventStore, table: str) -> dict[int, tuple[str, int]]:
    """Return a digest of the rows of each day, and their number, by its beginning."""
    columns = source.run(_DIGESTS[table])
    whole = zip(*(columns[name].tolist() for name in ("day_ms", "digest", "n")), strict=True)
    return {day: (f"{digest} of {rows}", rows) for day, digest, rows in whole}


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


def _by_day(table: str, column: str = "") -> Any:
    return sqlglot.parse_one(
        f"SELECT time_ms // {_DAY_MS} * {_DAY_MS} AS day_ms, count(*) AS n{column} FROM {table} "
        "AS whole GROUP BY day_ms ORDER BY day_ms",
        dialect="duckdb",
    )


_DAYS: Final = {table.name: _by_day(table.name) for table in TABLES}
_DIGESTS: Final = {
    table.name: _by_day(table.name, ", bit_xor(hash(whole))::VARCHAR AS digest") for table in TABLES
}
"""For the embedded store: the digest is of numbers that stand for the same texts in its file."""


def _read(kept: Path, name: str) -> Progress:
    if not kept.exists():
        return Progress(name)
    try:
        progress = msgspec.json.decode(kept.read_bytes(), type=Progress)
    except msgspec.DecodeError:  # of an earlier release
        return Progress(name)
    return progress if progress.target == name else Progress(name)
