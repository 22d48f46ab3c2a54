"""Bringing the file of an earlier version to this one, where only tables and columns were added."""

from typing import Final

import duckdb

from isotherm.storage.duckdb import schema, term_tables
from isotherm.storage.duckdb.schema import Column, Shape, Table

FROM: Final = (3,)
"""Versions that lack nothing but tables, and columns at the end of tables."""


def upgrade(connection: duckdb.DuckDBPyConnection) -> None:
    """Add what is missing, in one step; rows that are there have nothing in new columns."""
    connection.execute("BEGIN")
    try:
        term_tables.create(connection)
        for table in schema.TABLES:
            recent = schema.recent_table(table)
            if not _columns(connection, recent):
                connection.execute(schema.create_table(recent, table))
            runs = connection.execute("SELECT name FROM runs WHERE of = $of", {"of": table.name})
            for name in [recent, *(name for (name,) in runs.fetchall())]:
                _add_columns(connection, name, table, of_run=name != recent)
        version = {"v": str(schema.VERSION)}
        connection.execute("UPDATE meta SET value = $v WHERE key = 'schema'", version)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _add_columns(
    connection: duckdb.DuckDBPyConnection, name: str, table: Table, *, of_run: bool
) -> None:
    there = _columns(connection, name)
    for column in table.columns:
        if column.name not in there:
            kind = (of_run and column.run_type) or column.type
            empty = _nothing(column, kind)
            statement = f'ALTER TABLE "{name}" ADD COLUMN "{column.name}" {kind} DEFAULT {empty}'
            connection.execute(statement)


def _nothing(column: Column, sql_type: str) -> str:
    """Return what a row has in a column that its event said nothing about."""
    if column.nullable:
        return "NULL"
    if column.shape is Shape.EVENTS:
        return "[]"
    return {"VARCHAR": "''", "BOOLEAN": "false"}.get(sql_type, "0")


def _columns(connection: duckdb.DuckDBPyConnection, name: str) -> set[str]:
    query = "SELECT column_name FROM duckdb_columns() WHERE table_name = $name"
    return {column for (column,) in connection.execute(query, {"name": name}).fetchall()}
