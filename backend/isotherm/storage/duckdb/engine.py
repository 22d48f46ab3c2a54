"""The embedded engine: one DuckDB file, appended to in batches while it answers questions."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import duckdb
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
from isotherm.storage.duckdb import maintenance as lifecycle
from isotherm.storage.duckdb.append import append_new, ranges
from isotherm.storage.duckdb.changes import ANY_PAGE, Place, places_of
from isotherm.storage.duckdb.decode import (
    restore,
    restore_after,
    restore_numbers,
    restore_places,
    restore_views_of,
)
from isotherm.storage.duckdb.erase import erase_user, sessions_of
from isotherm.storage.duckdb.fill_from_journal import load_hours
from isotherm.storage.duckdb.insert import insert
from isotherm.storage.duckdb.page_rows import Found, PageRows
from isotherm.storage.duckdb.pending_recordings import (
    mark,
    mark_read,
    mark_unread,
    marks,
    recording_terms,
)
from isotherm.storage.duckdb.query import Reader
from isotherm.storage.duckdb.schema import recent_table
from isotherm.storage.duckdb.store import Options, Store
from isotherm.storage.duckdb.views import append_views, load_differences, logged
from isotherm.storage.encode import encode
from isotherm.storage.ports import Appended, Columns, Computed, PageSpan, Recording, Summed
from isotherm.storage.stored_events import StoredEvents, by_table
from isotherm.storage.tables import (
    TABLE_OF,
    TABLES,
    VIEWS,
    Table,
    table_called,
)
from isotherm.storage.view_documents import Document


class DuckDBEngine(StoredEvents):
    """The columnar store (`ports.Engine`). `path` None keeps everything in memory."""

    def __init__(self, path: Path | None = None, options: Options | None = None) -> None:
        options = options or Options()
        self._store = Store(path, options)
        self._reader = Reader(self._store.root, options.timeout_s, lambda: self._store.version)
        self._page_rows = PageRows(
            options.page_bytes, options.block_rows, lambda: self._store.version
        )

    def append(self, events: Sequence[Event]) -> Appended:
        """Add events in one transaction (segments without body). Raises STORE_UNAVAILABLE.

        An event that no row can hold raises ValueError, TypeError or OverflowError.
        """
        places: dict[str, list[int]] = {}
        for position, event in enumerate(events):
            places.setdefault(TABLE_OF[type(event)].name, []).append(position)
        duplicates: list[int] = []
        outdated: list[int] = []
        changed: set[Place] = set()
        with self._store.write(changed) as connection:
            dictionary, runs = self._store.dictionary, self._store.runs
            for table in TABLES:
                positions = places.get(table.name, [])
                mine: list[Any] = [events[i] for i in positions]
                if table is VIEWS and mine:
                    sorted_in = append_views(connection, dictionary, runs, mine, changed)
                    outdated += [positions[i] for i in sorted_in.older]
                    duplicates += [positions[i] for i in sorted_in.same]
                    mine += sorted_in.named
                    changed |= places_of(connection, dictionary, sorted_in.rows)
                elif mine:
                    known = append_new(connection, dictionary, runs, table, mine)
                    duplicates += [positions[i] for i in known]
                named = [event for event in mine if getattr(event, "user_name", "")]
                people = ((one.application, one.user_id, one.user_name) for one in named)
                dictionary.name_users(connection, people)
            left_out = {*duplicates, *outdated}
            new = [event for position, event in enumerate(events) if position not in left_out]
            pending = mark(connection, dictionary, new)
            changed |= places_of(connection, dictionary, new)
        return Appended(len(new), tuple(sorted(duplicates)), tuple(sorted(outdated)), pending)

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
        """Make these the actions, views and errors of a view (or a whole session), in one step.

        `details` None: requests, long tasks and vitals stay as they are. With `marks_read` there is
        nothing more to read in the recording for now.
        """
        recording = Recording(application, session_id, view_id)
        given = by_table(actions, views, errors, details)
        changed: set[Place] = set()
        with self._store.write(changed) as connection:
            dictionary = self._store.dictionary
            [owner] = dictionary.ids(connection, "application", [application]).tolist()
            changed.add((owner, ANY_PAGE))  # what is deleted may have been anywhere
            for table, events in given:
                lifecycle.delete(connection, self._store, table, recording)
                if events:
                    rows = encode(table, events, lambda k, t: dictionary.ids(connection, k, t))
                    insert(connection, recent_table(table), rows)
            if marks_read:
                mark_read(connection, dictionary, recording)

    def write_lock(self) -> AbstractContextManager[object]:
        """Hold this around reading a recording's events and replacing them: nothing comes between.

        Taken after `Journal.write_lock` where both are needed.
        """
        return self._store.write_lock

    def mark_read(self, recording: Recording) -> None:
        """Say that there is nothing more to read in a recording for now."""
        with self._store.write(changed=()) as connection:
            mark_read(connection, self._store.dictionary, recording)

    def mark_unread(self, recordings: Sequence[Recording]) -> None:
        """Say that recordings are still to be read. Raises STORE_UNAVAILABLE."""
        with self._store.write() as connection:
            mark_unread(connection, self._store.dictionary, recordings)

    def pending_recordings(self) -> list[Recording]:
        """Return the recordings with new segments or events since they were last read."""
        with self._reader.limited() as connection:
            rows = connection.execute(
                "SELECT DISTINCT a.text, s.text, v.text FROM unsettled u "
                "JOIN term_application a ON a.id = u.application "
                "JOIN term_session s ON s.id = u.session LEFT JOIN term_view v ON v.id = u.view"
            ).fetchall()
        return [Recording(*row) for row in rows]

    def marks_of(self, recording: Recording) -> int:
        """Return in how many batches it has got something since it was last read."""
        with self._reader.limited() as connection:
            ids = self._ids(connection, recording_terms(recording))
            return marks(connection, ids) if ids else 0

    def numbers_of(
        self, application: str, sessions: Sequence[str]
    ) -> dict[str, dict[str, set[int]]]:
        """Return the numbers of stored events by session and table, views aside."""
        with self._reader.limited() as connection:
            return restore_numbers(connection, self._store.dictionary, application, sessions)

    def views_among(self, application: str, sessions: Sequence[str]) -> list[View]:
        """Every view of some sessions."""
        with self._reader.limited() as connection:
            return restore_views_of(connection, self._store.dictionary, application, sessions)

    def documents_of(self, application: str, views: Sequence[str]) -> list[Document]:
        """Return the documents in the logs of some views (`view_documents.py`)."""
        with self._reader.limited() as connection:
            return logged(connection, self._store.dictionary, application, views)

    def numbers_at(self, name: str, times_ms: Sequence[int]) -> list[tuple[int, int]]:
        """Return time and number of the events of a table at some milliseconds."""
        table, found = table_called(name), []
        times = np.array(times_ms, np.int64)
        asked = "time_ms BETWEEN $low AND $high AND time_ms IN (SELECT unnest($times::BIGINT[]))"
        with self._reader.limited() as connection:
            for low, high in ranges(times):
                inside = times[(times >= low) & (times <= high)].tolist()
                values = {"low": low, "high": high, "times": inside}
                found += restore_places(connection, self._store.dictionary, table, asked, values)
        return found

    def numbers_between(self, name: str, from_ms: int, to_ms: int) -> list[tuple[int, int]]:
        """Return time and number of the events of a table within [from, to)."""
        asked, values = "time_ms >= $low AND time_ms < $high", {"low": from_ms, "high": to_ms}
        with self._reader.limited() as connection:
            dictionary = self._store.dictionary
            return restore_places(connection, dictionary, table_called(name), asked, values)

    def events_after(
        self, name: str, after: tuple[int, int], limit: int
    ) -> tuple[list[Event], tuple[int, int]]:
        """Return the next events of a table by time, and the place to go on from; first (-1, 0)."""
        with self._reader.limited() as connection:
            dictionary = self._store.dictionary
            return restore_after(connection, dictionary, table_called(name), after, limit)

    def _restore(
        self, table: Table, application: str, session_id: str, view_id: str | None = None
    ) -> list[Any]:
        terms = {"application": application, "session": session_id}
        if view_id is not None:
            terms["view"] = view_id
        with self._reader.limited() as connection:
            ids = self._ids(connection, terms)
            return restore(connection, self._store.dictionary, table, ids) if ids else []

    def _ids(
        self, connection: duckdb.DuckDBPyConnection, terms: Mapping[str, str]
    ) -> dict[str, int]:
        """Return the ids of texts by kind; nothing when one of them was never seen."""
        find = self._store.dictionary.find
        ids = {kind: find(connection, kind, text) for kind, text in terms.items()}
        return ids if all(ids.values()) else {}

    def state(self, application: str, pages: Sequence[str]) -> tuple[int, ...] | None:
        """Return what answers about some pages depend on; None when nothing is known of them."""
        owner = self.term_id("application", application)
        places = [self.term_id("page", page) for page in pages]
        return self._store.changes.state(owner, places) if owner and all(places) else None

    def run(self, statement: exp.Expression, values: Mapping[str, object] | None = None) -> Columns:
        """Run one statement (sqlglot, DuckDB's dialect; `$name` placeholders are bound).

        Raises TOO_MUCH_DATA beyond the time or memory limit, INVALID for a value that does not fit.
        """
        return self._reader.run(statement, values)

    def page_rows(
        self, table: str, asked: PageSpan, names: Sequence[str], computed: Computed | None = None
    ) -> list[Columns]:
        """Return columns of the rows of one page, in parts; nobody may write to the arrays.

        Pages asked for lately are in memory. Raises TOO_MUCH_DATA beyond the time limit.
        """
        return self._page_rows.cut(self._found(table, asked, names), asked, names, computed)

    def page_sums(self, table: str, asked: PageSpan, summed: Summed) -> np.ndarray[Any, Any]:
        """Return the sums over all `page_rows`, most of which are kept of pages in memory.

        Raises TOO_MUCH_DATA beyond the time limit.
        """
        return self._page_rows.sums(self._found(table, asked, summed.reads), asked, summed)

    def keeps(self, table: str, asked: PageSpan, names: Sequence[str]) -> bool:
        """Say whether columns of a page are in memory, or will be once they are asked for."""
        known = table_called(table)
        if self._page_rows.holds(known, asked):
            return True
        with self._reader.limited() as connection:
            return self._page_rows.has_room(connection, known, asked, len(names))

    def _found(self, name: str, asked: PageSpan, names: Sequence[str]) -> Found:
        table = table_called(name)
        if asked.only is not None:
            names = (*names, *asked.only.needs)
        found = self._page_rows.remembered(table, asked, names)
        if found is None:
            with self._reader.limited() as connection:
                found = self._page_rows.find(connection, table, asked, names)
        return found

    @property
    def page_bytes(self) -> int:
        """Memory that pages asked for lately take."""
        return self._page_rows.size

    def term_id(self, kind: str, text: str) -> int:
        """Return the number of an interned text; 0 when it was never seen."""
        known = self._store.dictionary.remembered(kind, text)
        if known is not None:
            return known
        with self._reader.limited() as connection:
            return self._store.dictionary.find(connection, kind, text)

    def terms(self, kind: str) -> Mapping[int, str]:
        """All texts of a kind of few values (application, page, element, action_name, facets)."""
        with self._reader.limited() as connection:
            return self._store.dictionary.all(connection, kind)

    def match_terms(self, kind: str, pattern: str) -> list[int]:
        """Return the ids of the texts that a regular expression (RE2) matches as a whole.

        The absent text (id 0) is among them when the pattern matches "". Raises INVALID.
        """
        with self._reader.limited() as connection:
            return self._store.dictionary.matching(connection, kind, pattern)

    def append_table(self, name: str, rows: pa.Table) -> None:
        """Add rows that are columns of ids already, as one sorted run, without deduplication.

        For the bulk loads of benchmarks and rebuilding; ids come from `intern`.
        """
        with self._store.write() as connection:
            lifecycle.load_run(connection, self._store, table_called(name), rows)

    def load_hours(self, name: str, from_ms: int, to_ms: int, batches: Iterable[pa.Table]) -> int:
        """Make the rows of `batches` (texts as text) the rows of [from, to) of a table.

        Returns how many rows there are; an exception of `batches` changes nothing.
        """
        return load_hours(self._store, table_called(name), (from_ms, to_ms), batches)

    def load_differences(
        self, parts: Sequence[ViewPart], wholes: Mapping[tuple[str, str], int]
    ) -> list[ViewPart]:
        """Remember differences that the rows of their views have already; return the others.

        `wholes` has the version of the last whole document by application and view.
        """
        with self._store.write() as connection:
            return load_differences(connection, self._store.dictionary, parts, wholes)

    def intern(self, kind: str, texts: Sequence[str]) -> list[int]:
        """Return one id per text, giving out new ones."""
        with self._store.write() as connection:
            ids: list[int] = self._store.dictionary.ids(connection, kind, texts).tolist()
        return ids

    def compact(self, *, least_rows: int | None = None) -> bool:
        """Do one step of sorting rows into runs; False when there was nothing to do.

        `least_rows` is how many recent rows are worth a run (default: `runs.RECENT_ROWS`).
        """
        return lifecycle.compact(self._store, least_rows)

    def expire(self, before_ms: Mapping[str, int]) -> None:
        """Delete rows older than a time per table name (actions, views, errors, ...)."""
        for table in TABLES:
            if table.name in before_ms:
                lifecycle.expire(self._store, table, before_ms[table.name])

    def sessions_of_user(self, application: str, user_id: str) -> list[str]:
        """Return the sessions that have rows of a user."""
        with self._store.write() as connection:  # it looks at all rows: no limit of a question
            ids = self._ids(connection, {"application": application, "user": user_id})
            return sessions_of(connection, ids) if ids else []

    def erase(self, application: str, user_id: str) -> list[str]:
        """Delete all rows and texts of a user; return the sessions, whose bodies go, too."""
        return erase_user(self._store, application, user_id)

    def copy_to(self, path: Path) -> dict[str, int]:
        """Copy everything to a new file, as it is at one moment; return the rows by table.

        Writing and answering go on meanwhile. Raises STORE_UNAVAILABLE.
        """
        self._store.copy_to(path)
        return counted(path)

    @property
    def kind(self) -> str:
        """What the status page calls this kind of store."""
        return "embedded"

    @property
    def own_backup(self) -> str:
        """Nothing: `copy_to` makes the backup."""
        return ""

    @property
    def must_reopen(self) -> bool:
        """Whether the file takes nothing more until it is opened again, by a new process."""
        return self._store.invalid

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file."""
        self._store.checkpoint()

    def close(self) -> None:
        """Close the file."""
        self._reader.close()
        self._store.close()


def counted(path: Path) -> dict[str, int]:
    """Return the rows by table of a file that no process has open. Raises STORE_UNAVAILABLE."""
    engine = DuckDBEngine(path, Options(threads=1, memory_mb=512))
    try:
        number = exp.alias_(exp.Count(this=exp.Star()), "n")
        asked = {table.name: exp.select(number).from_(table.name) for table in TABLES}
        return {name: int(engine.run(statement)["n"][0]) for name, statement in asked.items()}
    finally:
        engine.close()
