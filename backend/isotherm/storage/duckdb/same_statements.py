"""The same statement asked again, or by many at once, is run once while nothing was committed.

Panels of a dashboard share statements, and so do people who look at the same dashboard. What is
kept is of one version of the store (`Store.version`), which is read before the statement begins: a
reader never gets less than what had been committed when it asked.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from msgspec import Struct

from isotherm.storage.ports import Columns

_KEPT_BYTES: Final = 32 << 20
_LARGE_BYTES: Final = 4 << 20
"""A result that is larger is worth less than its memory: whole pages have a cache of their own."""

_LONG_KEY: Final = 20_000
_OBJECT_BYTES: Final = 100  # a text of a column of texts, about

_Key = tuple[int, str, str]


class _Running:
    """A statement that one thread runs and others wait for."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.columns: Columns | None = None  # stays None when it failed


class _Kept(Struct, frozen=True):
    columns: Columns
    size: int


class SameStatements:
    """Safe for many threads. Everybody gets arrays of their own."""

    def __init__(self, version: Callable[[], int]) -> None:
        self._version = version
        self._turn = threading.Lock()
        self._current = -1  # the version of what is kept
        self._kept: dict[_Key, _Kept] = {}
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

        Whoever has waited for `patience_s` for another, or for one that failed, works alone.
        """
        told = repr(sorted(values.items())) if values else ""
        if len(told) > _LONG_KEY:
            return work()
        key = (self._version(), sql, told)
        with self._turn:
            kept, other, mine = self._kept.get(key), self._running.get(key), _Running()
            if not (kept or other):
                self._running[key] = mine
        if kept:
            return _copied(kept.columns)
        if other:
            other.done.wait(patience_s)
            return work() if other.columns is None else _copied(other.columns)
        try:
            columns = work()
            mine.columns = _copied(columns)
            return columns
        finally:
            with self._turn:
                del self._running[key]
                if mine.columns is not None:
                    self._keep(key, mine.columns)
            mine.done.set()

    def _keep(self, key: _Key, columns: Columns) -> None:
        version = key[0]
        if version < self._current:
            return
        if version > self._current:
            self._current, self._size = version, 0
            self._kept.clear()
        size = sum(map(_bytes, columns.values()))
        if size > _LARGE_BYTES:
            return
        self._kept[key] = _Kept(columns, size)
        self._size += size
        while self._size > _KEPT_BYTES:
            oldest = next(iter(self._kept))
            self._size -= self._kept.pop(oldest).size


def _copied(columns: Columns) -> Columns:
    return {name: array.copy() for name, array in columns.items()}


def _bytes(array: np.ndarray[Any, Any]) -> int:
    return array.nbytes + (len(array) * _OBJECT_BYTES if array.dtype == object else 0)
