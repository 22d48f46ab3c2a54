"""The rows of one page as of one moment: from memory where a run's are cached, else from disk.

A run changes only by deletions, and each counts up the run's `edits` in its own transaction
(`runs.py`). A reader takes names and edits of the runs from the snapshot that it reads everything
else in, so what is cached under them is what it would read from disk. Recent rows are cached under
the store's version, which tells whether anything was committed: while nothing was, no statement is
needed at all.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import duckdb
import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from isotherm.storage.duckdb.block_sums import BlockSums
from isotherm.storage.duckdb.numpy_columns import numpy_columns
from isotherm.storage.duckdb.page_cache import HOUR_MS, TIME, CachedPage, Key, PageCache
from isotherm.storage.duckdb.schema import recent_table
from isotherm.storage.ports import Columns, Computed, PageSpan, Summed, wanted
from isotherm.storage.tables import Table

T = TypeVar("T")

_KEPT: Final = 12
"""So many computed columns and sums are kept per page and run; the latest replace the oldest.

Enough for pictures of three widths and the elements and widths by which one is chosen, with and
without a few filters.
"""

_VALUE_BYTES: Final = 5  # of a column, on average

_STATE = """
SELECT name, edits, from_ms, to_ms FROM runs WHERE of = $table
UNION ALL SELECT '{recent}', $version, 0, {ever} WHERE EXISTS (SELECT 1 FROM "{recent}")
"""
_EVER: Final = 2**62


class _State(Struct, frozen=True):
    """Where rows of a table are, and of which version of the store that is true."""

    version: int
    homes: list[tuple[str, int, int, int]]  # name, edits or version, first and last time

    def keys(self, asked: PageSpan) -> list[Key]:
        """Return what can hold rows of a page and time range."""
        return [
            Key(name, edits, asked.application, asked.page)
            for name, edits, from_ms, to_ms in self.homes
            if from_ms < asked.to_ms and to_ms >= asked.from_ms
        ]


Found = list[tuple[Key, CachedPage] | Columns]
"""Whole pages of runs, and rows that are in the asked range already."""


class PageRows:
    """Reads pages. Safe for many threads, each with a connection of its own."""

    def __init__(self, limit_bytes: int, block_rows: int, version: Callable[[], int]) -> None:
        """`version` is odd during each commit, and another after it (`Store.version`)."""
        self._limit_bytes = limit_bytes
        self._cache = PageCache(limit_bytes)
        self._block_rows = block_rows
        self._version = version
        self._states: dict[str, _State] = {}  # by table, as last read

    @property
    def size(self) -> int:
        """Bytes cached."""
        return self._cache.size

    def holds(self, table: Table, asked: PageSpan) -> bool:
        """Say whether some columns of all sorted rows of a page were in memory lately."""
        state = self._states.get(table.name)
        keys = [] if state is None else state.keys(asked)
        runs = [key for key in keys if key.run != recent_table(table)]
        return bool(runs) and all(self._cache.get(key) for key in runs)

    def has_room(
        self, connection: duckdb.DuckDBPyConnection, table: Table, asked: PageSpan, columns: int
    ) -> bool:
        """Say whether so many columns of a page take at most half of the room."""
        query = (
            f"SELECT count(*) FROM {table.name} WHERE application = $application AND page = $page"
        )
        values = {"application": asked.application, "page": asked.page}
        [[rows]] = connection.execute(query, values).fetchall()
        return bool(rows * columns * _VALUE_BYTES * 2 <= self._limit_bytes)

    def remembered(self, table: Table, asked: PageSpan, names: Sequence[str]) -> Found | None:
        """Find the rows of a page without the database; None if something is not in memory."""
        state = self._states.get(table.name)
        if state is None or state.version != self._version():
            return None
        found: Found = []
        for key in state.keys(asked):
            page = self._cache.get(key)
            if page is None or not page.columns.keys() >= {*names}:
                return None
            found.append((key, page))
        return found

    def find(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: Table,
        asked: PageSpan,
        names: Sequence[str],
    ) -> Found:
        """Find the rows of a page. The connection must have no open transaction."""
        columns = tuple(dict.fromkeys((TIME, *names)))
        recent = recent_table(table)
        connection.execute("BEGIN")
        try:
            state, settled = self._state(connection, table)
            found: Found = []
            for key in state.keys(asked):
                if self._cache.is_large(key) or (key.run == recent and not settled):
                    found.append(_range(connection, key.run, asked, columns))
                else:
                    found.append((key, self._page(connection, key, columns, recent=recent)))
            return found
        finally:
            connection.execute("ROLLBACK")  # nothing was written; also after an error

    def _state(self, connection: duckdb.DuckDBPyConnection, table: Table) -> tuple[_State, bool]:
        """Read the state, and whether it is that of one version: no commit came in between."""
        version = self._version()
        query = _STATE.format(recent=recent_table(table), ever=_EVER)
        rows = connection.execute(query, {"table": table.name, "version": version}).fetchall()
        state = _State(version, rows)
        settled = version % 2 == 0 and version == self._version()
        if settled:
            self._states[table.name] = state
        self._cache.keep_only(table.name, {(name, edits) for name, edits, _, _ in rows})
        return state, settled

    def cut(
        self, found: Found, asked: PageSpan, names: Sequence[str], computed: Computed | None
    ) -> list[Columns]:
        """Return the rows of the asked range, in parts, with the computed column."""
        only, parts = asked.only, list[Columns]()
        for one in found:
            if isinstance(one, dict):
                parts.append(one | _made(one, computed) | _made(one, only))
            else:
                parts += self._with((computed, only), *one).between(asked)
        if only is None:
            return parts
        columns = dict.fromkeys((TIME, *names, *([computed.name] if computed else [])))
        return [wanted(part, tuple(columns), only) for part in parts]

    def sums(self, found: Found, asked: PageSpan, summed: Summed) -> np.ndarray[Any, Any]:
        """Return the sums over the asked range: those of blocks, and of all other rows at once."""
        only = asked.only
        name = f"{summed.name} {only.name}" if only else summed.name
        rows: list[Columns] = []
        blocks: list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]] = []
        for one in found:
            if isinstance(one, dict):
                rows.append(one | _made(one, summed.computed) | _made(one, only))
                continue
            page = self._with_sums(name, summed, only, *one)
            sums, ends = page.sums[name].between(*page.whole_hours(asked))
            blocks.append((page.sums[name].at, sums))
            rows += [part for end in ends for part in page.rows(*end)]
            rows += page.ends(asked)
        takes = (*summed.takes, only.name) if only else summed.takes
        total = summed.of(_joined(rows, takes), only) if rows else np.zeros(0)
        for at, sums in blocks:
            if len(at) and at[-1] >= len(total):
                total = np.pad(total, (0, at[-1] + 1 - len(total)))
            total[at] += sums
        return total

    def _page(
        self, connection: duckdb.DuckDBPyConnection, key: Key, names: Sequence[str], recent: str
    ) -> CachedPage:
        cached = self._cache.get(key)
        columns = {} if cached is None else cached.columns
        missing = [name for name in names if name not in columns]
        if cached is not None and not missing:
            return cached
        if key.run == recent:  # in the order of their arrival
            columns = _by_hour(_whole(connection, key, [*columns, *missing]))
        else:
            columns = columns | _whole(connection, key, missing)
        cached = replace(cached, columns=columns) if cached else CachedPage.of(columns)
        self._cache.put(key, cached)
        return cached

    def _with(self, computed: Sequence[Computed | None], key: Key, page: CachedPage) -> CachedPage:
        named = {one.name: one for one in computed if one is not None}
        if page.computed.keys() >= named.keys():
            return page
        others = {name: made for name, made in page.computed.items() if name not in named}
        for name, one in named.items():  # last, so that none pushes another out
            known = page.computed.get(name)
            others[name] = one.compute(page.columns) if known is None else known
        page = replace(page, computed=_latest(others))
        self._cache.put(key, page)
        return page

    def _with_sums(
        self, name: str, summed: Summed, only: Computed | None, key: Key, page: CachedPage
    ) -> CachedPage:
        page = self._with((summed.computed, only), key, page)
        if name not in page.sums:
            made = BlockSums.of(
                page.all_columns, lambda rows: summed.of(rows, only), self._block_rows
            )
            page = replace(page, sums=_latest(page.sums | {name: made}))
            self._cache.put(key, page)
        return page


def _joined(parts: Sequence[Columns], names: Sequence[str]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def _latest(kept: dict[str, T]) -> dict[str, T]:
    return dict(list(kept.items())[-_KEPT:])


def _made(columns: Columns, computed: Computed | None) -> Columns:
    return {} if computed is None else {computed.name: computed.compute(columns)}


def _by_hour(columns: Columns) -> Columns:
    """Sort rows as `CachedPage` needs them; the same rows always come in the same order."""
    order = np.argsort(columns[TIME] // HOUR_MS, kind="stable")
    return {name: column[order] for name, column in columns.items()}


def _whole(connection: duckdb.DuckDBPyConnection, key: Key, names: Sequence[str]) -> Columns:
    values = {"application": key.application, "page": key.page}
    query = f"{_select(key.run, names)} WHERE application = $application AND page = $page"
    return numpy_columns(connection.sql(query, params=values))


def _range(
    connection: duckdb.DuckDBPyConnection, home: str, asked: PageSpan, names: Sequence[str]
) -> Columns:
    values = {
        "application": asked.application,
        "page": asked.page,
        "since": asked.from_ms,
        "until": asked.to_ms,
    }
    query = (
        f"{_select(home, names)} WHERE application = $application AND page = $page "
        f"AND {TIME} >= $since AND {TIME} < $until"
    )
    return numpy_columns(connection.sql(query, params=values))


def _select(home: str, names: Sequence[str]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    return f'SELECT {columns} FROM "{home}"'
