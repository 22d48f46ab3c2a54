"""The journal of those who run InfluxDB: one code path for 1.x, 2.x and 3.x."""

import contextlib
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any, Final

import duckdb
import pyarrow as pa

from isotherm.model import Action, Detail, Event, PageError, Segment, View, ViewPart
from isotherm.model.event_ids import as_read_back, event_hash, is_short, short
from isotherm.storage.influxdb.client import InfluxClient
from isotherm.storage.influxdb.counts import FIRST_MS, LAST_MS, Counts, count_hours
from isotherm.storage.influxdb.deduplicate import Change, Guard, Known, rewritten
from isotherm.storage.influxdb.erase import erased
from isotherm.storage.influxdb.failures import Health, JournalError, RefusedError, stale
from isotherm.storage.influxdb.line_protocol import measurement_of, number_of
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.influxdb.other_measurements import foreign_sources
from isotherm.storage.influxdb.own_measurements import own_sources
from isotherm.storage.influxdb.point_collisions import PointCollisions, point_of
from isotherm.storage.influxdb.read import HOUR_MS, Download
from isotherm.storage.influxdb.schema import PART, VIEW
from isotherm.storage.influxdb.setup import prepare, retention_s
from isotherm.storage.influxdb.source import Source
from isotherm.storage.influxdb.turn import Turn
from isotherm.storage.influxdb.write import Encode, Writer
from isotherm.storage.ports import Rejected
from isotherm.storage.view_documents import Document

Key = tuple[str, int]
"""Measurement and number of an event: senders may number events of each kind from one."""

_HOT_S: Final = 300.0
_HOURS: Final = 10_000


