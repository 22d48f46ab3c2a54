"""What the parts ask of each other. Each method says which errors it raises."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from msgspec import Struct
from sqlglot import exp

from isotherm.model import Action, Background, Detail, Event, PageError, Segment, View, ViewPart
from isotherm.model.sites import Missing
from isotherm.storage.view_documents import Document

Columns = dict[str, np.ndarray[Any, Any]]
"""One array per selected column. Text is dtype object; a nullable number is a float with NaN."""


class Recording(Struct, frozen=True):
    """Replay segments that are read together: those of a view, or of a whole session."""

    application: str
    session_id: str
    view_id: str | None  # None = the session: senders without views


class Computed(Struct, frozen=True):
    """A column that follows from others of the same row, worked out once and kept with them."""

    name: str  # tells it from every other one, for good
    needs: tuple[str, ...]
    compute: Callable[[Columns], np.ndarray[Any, Any]]


class PageSpan(Struct, frozen=True):
    """The rows of one page within [from, to); application and page by their ids."""

    application: int
    page: int
    from_ms: int
    to_ms: int
    only: Computed | None = None  # a column of booleans: the rows that are wanted


class Summed(Struct, frozen=True):
    """Sums over rows by number, such as clicks per cell: kept by block of rows, then added up."""

    name: str  # tells it from every other one, for good
    needs: tuple[str, ...]
    add: Callable[[Columns], np.ndarray[Any, Any]]  # float64 of any length, nothing below 0
    computed: Computed | None = None  # a column that `add` gets, too

    @property
    def reads(self) -> tuple[str, ...]:
        """Columns to read."""
        return self.needs if self.computed is None else (*self.needs, *self.computed.needs)

    @property
    def takes(self) -> tuple[str, ...]:
        """Columns that `add` gets."""
        return self.needs if self.computed is None else (*self.needs, self.computed.name)

    def of(self, columns: Columns, only: Computed | None) -> np.ndarray[Any, Any]:
        """Add up the rows that are wanted of some that have all columns."""
        return self.add(wanted(columns, self.takes, only))


def wanted(columns: Columns, names: Sequence[str], only: Computed | None) -> Columns:
    """Return some columns of the rows that are wanted, all of them without `only`."""
    if only is None:
        return {name: columns[name] for name in names}
    rows = np.flatnonzero(columns[only.name])
    return {name: columns[name].take(rows) for name in names}


class Appended(Struct, frozen=True):
    """What became of a batch; events that were not added are told by their positions in it."""

    accepted: int
    duplicates: tuple[int, ...] = ()  # they were there already
    outdated: tuple[int, ...] = ()  # view documents older than the one that is there
    pending: tuple[Recording, ...] = ()  # recordings that the batch makes worth reading again


class Engine(Protocol):
    """The columnar store that answers questions (`storage/duckdb/engine.py`). Thread-safe."""

    def append(self, events: Sequence[Event]) -> Appended:
        """Add events in one transaction (segments without body). Raises STORE_UNAVAILABLE."""

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

    def write_lock(self) -> AbstractContextManager[object]:
        """Hold this around reading a recording's events and replacing them: nothing comes between.

        Taken after `Journal.write_lock` where both are needed.
        """

    def mark_read(self, recording: Recording) -> None:
        """Say that there is nothing more to read in a recording for now."""

    def pending_recordings(self) -> list[Recording]:
        """Return the recordings with new segments or events since they were last read."""

    def marks_of(self, recording: Recording) -> int:
        """Return in how many batches it has got something since it was last read."""

    def actions_of(
        self, application: str, session_id: str, view_id: str | None = None
    ) -> list[Action]:
        """Every stored action of a session, or of one view of it, by time."""

    def views_of(self, application: str, session_id: str) -> list[View]:
        """Every view of a session, by time."""

    def errors_of(self, application: str, session_id: str) -> list[PageError]:
        """Every stored error of a session, by time."""

    def details_of(self, application: str, session_id: str) -> list[Detail]:
        """Every stored request, long task and vital of a session, by kind and time."""

    def segments_of(self, application: str, session_id: str) -> list[Segment]:
        """Every stored segment of a session (without bodies), by recording and index."""

    def views_among(self, application: str, sessions: Sequence[str]) -> list[View]:
        """Every view of some sessions."""

    def numbers_of(
        self, application: str, sessions: Sequence[str]
    ) -> dict[str, dict[str, set[int]]]:
        """Return the numbers (`event_ids.event_hash`) of events by session and table, no views.

        Sessions without events are left out. Far quicker than the events themselves.
        """

    def numbers_at(self, name: str, times_ms: Sequence[int]) -> list[tuple[int, int]]:
        """Return time and number of the events of a table, views too, at some milliseconds."""

    def numbers_between(self, name: str, from_ms: int, to_ms: int) -> list[tuple[int, int]]:
        """Return time and number of the events of a table, views too, within [from, to)."""

    def state(self, application: str, pages: Sequence[str]) -> tuple[int, ...] | None:
        """Return what stays the same while answers about some pages do; without pages, about all.

        It only rises. None: nothing is known of that; others write, too, or there is nothing yet.
        """

    def keeps(self, table: str, asked: PageSpan, names: Sequence[str]) -> bool:
        """Say whether columns of a page are in memory, or will be once they are asked for.

        Of a page that is not, a statement reads less than `page_rows`.
        """

    def run(self, statement: exp.Expression, values: Mapping[str, object] | None = None) -> Columns:
        """Run one statement (sqlglot, DuckDB's dialect; `$name` placeholders are bound)."""

    def page_rows(
        self, table: str, asked: PageSpan, names: Sequence[str], computed: Computed | None = None
    ) -> list[Columns]:
        """Return columns of the rows of one page, in parts; nobody may write to the arrays.

        Pages asked for lately are in memory. The parts have `time_ms`, too, and may have more.
        """

    def page_sums(self, table: str, asked: PageSpan, summed: Summed) -> np.ndarray[Any, Any]:
        """Return the sums over all `page_rows`: float64 of any length, beyond it all are 0."""

    def term_id(self, kind: str, text: str) -> int:
        """Return the number of an interned text; 0 when it was never seen."""

    def terms(self, kind: str) -> Mapping[int, str]:
        """All texts of a kind of few values (application, page, element, action_name, facets)."""

    def match_terms(self, kind: str, pattern: str) -> list[int]:
        """Return the ids of the texts that an RE2 pattern matches as a whole. Raises INVALID."""


class EventStore(Engine, Protocol):
    """An engine with what keeps it in order; a row of `STORES` (`app/stores.py`) opens it."""

    @property
    def kind(self) -> str:
        """What the status page calls this kind of store."""

    @property
    def own_backup(self) -> str:
        """How such a store is backed up by its own means; "" = `copy_to` makes a copy of it."""

    def copy_to(self, path: Path) -> dict[str, int]:
        """Copy everything to a new file, as it is at one moment; return the rows by table.

        Writing and answering go on meanwhile. Raises STORE_UNAVAILABLE, UNSUPPORTED for a store
        with backups of its own.
        """

    def mark_unread(self, recordings: Sequence[Recording]) -> None:
        """Say that recordings are still to be read. Raises STORE_UNAVAILABLE."""

    def grown_recordings(self) -> list[Recording]:
        """Return the recordings that got something since the last call, by whatever process.

        Nothing from a store that only one process writes: `append` tells it.
        """

    @property
    def must_reopen(self) -> bool:
        """Whether it can do nothing more until the process starts anew."""

    @property
    def page_bytes(self) -> int:
        """Memory that pages asked for lately take."""

    def events_after(
        self, name: str, after: tuple[int, int], limit: int
    ) -> tuple[list[Event], tuple[int, int]]:
        """Return the next events of a table by time, and the place to go on from; first (-1, 0)."""

    def others_wrote(self) -> bool:
        """Whether another process may have stored since this one had the `write_lock` before.

        Asked while it is held.
        """

    def documents_of(self, application: str, views: Sequence[str]) -> list[Document]:
        """Return the documents in the logs of some views (`view_documents.py`)."""

    def load_hours(self, name: str, from_ms: int, to_ms: int, batches: Iterable[Any]) -> int:
        """Make the rows of Arrow tables (`encode_arrow.py`) the rows of [from, to) of a table."""

    def load_differences(
        self, parts: Sequence[ViewPart], wholes: Mapping[tuple[str, str], int]
    ) -> list[ViewPart]:
        """Remember differences that the rows of their views have already; return the others."""

    def compact(self, *, least_rows: int | None = None) -> bool:
        """Do one step of tidying up; False when there was nothing to do."""

    def expire(self, before_ms: Mapping[str, int]) -> None:
        """Delete rows older than a time per table name (actions, views, errors, ...)."""

    def sessions_of_user(self, application: str, user_id: str) -> list[str]:
        """Return the sessions that have rows of a user."""

    def erase(self, application: str, user_id: str) -> list[str]:
        """Delete all rows and texts of a user; return the sessions, whose bodies go, too."""

    def checkpoint(self) -> None:
        """Bring everything written so far to where it stays."""

    def close(self) -> None:
        """Give up the file or the connections."""


class Rejected(Struct, frozen=True):
    """An event that the journal will never take, by its position in the batch, and why."""

    position: int
    reason: str


class Journal(Protocol):
    """The system of record for those who run InfluxDB (`influxdb/journal.py`). Thread-safe."""

    def write(self, events: Sequence[Event]) -> tuple[Rejected, ...]:
        """Write durably and idempotently, before the engine gets the events.

        Returns the events that can never be written: they go to dead letters, not to the engine.
        Raises STORE_UNAVAILABLE; the caller keeps the whole batch and tries again.
        """

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
        """Make these the rows of a view or session, right before `Engine.replace` does.

        Raises STORE_UNAVAILABLE; then the engine is not told and the recording stays pending.
        """

    def write_lock(self) -> AbstractContextManager[object]:
        """Hold this around writing to the journal and then to the engine.

        It keeps the comparison of both from looking in between.
        """

    def count_by_hour(self, from_ms: int, to_ms: int) -> dict[str, dict[int, int]]:
        """Measurement -> hour (epoch ms) -> number of points."""

    def read_hour(self, measurement: str, hour_ms: int) -> Iterator[Any]:
        """Arrow record batches of one hour, in the engine's column names."""


class ReplayStore(Protocol):
    """Bodies of replay segments, as files."""

    def put(self, segment: Segment) -> None:
        """Keep a body durably; putting the same segment again changes nothing."""

    def bodies(
        self,
        application: str,
        session_id: str,
        view_id: str | None = None,
        *,
        most_bytes: int | None = None,
    ) -> list[Segment]:
        """Every kept segment of a session, or of one view, by recording and index.

        Raises TOO_LARGE when their bodies have more than `most_bytes`.
        """

    def delete(self, application: str, session_id: str) -> None:
        """Forget a session's bodies."""


class Lacking(Struct, frozen=True, kw_only=True):
    """What a background says of what it lacks."""

    id: str
    page: str
    origin: str
    session_id: str = ""
    view_id: str = ""
    missing: tuple[Missing, ...] = ()


class Backgrounds(Protocol):
    """Stored page pictures with their boxes (`storage/saved/backgrounds.py`)."""

    changes: int
    """How often this process has added, pinned or removed one."""

    def add(self, background: Background, tiles: Sequence[bytes]) -> None:
        """Keep a background and its picture (one WebP per tile)."""

    def get(self, background_id: str) -> Background:
        """Raise NOT_FOUND when there is none."""

    def of_page(self, application: str, page: str) -> list[Background]:
        """All backgrounds of a page with boxes, newest first."""

    def newest(self, application: str, pages: Sequence[str]) -> dict[str, str]:
        """Return the id of the newest background of each page that has one."""

    def lacking(self, application: str) -> list[Lacking]:
        """Return those of an application that lack images, fonts or style sheets."""

    def tile(self, background_id: str, index: int) -> bytes:
        """Return the WebP bytes of one strip."""

    def delete(self, background_id: str) -> None:
        """Remove a background and its picture."""
