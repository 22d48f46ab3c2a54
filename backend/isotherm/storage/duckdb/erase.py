"""Forgetting a user: the rows, the name, and every text that nothing else uses."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import duckdb

from isotherm.storage.duckdb.dictionary import Dictionary
from isotherm.storage.duckdb.schema import recent_table
from isotherm.storage.duckdb.store import Store
from isotherm.storage.tables import TABLES, Shape, Table
from isotherm.storage.view_documents import decode_document, names

Texts = dict[str, set[int]]
"""Ids by kind."""

_MINE: Final = 'application = $application AND "user" = $user'


def sessions_of(connection: duckdb.DuckDBPyConnection, ids: Mapping[str, int]) -> list[str]:
    """Return the sessions that have rows of a user."""
    used = " UNION ".join(f'SELECT session FROM "{table.name}" WHERE {_MINE}' for table in TABLES)
    rows = connection.execute(
        f"SELECT text FROM term_session WHERE id IN ({used}) ORDER BY text", ids
    ).fetchall()
    return [session for (session,) in rows]


def erase_user(store: Store, application: str, user_id: str) -> list[str]:
    """Delete a user's rows, name and texts; return the ids of the sessions they were in."""
    with store.write() as connection:
        dictionary = store.dictionary
        ids = {
            "application": dictionary.find(connection, "application", application),
            "user": dictionary.find(connection, "user", user_id),
        }
        if not ids["application"]:
            return []
        _drop_logs(connection, application, user_id, ids)
        if not ids["user"]:
            return []
        used: Texts = defaultdict(set)
        for table in TABLES:
            _collect(connection, table, _MINE, ids, used)
            for home in [recent_table(table), *(run.name for run in store.runs.of(table))]:
                store.runs.delete(connection, home, _MINE, ids)
        connection.execute(f"DELETE FROM users WHERE {_MINE}", ids)
        texts = dictionary.texts(connection, "session", used["session"])
        sessions = sorted(texts[session] for session in used["session"])
        _drop_unused(connection, dictionary, used)
    store.checkpoint()
    return sessions


def _drop_logs(
    connection: duckdb.DuckDBPyConnection, application: str, user_id: str, ids: Mapping[str, int]
) -> None:
    """Delete the logs of a user's views, and those that name the user in any document.

    The row of a view that is somebody else's by now stays, and begins its log anew. Another
    application may have views with the same ids.
    """
    mine = f"SELECT view FROM views WHERE {_MINE}" if ids["user"] else "0"
    of = {key: value for key, value in ids.items() if ids["user"]}
    naming = connection.execute(
        f"SELECT view, document, view IN ({mine}) FROM view_log WHERE view IN ({mine}) "
        "OR contains(hex(document), hex(encode($name)))",
        of | {"name": user_id},
    ).fetchall()
    doomed = set[int]()
    for view, content, own in naming:
        document = decode_document(content)
        if document.application == application and (own or names(document, user_id)):
            doomed.add(view)
    query = "SELECT view, document FROM view_log WHERE view IN (SELECT unnest($ids::INTEGER[]))"
    for view, content in connection.execute(query, {"ids": sorted(doomed)}).fetchall():
        if decode_document(content).application == application:
            connection.execute(
                "DELETE FROM view_log WHERE view = $view AND document = $document",
                {"view": view, "document": content},
            )


def _collect(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    mine: str,
    values: dict[str, int],
    used: Texts,
) -> None:
    for column in table.columns:
        if column.shape is Shape.TERM:
            query = f'SELECT DISTINCT "{column.name}" FROM "{table.name}" WHERE {mine}'
            rows = connection.execute(query, values).fetchall()
            used[column.kind].update(number for (number,) in rows if number)


def _drop_unused(
    connection: duckdb.DuckDBPyConnection, dictionary: Dictionary, candidates: Texts
) -> None:
    for table in TABLES:
        for column in table.columns:
            if column.shape is Shape.TERM and candidates[column.kind]:
                query = (
                    f'SELECT DISTINCT "{column.name}" FROM "{table.name}" '
                    f'WHERE "{column.name}" IN (SELECT unnest($ids::INTEGER[]))'
                )
                values = {"ids": sorted(candidates[column.kind])}
                rows = connection.execute(query, values).fetchall()
                candidates[column.kind] -= {number for (number,) in rows}
    views = {"ids": sorted(candidates["view"])}  # what came of a view before its first row
    connection.execute("DELETE FROM view_log WHERE view IN (SELECT unnest($ids::INTEGER[]))", views)
    sessions = {"ids": sorted(candidates["session"])}
    connection.execute(
        "DELETE FROM unsettled WHERE session IN (SELECT unnest($ids::INTEGER[]))", sessions
    )
    for kind, numbers in candidates.items():
        dictionary.erase(connection, kind, numbers)
