"""The lock of those who read a recording's rows and replace them."""

import threading
from collections.abc import Mapping
from typing import Self

import pyarrow as pa

from isotherm.storage.ports import Recording
from isotherm.storage.tables import Table


class ReadingLock:
    """The lock of writers, and which rows its holder has read of which session."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._seen: dict[tuple[str, str, str], dict[tuple[int, ...], int]] = {}
        self._marks: dict[Recording, pa.Table] = {}
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
            self._marks.clear()
            self._holder = 0
        self._lock.release()

    def saw(
        self, table: Table, application: str, session_id: str, found: Mapping[tuple[int, ...], int]
    ) -> None:
        """Remember the rows that the holder has read, with versions; others read as they like."""
        if self._holder == threading.get_ident():
            seen = self._seen.setdefault((table.name, application, session_id), {})
            seen.update(found)

    def seen(self, table: Table, recording: Recording) -> dict[tuple[int, ...], int] | None:
        """Return the rows of a table that the holder has read; None when it has not looked."""
        return self._seen.get((table.name, recording.application, recording.session_id))

    def saw_marks(self, recording: Recording, marks: pa.Table) -> None:
        """Remember the marks of a recording that the holder has read."""
        if self._holder == threading.get_ident():
            self._marks[recording] = marks

    def marks(self, recording: Recording) -> pa.Table | None:
        """Return the marks that the holder has read; None when it has not looked."""
        return self._marks.get(recording) if self._holder == threading.get_ident() else None
