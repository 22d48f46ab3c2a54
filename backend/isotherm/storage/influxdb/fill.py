"""Brings groups of hours in step, the next rows on their way while a group is being stored."""

import contextlib
import logging
from collections import Counter, deque
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from isotherm.model import Event, ViewPart
from isotherm.model.event_ids import event_hash, is_short, short
from isotherm.storage.influxdb.compare import in_step, shrunk
from isotherm.storage.influxdb.counts import Counts
from isotherm.storage.influxdb.engine_counts import HourStore, table_sums
from isotherm.storage.influxdb.groups import Group
from isotherm.storage.influxdb.journal import InfluxJournal
from isotherm.storage.influxdb.ledger import Both, Key, TableSums
from isotherm.storage.influxdb.line_protocol import number_of
from isotherm.storage.influxdb.own_measurements import OURS_ALONE
from isotherm.storage.influxdb.read import HOUR_MS, Download
from isotherm.storage.influxdb.schema import LIVE, PART, WHOLE
from isotherm.storage.influxdb.source import Source

_LOG: Final = logging.getLogger(__name__)
_PARTS: Final = 5000
_HIGHEST: Final = 2**62  # above every number
_NOTHING: Final = Both()
_AHEAD: Final = 2
"""Groups on their way while one is stored: the views of a week are few, and with the next week's
actions InfluxDB is never idle."""


class _Begun(Struct):
    """A group whose numbers are known and whose rows, if they are needed, are coming."""

    group: Group
    counts: dict[Key, dict[str, Counts]]
    agreed: dict[Key, Both] | None  # nothing needs to be read
    doubtful: set[int]  # hours of which InfluxDB may have lost something
    rows: list[Download]
    parts: list[Download]

    def close(self) -> None:
        """End what is still coming."""
        for download in (*self.rows, *self.parts):
            download.close()


