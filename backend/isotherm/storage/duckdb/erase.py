"""Forgetting a user: the rows, the name, and every text that nothing else uses."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import duckdb

from isotherm.storage.duckdb.dictionary import Dictionary
from isotherm.storage.duckdb.schema import recent_table
from isotherm.storage.duckdb.store import Store
from isotherm.storage.tables import TABLES, VIEWS, Shape, Table
from isotherm.storage.view_documents import decode_document

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
        if not all(ids.values()):
            return []
        used: Texts = defaultdict(set)
        for table in TABLES:
            _collect(connection, table, _MINE, ids, used)
            if table is VIEWS:
                _drop_logs(connection, application, ids)
            for home in [recent_table(table), *(run.name for run in store.runs.of(table))]:
                store.runs.delete(connection, home, _MINE, ids)
        connection.execute(f"DELETE FROM users WHERE {_MINE}", ids)
        texts = dictionary.texts(connection, "session", used["session"])
        sessions = sorted(texts[session] for session in used["session"])
        _drop_unused(connection, dictionary, used)
    store.checkpoint()
    return sessions


def _drop_logs(
    connection: duckdb.DuckDBPyConnection, application: str, ids: Mapping[str, int]
) -> None:
    """Delete the logs of a user's views; another application may have views with the same ids."""
    logged = connection.execute(
        "SELECT view, version, document FROM view_log "
        f"WHERE view IN (SELECT view FROM views WHERE {_MINE})",
        ids,
    ).fetchall()
    for view, version, document in logged:
        if decode_document(document).application == application:
            connection.execute(
                "DELETE FROM view_log WHERE view = $view AND version = $version "
                "AND document = $document",
                {"view": view, "version": version, "document": document},
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
    sessions = {"ids": sorted(candidates["session"])}
    connection.execute(
        "DELETE FROM unsettled WHERE session IN (SELECT unnest($ids::INTEGER[]))", sessions
    )
    for kind, numbers in candidates.items():
        dictionary.erase(connection, kind, numbers)
