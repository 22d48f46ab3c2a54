"""The store of more than one process: a ClickHouse server (`ports.Engine`).

Nothing is kept in a process but texts and their numbers, which are the same in every process. A
batch is not one transaction: texts, marks of recordings and rows are added one after the other, in
an order in which a crash in between loses nothing, and a batch that comes again adds what is
missing. Each event counts once whoever sends it, because rows of one event collapse (`schema.py`).
"""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
from msgspec import Struct
from sqlglot import exp

from isotherm.model import (
    Action,
    Detail,
    Event,
    LongTask,
    PageError,
    Resource,
    Segment,
    View,
    ViewPart,
    Vital,
)
from isotherm.model.errors import Code, IsothermError
from isotherm.model.event_ids import event_hash
from isotherm.storage.clickhouse import dialect, forgetting, marks, schema
from isotherm.storage.clickhouse.columns import numpy_columns
from isotherm.storage.clickhouse.options import Options
from isotherm.storage.clickhouse.rows import (
    events_of,
    having,
    keys,
    new_versions,
    picked,
    replacing,
    stored_rows,
    versioned,
)
from isotherm.storage.clickhouse.server import Server, read_address
from isotherm.storage.clickhouse.terms import Fresh, Places, Terms
from isotherm.storage.clickhouse.views import told
from isotherm.storage.encode import encode
from isotherm.storage.ports import Appended, Columns, Computed, PageSpan, Recording, Summed
from isotherm.storage.tables import (
    ACTIONS,
    DETAILS,
    ERRORS,
    LONG_TASKS,
    RESOURCES,
    SEGMENTS,
    TABLES,
    VIEWS,
    VITALS,
    Table,
)

_TABLE_OF: Final = {
    Action: ACTIONS,
    View: VIEWS,
    ViewPart: VIEWS,
    PageError: ERRORS,
    Resource: RESOURCES,
    LongTask: LONG_TASKS,
    Vital: VITALS,
    Segment: SEGMENTS,
}
_COUNTED_BY: Final = "target"
"""The column whose numbers are positions in arrays (`query/placing`): they must be small."""


class _Batch(Struct, frozen=True):
    """Rows to add, by table, and what else comes with them."""

    rows: dict[str, pa.Table]
    marks: pa.Table | None
    users: pa.Table | None
    log: pa.Table | None
    appended: Appended


