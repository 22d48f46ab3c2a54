"""Adding rows: in one transaction, each event once."""

from collections.abc import Sequence
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from isotherm.model.event_ids import SHORT_BITS
from isotherm.storage.duckdb.dictionary import Dictionary
from isotherm.storage.duckdb.insert import execute_with, insert
from isotherm.storage.duckdb.runs import Runs
from isotherm.storage.duckdb.schema import recent_table
from isotherm.storage.encode import encode
from isotherm.storage.tables import Table

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
    numbers = rows.column(table.columns[0].name).to_numpy()
    times = rows.column("time_ms").to_numpy()
    new = _first(numbers, times)
    new[_stored(connection, runs, table, numbers, times)] = False
    insert(connection, recent_table(table), rows if new.all() else rows.filter(pa.array(new)))
    return np.flatnonzero(~new).tolist()


def _first(numbers: np.ndarray[Any, Any], times: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return for each event whether it is the first of its number and time in the batch."""
    order = np.lexsort((numbers, times))  # stable: equal ones stay in their order
    new = np.ones(len(order), np.bool_)
    repeats = (np.diff(numbers[order]) == 0) & (np.diff(times[order]) == 0)
    new[order[1:][repeats]] = False
    return new


def _stored(
    connection: duckdb.DuckDBPyConnection,
    runs: Runs,
    table: Table,
    numbers: np.ndarray[Any, Any],
    times: np.ndarray[Any, Any],
) -> list[int]:
    """Return the positions of stored events. A repeat has its first time, so few rows are read.

    Where one of two numbers is short (`event_ids.same`), their low bits decide.
    """
    name = table.columns[0].name
    found: list[int] = []
    arrived = pa.table(
        {
            "event": numbers,
            "short": numbers & np.uint64(SHORT_BITS),
            "time_ms": times,
            "position": np.arange(len(numbers)),
        }
    )
    for low, high in ranges(times):
        for home in runs.homes_at(table, low, high):
            query = (
                f'SELECT batch.position FROM "{home}" t JOIN batch '
                f'ON t.time_ms = batch.time_ms AND t."{name}" & {SHORT_BITS} = batch.short '
                f'AND (t."{name}" = batch.event OR least(t."{name}", batch.event) <= {SHORT_BITS}) '
                "WHERE t.time_ms BETWEEN $low AND $high"
            )
            rows = execute_with(connection, query, arrived, {"low": low, "high": high}).fetchall()
            found += [position for (position,) in rows]
    return found


def ranges(times: np.ndarray[Any, Any]) -> list[tuple[int, int]]:
    """Cover times by at most `_RANGES` ranges, cut at the widest gaps."""
    ordered = np.unique(times)
    gaps = np.diff(ordered)
    cuts = np.flatnonzero(gaps > _GAP_MS)
    if len(cuts) >= _RANGES:
        cuts = np.sort(cuts[np.argsort(gaps[cuts])[-(_RANGES - 1) :]])
    parts = np.split(ordered, cuts + 1)
    return [(int(part[0]), int(part[-1])) for part in parts if len(part)]
