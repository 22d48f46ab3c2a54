"""Brings groups of hours in step, the next rows on their way while a group is being stored."""

import contextlib
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec
import pyarrow as pa
from msgspec import Struct

from isotherm.model import Event, ViewPart
from isotherm.storage.influxdb.compare import in_step
from isotherm.storage.influxdb.counts import Counts
from isotherm.storage.influxdb.engine_counts import HourStore, held
from isotherm.storage.influxdb.groups import Group
from isotherm.storage.influxdb.journal import InfluxJournal
from isotherm.storage.influxdb.ledger import Both, Held, Key
from isotherm.storage.influxdb.own_measurements import OURS_ALONE
from isotherm.storage.influxdb.read import Download
from isotherm.storage.influxdb.schema import PART
from isotherm.storage.influxdb.source import Source

_PARTS: Final = 5000
_AHEAD: Final = 2
"""Groups on their way while one is stored: the views of a week are few, and with the next week's
actions InfluxDB is never idle."""


class _Begun(Struct):
    """A group whose numbers are known and whose rows, if they are needed, are coming."""

    group: Group
    counts: dict[Key, dict[str, Counts]]
    agreed: dict[Key, Both] | None  # nothing needs to be read
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

    def sources(self, table: str) -> tuple[Source, ...]:
        """Return the sources of a table."""
        return tuple(source for source in self._journal.sources if table_of(source) == table)

    def settled(
        self,
        groups: Iterable[Group],
        known: Mapping[Key, Both],
        journal: Mapping[Key, dict[str, Counts]],
    ) -> Generator[tuple[Group, dict[Key, Both]]]:
        """Bring groups in step one after the other; yield what both sides have then.

        By a look when only Isotherm wrote, else by reading. `journal` is what InfluxDB had a
        moment ago; hours that may be written right now are counted again, compared and read while
        the writer waits. Raises STORE_UNAVAILABLE.
        """
        coming = deque(groups)
        begun: deque[_Begun] = deque()
        try:
            while coming or begun:
                if not begun and coming[0].hot:
                    with self._journal.turn():
                        hot = self._begin(coming.popleft(), known, journal)
                        done = hot.group, self._finish(hot)
                else:
                    while coming and not coming[0].hot and len(begun) <= _AHEAD:
                        begun.append(self._begin(coming.popleft(), known, journal))
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
    ) -> _Begun:
        span = (group.from_ms, group.to_ms)
        sources = self.sources(group.table)
        counts = {key: journal.get(key, {}) for key in group.keys}
        if group.hot:
            counts = self._count(group, sources)
        engine = held(self._engine, group.table, *span)
        agreed = {key: Both(now, engine.get(key, Held())) for key, now in counts.items()}
        if all(
            in_step(sources, known.get(key), both.journal, both.engine)
            for key, both in agreed.items()
        ):
            return _Begun(group, counts, agreed, [], [])
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
        return _Begun(group, counts, None, rows, parts)

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
        self._engine.load_hours(group.table, *span, self._counted(begun.rows))
        for download in begun.parts:
            for found in self._journal.rows(download):
                self._apply(found.to_pylist())
        engine = held(self._engine, group.table, *span)
        return {key: Both(now, engine.get(key, Held())) for key, now in begun.counts.items()}

    def _counted(self, downloads: Iterable[Download]) -> Iterator[pa.Table]:
        for download in downloads:
            for found in self._journal.rows(download):
                self.rows_read += found.num_rows
                yield found

    def _apply(self, rows: list[dict[str, Any]]) -> None:
        """Let the engine fold differences into their views; they are few."""
        parts: list[Event] = [
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
        for start in range(0, len(parts), _PARTS):
            self._engine.append(parts[start : start + _PARTS])


def _ours_alone(source: Source, counts: Mapping[Key, Mapping[str, Counts]]) -> bool:
    """Tell whether all points of a source have `live`, and none was withdrawn."""
    found = [hours[source.key] for hours in counts.values() if source.key in hours]
    return all({*one.points} == {one.live} for one in found)


def table_of(source: Source) -> str:
    """Return the table that a source ends up in: differences of views in the views."""
    return "views" if source.key == PART.name else source.table
