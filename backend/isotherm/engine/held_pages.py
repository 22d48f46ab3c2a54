"""Pages held in memory up to a number of bytes; what was not asked for longest goes first."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from msgspec import Struct

from isotherm.ports import Columns, PageSpan

_HOUR_MS: Final = 3_600_000  # runs are sorted by page and hour (`schema.RUN_ORDER`)
_ARRAY_BYTES: Final = 200  # what an array takes beside its values, about
TIME: Final = "time_ms"


class Key(Struct, frozen=True):
    """A page in one state of a run: what stands under it is the same for good."""

    run: str
    edits: int
    application: int
    page: int


class HeldPage(Struct, frozen=True):
    """Columns of a page in a run's order, and where its hours begin."""

    columns: Columns
    computed: Columns
    hours: np.ndarray[Any, Any]  # each hour with rows, ascending
    starts: np.ndarray[Any, Any]  # first row of each hour, and in the end the number of rows

    @classmethod
    def of(cls, columns: Columns, computed: Columns) -> "HeldPage":
        """Find the hours."""
        hours = columns[TIME] // _HOUR_MS
        starts = np.flatnonzero(np.diff(hours, prepend=-1))  # no event is of the time before 1970
        return cls(columns, computed, hours[starts], np.append(starts, len(hours)))

    @property
    def size(self) -> int:
        """Bytes of memory."""
        arrays = (*self.columns.values(), *self.computed.values(), self.hours, self.starts)
        return sum(array.nbytes + _ARRAY_BYTES for array in arrays)

    def between(self, asked: PageSpan) -> Iterator[Columns]:
        """Cut a time range out: whole hours as they lie there, and what is in it of its ends.

        Parts without rows are left out.
        """
        first, last = asked.from_ms // _HOUR_MS, (asked.to_ms - 1) // _HOUR_MS
        whole_from = first if asked.from_ms % _HOUR_MS == 0 else first + 1
        whole_to = last if asked.to_ms % _HOUR_MS else last + 1
        if whole_from < whole_to:
            yield from self._rows(whole_from, whole_to)
        for hour in sorted({hour for hour in (first, last) if not whole_from <= hour < whole_to}):
            for rows in self._rows(hour, hour + 1):
                inside = (rows[TIME] >= asked.from_ms) & (rows[TIME] < asked.to_ms)
                if inside.any():
                    yield {name: column[inside] for name, column in rows.items()}

    def _rows(self, from_hour: int, to_hour: int) -> Iterator[Columns]:
        low, high = self.starts[np.searchsorted(self.hours, (from_hour, to_hour))]
        if low < high:
            columns = self.columns | self.computed
            yield {name: column[low:high] for name, column in columns.items()}


class HeldPages:
    """What is held. Safe for many threads; a page held twice at once is held once in the end."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._held: OrderedDict[Key, HeldPage] = OrderedDict()
        self._large: set[Key] = set()  # over the limit alone
        self._states: dict[str, set[tuple[str, int]]] = {}  # table -> its runs when last read
        self._lock = threading.Lock()
        self.size = 0  # bytes

    def get(self, key: Key) -> HeldPage | None:
        """Return what is held of a page."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def is_large(self, key: Key) -> bool:
        """Say whether a page was found to be over the limit."""
        return key in self._large

    def hold(self, key: Key, page: HeldPage) -> None:
        """Hold a page, instead of what was held of it."""
        with self._lock:
            self._release(key)
            if page.size > self._limit_bytes:
                self._large.add(key)
                return
            self._held[key] = page
            self.size += page.size
            while self.size > self._limit_bytes:
                self._release(next(iter(self._held)))

    def keep_only(self, table: str, current: set[tuple[str, int]]) -> None:
        """Let go of runs of a table that were merged or edited: nobody asks for them again."""
        with self._lock:
            if self._states.get(table) == current:
                return
            self._states[table] = current
            self._large.clear()
            for key in list(self._held):
                if key.run.startswith(f"{table}_") and (key.run, key.edits) not in current:
                    self._release(key)

    def _release(self, key: Key) -> None:
        page = self._held.pop(key, None)
        if page is not None:
            self.size -= page.size
