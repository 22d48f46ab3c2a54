"""Pages cached in memory up to a number of bytes; what was not asked for longest goes first."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from msgspec import Struct

from isotherm.storage.duckdb.block_sums import BlockSums, cut
from isotherm.storage.ports import Columns, PageSpan

HOUR_MS: Final = 3_600_000  # runs are sorted by page and hour (`schema.RUN_ORDER`)
_ARRAY_BYTES: Final = 200  # what an array takes beside its values, about
TIME: Final = "time_ms"


class Key(Struct, frozen=True):
    """A page in one state of a run: what stands under it is the same for good."""

    run: str
    edits: int
    application: int
    page: int


class CachedPage(Struct, frozen=True):
    """Columns of a page in a run's order, and where its hours begin."""

    columns: Columns
    computed: Columns
    sums: dict[str, BlockSums]
    hours: np.ndarray[Any, Any]  # each hour with rows, ascending
    starts: np.ndarray[Any, Any]  # first row of each hour, and in the end the number of rows

    @classmethod
    def of(cls, columns: Columns) -> "CachedPage":
        """Find the hours."""
        hours = columns[TIME] // HOUR_MS
        starts = np.flatnonzero(np.diff(hours, prepend=-1))  # no event is of the time before 1970
        return cls(columns, {}, {}, hours[starts], np.append(starts, len(hours)))

    @property
    def all_columns(self) -> Columns:
        """Those read and those computed."""
        return self.columns | self.computed

    @property
    def size(self) -> int:
        """Bytes of memory."""
        arrays = [*self.columns.values(), *self.computed.values(), self.hours, self.starts]
        for sums in self.sums.values():
            arrays += [sums.at, sums.blocks]
        return sum(array.nbytes + _ARRAY_BYTES for array in arrays)

    def between(self, asked: PageSpan) -> Iterator[Columns]:
        """Cut a time range out: whole hours as they lie there, and what is in it of its ends.

        Components without rows are left out.
        """
        yield from self.rows(*self.whole_hours(asked))
        yield from self.ends(asked)

    def whole_hours(self, asked: PageSpan) -> tuple[int, int]:
        """Return from which row to which the hours lie that are in a time range as a whole."""
        return self._rows_of_hours(_whole_hours(asked))

    def ends(self, asked: PageSpan) -> Iterator[Columns]:
        """Cut out what a time range has of the hours that are not in it as a whole."""
        first, last = asked.from_ms // HOUR_MS, (asked.to_ms - 1) // HOUR_MS
        whole = _whole_hours(asked)  # not gone through: "ever" has a million
        for hour in sorted(hour for hour in {first, last} if hour not in whole):
            for rows in self.rows(*self._rows_of_hours(range(hour, hour + 1))):
                inside = (rows[TIME] >= asked.from_ms) & (rows[TIME] < asked.to_ms)
                if inside.any():
                    yield {name: column[inside] for name, column in rows.items()}

    def rows(self, low: int, high: int) -> Iterator[Columns]:
        """Cut out rows by number; nothing if there are none."""
        if low < high:
            yield cut(self.all_columns, low, high)

    def _rows_of_hours(self, hours: range) -> tuple[int, int]:
        low, high = self.starts[np.searchsorted(self.hours, (hours.start, hours.stop))].tolist()
        return low, max(low, high)


def _whole_hours(asked: PageSpan) -> range:
    return range(-(-asked.from_ms // HOUR_MS), asked.to_ms // HOUR_MS)


class PageCache:
    """Safe for many threads; a page read twice at once is cached once."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._cache: OrderedDict[Key, CachedPage] = OrderedDict()
        self._large: set[Key] = set()  # over the limit alone
        self._states: dict[str, set[tuple[str, int]]] = {}  # table -> its runs when last read
        self._lock = threading.Lock()
        self.size = 0  # bytes

    def get(self, key: Key) -> CachedPage | None:
        """Return what is cached of a page."""
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
            return self._cache.get(key)

    def is_large(self, key: Key) -> bool:
        """Say whether a page was found to be over the limit."""
        return key in self._large

    def put(self, key: Key, page: CachedPage) -> None:
        """Put a page in, replacing what was cached of it."""
        with self._lock:
            self._release(key)
            if page.size > self._limit_bytes:
                self._large.add(key)
                return
            self._cache[key] = page
            self.size += page.size
            while self.size > self._limit_bytes:
                self._release(next(iter(self._cache)))

    def keep_only(self, table: str, current: set[tuple[str, int]]) -> None:
        """Let go of runs of a table that were merged or edited: nobody asks for them again."""
        with self._lock:
            if self._states.get(table) == current:
                return
            self._states[table] = current
            self._large.clear()
            for key in list(self._cache):
                if key.run.startswith(f"{table}_") and (key.run, key.edits) not in current:
                    self._release(key)

    def _release(self, key: Key) -> None:
        page = self._cache.pop(key, None)
        if page is not None:
            self.size -= page.size