class Filler:
    """Reads hours into the engine. Used by one thread."""

    def __init__(self, journal: InfluxJournal, engine: HourStore) -> None:
        self._journal = journal
        self._engine = engine
        self.rows_read = 0
        self.mended = 0  # events that InfluxDB had taken and lost; they were written again

    def sources(self, table: str) -> tuple[Source, ...]:
        """Return the sources of a table."""
        return tuple(source for source in self._journal.sources if table_of(source) == table)

    def filled(
        self,
        groups: Iterable[Group],
        known: Mapping[Key, Both],
        journal: Mapping[Key, dict[str, Counts]],
        unconfirmed: Collection[Key] = (),
    ) -> Generator[tuple[Group, dict[Key, Both]]]:
        """Bring groups in step one after the other; yield what both sides have then.

        By a look when only Isotherm wrote, else by reading. `journal` is what InfluxDB had a
        moment ago; hours that may be written right now are counted again, compared and read while
        the writer waits. What the engine has of `unconfirmed` hours and of known ones and InfluxDB
        lost is written again, unless points were deleted there. Raises STORE_UNAVAILABLE.
        """
        coming = deque(groups)
        begun: deque[_Begun] = deque()
        try:
            while coming or begun:
                if not begun and coming[0].hot:
                    with self._journal.write_lock():
                        hot = self._begin(coming.popleft(), known, journal, unconfirmed)
                        done = hot.group, self._finish(hot)
                else:
                    while coming and not coming[0].hot and len(begun) <= _AHEAD:
                        begun.append(self._begin(coming.popleft(), known, journal, unconfirmed))
                    done = begun[0].group, self._finish(begun[0])
                    begun.popleft()
                yield done
        finally:
            for one in begun:
                one.close()

    def _begin(
        self,
        group: Group,
        known: Mapping[Key, Both],
        journal: Mapping[Key, dict[str, Counts]],
        unconfirmed: Collection[Key],
    ) -> _Begun:
        span = (group.from_ms, group.to_ms)
        sources = self.sources(group.table)
        counts = {key: journal.get(key, {}) for key in group.keys}
        if group.hot:
            counts = self._count(group, sources)
        engine = table_sums(self._engine, group.table, *span)
        agreed = {key: Both(now, engine.get(key, TableSums())) for key, now in counts.items()}
        if all(
            in_step(sources, known.get(key), both.journal, both.engine)
            for key, both in agreed.items()
        ):
            return _Begun(group, counts, agreed, set(), [], [])
        doubtful = {
            key[1]
            for key, both in agreed.items()
            if (key in unconfirmed or known.get(key, _NOTHING).engine.rows > 0)
            and known.get(key, _NOTHING).engine != both.engine
            and not shrunk(known.get(key, _NOTHING).journal, both.journal)
        }
        least = Counter[str]()
        for hours in counts.values():
            least.update({name: found.most for name, found in hours.items()})
        rows: list[Download] = []
        parts: list[Download] = []
        for source in sources:
            if least[source.key]:
                without = OURS_ALONE if source.own and _ours_alone(source, counts) else ()
                download = self._journal.download(source, span, least[source.key], without)
                (parts if source.key == PART.name else rows).append(download)
        return _Begun(group, counts, None, doubtful, rows, parts)

    def _count(self, group: Group, sources: Iterable[Source]) -> dict[Key, dict[str, Counts]]:
        counts: dict[Key, dict[str, Counts]] = {key: {} for key in group.keys}
        for source in sources:
            found = self._journal.counts(source, group.from_ms, group.to_ms)
            for hour, one in found.items():
                counts.setdefault((group.table, hour), {})[source.key] = one
        return counts

    def _finish(self, begun: _Begun) -> dict[Key, Both]:
        """Store what comes, and say what both sides have."""
        with contextlib.closing(begun):
            return self._stored(begun)

    def _stored(self, begun: _Begun) -> dict[Key, Both]:
        if begun.agreed is not None:
            return begun.agreed
        group = begun.group
        span = (group.from_ms, group.to_ms)
        lost: list[Event] = []
        wholes: dict[tuple[str, str], int] = {}
        rows = _noting(self._counted(begun.rows), wholes)
        if begun.doubtful:
            rows = self._looking(rows, begun, lost)
        self._engine.load_hours(group.table, *span, rows)
        for download in begun.parts:
            for found in self._journal.rows(download):
                self._apply(found.to_pylist(), wholes)
        counts = begun.counts
        if lost:
            self._mend(lost)
            counts = self._count(group, self.sources(group.table))
        engine = table_sums(self._engine, group.table, *span)
        return {key: Both(now, engine.get(key, TableSums())) for key, now in counts.items()}

    def _mend(self, lost: list[Event]) -> None:
        """Write events again that only the engine had."""
        _LOG.warning("InfluxDB lost %d events that it had taken; they are written again", len(lost))
        with self._journal.write_lock():
            self._journal.mend(lost)
            for start in range(0, len(lost), _PARTS):
                self._engine.append(lost[start : start + _PARTS])
        self.mended += len(lost)

    def _looking(
        self, rows: Iterable[pa.Table], begun: _Begun, lost: list[Event]
    ) -> Iterator[pa.Table]:
        """Pass rows on; at their end, add to `lost` what the engine has and they do not."""
        group = begun.group
        there: set[tuple[int, int]] = set()
        for one in rows:
            there.update(_numbers(one, group.table))
            yield one
        gone = _missing(
            self._engine.numbers_between(group.table, group.from_ms, group.to_ms), there
        )
        gone = {one for one in gone if one[0] // HOUR_MS * HOUR_MS in begun.doubtful}
        if gone:
            lost += self._events(group, gone - self._withdrawn(group))

    def _withdrawn(self, group: Group) -> set[tuple[int, int]]:
        """Return time and number of points that somebody withdrew."""
        found: set[tuple[int, int]] = set()
        for source in self.sources(group.table):
            if not source.own:
                continue
            of_view = group.table == "views"
            fields = "view_id, application" if of_view else "event, application"
            statement = (
                f"SELECT {fields} FROM {source.address} WHERE {LIVE} = 0 "
                f"AND time >= {group.from_ms}ms AND time < {group.to_ms}ms"
            )
            for series in self._journal.ask_all([statement])[0]:
                for time_ms, name, application in series["values"]:
                    if name is not None:
                        number = event_hash(application or "", name) if of_view else int(name)
                        found.add((time_ms, number))
        return found

    def _events(self, group: Group, wanted: set[tuple[int, int]]) -> list[Event]:
        """Return events of the engine by time and number."""
        found: list[Event] = []
        place = (group.from_ms - 1, _HIGHEST)
        while wanted:
            events, place = self._engine.events_after(group.table, place, _PARTS)
            found += [one for one in events if (one.time_ms, number_of(one)) in wanted]
            if not events or place[0] >= group.to_ms:
                break
        return found

    def _counted(self, downloads: Iterable[Download]) -> Iterator[pa.Table]:
        for download in downloads:
            for found in self._journal.rows(download):
                self.rows_read += found.num_rows
                yield found

    def _apply(self, rows: list[dict[str, Any]], wholes: Mapping[tuple[str, str], int]) -> None:
        """Let the engine fold differences into their views, unless they are; they are few."""
        parts = [
            ViewPart(
                view_id=row["view"],
                version=int(row["document"]),
                time_ms=row["time_ms"],
                application=row["application"],
                session_id=row["session"],
                changed=msgspec.json.decode(row["changed"] or "{}"),
            )
            for row in rows
        ]
        new: list[Event] = [*self._engine.load_differences(parts, wholes)]
        for start in range(0, len(new), _PARTS):
            self._engine.append(new[start : start + _PARTS])


def _noting(rows: Iterable[pa.Table], wholes: dict[tuple[str, str], int]) -> Iterator[pa.Table]:
    """Pass rows on; note the last whole documents of views that differences came to."""
    for one in rows:
        if WHOLE in one.column_names:
            noted = one.filter(pc.is_valid(one.column(WHOLE)))
            names = (noted.column(name).to_pylist() for name in ("application", "view", WHOLE))
            wholes |= {(of, view): int(whole) for of, view, whole in zip(*names, strict=True)}
        yield one


def _numbers(rows: pa.Table, table: str) -> Iterator[tuple[int, int]]:
    """Yield time and number of the events in rows as they come from InfluxDB."""
    times = rows.column("time_ms").to_pylist()
    if table == "views":
        applications = rows.column("application").to_pylist()
        views = rows.column("view").to_pylist()
        yield from zip(times, map(event_hash, applications, views), strict=True)
    else:
        name = "segment" if table == "replay_segments" else "event"
        yield from zip(times, rows.column(name).to_pylist(), strict=True)


def _missing(
    engine: Iterable[tuple[int, int]], there: set[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Return the engine's events that are not there; of a short number the low bits decide."""
    gone = set(engine) - there
    if not gone:
        return gone
    low = {(time_ms, short(number)) for time_ms, number in there}
    shorts = {(time_ms, number) for time_ms, number in there if is_short(number)}
    return {
        (time_ms, number)
        for time_ms, number in gone
        if (time_ms, short(number)) not in (low if is_short(number) else shorts)
    }


def _ours_alone(source: Source, counts: Mapping[Key, Mapping[str, Counts]]) -> bool:
    """Tell whether all points of a source have `live`, and none was withdrawn."""
    found = [hours[source.key] for hours in counts.values() if source.key in hours]
    return all({*one.points} == {one.live} for one in found)


def table_of(source: Source) -> str:
    """Return the table that a source ends up in: differences of views in the views."""
    return "views" if source.key == PART.name else source.table
