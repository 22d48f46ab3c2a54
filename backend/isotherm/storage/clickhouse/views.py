"""View documents: of each view one row, of the highest version (`storage/view_documents.py`)."""

import time
from base64 import b64decode
from collections.abc import Mapping, Sequence

import pyarrow as pa
from msgspec import Struct

from isotherm.model import View, ViewPart
from isotherm.storage.clickhouse.rows import (
    events_of,
    keys,
    picked,
    stored_rows,
    taken_away,
    versioned,
)
from isotherm.storage.clickhouse.schema import VERSION
from isotherm.storage.clickhouse.server import Server
from isotherm.storage.clickhouse.terms import Fresh, Terms
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

_Log = dict[int, Document]
_View = tuple[int, int]
"""Application and view."""


class DocumentChanges(Struct, frozen=True):
    """What a batch of documents changes, and the positions of those that change nothing."""

    rows: pa.Table | None  # to add to `views`
    begun: pa.Table | None  # to add to `view_log` before the rows: of views that had none there
    grown: pa.Table | None  # to add to it after them
    named: list[View]  # with a log, of which a new document says whose they are
    same: list[int]
    older: list[int]


def document_changes(
    server: Server, terms: Terms, fresh: Fresh, documents: Sequence[Document]
) -> DocumentChanges:
    """Work out what documents change."""
    ids = _ids(fresh, documents)
    homes = _homes(server, ids)
    versions = dict(
        zip(_views_in(homes), homes.column("document_version").to_pylist(), strict=True)
    )
    logs, before = _logs(server, ids)
    for view, document in zip(ids, documents, strict=True):
        if isinstance(document, ViewPart) and view not in logs:
            at = [place for place, one in enumerate(_views_in(homes)) if one == view]
            rows = events_of(terms, server, VIEWS, picked(homes, at))
            logs[view] = {row.version: row for row in rows}  # the row begins the log
    found = sort_in(ids, documents, versions, logs)
    # A crash leaves a row behind its log, or a log behind its row: a batch that comes again mends
    # both, but not a row that lacks a late difference of its log.
    logged = found.touched & set(_views_in(before))
    return DocumentChanges(
        rows=_changed(fresh, homes, _floors(server, ids), found),
        begun=_log_rows({view: logs[view] for view in found.touched - logged}, before),
        grown=_log_rows({view: logs[view] for view in logged}, before),
        named=found.named,
        same=found.same,
        older=found.older,
    )


def load_differences(
    server: Server,
    terms: Terms,
    parts: Sequence[ViewPart],
    wholes: Mapping[tuple[str, str], int],
) -> list[ViewPart]:
    """Begin logs with stored views; return the differences that no log has then.

    `wholes` has the version of the last whole document by application and view: with that one a
    view's row, which has its differences already, begins the log.
    """
    fresh = terms.fresh()
    ids = _ids(fresh, parts)
    while not terms.store(fresh):  # a number was taken
        fresh = terms.fresh()
        ids = _ids(fresh, parts)
    logs, before = _logs(server, ids)
    differences = differences_of_folded(ids, parts, wholes)
    homes = _homes(server, list(differences))
    stored: dict[_View, list[View]] = {}
    restored = events_of(terms, server, VIEWS, homes)
    for view, row in zip(_views_in(homes), restored, strict=True):
        stored.setdefault(view, []).append(row)
    begin_logs(differences, stored, wholes, logs)
    begun = {view: logs[view] for view in differences if view in logs}
    if (rows := _log_rows(begun, before)) is not None:
        server.insert("view_log", rows)
    return not_logged(ids, parts, logs)


def logged(server: Server, terms: Terms, application: str, views: Sequence[str]) -> list[Document]:
    """Return the documents in the logs of some views of an application."""
    home = terms.find("application", application)
    known = [number for view in views if (number := terms.find("view", view))]
    if not home or not known:
        return []
    logs, _ = _logs(server, [(home, view) for view in known])
    return [document for log in logs.values() for document in log.values()]


def end_logs(server: Server, condition: str, values: Mapping[str, object]) -> None:
    """Take away what logs have that satisfies a condition."""
    found = server.read(
        "SELECT application, view, document_version, time_ms, version + 1 AS version FROM view_log "
        f"WHERE {condition}",
        values,
        {"final": 1},
    )
    count = found.num_rows
    found = found.append_column("document", pa.array([b""] * count, pa.binary()))
    server.insert("view_log", found.append_column("gone", pa.array([1] * count, pa.uint8())))