class ClickHouseEngine:
    """The columnar store in ClickHouse (`ports.Engine`)."""

    def __init__(self, url: str, options: Options | None = None) -> None:
        """Connect. Raises INVALID for a wrong address, CONFLICT, STORE_UNAVAILABLE."""
        options = options or Options()
        self._server = Server(read_address(url), options.timeout_s)
        try:
            schema.migrate(self._server)
            schema.keep(self._server, options.keep_days)
        except BaseException:
            self._server.close()
            raise
        self._terms = Terms(self._server)
        self._places = Places()
        self._lock = _Reading()

    @property
    def name(self) -> str:
        """The database's address without password."""
        return self._server.address.shown

    def append(self, events: Sequence[Event]) -> Appended:
        """Add events (segments without body). Raises STORE_UNAVAILABLE.

        An event that no row can hold raises ValueError, TypeError or OverflowError.
        """
        return self._add(events, marked=True)

    def take_over(self, events: Sequence[Event]) -> Appended:
        """Add events of another store; whether a recording is to be read, `mark_unread` says."""
        return self._add(events, marked=False)

    def mark_unread(self, recordings: Sequence[Recording]) -> None:
        """Say that recordings are still to be read."""
        fresh = self._terms.fresh()
        made = marks.rows(fresh, recordings)
        while not self._terms.store(fresh):
            fresh = self._terms.fresh()
            made = marks.rows(fresh, recordings)
        if made is not None:
            self._server.insert("unsettled", made)

    def _add(self, events: Sequence[Event], *, marked: bool) -> Appended:
        with self._lock:
            while True:
                fresh = self._terms.fresh()
                batch = self._batch(fresh, events)
                if self._terms.store(fresh):
                    break  # else a number was taken: the rows are made again with others
            # A recording may be marked in vain, but never be read without what it was marked for.
            for name, rows in (("unsettled", batch.marks), ("users", batch.users)):
                if rows is not None and (marked or name != "unsettled"):
                    self._server.insert(name, rows)
            if batch.log is not None:
                self._server.insert("view_log", batch.log)
            for name, rows in batch.rows.items():
                self._server.insert(name, rows)
        return batch.appended

    def _batch(self, fresh: Fresh, events: Sequence[Event]) -> _Batch:
        places: dict[str, list[int]] = {}
        for position, event in enumerate(events):
            places.setdefault(_TABLE_OF[type(event)].name, []).append(position)
        rows: dict[str, pa.Table] = {}
        log, duplicates, outdated = None, list[int](), list[int]()
        for table in TABLES:
            positions = places.get(table.name, [])
            mine: list[Any] = [events[i] for i in positions]
            if table is VIEWS and mine:
                found = told(self._server, self._terms, fresh, mine)
                outdated += [positions[i] for i in found.older]
                duplicates += [positions[i] for i in found.same]
                log = found.log
                if found.rows is not None:
                    rows[table.name] = found.rows
            elif mine:
                encoded = encode(table, mine, fresh.ids)
                versions = new_versions(self._server, table, encoded)
                duplicates += [positions[i] for i, one in enumerate(versions) if not one]
                rows[table.name] = versioned(encoded, versions).filter(
                    pa.array(map(bool, versions))
                )
        left_out = {*duplicates, *outdated}
        new = [event for position, event in enumerate(events) if position not in left_out]
        touched = marks.touched(self._server, fresh, new)
        return _Batch(
            rows=rows,
            marks=marks.rows(fresh, touched),
            users=_users(fresh, events),
            log=log,
            appended=Appended(
                len(new), tuple(sorted(duplicates)), tuple(sorted(outdated)), touched
            ),
        )

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
        marks_read: bool = False,
    ) -> None:
        """Make these the actions, views and errors of a view (or a whole session).

        `details` None: requests, long tasks and vitals stay as they are. With `marks_read` there is
        nothing more to read in the recording for now. What another process added since this one
        read the recording (holding `write_lock`) stays.
        """
        recording = Recording(application, session_id, view_id)
        given: list[tuple[Table, Sequence[Any]]]
        given = [(ACTIONS, actions), (VIEWS, views), (ERRORS, errors)]
        if details is not None:
            for table in DETAILS:
                given.append((table, [one for one in details if isinstance(one, table.struct)]))
        with self._lock:
            ids = self._ids(marks.terms_of(recording))
            settled = False
            while not settled:
                fresh = self._terms.fresh()
                made = {
                    table.name: encode(table, events, fresh.ids)
                    for table, events in given
                    if events
                }
                settled = self._terms.store(fresh)
            for table, _ in given:
                condition = having(ids) if ids else "0"
                before = stored_rows(self._server, table, condition, ids)
                seen = self._lock.seen(table, recording)
                if seen is not None:
                    known = [at for at, key in enumerate(keys(table, before)) if key in seen]
                    before = picked(before, known)
                after = made.get(table.name, before.slice(0, 0))
                self._server.insert(table.name, replacing(table, before, after))
            if marks_read:
                marks.mark_read(self._server, self._ids(marks.terms_of(recording)))

    def write_lock(self) -> AbstractContextManager[object]:
        """Hold this around reading a recording's events and replacing them.

        It keeps this process' other threads out. What other processes add meanwhile is not
        replaced, because only rows that were read under the lock are.
        """
        return self._lock

    def load_hours(
        self,
        name: str,  # noqa: ARG002
        from_ms: int,  # noqa: ARG002
        to_ms: int,  # noqa: ARG002
        batches: Iterable[Any],  # noqa: ARG002
    ) -> int:
        """Refuse: there is no journal in front of ClickHouse (`app/wiring.py` says so at start)."""
        raise IsothermError(Code.INVALID, "ClickHouse is not filled from a journal.")

    def mark_read(self, recording: Recording) -> None:
        """Say that there is nothing more to read in a recording for now."""
        marks.mark_read(self._server, self._ids(marks.terms_of(recording)))

    def pending_recordings(self) -> list[Recording]:
        """Return the recordings with new segments or events since they were last read."""
        return marks.pending(self._server, self._terms)

    def marks_of(self, recording: Recording) -> int:
        """Return in how many batches it has got something since it was last read."""
        ids = self._ids(marks.terms_of(recording))
        return marks.count(self._server, ids) if ids else 0

    def actions_of(
        self, application: str, session_id: str, view_id: str | None = None
    ) -> list[Action]:
        """Every stored action of a session, or of one view of it, by time.

        Event ids come back as `#` and their hash, which stands for the same event everywhere.
        """
        return self._restore(ACTIONS, application, session_id, view_id)

    def views_of(self, application: str, session_id: str) -> list[View]:
        """Every view of a session, by time."""
        return self._restore(VIEWS, application, session_id)

    def errors_of(self, application: str, session_id: str) -> list[PageError]:
        """Every stored error of a session, by time."""
        return self._restore(ERRORS, application, session_id)

    def details_of(self, application: str, session_id: str) -> list[Detail]:
        """Every stored request, long task and vital of a session, by kind and time."""
        return [
            detail for table in DETAILS for detail in self._restore(table, application, session_id)
        ]

    def segments_of(self, application: str, session_id: str) -> list[Segment]:
        """Every stored segment of a session (without bodies), by recording and index."""
        found = self._restore(SEGMENTS, application, session_id)
        return sorted(found, key=lambda segment: (segment.recording_id, segment.index))

    def numbers_of(self, application: str, session_id: str) -> dict[str, set[int]]:
        """Return the numbers of a session's stored events by table, views aside."""
        ids = self._ids({"application": application, "session": session_id})
        found: dict[str, set[int]] = {}
        for table in TABLES if ids else ():
            if table is not VIEWS:
                query = f"SELECT {table.columns[0].name} FROM {table.name} WHERE {having(ids)}"
                numbers = {number for (number,) in self._server.rows(query, ids)}
                if numbers:
                    found[table.name] = numbers
        return found

    def numbers_at(self, name: str, times_ms: Sequence[int]) -> list[tuple[int, int]]:
        """Return time and number of the events of a table at some milliseconds."""
        times = [int(one) for one in times_ms]
        return self._numbers(_table(name), "time_ms IN {times: Array(Int64)}", {"times": times})

    def numbers_between(self, name: str, from_ms: int, to_ms: int) -> list[tuple[int, int]]:
        """Return time and number of the events of a table within [from, to)."""
        condition = "time_ms >= {low: Int64} AND time_ms < {high: Int64}"
        return self._numbers(_table(name), condition, {"low": from_ms, "high": to_ms})

    def events_after(
        self, name: str, after: tuple[int, int], limit: int
    ) -> tuple[list[Event], tuple[int, int]]:
        """Return the next events of a table by time, and the place to go on from; first (-1, 0)."""
        table = _table(name)
        number = table.columns[0].name
        rows = stored_rows(
            self._server,
            table,
            "time_ms > {time: Int64} OR time_ms = {time: Int64} "
            f"AND {number} > {{number: Int64}} "
            f"ORDER BY time_ms, {number} LIMIT {int(limit)}",
            {"time": after[0], "number": after[1]},
        )
        if not rows.num_rows:
            return [], after
        last = rows.slice(rows.num_rows - 1)
        place = (last.column("time_ms")[0].as_py(), last.column(number)[0].as_py())
        return events_of(self._terms, self._server, table, rows), place

    def run(self, statement: exp.Expression, values: Mapping[str, object] | None = None) -> Columns:
        """Run one statement (sqlglot, DuckDB's dialect; `$name` placeholders are bound).

        Raises TOO_MUCH_DATA beyond the time or memory limit, INVALID for a value that does not fit.
        """
        statement, bound = self._with_numbers(statement, dict(values or {}))
        text = dialect.translate(statement, bound)
        columns = numpy_columns(self._server.read(text, bound, dialect.SETTINGS))
        return self._with_places(columns)

    def page_rows(
        self, table: str, asked: PageSpan, names: Sequence[str], computed: Computed | None = None
    ) -> list[Columns]:
        """Return columns of the rows of one page, in parts; nobody may write to the arrays.

        Raises TOO_MUCH_DATA beyond the time limit.
        """
        columns = ", ".join(f'"{name}"' for name in dict.fromkeys(("time_ms", *names)))
        found = self._server.read(
            f"SELECT {columns} FROM {_table(table).name} "
            "WHERE application = {application: Int64} AND page = {page: Int64} "
            "AND time_ms >= {since: Int64} AND time_ms < {until: Int64} "
            "AND intDiv(time_ms, 3600000) BETWEEN intDiv({since: Int64}, 3600000) "
            "AND intDiv({until: Int64}, 3600000)",
            {
                "application": asked.application,
                "page": asked.page,
                "since": asked.from_ms,
                "until": asked.to_ms,
            },
            dialect.SETTINGS,
        )
        part = self._with_places(numpy_columns(found))
        if computed is not None:
            part[computed.name] = computed.compute(part)
        return [part]

    def page_sums(self, table: str, asked: PageSpan, summed: Summed) -> np.ndarray[Any, Any]:
        """Return the sums over all `page_rows`. Raises TOO_MUCH_DATA beyond the time limit."""
        (part,) = self.page_rows(table, asked, summed.reads, summed.computed)
        return summed.add({name: part[name] for name in summed.takes})

    def term_id(self, kind: str, text: str) -> int:
        """Return the number of a text; 0 when it was never seen."""
        return self._terms.find(kind, text)

    def terms(self, kind: str) -> Mapping[int, str]:
        """All texts of a kind of few values (application, page, element, action_name, facets)."""
        texts = self._terms.all(kind)
        if kind == _COUNTED_BY:
            return {self._places.of(number): text for number, text in texts.items()}
        return texts

    def match_terms(self, kind: str, pattern: str) -> list[int]:
        """Return the ids of the texts that a regular expression (RE2) matches as a whole.

        The absent text (id 0) is among them when the pattern matches "". Raises INVALID.
        """
        condition = dialect.translate(_MATCH, {"pattern": pattern})
        found = self._terms.matching(kind, condition.removeprefix("SELECT "), pattern)
        nothing = self.run(_MATCHES_NOTHING, {"pattern": pattern})
        return [*found, *([0] if nothing["matches"][0] else [])]

    def compact(self, *, least_rows: int | None = None) -> bool:  # noqa: ARG002
        """Do nothing: the server merges by itself."""
        return False

    def expire(self, before_ms: Mapping[str, int]) -> None:
        """Delete rows older than a time per table name (actions, views, errors, ...)."""
        forgetting.expire(self._server, self._terms, before_ms)

    def erase(self, application: str, user_id: str) -> list[str]:
        """Delete all rows and texts of a user; return the sessions, whose bodies go, too."""
        ids = self._ids({"application": application, "user": user_id})
        with self._lock:
            return forgetting.erase(self._server, self._terms, ids) if ids else []

    def checkpoint(self) -> None:
        """Do nothing: what the server has acknowledged is on its disk."""

    @property
    def page_bytes(self) -> int:
        """Memory that pages asked for lately take: they are read anew from the server."""
        return 0

    def close(self) -> None:
        """Give up the connections."""
        self._server.close()

    def _restore(
        self, table: Table, application: str, session_id: str, view_id: str | None = None
    ) -> list[Any]:
        terms = {"application": application, "session": session_id}
        if view_id is not None:
            terms["view"] = view_id
        ids = self._ids(terms)
        if not ids:
            self._lock.saw(table, application, session_id, [])
            return []
        order = f"{having(ids)} ORDER BY time_ms, {table.columns[0].name}"
        rows = stored_rows(self._server, table, order, ids)
        self._lock.saw(table, application, session_id, keys(table, rows))
        return events_of(self._terms, self._server, table, rows)

    def _numbers(
        self, table: Table, condition: str, values: Mapping[str, object]
    ) -> list[tuple[int, int]]:
        number = table.columns[0].name
        if table is not VIEWS:
            query = f"SELECT time_ms, {number} FROM {table.name} WHERE {condition}"
            return [(time, one) for time, one in self._server.rows(query, values)]
        query = f"SELECT time_ms, application, view FROM views WHERE {condition}"
        rows = self._server.rows(query, values)
        applications = self._terms.texts("application", [row[1] for row in rows])
        views = self._terms.texts("view", [row[2] for row in rows])
        return [(time, event_hash(applications[of], views[view])) for time, of, view in rows]

    def _ids(self, terms: Mapping[str, str]) -> dict[str, int]:
        """Return the ids of texts by kind; nothing when one of them was never seen."""
        ids = {kind: self._terms.find(kind, text) for kind, text in terms.items()}
        return ids if all(ids.values()) else {}

    def _with_places(self, columns: Columns) -> Columns:
        if _COUNTED_BY in columns:
            columns[_COUNTED_BY] = self._places.column(columns[_COUNTED_BY])
        return columns

    def _with_numbers(
        self, statement: exp.Expression, values: dict[str, object]
    ) -> tuple[exp.Expression, dict[str, object]]:
        """Put the server's numbers in place of this process' small ones."""
        places = values.get("targets")
        if isinstance(places, list):
            values["targets"] = [self._places.number(place) for place in places]
        if any(map(_names_targets, statement.find_all(exp.In))):
            statement = statement.copy()
            for one in filter(_names_targets, statement.find_all(exp.In)):
                for literal in one.expressions:
                    number = self._places.number(int(literal.this))
                    literal.replace(exp.convert(number))
        return statement, values