class InfluxJournal:
    """Events in InfluxDB (`ports.Journal`). Thread-safe; writers take turns."""

    def __init__(
        self,
        options: JournalOptions,
        client: InfluxClient,
        sources: Sequence[Source],
        known: Known | None,
    ) -> None:
        self.options = options
        self.sources = tuple(sources)
        self._client = client
        self._known = known
        self._guard = Guard(known)
        self._writer = Writer(client)
        self._collisions = PointCollisions(client, known)
        self._turn = Turn(self._forget_all, known if options.several else None)
        self._noting = threading.Lock()  # of the two below
        self._health: dict[str, Health] = {}
        self._prepared = False
        self._unconfirmed: dict[tuple[str, int], int] = {}  # table and hour -> writes
        self._written_s: dict[int, float] = {}  # hour -> when it was written last
        self._columns = duckdb.connect(config={"threads": 1})  # arithmetic on what is read

    def prepare(self) -> None:
        """Create what InfluxDB lacks. Raises JournalError: away, or with the commands to run."""
        with self._watched("setup"):
            pass

    def try_rights(self) -> None:
        """Prepare, and find out whether the credentials may read and write; nothing is written.

        Raises JournalError with what to do.
        """
        self.prepare()
        self._client.ask("SHOW MEASUREMENTS LIMIT 1")
        with contextlib.suppress(RefusedError):  # no lines: what may be written is looked at later
            self._client.write(b"\n")

    @property
    def health(self) -> Health:
        """Whether InfluxDB answers; the oldest trouble when there are several."""
        troubles = [entry for entry in self._health.values() if entry.state != "ok"]
        return min(troubles, key=lambda entry: entry.since_ms or 0, default=Health())

    def write_lock(self) -> AbstractContextManager[object]:
        """Hold this around writing to the journal and then to the engine.

        Entering raises STORE_UNAVAILABLE where several processes write.
        """
        return self._turn

    def write(self, events: Sequence[Event]) -> tuple[Rejected, ...]:
        """Write what is new of some events, durably; see `ports.Journal`."""
        with self._turn:
            changes = self._guard.changes(events)
            self._note(events)
            try:
                with self._watched("write"):
                    rejected = self._writer.write(self._encoders(changes))
            except BaseException:
                self._forget(events)
                raise
            self._forget([events[entry.position] for entry in rejected])
        return rejected

    def replace(
        self,
        application: str,
        session_id: str,
        view_id: str | None,
        *,
        actions: Sequence[Action],
        views: Sequence[View],
        errors: Sequence[PageError],
        details: Sequence[Detail] | None = None,
    ) -> None:
        """Make these the rows of a view or session: write what changed, withdraw what is gone."""
        with self._turn:
            before = self._rows(application, session_id, view_id, details=details is not None)
            events: tuple[Event, ...] = (*actions, *views, *errors, *(details or ()))
            now = _by_key(events)
            before = _renumbered(before, now)
            logs = self._logs(application, [view.view_id for view in views])
            changes = [
                rewritten(event, before.get(key), logs.get(key, ()))
                for key, event in now.items()
                if not _same(before.get(key), event)
            ]
            gone = [event for key, event in before.items() if key not in now]
            changes += [Change(withdrawn=(event,)) for event in gone]
            self._guard.drop(application, session_id)
            self._note([*now.values(), *before.values()])
            with self._watched("write"):
                self._writer.write(self._encoders(list(enumerate(changes))))

    def mend(self, events: Sequence[Event]) -> None:
        """Write events again that the engine has and InfluxDB lost; their points are new."""
        with self._turn, self._watched("write"):
            changes = [(n, rewritten(event, None)) for n, event in enumerate(events)]
            self._writer.write(self._encoders(changes))

    def sessions_of_user(self, application: str, user_id: str) -> set[str]:
        """Return the sessions that have points of a user. Raises STORE_UNAVAILABLE."""
        with self._turn, self._watched("read"):
            return erased(self._client, application, user_id).sessions

    def erase(self, application: str, user_id: str) -> set[str]:
        """Overwrite every point of a user; return the sessions they were in.

        Called under the write lock, as `Engine.erase` is. What others wrote into measurements of
        their own stays. Raises STORE_UNAVAILABLE; then it is begun again.
        """
        with self._turn:
            with self._watched("erase"):
                found = erased(self._client, application, user_id)
                self._writer.write(list(enumerate(found.lines)))
            self._guard.drop_all()  # documents of other people's views may name the user, too
        return found.sessions

    def look_for_collisions(self) -> None:
        """Learn which measurements have points that were told apart by `twin`."""
        with self._watched("read"):
            self._collisions.look()

    def engine_complete_from(self, time_ms: int | None) -> None:
        """Say since when the engine has all that the journal has; None = it is not known."""
        self._collisions.complete_from_ms = time_ms

    def ask_all(self, statements: Sequence[str]) -> list[list[Any]]:
        """Run some statements of InfluxQL; return the series of each. Raises JournalError."""
        with self._watched("read"):
            return self._client.ask_all(statements)

    def applications(self) -> set[str]:
        """Return the applications that have points of our measurements. Raises JournalError."""
        statement = 'SHOW TAG VALUES WITH KEY = "application"'
        with self._watched("read"):
            found = self._client.ask(statement)
        names = {source.measurement for source in self.sources if source.own}
        return {row[1] for series in found if series["name"] in names for row in series["values"]}

    def unconfirmed(self) -> dict[tuple[str, int], int]:
        """Return tables and hours written here since they were found there, and how often."""
        with self._noting:
            return dict(self._unconfirmed)

    def doubt(self, key: tuple[str, int]) -> None:
        """Note that what the engine has of an hour may have been lost here."""
        with self._noting:
            self._unconfirmed[key] = self._unconfirmed.get(key, 0) + 1

    def confirm(self, key: tuple[str, int], writes: int) -> None:
        """Note that an hour of a table was found there, as it was after so many writes."""
        with self._noting:
            if self._unconfirmed.get(key) == writes:
                del self._unconfirmed[key]

    def is_hot(self, hour_ms: int) -> bool:
        """Tell whether an hour may be written right now: it is recent, or was written lately."""
        written_s = self._written_s.get(hour_ms, -_HOT_S)
        now_ms = time.time() * 1000
        return hour_ms > now_ms - 2 * HOUR_MS or written_s > time.monotonic() - _HOT_S

    def count_by_hour(self, from_ms: int, to_ms: int) -> dict[str, dict[int, int]]:
        """Measurement -> hour (epoch ms) -> number of points."""
        return {
            source.key: {
                hour: counts.most for hour, counts in self.counts(source, from_ms, to_ms).items()
            }
            for source in self.sources
        }

    def counts(
        self, source: Source, from_ms: int = FIRST_MS, to_ms: int = LAST_MS
    ) -> dict[int, Counts]:
        """Return what InfluxDB has of a source per hour. Raises JournalError."""
        with self._watched("read"):
            return dict(count_hours(self._client, source, from_ms, to_ms))

    def read_hour(self, measurement: str, hour_ms: int) -> Iterator[Any]:
        """Yield Arrow tables of one hour, in the engine's column names."""
        source = next(source for source in self.sources if source.key == measurement)
        download = self.download(source, (hour_ms, hour_ms + HOUR_MS), at_least=0)
        try:
            yield from self.rows(download)
        finally:
            download.close()

    def download(
        self, source: Source, span: tuple[int, int], at_least: int, without: Collection[str] = ()
    ) -> Download:
        """Begin to read the rows of [from, to); the caller closes it."""
        return Download(self._client, source, span, at_least, without)

    def rows(self, download: Download) -> Iterator[pa.Table]:
        """Yield the rows of a download; an answer with too few rows is a JournalError."""
        with self._watched("read"), self._columns.cursor() as connection:
            yield from download.rows(connection)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        self._columns.close()

    def _rows(
        self, application: str, session_id: str, view_id: str | None, *, details: bool
    ) -> dict[Key, Event]:
        """Return what the engine has of a recording: the journal has the same."""
        if self._known is None:
            return {}
        events: list[Event] = [*self._known.actions_of(application, session_id, view_id)]
        others: list[View | PageError | Detail] = [
            *self._known.views_of(application, session_id),
            *self._known.errors_of(application, session_id),
            *(self._known.details_of(application, session_id) if details else ()),
        ]
        events += [event for event in others if view_id is None or event.view_id == view_id]
        return _by_key(events)

    def _logs(self, application: str, views: Sequence[str]) -> dict[Key, list[Document]]:
        """Return the documents of views, where differences came."""
        logs: dict[Key, list[Document]] = {}
        for one in self._known.documents_of(application, views) if self._known else ():
            key = (VIEW.name, event_hash(application, one.view_id))
            logs.setdefault(key, []).append(one)
        return logs

    def _encoders(self, changes: Sequence[tuple[int, Change]]) -> list[tuple[int, Encode]]:
        """Return what makes the lines of changes, twins told apart. Raises JournalError."""
        puts = [put for _, change in changes for put in change.puts]
        withdrawn = [event for _, change in changes for event in change.withdrawn]
        new = [point_of(put.event) for put in puts if put.new]
        there = [point_of(put.event) for put in puts if not put.new]
        twins = self._collisions.find(new, [*there, *map(point_of, withdrawn)])

        def twin(event: Event) -> int:
            return twins.get(point_of(event), 0) if twins else 0

        return [(position, partial(change.lines, twin)) for position, change in changes]

    def _note(self, events: Sequence[Event]) -> None:
        now = time.monotonic()
        for event in events:
            hour = event.time_ms // HOUR_MS * HOUR_MS
            self._written_s[hour] = now
            measurement = measurement_of(event)
            self.doubt(((VIEW if measurement is PART else measurement).table, hour))
        if len(self._written_s) > _HOURS:
            self._written_s = {
                hour: at for hour, at in self._written_s.items() if at > now - _HOT_S
            }

    def _forget_all(self) -> None:
        """Forget what other processes may have changed. Raises JournalError."""
        self._guard.drop_all()
        with self._watched("read"):
            self._collisions.forget()

    def _forget(self, events: Sequence[Event]) -> None:
        for application, session in {(event.application, event.session_id) for event in events}:
            self._guard.drop(application, session)

    @contextmanager
    def _watched(self, what: str) -> Iterator[None]:
        try:
            if not self._prepared:
                prepare(self._client)
                self._collisions.look()
                self._prepared = True
            yield
        except JournalError as error:
            self._prepared = False  # it may come back empty
            self._health[what] = stale(error, self._health.get(what, Health()).since_ms)
            raise
        self._health[what] = Health()