def _changed(
    fresh: Fresh,
    homes: pa.Table,
    floors: dict[_View, int],
    found: Sorted[_View],
) -> pa.Table | None:
    """Return the new rows, and those that say that the old ones are gone where the key differs.

    A row's version is that of its document, so that of two processes the later document wins.
    """
    if not found.rows:
        return None
    after = encode(VIEWS, found.rows, fresh.ids)
    old = [at for at, view in enumerate(_views_in(homes)) if view in found.changed]
    before = picked(homes, old)
    new = zip(_views_in(after), after.column("document_version").to_pylist(), strict=True)
    versions = [max(1, version + 1, floors.get(view, 0) + 1) for view, version in new]
    parts = [versioned(after, versions)]
    kept = set(keys(VIEWS, after))
    moved = [at for at, key in enumerate(keys(VIEWS, before)) if key not in kept]
    if moved:
        newest = max(before.column(VERSION).to_pylist()) + 1
        parts.append(taken_away(picked(before, moved), newest))
    return pa.concat_tables(parts, promote_options="permissive")


def _ids(fresh: Fresh, documents: Sequence[Document]) -> list[_View]:
    applications = fresh.ids("application", [document.application for document in documents])
    views = fresh.ids("view", [document.view_id for document in documents])
    return list(zip(applications.tolist(), views.tolist(), strict=True))


def _views_in(rows: pa.Table) -> list[_View]:
    columns = (rows.column(name).to_pylist() for name in ("application", "view"))
    return list(zip(*columns, strict=True))


def _homes(server: Server, ids: Sequence[_View]) -> pa.Table:
    condition = "application IN {applications: Array(Int64)} AND view IN {views: Array(Int64)}"
    return stored_rows(server, VIEWS, condition, _values(ids))


def _floors(server: Server, ids: Sequence[_View]) -> dict[_View, int]:
    """Return the highest version of each view's rows, also of those that say that it is gone."""
    found = server.read(
        f"SELECT application, view, max({VERSION}) AS {VERSION} FROM views WHERE application IN "
        "{applications: Array(Int64)} AND view IN {views: Array(Int64)} GROUP BY application, view",
        _values(ids),
    )
    return dict(zip(_views_in(found), found.column(VERSION).to_pylist(), strict=True))


def _logs(server: Server, ids: Sequence[_View]) -> tuple[dict[_View, _Log], pa.Table]:
    found = server.read(
        "SELECT application, view, document_version, time_ms, base64Encode(document) AS document "
        "FROM view_log WHERE application IN {applications: Array(Int64)} "
        "AND view IN {views: Array(Int64)}",
        _values(ids),
        {"final": 1},
    )
    logs: dict[_View, _Log] = {}
    for view, version, text in zip(
        _views_in(found),
        found.column("document_version").to_pylist(),
        found.column("document").to_pylist(),
        strict=True,
    ):
        logs.setdefault(view, {})[version] = decode_document(b64decode(text))
    return logs, found


def _values(ids: Sequence[_View]) -> dict[str, object]:
    return {
        "applications": sorted({application for application, _ in ids}),
        "views": sorted({view for _, view in ids}),
    }


def _log_rows(logs: dict[_View, _Log], before: pa.Table) -> pa.Table | None:
    """Return the documents of logs, and rows that say which of those before are gone."""
    now = time.time_ns() // 1000
    entries = [
        (*view, document.version, document.time_ms, encode_document(document), 0)
        for view, log in logs.items()
        for document in log.values()
    ]
    kept = {entry[:4] for entry in entries}
    columns = (before.column(name).to_pylist() for name in before.column_names[:4])
    entries += [
        (*row, b"", 1) for row in zip(*columns, strict=True) if row[:2] in logs and row not in kept
    ]
    if not entries:
        return None
    application, view, version, time_ms, document, gone = zip(*entries, strict=True)
    return pa.table(
        {
            "application": pa.array(application, pa.int64()),
            "view": pa.array(view, pa.int64()),
            "document_version": pa.array(version, pa.int64()),
            "time_ms": pa.array(time_ms, pa.int64()),
            "document": pa.array(document, pa.binary()),
            "version": pa.array([now] * len(entries), pa.uint64()),
            "gone": pa.array(gone, pa.uint8()),
        }
    )