def _names_targets(one: exp.In) -> bool:
    return (
        one.this.name == _COUNTED_BY
        and all(isinstance(place, exp.Literal) for place in one.expressions)
        and bool(one.expressions)
    )


class _Reading:
    """The lock of writers, and which rows its holder has read of which session."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._seen: dict[tuple[str, str, str], set[tuple[int, ...]]] = {}
        self._holder = 0

    def __enter__(self) -> Self:
        self._lock.acquire()
        self._depth += 1
        self._holder = threading.get_ident()
        return self

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        if not self._depth:
            self._seen.clear()
            self._holder = 0
        self._lock.release()

    def saw(
        self, table: Table, application: str, session_id: str, found: Collection[tuple[int, ...]]
    ) -> None:
        """Remember what the holder has read; other threads read as they like."""
        if self._holder == threading.get_ident():
            seen = self._seen.setdefault((table.name, application, session_id), set())
            seen.update(found)

    def seen(self, table: Table, recording: Recording) -> set[tuple[int, ...]] | None:
        """Return the rows of a table that the holder has read; None when it has not looked."""
        return self._seen.get((table.name, recording.application, recording.session_id))


def _users(fresh: Fresh, events: Sequence[Any]) -> pa.Table | None:
    """Return the latest name of each user; two applications may mean two people by one id."""
    named = {
        (event.application, event.user_id): event.user_name
        for event in events
        if getattr(event, "user_name", "") and event.user_id
    }
    if not named:
        return None
    return pa.table(
        {
            "application": pa.array(fresh.ids("application", [app for app, _ in named])),
            "user": pa.array(fresh.ids("user", [user for _, user in named])),
            "name": pa.array(named.values(), pa.string()),
        }
    )


def _table(name: str) -> Table:
    table = next((table for table in TABLES if table.name == name), None)
    if table is None:
        raise IsothermError(Code.INVALID, f"There is no table {name}.")
    return table


_PATTERN: Final = exp.Placeholder(this="pattern")
_MATCH: Final = exp.select(exp.RegexpFullMatch(this=exp.column("text"), expression=_PATTERN.copy()))
_MATCHES_NOTHING: Final = exp.select(
    exp.alias_(
        exp.RegexpFullMatch(this=exp.Literal.string(""), expression=_PATTERN.copy()), "matches"
    )
)
