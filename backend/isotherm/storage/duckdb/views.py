"""View documents: of each view one row, and a log where differences came (`view_documents.py`)."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from isotherm.model import ViewPart
from isotherm.storage.duckdb.decode import restore
from isotherm.storage.duckdb.dictionary import Dictionary
from isotherm.storage.duckdb.insert import execute_with, insert
from isotherm.storage.duckdb.runs import Runs
from isotherm.storage.duckdb.schema import recent_table
from isotherm.storage.encode import encode
from isotherm.storage.tables import VIEWS
from isotherm.storage.view_documents import (
    Document,
    decode_document,
    encode_document,
    sort_in,
)

_View = tuple[int, int]
"""Application and view: ids of views are those of one application."""


def append_views(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    runs: Runs,
    documents: Sequence[Document],
) -> tuple[list[int], list[int]]:
    """Add documents; return the positions of those that were there, and of outdated ones."""
    applications = dictionary.ids(
        connection, "application", [document.application for document in documents]
    )
    views = dictionary.ids(connection, "view", [document.view_id for document in documents])
    ids: list[_View] = list(zip(applications.tolist(), views.tolist(), strict=True))
    homes = _homes(connection, runs, ids)
    logs = _logs(connection, dictionary, ids)
    for view, document in zip(ids, documents, strict=True):
        if isinstance(document, ViewPart) and view not in logs:
            logs[view] = {}
            of = {"application": view[0], "view": view[1]}
            for stored in restore(connection, dictionary, VIEWS, of):
                logs[view][stored.version] = stored  # the row becomes the log's first document
    versions = {view: version for view, (version, _) in homes.items()}
    told = sort_in(ids, documents, versions, logs)
    _write_logs(connection, logs, told.touched)
    _delete(connection, runs, homes, [*told.changed])
    if told.rows:
        table = encode(
            VIEWS, told.rows, lambda kind, texts: dictionary.ids(connection, kind, texts)
        )
        insert(connection, recent_table(VIEWS), table)
    return told.same, told.older


def _homes(
    connection: duckdb.DuckDBPyConnection, runs: Runs, ids: Sequence[_View]
) -> dict[_View, tuple[int, str]]:
    """View -> its stored version and the table of its row."""
    views = [view for _, view in ids]
    tables = [recent_table(VIEWS), *(run.name for run in runs.of(VIEWS))]
    looked_for = pa.table({"view": np.unique(np.array(views, np.int32))})
    query = " UNION ALL ".join(
        f"SELECT application, view, document_version, '{name}' FROM \"{name}\" "
        "SEMI JOIN batch USING (view) WHERE view BETWEEN $low AND $high"
        for name in tables
    )
    bounds = {"low": min(views), "high": max(views)}
    found = execute_with(connection, query, looked_for, bounds).fetchall()
    return {(application, view): (version, name) for application, view, version, name in found}


def _logs(
    connection: duckdb.DuckDBPyConnection, dictionary: Dictionary, ids: Sequence[_View]
) -> dict[_View, dict[int, Document]]:
    """Return the logs of these views, and of views of other applications with the same ids."""
    rows = connection.execute(
        "SELECT view, version, document FROM view_log "
        "WHERE view IN (SELECT unnest($ids::INTEGER[]))",
        {"ids": list({view for _, view in ids})},
    ).fetchall()
    documents = [decode_document(document) for _, _, document in rows]
    applications = dictionary.ids(connection, "application", [one.application for one in documents])
    logs: dict[_View, dict[int, Document]] = {}
    for application, row, document in zip(applications.tolist(), rows, documents, strict=True):
        logs.setdefault((application, row[0]), {})[row[1]] = document
    return logs


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
    homes: Mapping[_View, tuple[int, str]],
    views: Iterable[_View],
) -> None:
    doomed: dict[str, list[_View]] = {}
    for view in views:
        if view in homes:
            doomed.setdefault(homes[view][1], []).append(view)
    for name, pairs in doomed.items():
        applications, ids = [list(part) for part in zip(*pairs, strict=True)]
        runs.delete(
            connection,
            name,
            "view BETWEEN $low AND $high AND (application, view) IN "
            "(SELECT unnest($applications::INTEGER[]), unnest($ids::INTEGER[]))",
            {"low": min(ids), "high": max(ids), "applications": applications, "ids": ids},
        )
