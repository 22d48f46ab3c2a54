"""Filling a table from the journal: some hours at a time, from Arrow with texts as texts."""

from collections.abc import Iterable
from functools import partial
from typing import Final

import duckdb
import pyarrow as pa

from isotherm.storage.duckdb.insert import insert
from isotherm.storage.duckdb.runs import RECENT_ROWS, Runs
from isotherm.storage.duckdb.schema import create_table, recent_table
from isotherm.storage.duckdb.store import Store
from isotherm.storage.encode_arrow import encode_arrow, users_named
from isotherm.storage.tables import VIEWS, Table

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
                ids = partial(store.dictionary.ids, connection)
                insert(connection, staged, encode_arrow(table, batch, ids))
                store.dictionary.name_users(connection, users_named(batch))
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
