"""Brings a data folder's embedded store into ClickHouse as whole columns, without making events.

`isotherm migrate` does the same event by event, which takes minutes for a million.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from isotherm.app.stores import ENGINE_FILE
from isotherm.storage.clickhouse.rows import FIRST, versioned
from isotherm.storage.clickhouse.server import Server
from isotherm.storage.clickhouse.terms import number_of
from isotherm.storage.tables import ACTIONS, TERM_KINDS, VIEWS, Shape, Table

_ROWS = 500_000
_LONG_AGO_US = 1_760_000_000_000_000
"""Texts of the last minute are read again with each answer: these came one by one, long ago."""


def load(folder: Path, server: Server) -> None:
    """Copy texts, actions and views, and let the server merge them."""
    with duckdb.connect(str(folder / ENGINE_FILE), read_only=True) as connection:
        numbers = {kind: _texts(connection, server, kind) for kind in TERM_KINDS}
        for table in (ACTIONS, VIEWS):
            for rows in _batches(connection, f"SELECT * FROM {table.name}"):
                server.insert(table.name, _translated(table, rows, numbers))
    for name in ("actions", "views", "terms"):
        server.command(f"OPTIMIZE TABLE {name} FINAL")


def _texts(connection: duckdb.DuckDBPyConnection, server: Server, kind: str) -> Any:
    """Store the texts of a kind; return their numbers by the ids of DuckDB."""
    found = np.zeros(1, np.int64)
    for rows in _batches(connection, f"SELECT id, text FROM term_{kind}"):
        ids = rows.column("id").to_numpy()
        made = np.fromiter((number_of(kind, one) for one in rows.column("text").to_pylist()), "i8")
        found = np.concatenate([found, np.zeros(max(0, ids.max() + 1 - len(found)), np.int64)])
        found[ids] = made
        kinds = pa.array([kind] * rows.num_rows, pa.string())
        stamps = pa.array(_LONG_AGO_US + ids.astype(np.int64) * 1_000_000, pa.timestamp("us"))
        columns = {
            "kind": kinds, "id": pa.array(made), "text": rows.column("text"), "stamp": stamps,
        }  # fmt: skip
        server.insert("terms", pa.table(columns))
    return found


def _translated(table: Table, rows: pa.Table, numbers: dict[str, Any]) -> pa.Table:
    columns = {}
    for column in table.columns:
        values = rows.column(column.name)
        if column.shape is Shape.TERM:
            values = pa.array(numbers[column.kind][values.to_numpy()])
        columns[column.name] = values
    return versioned(pa.table(columns), np.full(rows.num_rows, FIRST))


def _batches(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[pa.Table]:
    for batch in connection.sql(query).to_arrow_reader(_ROWS):
        yield pa.Table.from_batches([batch])
