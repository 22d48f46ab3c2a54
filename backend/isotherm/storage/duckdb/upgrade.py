"""Brings a file of an earlier release to the tables of this one, in one transaction."""

from collections.abc import Callable
from typing import Final

import duckdb
import pyarrow as pa

from isotherm.model.elements import SIZE_STEPS, element_text
from isotherm.storage.duckdb import term_tables
from isotherm.storage.duckdb.insert import execute_with, insert
from isotherm.storage.duckdb.schema import RUN_ORDER, create_table, recent_table, term_table
from isotherm.storage.tables import ACTIONS, TABLES, Column, Shape, Table

_STEP: Final = f"round(log2(nullif({{size}}, 0)) * {SIZE_STEPS})::INTEGER"
_ELEMENT: Final = (
    "element",
    "element_path::INTEGER",
    "action_name",
    _STEP.format(size="element_w"),
    _STEP.format(size="element_h"),
)
"""What the target of an action follows from, in the columns of version 3."""


def upgraded(connection: duckdb.DuckDBPyConnection, version: int) -> int:
    """Return the version a file has now; the same where there is no way from its version on."""
    while version in _STEPS:
        connection.execute("BEGIN")
        try:
            _STEPS[version](connection)
            version += 1
            connection.execute("UPDATE meta SET value = $v WHERE key = 'schema'", {"v": version})
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    return version


def _add_targets(connection: duckdb.DuckDBPyConnection) -> None:
    """Version 4: actions have what their element was as one number, `target`; also its path."""
    term_tables.create(connection)
    runs = connection.execute("SELECT name FROM runs WHERE of = $t", {"t": ACTIONS.name}).fetchall()
    homes = [recent_table(ACTIONS), *(name for (name,) in runs)]
    known = _number_elements(connection, homes)
    columns = ", ".join(
        "coalesce(known.target, 0) AS target" if one.name == "target" else f't."{one.name}"'
        for one in ACTIONS.columns
    )
    same = " AND ".join(f"known.c{at} IS NOT DISTINCT FROM t.c{at}" for at in range(len(_ELEMENT)))
    for home in homes:
        keys = ", ".join(f"{part} AS c{at}" for at, part in enumerate(_ELEMENT))
        order = "" if home == recent_table(ACTIONS) else f"ORDER BY {_of_table(RUN_ORDER)}"
        made = (
            f'CREATE TABLE "{home}_new" AS SELECT {columns} FROM '
            f'(SELECT *, {keys} FROM "{home}") AS t LEFT JOIN batch AS known ON {same} {order}'
        )
        execute_with(connection, made, known)
        connection.execute(f'DROP TABLE "{home}"')
        connection.execute(f'ALTER TABLE "{home}_new" RENAME TO "{home}"')
    connection.execute(f"DROP TABLE {term_table('element_path')}")


def _of_table(order: str) -> str:
    return ", ".join(f"t.{part}" for part in order.split(", "))


def _number_elements(connection: duckdb.DuckDBPyConnection, homes: list[str]) -> pa.Table:
    """Give numbers to the elements of all actions; return them by what they follow from."""
    keys = ", ".join(f"{part} AS c{at}" for at, part in enumerate(_ELEMENT))
    everything = " UNION ALL ".join(f'SELECT {keys} FROM "{home}"' for home in homes)
    rows = connection.execute(
        f"""SELECT c0, c1, c2, c3, c4, e.text, p.text, n.text
        FROM (SELECT DISTINCT * FROM ({everything})) AS one
        LEFT JOIN {term_table("element")} AS e ON e.id = c0
        LEFT JOIN {term_table("element_path")} AS p ON p.id = c1
        LEFT JOIN {term_table("action_name")} AS n ON n.id = c2"""
    ).fetchall()
    ids: dict[str, int] = {"": 0}
    targets = []
    for *_, wide, high, selector, path, name in rows:
        width, height = (None if px is None else 2 ** (px / SIZE_STEPS) for px in (wide, high))
        text = element_text(selector or "", path or "", "", name or "", width, height)
        targets.append(ids.setdefault(text, len(ids)))
    texts = [text for text in ids if text]
    if texts:
        new = pa.table({"id": pa.array(range(1, len(ids)), pa.int32()), "text": texts})
        insert(connection, term_table("target"), new)
    columns = {
        f"c{at}": pa.array([row[at] for row in rows], pa.int32()) for at in range(len(_ELEMENT))
    }
    return pa.table({**columns, "target": pa.array(targets, pa.int32())})


def _add_details(connection: duckdb.DuckDBPyConnection) -> None:
    """Version 5: tables of requests, long tasks and vitals; more columns of views and errors.

    Rows that are there have nothing in new columns.
    """
    term_tables.create(connection)
    for table in TABLES:
        recent = recent_table(table)
        if not _columns(connection, recent):
            connection.execute(create_table(recent, table))
        runs = connection.execute("SELECT name FROM runs WHERE of = $of", {"of": table.name})
        for name in [recent, *(name for (name,) in runs.fetchall())]:
            _add_columns(connection, name, table, of_run=name != recent)


def _widen_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Version 6: numbers of events have 56 bits; those that are there keep their 32."""
    for table in TABLES:
        runs = connection.execute("SELECT name FROM runs WHERE of = $of", {"of": table.name})
        for name in [recent_table(table), *(name for (name,) in runs.fetchall())]:
            for column in table.columns:
                if column.shape is Shape.EVENT:
                    connection.execute(f'ALTER TABLE "{name}" ALTER "{column.name}" TYPE UBIGINT')


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


_STEPS: Final[dict[int, Callable[[duckdb.DuckDBPyConnection], None]]] = {
    3: _add_targets,
    4: _add_details,
    5: _widen_numbers,
}
"""Version -> how a file of it becomes one of the next."""
