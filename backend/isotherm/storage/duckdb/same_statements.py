"""The same statement asked by many is run once for all of them.

Panels of a dashboard share statements, and so do people who look at the same dashboard. A result
is good for everybody who asked before its statement began, as far as commits go (`Store.version`):
nobody gets less than what had been committed when they asked. While events are stored all the time,
those who ask meanwhile wait for the one that runs, and then share the next.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

from isotherm.storage.ports import Columns

_LARGE_BYTES: Final = 4 << 20
"""A result that is larger is worth less than its memory: whole pages have a cache of their own."""

_LONG_KEY: Final = 20_000
_OBJECT_BYTES: Final = 100  # a text of a column of texts, about
_ARRAY_BYTES: Final = 200  # what an array takes beside its values, about
_ENTRY_BYTES: Final = 500  # and what is kept beside the arrays

_Key = tuple[str, str]


class _Running:
    """A statement that one thread runs and others wait for."""

    def __init__(self, version: int) -> None:
        self.version = version  # of the store, before it began
        self.waiting = 0  # how many others
        self.done = threading.Event()
        self.columns: Columns | None = None  # stays None when it failed, or nobody needs it


class SameStatements:
    """Safe for many threads. Everybody gets arrays of their own."""

    def __init__(self, version: Callable[[], int], limit_bytes: int = 32 << 20) -> None:
        self._version = version
        self._limit_bytes = limit_bytes
        self._turn = threading.Lock()
        self._current = -1  # the version of what is kept
        self._kept: dict[_Key, Columns] = {}
        self._size = 0
        self._running: dict[_Key, _Running] = {}

    def run(
        self,
        sql: str,
        values: Mapping[str, object] | None,
        work: Callable[[], Columns],
        patience_s: float,
    ) -> Columns:
        """Return what `work` returns for a statement, or returned to another that asked the same.

        Whoever has waited for others for `patience_s` works alone.
        """
        written = repr(sorted(values.items())) if values else ""
        if len(written) > _LONG_KEY:
            return work()
        key, asked, until_s = (sql, written), self._version(), time.monotonic() + patience_s
        while True:
            with self._turn:
                kept = self._kept.get(key) if self._current >= asked else None
                other, mine = self._running.get(key), _Running(self._version())
                if kept is None and other is None:
                    self._running[key] = mine
                elif kept is None and other is not None:
                    other.waiting += 1
            if kept is not None:
                return _copied(kept)
            if other is None:
                return self._run(key, mine, work)
            if not other.done.wait(until_s - time.monotonic()):
                return work()
            if other.version >= asked and other.columns is not None:
                return _copied(other.columns)

    def _run(self, key: _Key, mine: _Running, work: Callable[[], Columns]) -> Columns:
        try:
            columns = work()
            if mine.waiting or _bytes(columns) <= _LARGE_BYTES:  # else a copy would serve nobody
                mine.columns = _copied(columns)
            return columns
        finally:
            with self._turn:
                del self._running[key]
                if mine.columns is not None:
                    self._keep(key, mine.version, mine.columns)
            mine.done.set()

    def _keep(self, key: _Key, version: int, columns: Columns) -> None:
        if version > self._current:
            self._current, self._size = version, 0
            self._kept.clear()
        size = _kept_bytes(key, columns)
        if version < self._current or size > _LARGE_BYTES:
            return
        old = self._kept.pop(key, None)
        self._size += size - (0 if old is None else _kept_bytes(key, old))
        self._kept[key] = columns
        while self._size > self._limit_bytes:
            oldest = next(iter(self._kept))
            self._size -= _kept_bytes(oldest, self._kept.pop(oldest))


def _copied(columns: Columns) -> Columns:
    return {name: array.copy() for name, array in columns.items()}


def _kept_bytes(key: _Key, columns: Columns) -> int:
    """Return what an entry takes; the text of a statement is shared by all of its shape."""
    return _ENTRY_BYTES + len(key[1]) + len(columns) * _ARRAY_BYTES + _bytes(columns)


def _bytes(columns: Columns) -> int:
    return sum(
        array.nbytes + (len(array) * _OBJECT_BYTES if array.dtype == object else 0)
        for array in columns.values()
    )
