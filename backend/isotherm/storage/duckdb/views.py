"""View documents: of each view one row, and a log where differences came (`view_documents.py`)."""

from collections.abc import Iterable, Mapping, Sequence

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


def append_views(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Dictionary,
    runs: Runs,
    documents: Sequence[Document],
) -> tuple[list[int], list[int]]:
    """Add documents; return the positions of those that were there, and of outdated ones."""
    texts = [document.view_id for document in documents]
    ids = dictionary.ids(connection, "view", texts).tolist()
    homes = _homes(connection, runs, ids)
    logs = _logs(connection, ids)
    for view, document in zip(ids, documents, strict=True):
        if isinstance(document, ViewPart) and view not in logs:
            logs[view] = {}
            for stored in restore(connection, dictionary, VIEWS, {"view": view}):
                logs[view][stored.version] = stored  # the row becomes the log's first document
    versions = {view: version for view, (version, _) in homes.items()}
    told = sort_in(ids, documents, versions, logs)
    _write_logs(connection, {view: logs[view] for view in told.touched})
    _delete(connection, runs, homes, [*told.changed])
    if told.rows:
        table = encode(
            VIEWS, told.rows, lambda kind, texts: dictionary.ids(connection, kind, texts)
        )
        insert(connection, recent_table(VIEWS), table)
    return told.same, told.older


def _homes(
    connection: duckdb.DuckDBPyConnection, runs: Runs, ids: Sequence[int]
) -> dict[int, tuple[int, str]]:
    """View -> its stored version and the table of its row."""
    tables = [recent_table(VIEWS), *(run.name for run in runs.of(VIEWS))]
    looked_for = pa.table({"view": np.unique(np.array(ids, np.int32))})
    query = " UNION ALL ".join(
        f"SELECT view, document_version, '{name}' FROM \"{name}\" "
        "SEMI JOIN batch USING (view) WHERE view BETWEEN $low AND $high"
        for name in tables
    )
    bounds = {"low": min(ids), "high": max(ids)}
    found = execute_with(connection, query, looked_for, bounds).fetchall()
    return {view: (version, name) for view, version, name in found}


def _logs(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[int]
) -> dict[int, dict[int, Document]]:
    rows = connection.execute(
        "SELECT view, version, document FROM view_log "
        "WHERE view IN (SELECT unnest($ids::INTEGER[]))",
        {"ids": list(set(ids))},
    ).fetchall()
    logs: dict[int, dict[int, Document]] = {}
    for view, version, document in rows:
        logs.setdefault(view, {})[version] = decode_document(document)
    return logs


def _write_logs(
    connection: duckdb.DuckDBPyConnection, logs: Mapping[int, Mapping[int, Document]]
) -> None:
    if not logs:
        return
    connection.execute(
        "DELETE FROM view_log WHERE view IN (SELECT unnest($ids::INTEGER[]))", {"ids": list(logs)}
    )
    entries = [(view, document) for view, log in logs.items() for document in log.values()]
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
    homes: Mapping[int, tuple[int, str]],
    views: Iterable[int],
) -> None:
    doomed: dict[str, list[int]] = {}
    for view in views:
        if view in homes:
            doomed.setdefault(homes[view][1], []).append(view)
    for name, ids in doomed.items():
        runs.delete(
            connection,
            name,
            "view BETWEEN $low AND $high AND view IN (SELECT unnest($ids::INTEGER[]))",
            {"low": min(ids), "high": max(ids), "ids": ids},
        )
