"""The lock of those who store events, or read a recording's rows and replace them."""

import fcntl
import os
import secrets
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from isotherm.storage.ports import Recording
from isotherm.storage.tables import Table


class ReadingLock:
    """The lock of writers, and which rows its holder has read of which session.

    With a `file` it also keeps other processes out that name the same one: what is stored is then
    what one process would have stored, in whatever order the events of a session arrive.
    """

    def __init__(
        self, file: Path | None = None, hosts: AbstractContextManager[object] | None = None
    ) -> None:
        """`file` keeps out other processes of this machine, `hosts` those of others."""
        self._lock = threading.RLock()
        self._hosts = hosts
        self._file = file.open("a+") if file else None
        self._name = secrets.token_hex(8).encode()
        self._others = False
        self._depth = 0
        self._rows: dict[tuple[str, str, str], dict[tuple[int, ...], int]] = {}
        self._marks: dict[Recording, pa.Table] = {}
        self._holder = 0

    def __enter__(self) -> Self:
        self._lock.acquire()
        if not self._depth:
            try:
                self._shut_out()
            except BaseException:
                self._lock.release()
                raise
        self._depth += 1
        self._holder = threading.get_ident()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let others in. Raises STORE_UNAVAILABLE when they were not kept out all the while."""
        self._depth -= 1
        try:
            if not self._depth:
                self._rows.clear()
                self._marks.clear()
                self._holder = 0
                if self._hosts:
                    self._hosts.__exit__(kind, error, trace)
        finally:
            if not self._depth:
                self._unlock()
            self._lock.release()

    def _shut_out(self) -> None:
        """Keep others out: those of this machine first, so that one waits for other machines."""
        self._others = self._hosts is not None
        if self._file:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            self._others |= self._sign(self._file.fileno())
        try:
            if self._hosts:
                self._hosts.__enter__()
        except BaseException:
            self._unlock()
            raise

    def _sign(self, file: int) -> bool:
        """Write whose turn it is into the file; tell whether it was another's before."""
        if os.pread(file, 2 * len(self._name), 0) == self._name:
            return False
        os.ftruncate(file, 0)
        os.write(file, self._name)
        return True

    @property
    def others_wrote(self) -> bool:
        """Whether another process may have had it since its holder had it before."""
        return self._others

    def _unlock(self) -> None:
        if self._file:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the file up."""
        if self._file:
            self._file.close()

    def keep_rows(
        self, table: Table, application: str, session_id: str, found: Mapping[tuple[int, ...], int]
    ) -> None:
        """Remember the rows that the holder has read, with versions; others read as they like."""
        if self._holder == threading.get_ident():
            rows = self._rows.setdefault((table.name, application, session_id), {})
            rows.update(found)

    def rows(self, table: Table, recording: Recording) -> dict[tuple[int, ...], int] | None:
        """Return the rows of a table that the holder has read; None when it has not looked."""
        return self._rows.get((table.name, recording.application, recording.session_id))

    def keep_marks(self, recording: Recording, marks: pa.Table) -> None:
        """Remember the marks of a recording that the holder has read."""
        if self._holder == threading.get_ident():
            self._marks[recording] = marks

    def marks(self, recording: Recording) -> pa.Table | None:
        """Return the marks that the holder has read; None when it has not looked."""
        return self._marks.get(recording) if self._holder == threading.get_ident() else None
