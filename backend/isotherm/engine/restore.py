"""Rows back to the events they came from."""

from collections.abc import Mapping
from typing import Any

import duckdb

from isotherm.engine.dictionary import Dictionary
from isotherm.engine.encode import decode
from isotherm.engine.schema import Table


def restore(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    table: Table,
    ids: Mapping[str, int],
) -> list[Any]:
    """Return the events whose columns have these ids, by time."""
    conditions = " AND ".join(f'"{name}" = ${name}' for name in ids)
    order = f'time_ms, "{table.columns[0].name}"'  # the same at equal times, too
    query = f'SELECT * FROM "{table.name}" WHERE {conditions} ORDER BY {order}'
    cursor = connection.execute(query, dict(ids))
    names = [column[0] for column in cursor.description or ()]
    rows = cursor.fetchall()
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)) if rows else {}
    if not columns:
        return []
    if "user_name" in table.struct.__struct_fields__:  # type: ignore[attr-defined]
        known = dictionary.user_names(connection, columns["application"][0], columns["user"])
        columns["user_name"] = [known.get(user, "") for user in columns["user"]]
    return decode(table, columns, lambda kind, terms: dictionary.texts(connection, kind, terms))
