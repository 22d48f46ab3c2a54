"""View documents: of each view one row, and a log where differences came (`view_documents.py`)."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa
from msgspec import Struct

from isotherm.model import ViewPart
from isotherm.storage.duckdb.changes import Place
from isotherm.storage.duckdb.decode import restore_views
from isotherm.storage.duckdb.dictionary import Dictionary
from isotherm.storage.duckdb.insert import execute_with, insert
from isotherm.storage.duckdb.runs import Runs
from isotherm.storage.duckdb.schema import recent_table
from isotherm.storage.encode import encode
from isotherm.storage.tables import VIEWS
from isotherm.storage.view_documents import (
    Document,
    Sorted,
    begin_logs,
    decode_document,
    differences_of_folded,
    encode_document,
    not_logged,
    sort_in,
)

_View = tuple[int, int]
"""Application and view: ids of views are those of one application."""


class _Home(Struct, frozen=True):
    """Where the row of a view is."""

    version: int
    table: str
    page: int


def append_views(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    runs: Runs,
    documents: Sequence[Document],
    changed: set[Place],
) -> Sorted[_View]:
    """Add documents; return what they changed, and the positions of those that changed nothing.

    Where the rows were that are replaced is added to `changed`.
    """
    ids = _ids(connection, dictionary, documents)
    homes = _homes(connection, runs, ids)
    logs = _logs(connection, dictionary, ids)
    parts = {
        view
        for view, document in zip(ids, documents, strict=True)
        if isinstance(document, ViewPart) and view not in logs
    }
    rows = restore_views(connection, dictionary, parts & homes.keys())
    for view in parts:  # the row becomes the log's first document
        logs[view] = {stored.version: stored for stored in rows.get(view, ())}
    versions = {view: home.version for view, home in homes.items()}
    sorted_in = sort_in(ids, documents, versions, logs)
    _write_logs(connection, logs, sorted_in.touched)
    _delete(connection, runs, homes, [*sorted_in.changed])
    changed |= {(view[0], homes[view].page) for view in sorted_in.changed if view in homes}
    if sorted_in.rows:
        table = encode(
            VIEWS, sorted_in.rows, lambda kind, texts: dictionary.ids(connection, kind, texts)
        )
        insert(connection, recent_table(VIEWS), table)
    return sorted_in


def load_differences(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    parts: Sequence[ViewPart],
    wholes: Mapping[tuple[str, str], int],
) -> list[ViewPart]:
    """Add differences to the logs of views whose rows have them already; return the others.

    `wholes` has the version of the last whole document by application and view: with that one the
    row begins the log, and it stays as it is.
    """
    ids = _ids(connection, dictionary, parts)
    logs = _logs(connection, dictionary, ids)
    differences = differences_of_folded(ids, parts, wholes)
    rows = restore_views(connection, dictionary, differences.keys())
    begin_logs(differences, rows, wholes, logs)
    _write_logs(connection, logs, differences.keys())
    return not_logged(ids, parts, logs)


def logged(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    application: str,
    views: Sequence[str],
) -> list[Document]:
    """Return the documents in the logs of some views of an application."""
    ids = dictionary.known(connection, "view", views)
    return [one for _, one in _documents(connection, ids) if one.application == application]


def _ids(
    connection: duckdb.DuckDBPyConnection, dictionary: Dictionary, documents: Sequence[Document]
) -> list[_View]:
    applications = dictionary.ids(connection, "application", [one.application for one in documents])
    views = dictionary.ids(connection, "view", [one.view_id for one in documents])
    return list(zip(applications.tolist(), views.tolist(), strict=True))


def _homes(
    connection: duckdb.DuckDBPyConnection, runs: Runs, ids: Sequence[_View]
) -> dict[_View, _Home]:
    """Find the rows of views."""
    views = [view for _, view in ids]
    tables = [recent_table(VIEWS), *(run.name for run in runs.of(VIEWS))]
    looked_for = pa.table({"view": np.unique(np.array(views, np.int32))})
    query = " UNION ALL ".join(
        f"SELECT application, view, document_version, '{name}', page FROM \"{name}\" "
        "SEMI JOIN batch USING (view) WHERE view BETWEEN $low AND $high"
        for name in tables
    )
    bounds = {"low": min(views), "high": max(views)}
    found = execute_with(connection, query, looked_for, bounds).fetchall()
    return {(application, view): _Home(*home) for application, view, *home in found}


def _logs(
    connection: duckdb.DuckDBPyConnection, dictionary: Dictionary, ids: Sequence[_View]
) -> dict[_View, dict[int, Document]]:
    """Return the logs of these views, and of views of other applications with the same ids."""
    found = _documents(connection, {view for _, view in ids})
    applications = dictionary.ids(connection, "application", [one.application for _, one in found])
    logs: dict[_View, dict[int, Document]] = {}
    for application, (view, document) in zip(applications.tolist(), found, strict=True):
        logs.setdefault((application, view), {})[document.version] = document
    return logs


def _documents(
    connection: duckdb.DuckDBPyConnection, views: Collection[int]
) -> list[tuple[int, Document]]:
    """Return the documents in the logs of views, each with its view's id."""
    if not views:
        return []
    rows = connection.execute(
        "SELECT view, document FROM view_log WHERE view IN (SELECT unnest($ids::INTEGER[]))",
        {"ids": list(views)},
    ).fetchall()
    return [(view, decode_document(document)) for view, document in rows]


def _write_logs(
    connection: duckdb.DuckDBPyConnection,
    logs: Mapping[_View, Mapping[int, Document]],
    touched: Collection[_View],
) -> None:
    """Write the logs that are touched, and with them those with the same ids."""
    ids = {view for _, view in touched}
    if not ids:
        return
    connection.execute(
        "DELETE FROM view_log WHERE view IN (SELECT unnest($ids::INTEGER[]))", {"ids": list(ids)}
    )
    entries = [
        (view, document)
        for (_, view), log in logs.items()
        if view in ids
        for document in log.values()
    ]
    rows = {
        "view": pa.array([view for view, _ in entries], pa.int32()),
        "version": pa.array([document.version for _, document in entries], pa.int64()),
        "time_ms": pa.array([document.time_ms for _, document in entries], pa.int64()),
        "document": pa.array([encode_document(document) for _, document in entries], pa.binary()),
    }
    insert(connection, "view_log", pa.table(rows))


def _delete(
    connection: duckdb.DuckDBPyConnection,
    runs: Runs,
    homes: Mapping[_View, _Home],
    views: Iterable[_View],
) -> None:
    doomed: dict[str, list[_View]] = {}
    for view in views:
        if view in homes:
            doomed.setdefault(homes[view].table, []).append(view)
    for name, pairs in doomed.items():
        applications, ids = [list(part) for part in zip(*pairs, strict=True)]
        runs.delete(
            connection,
            name,
            "view BETWEEN $low AND $high AND (application, view) IN "
            "(SELECT unnest($applications::INTEGER[]), unnest($ids::INTEGER[]))",
            {"low": min(ids), "high": max(ids), "applications": applications, "ids": ids},
        )