def _by_key(events: Sequence[Event]) -> dict[Key, Event]:
    return {(measurement_of(event).name, number_of(event)): event for event in events}


def _renumbered(before: dict[Key, Event], now: dict[Key, Event]) -> dict[Key, Event]:
    """Return events by the numbers that they have now: those stored earlier have short ones."""
    old = {key for key in before if is_short(key[1])} - now.keys()
    if not old:
        return before
    long = {(name, short(number)): (name, number) for name, number in now}
    return {long.get(key, key) if key in old else key: one for key, one in before.items()}


def _same(before: Event | None, now: Event) -> bool:
    """Whether nothing of an event changed; the id is compared by its number already."""
    if before is None or type(before) is not type(now):
        return False
    if isinstance(before, View | ViewPart | Segment):
        return before == now
    return as_read_back(before) == as_read_back(now)


def open_journal(options: JournalOptions, known: Known | None = None) -> InfluxJournal:
    """Return the journal of an InfluxDB that need not be there yet.

    `known` is the engine. What is missing in InfluxDB is created at the first use, or at once by
    `prepare`. Raises INVALID for a mapping file that cannot be used, naming file and key.
    """
    retention_s(options.retention)
    sources = (*own_sources(), *foreign_sources(options))
    return InfluxJournal(options, InfluxClient(options), sources, known)
