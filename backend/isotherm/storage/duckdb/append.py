"""Adding rows: in one transaction, each event once."""

from collections.abc import Sequence
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from isotherm.storage.duckdb.dictionary import Dictionary
from isotherm.storage.duckdb.encode import encode
from isotherm.storage.duckdb.insert import execute_with, insert
from isotherm.storage.duckdb.runs import Runs
from isotherm.storage.duckdb.schema import Table, recent_table

_GAP_MS: Final = 3_600_000
"""Events further apart are looked for separately: one wrong clock must not read all runs."""

_RANGES: Final = 8


def append_new(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    runs: Runs,
    table: Table,
    events: Sequence[Any],
) -> list[int]:
    """Add the events that are not stored yet; return the positions of the others."""
    rows = encode(table, events, lambda kind, texts: dictionary.ids(connection, kind, texts))
    hashes = rows.column(table.columns[0].name).to_numpy()
    times = rows.column("time_ms").to_numpy()
    new = np.zeros(len(hashes), np.bool_)
    both = hashes | (times.astype(np.uint64) << np.uint64(32))  # the hash has 32 bits
    new[np.unique(both, return_index=True)[1]] = True
    new[_stored(connection, runs, table, hashes, times)] = False
    insert(connection, recent_table(table), rows if new.all() else rows.filter(pa.array(new)))
    return np.flatnonzero(~new).tolist()


def _stored(
    connection: duckdb.DuckDBPyConnection,
    runs: Runs,
    table: Table,
    hashes: np.ndarray[Any, Any],
    times: np.ndarray[Any, Any],
) -> list[int]:
    """Return the positions of stored events. A repeat has its first time, so few rows are read."""
    name = table.columns[0].name
    found: list[int] = []
    arrived = pa.table({"event": hashes, "time_ms": times, "position": np.arange(len(hashes))})
    for low, high in _ranges(times):
        for home in runs.homes_at(table, low, high):
            query = (
                f'SELECT batch.position FROM "{home}" t JOIN batch '
                f'ON t."{name}" = batch.event AND t.time_ms = batch.time_ms '
                "WHERE t.time_ms BETWEEN $low AND $high"
            )
            rows = execute_with(connection, query, arrived, {"low": low, "high": high}).fetchall()
            found += [position for (position,) in rows]
    return found


def _ranges(times: np.ndarray[Any, Any]) -> list[tuple[int, int]]:
    """Cover times by at most `_RANGES` ranges, cut at the widest gaps."""
    ordered = np.unique(times)
    gaps = np.diff(ordered)
    cuts = np.flatnonzero(gaps > _GAP_MS)
    if len(cuts) >= _RANGES:
        cuts = np.sort(cuts[np.argsort(gaps[cuts])[-(_RANGES - 1) :]])
    parts = np.split(ordered, cuts + 1)
    return [(int(part[0]), int(part[-1])) for part in parts if len(part)]
