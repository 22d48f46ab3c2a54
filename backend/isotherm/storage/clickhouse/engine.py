"""The store of more than one process: a ClickHouse server (`ports.Engine`).

Nothing is kept in a process but texts and their numbers, which are the same in every process. A
batch is not one transaction: texts, marks of recordings and rows are added one after the other, in
an order in which a crash in between loses nothing, and a batch that comes again adds what is
missing. Each event counts once whoever sends it, because rows of one event collapse (`schema.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from sqlglot import exp

from isotherm.model import (
    Action,
    Detail,
    Event,
    PageError,
    View,
    ViewPart,
)
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.clickhouse import erase as erase_rows
from isotherm.storage.clickhouse import pending_recordings, schema
from isotherm.storage.clickhouse.append import add
from isotherm.storage.clickhouse.fill_from_journal import Store, load_hours
from isotherm.storage.clickhouse.mirroring import mirror
from isotherm.storage.clickhouse.options import Options
from isotherm.storage.clickhouse.reader import Reader
from isotherm.storage.clickhouse.reading_lock import ReadingLock
from isotherm.storage.clickhouse.rows import (
    AMONG,
    among,
    events_of,
    having,
    places_of,
    replacing,
    stored_rows,
    versions_of,
    without,
)
from isotherm.storage.clickhouse.server import Server, read_address
from isotherm.storage.clickhouse.terms import Terms
from isotherm.storage.clickhouse.views import load_differences, logged
from isotherm.storage.encode import encode
from isotherm.storage.ports import Appended, Columns, Computed, PageSpan, Recording, Summed
from isotherm.storage.stored_events import StoredEvents, by_table
from isotherm.storage.tables import (
    TABLES,
    VIEWS,
    Table,
    table_called,
)
from isotherm.storage.view_documents import Document


class ClickHouseEngine(StoredEvents):
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
        self._idle_text_s = options.idle_text_s
        self._terms = Terms(self._server)
        self._reader = Reader(self._server, self._terms)
        self._lock = ReadingLock(options.turn, options.hosts)
        self._growth = pending_recordings.Growth()

    @property
    def name(self) -> str:
        """The database's address without password."""
        return self._server.address.shown

    def append(self, events: Sequence[Event]) -> Appended:
        """Add events (segments without body). Raises STORE_UNAVAILABLE.

        An event that no row can hold raises ValueError, TypeError or OverflowError.
        """
        with self._lock:
            return add(self._server, self._terms, events, marked=True)

    def mirror(self, name: str, from_ms: int, to_ms: int, events: Sequence[Event]) -> int:
        """Make events of another store those of [from, to) of a table (`mirroring.py`).

        Returns how many rows that changed. Whether a recording is to be read, `mark_unread` says.
        """
        with self._lock:
            return mirror(self._server, self._terms, table_called(name), (from_ms, to_ms), events)

    def load_hours(self, name: str, from_ms: int, to_ms: int, batches: Iterable[pa.Table]) -> int:
        """Make the rows of `batches` (texts as text) the rows of [from, to) of a table.

        Returns how many rows there are. An exception of `batches` passes through; new rows that
        were added until then stay.
        """
        table, span = table_called(name), (from_ms, to_ms)
        return load_hours(Store(self._server, self._terms, self._lock), table, span, batches)

    def load_differences(
        self, parts: Sequence[ViewPart], wholes: Mapping[tuple[str, str], int]
    ) -> list[ViewPart]:
        """Remember differences that the rows of their views have already; return the others.

        `wholes` has the version of the last whole document by application and view.
        """
        with self._lock:
            return load_differences(self._server, self._terms, parts, wholes)

    def mark_unread(self, recordings: Sequence[Recording]) -> None:
        """Say that recordings are still to be read."""
        fresh = self._terms.fresh()
        made = pending_recordings.rows(fresh, recordings)
        while not self._terms.store(fresh):
            fresh = self._terms.fresh()
            made = pending_recordings.rows(fresh, recordings)
        if made is not None:
            self._server.insert("unsettled", made)

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
        nothing more to read in the recording for now. What another process added, changed or
        marked since this one read the recording (holding `write_lock`) stays.
        """
        recording = Recording(application, session_id, view_id)
        given = by_table(actions, views, errors, details)
        with self._lock:
            ids = self._ids(pending_recordings.terms_of(recording))
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
                after = made.get(table.name, before.slice(0, 0))
                known = self._lock.rows(table, recording)
                if known is not None:
                    now = versions_of(table, before)
                    changed = {key[-1] for key, _ in known.items() ^ now.items()}
                    before, after = (without(table, one, changed) for one in (before, after))
                self._server.insert(table.name, replacing(table, before, after))
            if marks_read:
                self.mark_read(recording)

    def write_lock(self) -> AbstractContextManager[object]:
        """Hold this around reading a recording's events and replacing them.

        It keeps other threads out, and other processes that have the same `Options.turn`. What the
        rest adds meanwhile is not replaced, because only rows that were read under the lock are.
        """
        return self._lock

    def others_wrote(self) -> bool:
        """Whether another process may have stored since this one had the `write_lock` before."""
        return self._lock.others_wrote

    def mark_read(self, recording: Recording) -> None:
        """Say that there is nothing more to read in a recording for now."""
        marks = self._lock.marks(recording)
        if marks is None:
            marks = pending_recordings.there(
                self._server, self._ids(pending_recordings.terms_of(recording))
            )
        pending_recordings.take_away(self._server, marks)

    def pending_recordings(self) -> list[Recording]:
        """Return the recordings with new segments or events since they were last read."""
        return pending_recordings.pending(self._server, self._terms)

    def grown_recordings(self) -> list[Recording]:
        """Return the recordings that got something since the last call, by whatever process."""
        return self._growth.look(self._server, self._terms)

    def marks_of(self, recording: Recording) -> int:
        """Return in how many batches it has got something since it was last read."""
        found = pending_recordings.there(
            self._server, self._ids(pending_recordings.terms_of(recording))
        )
        self._lock.keep_marks(recording, found)
        return int(found.num_rows)

    def numbers_of(
        self, application: str, sessions: Sequence[str]
    ) -> dict[str, dict[str, set[int]]]:
        """Return the numbers of stored events by session and table, views aside."""
        values = among(self._terms, application, sessions)
        found: dict[int, dict[str, set[int]]] = {}
        for table in TABLES if values else ():
            if table is not VIEWS:
                number = table.columns[0].name
                query = f"SELECT session, {number} FROM {table.name} WHERE {AMONG}"
                for session, one in self._server.rows(query, values):
                    found.setdefault(session, {}).setdefault(table.name, set()).add(one)
        texts = self._terms.texts("session", found)
        return {texts[session]: numbers for session, numbers in found.items()}

    def views_among(self, application: str, sessions: Sequence[str]) -> list[View]:
        """Every view of some sessions."""
        values = among(self._terms, application, sessions)
        if not values:
            return []
        rows = stored_rows(self._server, VIEWS, AMONG, values)
        return events_of(self._terms, self._server, VIEWS, rows)

    def documents_of(self, application: str, views: Sequence[str]) -> list[Document]:
        """Return the documents in the logs of some views (`view_documents.py`)."""
        return logged(self._server, self._terms, application, views)

    def numbers_at(self, name: str, times_ms: Sequence[int]) -> list[tuple[int, int]]:
        """Return time and number of the events of a table at some milliseconds."""
        times = [int(one) for one in times_ms]
        return places_of(
            self._server,
            self._terms,
            table_called(name),
            "time_ms IN {times: Array(Int64)}",
            {"times": times},
        )

    def numbers_between(self, name: str, from_ms: int, to_ms: int) -> list[tuple[int, int]]:
        """Return time and number of the events of a table within [from, to)."""
        condition = "time_ms >= {low: Int64} AND time_ms < {high: Int64}"
        return places_of(
            self._server,
            self._terms,
            table_called(name),
            condition,
            {"low": from_ms, "high": to_ms},
        )

    def events_after(
        self, name: str, after: tuple[int, int], limit: int
    ) -> tuple[list[Event], tuple[int, int]]:
        """Return the next events of a table by time, and the place to go on from; first (-1, 0)."""
        table = table_called(name)
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

    def state(self, application: str, pages: Sequence[str]) -> None:  # noqa: ARG002
        """Others may write at any time."""
        return

    def keeps(self, table: str, asked: PageSpan, names: Sequence[str]) -> bool:  # noqa: ARG002
        """Nothing is kept here: each question reads what it needs."""
        return False

    def run(self, statement: exp.Expression, values: Mapping[str, object] | None = None) -> Columns:
        """Run one statement (sqlglot, DuckDB's dialect; `$name` placeholders are bound).

        Raises TOO_MUCH_DATA beyond the time or memory limit, INVALID for a value that does not fit.
        """
        return self._reader.run(statement, values)

    def page_rows(
        self, table: str, asked: PageSpan, names: Sequence[str], computed: Computed | None = None
    ) -> list[Columns]:
        """Return columns of the rows of one page, in parts; nobody may write to the arrays.

        Raises TOO_MUCH_DATA beyond the time limit.
        """
        return self._reader.page_rows(table, asked, names, computed)

    def page_sums(self, table: str, asked: PageSpan, summed: Summed) -> np.ndarray[Any, Any]:
        """Return the sums over all `page_rows`. Raises TOO_MUCH_DATA beyond the time limit."""
        return self._reader.page_sums(table, asked, summed)

    def term_id(self, kind: str, text: str) -> int:
        """Return the number of a text; 0 when it was never seen."""
        return self._terms.find(kind, text)

    def terms(self, kind: str) -> Mapping[int, str]:
        """All texts of a kind of few values (application, page, element, action_name, facets)."""
        return self._reader.terms(kind)

    def match_terms(self, kind: str, pattern: str) -> list[int]:
        """Return the ids of the texts that a regular expression (RE2) matches as a whole.

        The absent text (id 0) is among them when the pattern matches "". Raises INVALID.
        """
        return self._reader.match_terms(kind, pattern)

    def compact(self, *, least_rows: int | None = None) -> bool:  # noqa: ARG002
        """Do nothing: the server merges by itself."""
        return False

    def expire(self, before_ms: Mapping[str, int]) -> None:
        """Delete rows older than a time per table name (actions, views, errors, ...)."""
        with self._lock:  # a text that a batch is about to use must not go
            erase_rows.expire(self._server, self._terms, before_ms, self._idle_text_s)

    def sessions_of_user(self, application: str, user_id: str) -> list[str]:
        """Return the sessions that have rows of a user."""
        ids = self._ids({"application": application, "user": user_id})
        return erase_rows.sessions_of(self._server, self._terms, ids) if ids else []

    def erase(self, application: str, user_id: str) -> list[str]:
        """Delete all rows and texts of a user; return the sessions, whose bodies go, too."""
        find = self._terms.find
        ids = {"application": find("application", application), "user": find("user", user_id)}
        with self._lock:
            erase = erase_rows.erase
            return erase(self._server, self._terms, ids, user_id) if ids["application"] else []

    def checkpoint(self) -> None:
        """Do nothing: what the server has acknowledged is on its disk."""

    @property
    def kind(self) -> str:
        """What the status page calls this kind of store."""
        return "clickhouse"

    @property
    def own_backup(self) -> str:
        """How ClickHouse is backed up."""
        return "ClickHouse has its own BACKUP statement; copy the data folder beside it"

    def copy_to(self, path: Path) -> dict[str, int]:
        """Refuse: the data is the server's. Raises UNSUPPORTED."""
        message = f"{path} was not written: {self.own_backup}"
        raise IsothermError(Code.UNSUPPORTED, message)

    @property
    def must_reopen(self) -> bool:
        """False: a connection that broke is made anew by itself."""
        return False

    @property
    def page_bytes(self) -> int:
        """Memory that pages asked for lately take: they are read anew from the server."""
        return 0

    def close(self) -> None:
        """Give up the connections."""
        try:
            self._server.close()
        finally:
            self._lock.close()

    def _restore(
        self, table: Table, application: str, session_id: str, view_id: str | None = None
    ) -> list[Any]:
        terms = {"application": application, "session": session_id}
        if view_id is not None:
            terms["view"] = view_id
        ids = self._ids(terms)
        if not ids:
            self._lock.keep_rows(table, application, session_id, {})
            return []
        order = f"{having(ids)} ORDER BY time_ms, {table.columns[0].name}"
        rows = stored_rows(self._server, table, order, ids)
        self._lock.keep_rows(table, application, session_id, versions_of(table, rows))
        return events_of(self._terms, self._server, table, rows)

    def _ids(self, terms: Mapping[str, str]) -> dict[str, int]:
        """Return the ids of texts by kind; nothing when one of them was never seen."""
        ids = {kind: self._terms.find(kind, text) for kind, text in terms.items()}
        return ids if all(ids.values()) else {}
