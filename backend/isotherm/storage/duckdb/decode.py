"""Rows back to the events they came from."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import duckdb

from isotherm.model import View
from isotherm.model.event_ids import event_hash
from isotherm.storage.duckdb.dictionary import Dictionary
from isotherm.storage.encode import decode
from isotherm.storage.tables import TABLES, VIEWS, Table


def restore(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    table: Table,
    ids: Mapping[str, int],
) -> list[Any]:
    """Return the events whose columns have these ids, by time."""
    order = f'time_ms, "{table.columns[0].name}"'  # the same at equal times, too
    query = f'SELECT * FROM "{table.name}" WHERE {_having(ids)} ORDER BY {order}'
    return _events(connection, dictionary, table, _columns(connection, query, ids))


def restore_views(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    views: Collection[tuple[int, int]],
) -> dict[tuple[int, int], list[View]]:
    """Return the rows of many views (application and view) in one statement, each by time."""
    if not views:
        return {}
    applications, ids = map(list, zip(*views, strict=True))
    query = (
        'SELECT * FROM "views" WHERE view BETWEEN $low AND $high AND (application, view) IN '
        "(SELECT unnest($applications::INTEGER[]), unnest($views::INTEGER[])) "
        "ORDER BY time_ms, view"
    )
    values = {"low": min(ids), "high": max(ids), "applications": applications, "views": ids}
    columns = _columns(connection, query, values)
    found: dict[tuple[int, int], list[View]] = {}
    if columns:
        of = list(zip(columns["application"], columns["view"], strict=True))
        for view, row in zip(of, _events(connection, dictionary, VIEWS, columns), strict=True):
            found.setdefault(view, []).append(row)
    return found


def restore_numbers(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    application: str,
    sessions: Sequence[str],
) -> dict[str, dict[str, set[int]]]:
    """Return the event numbers of the rows of some sessions, by session and table, no views."""
    values = _among(connection, dictionary, application, sessions)
    if not values:
        return {}
    query = " UNION ALL ".join(
        f'SELECT session, \'{table.name}\', "{table.columns[0].name}" FROM "{table.name}" '
        f"WHERE {_AMONG}"
        for table in TABLES
        if table is not VIEWS
    )
    found: dict[int, dict[str, set[int]]] = {}
    for session, table, number in connection.execute(query, values).fetchall():
        found.setdefault(session, {}).setdefault(table, set()).add(number)
    texts = dictionary.texts(connection, "session", found)
    return {texts[session]: numbers for session, numbers in found.items()}


def restore_views_of(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    application: str,
    sessions: Sequence[str],
) -> list[View]:
    """Return the views of some sessions."""
    values = _among(connection, dictionary, application, sessions)
    if not values:
        return []
    columns = _columns(connection, f'SELECT * FROM "views" WHERE {_AMONG}', values)
    return _events(connection, dictionary, VIEWS, columns)


def restore_places(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    table: Table,
    condition: str,
    values: Mapping[str, object],
) -> list[tuple[int, int]]:
    """Return time and number (`event_ids.event_hash`) of the rows that satisfy a condition."""
    if table is not VIEWS:
        query = f'SELECT time_ms, "{table.columns[0].name}" FROM "{table.name}" WHERE {condition}'
        return connection.execute(query, dict(values)).fetchall()
    query = f"SELECT time_ms, application, view FROM views WHERE {condition}"
    rows = connection.execute(query, dict(values)).fetchall()
    applications = dictionary.texts(connection, "application", [row[1] for row in rows])
    views = dictionary.texts(connection, "view", [row[2] for row in rows])
    return [(time, event_hash(applications[of], views[view])) for time, of, view in rows]


def restore_after(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    table: Table,
    after: tuple[int, int],
    limit: int,
) -> tuple[list[Any], tuple[int, int]]:
    """Return the next events by time and number, and the place of the last: where to go on."""
    number = f'"{table.columns[0].name}"'
    query = (
        f'SELECT * FROM "{table.name}" WHERE time_ms > $time OR time_ms = $time '
        f"AND {number} > $number ORDER BY time_ms, {number} LIMIT {limit}"
    )
    columns = _columns(connection, query, {"time": after[0], "number": after[1]})
    if not columns:
        return [], after
    last = (columns["time_ms"][-1], columns[table.columns[0].name][-1])
    return _events(connection, dictionary, table, columns), last


_AMONG: Final = (
    "application = $application AND session BETWEEN $low AND $high "
    "AND session IN (SELECT unnest($sessions::INTEGER[]))"
)


def _among(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    application: str,
    sessions: Sequence[str],
) -> dict[str, object]:
    """Return the values of `_AMONG`, none if there are no such sessions.

    The ends spare the engine most rows.
    """
    home = dictionary.find(connection, "application", application)
    known = dictionary.known(connection, "session", sessions) if home else []
    if not known:
        return {}
    return {"application": home, "sessions": known, "low": min(known), "high": max(known)}


def _having(ids: Mapping[str, int]) -> str:
    return " AND ".join(f'"{name}" = ${name}' for name in ids)


def _columns(
    connection: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, object]
) -> dict[str, list[Any]]:
    """Return a query's columns; nothing when it has no rows."""
    cursor = connection.execute(query, dict(values))
    names = [column[0] for column in cursor.description or ()]
    rows = cursor.fetchall()
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)) if rows else {}


def _events(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    table: Table,
    columns: dict[str, list[Any]],
) -> list[Any]:
    if not columns:
        return []
    if "user_name" in table.struct.__struct_fields__:  # type: ignore[attr-defined]
        whose = list(zip(columns["application"], columns["user"], strict=True))
        known = {
            (application, user): name
            for application in set(columns["application"])
            for user, name in dictionary.user_names(
                connection, application, {user for of, user in whose if of == application}
            ).items()
        }
        columns["user_name"] = [known.get(pair, "") for pair in whose]
    return decode(table, columns, lambda kind, terms: dictionary.texts(connection, kind, terms))
