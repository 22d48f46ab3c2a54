"""Filling a table from the journal: some hours at a time, from Arrow with texts as texts.

Only the distinct texts of a batch become Python objects, on their way through the dictionaries.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from isotherm.model.event_ids import short
from isotherm.storage.duckdb.dictionary import Dictionary
from isotherm.storage.duckdb.insert import insert
from isotherm.storage.duckdb.runs import RECENT_ROWS, Runs
from isotherm.storage.duckdb.schema import create_table, recent_table
from isotherm.storage.duckdb.store import Store
from isotherm.storage.duckdb.targets import distinct_texts, with_targets
from isotherm.storage.encode import numbers
from isotherm.storage.tables import ACTIONS, VIEWS, Column, Shape, Table

_EVENTS: Final = 64

_RUN_ROWS: Final = RECENT_ROWS // 4
"""So many rows become a run at once, instead of being written twice."""


def load_hours(
    store: Store, table: Table, span: tuple[int, int], batches: Iterable[pa.Table]
) -> int:
    """Make the rows of `batches` the rows of [from, to), each event once; return their number.

    A batch has the table's columns by name: terms and codes as text, numbers as floats with NULL,
    `user_name` for those who have one. Other writers get their turn between batches; readers see
    the old rows until all have arrived. An exception of `batches` passes through and changes
    nothing.
    """
    with store.frugally():
        return _load(store, table, span, batches)


def _load(store: Store, table: Table, span: tuple[int, int], batches: Iterable[pa.Table]) -> int:
    staged = f"{table.name}_arriving"
    with store.write() as connection:
        # temporary: what the log would keep of it is worth nothing after a crash
        connection.execute(create_table(staged, table).replace("CREATE", "CREATE TEMP", 1))
    try:
        for batch in batches:
            with store.write() as connection:
                insert(connection, staged, _encoded(connection, store.dictionary, table, batch))
        return store.sparingly(partial(_swap, runs=store.runs, table=table, span=span))
    finally:
        with store.write() as connection:
            connection.execute(f'DROP TABLE IF EXISTS "{staged}"')


def _swap(
    connection: duckdb.DuckDBPyConnection, runs: Runs, table: Table, span: tuple[int, int]
) -> int:
    bounds = {"low": span[0], "high": span[1] - 1}
    inside = "time_ms BETWEEN $low AND $high"
    for home in runs.homes_at(table, bounds["low"], bounds["high"]):
        runs.delete(connection, home, inside, bounds)
    key = f'"{table.columns[0].name}", time_ms ORDER BY rowid'
    if table is VIEWS:
        connection.execute(f"DELETE FROM view_log WHERE {inside}", bounds)
        key = "application, view ORDER BY document_version DESC, rowid"
    staged = f"{table.name}_arriving"
    connection.execute(  # the window sees the key only, not the whole rows
        f'DELETE FROM "{staged}" WHERE rowid IN (SELECT rowid FROM "{staged}" '
        f"QUALIFY row_number() OVER (PARTITION BY {key}) > 1)"
    )
    row = connection.execute(f'SELECT count(*) FROM "{staged}"').fetchone()
    count = int(row[0]) if row else 0
    if table.runs and count >= _RUN_ROWS:
        runs.add(connection, table, f'SELECT * FROM "{staged}"')
    else:
        connection.execute(f'INSERT INTO "{recent_table(table)}" SELECT * FROM "{staged}"')
    return count


def _encoded(
    connection: duckdb.DuckDBPyConnection, dictionary: Dictionary, table: Table, batch: pa.Table
) -> pa.Table:
    def ids(column: Column) -> pa.Array:
        distinct, places = distinct_texts(batch.column(column.name))
        known = dictionary.ids(connection, column.kind or column.name, distinct)
        return pa.array(known[places])

    if table is ACTIONS and "fingerprint" in batch.column_names:
        batch = with_targets(batch)
    columns = {}
    for column in table.columns:
        values = batch.column(column.name)
        if column.shape is Shape.TERM:
            columns[column.name] = ids(column)
        elif column.shape is Shape.NUMBER:
            columns[column.name] = numbers(column, values.to_numpy())
        elif column.shape in _MADE:
            columns[column.name] = _MADE[column.shape](column, values)
        else:
            columns[column.name] = values
    if "user_name" in batch.column_names:
        dictionary.name_users(connection, _named(batch))
    return pa.table(columns)


def _codes(column: Column, values: pa.ChunkedArray) -> pa.Array:
    distinct, places = distinct_texts(values)
    codes = np.array([_code(column, text) for text in distinct], np.uint8)
    return pa.array(codes[places])


def _events(_column: Column, values: pa.ChunkedArray) -> pa.Array:
    distinct, places = distinct_texts(values)
    return pa.array([_numbers(text) for text in distinct], pa.list_(pa.uint32())).take(places)


def _traces(_column: Column, values: pa.ChunkedArray) -> pa.Array:
    texts = values.cast(pa.string())
    return pc.if_else(pc.match_substring_regex(texts, "^[0-9a-f]{32}$"), texts, None)


_MADE: Final[Mapping[Shape, Callable[[Column, Any], pa.Array]]] = {
    Shape.CODE: _codes,
    Shape.EVENTS: _events,
    Shape.TRACE: _traces,
    Shape.EXACT: lambda _column, values: values.cast(pa.int64()),
}


def _numbers(text: str) -> list[int]:
    """Return the event numbers in a text; what others wrote there is none."""
    parts = text.split()[:_EVENTS]
    return [short(int(part)) for part in parts if part.isascii() and part.isdigit()]


def _code(column: Column, text: str) -> int:
    return column.codes.index(text) if text in column.codes else 0


def _named(batch: pa.Table) -> Iterator[tuple[str, str, str]]:
    columns = ["application", "user", "user_name"]
    named = batch.select(columns).filter(pc.not_equal(batch.column("user_name"), ""))
    # each block of a download has dictionaries of its own
    distinct = named.unify_dictionaries().group_by(columns).aggregate([])
    yield from zip(*(distinct.column(name).to_pylist() for name in columns), strict=True)
