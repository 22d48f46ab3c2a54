"""The one way rows get into a table: from Arrow, by position."""

import duckdb
import pyarrow as pa


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Add rows that have the table's columns in order."""
    if rows.num_rows:
        connection.register("arrived", rows)
        connection.execute(f'INSERT INTO "{table}" SELECT * FROM arrived')
        connection.unregister("arrived")
