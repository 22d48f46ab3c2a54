"""Adding rows: in one transaction, each event once."""

from collections.abc import Sequence
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from isotherm.engine.dictionary import Dictionary
from isotherm.engine.encode import encode
from isotherm.engine.insert import insert
from isotherm.engine.runs import Runs
from isotherm.engine.schema import Table, recent_table

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
    name = table.columns[0].name
    hashes = rows.column(name).to_numpy()
    new = np.zeros(len(hashes), np.bool_)
    new[np.unique(hashes, return_index=True)[1]] = True
    known = _stored(connection, runs, table, hashes, rows.column("time_ms").to_numpy())
    if len(known):
        new &= ~np.isin(hashes, known)
    insert(connection, recent_table(table), rows if new.all() else rows.filter(pa.array(new)))
    return np.flatnonzero(~new).tolist()


def _stored(
    connection: duckdb.DuckDBPyConnection,
    runs: Runs,
    table: Table,
    hashes: np.ndarray[Any, Any],
    times: np.ndarray[Any, Any],
) -> np.ndarray[Any, Any]:
    """Return which hashes are stored. A repeated event has its first time, so few rows are read."""
    name = table.columns[0].name
    found = []
    connection.register("looked_for", pa.table({"event": np.unique(hashes)}))
    for low, high in _ranges(times):
        for home in runs.homes_at(table, low, high):
            query = (
                f'SELECT t."{name}" AS event FROM "{home}" t '
                f'SEMI JOIN looked_for ON t."{name}" = looked_for.event '
                "WHERE t.time_ms BETWEEN $low AND $high"
            )
            rows = connection.execute(query, {"low": low, "high": high}).fetchnumpy()
            found.append(np.asarray(rows["event"]))
    connection.unregister("looked_for")
    return np.concatenate(found) if found else np.empty(0, np.uint64)


def _ranges(times: np.ndarray[Any, Any]) -> list[tuple[int, int]]:
    """Cover times by at most `_RANGES` ranges, cut at the widest gaps."""
    ordered = np.unique(times)
    gaps = np.diff(ordered)
    cuts = np.flatnonzero(gaps > _GAP_MS)
    if len(cuts) >= _RANGES:
        cuts = np.sort(cuts[np.argsort(gaps[cuts])[-(_RANGES - 1) :]])
    parts = np.split(ordered, cuts + 1)
    return [(int(part[0]), int(part[-1])) for part in parts if len(part)]
