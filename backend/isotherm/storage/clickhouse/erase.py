"""Deleting for good: rows that are too old, and all that there is of one person."""

from base64 import b64decode
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa

from isotherm.storage.clickhouse.schema import GONE
from isotherm.storage.clickhouse.server import Server
from isotherm.storage.clickhouse.terms import Terms
from isotherm.storage.tables import DETAIL_KINDS, DETAILS, TABLES, VIEWS, Shape, Table
from isotherm.storage.view_documents import decode_document, names

_APPLICATION: Final = "application = {application: Int64}"
_MINE: Final = f'{_APPLICATION} AND "user" = {{user: Int64}}'


def expire(server: Server, terms: Terms, before_ms: Mapping[str, int], idle_s: int) -> None:
    """Delete rows older than a time per table; the server's TTL leaves little to do.

    Texts of details go when no row has them, and nobody has stored them for `idle_s`.
    """
    expiring = [table for table in TABLES if table.name in before_ms]
    for table in expiring:
        homes = (table.name, "view_log") if table is VIEWS else (table.name,)
        old = f"time_ms < {int(before_ms[table.name])}"
        for home in homes:
            ((there,),) = server.rows(f"SELECT count() FROM {home} WHERE {old}")
            if there:
                server.delete(home, old, {})
    details = [table for table in expiring if table in DETAILS]
    kinds = {column.kind for table in details for column in table.columns if column.kind}
    for kind in sorted(kinds & DETAIL_KINDS):
        _drop_texts(server, terms, kind, idle_s)


def sessions_of(server: Server, terms: Terms, ids: Mapping[str, int]) -> list[str]:
    """Return the sessions that have rows of a user."""
    used = {
        session
        for table in TABLES
        for (session,) in server.rows(
            f"SELECT DISTINCT session FROM {table.name} WHERE {_MINE}", ids
        )
        if session
    }
    texts = terms.texts("session", used)
    return sorted(texts[session] for session in used)


def erase(server: Server, terms: Terms, ids: Mapping[str, int], user_id: str) -> list[str]:
    """Delete a user's rows, name and texts; return the ids of the sessions they were in.

    All rows of an event go: an earlier one that does not name the user would come back. So does the
    log of a view that names the user in any document; if it is somebody else's by now, its row
    stays, and begins its log anew.
    """
    if named := _naming(server, ids, user_id):
        server.delete_among("view_log", "view", named, _APPLICATION, ids)
    if not ids["user"]:
        return []
    used: dict[str, set[int]] = defaultdict(set)
    for table in TABLES:
        if events := _events(server, table, ids):
            _collect(server, table, ids, events, used)
            server.delete_among(table.name, _names(table), events, _APPLICATION, ids)
            if table is VIEWS:
                server.delete_among("view_log", "view", events, _APPLICATION, ids)
        # left are earlier rows of what is somebody else's now; a row that hides such a one stays
        server.delete(table.name, f"{_MINE} AND NOT {GONE}", ids)
    server.delete("users", _MINE, ids)
    used["user"] = {ids["user"]}
    texts = terms.texts("session", used["session"])
    sessions = sorted(texts[session] for session in used["session"])
    _drop_unused(server, terms, used)
    return sessions


def _naming(server: Server, ids: Mapping[str, int], user_id: str) -> list[tuple[int]]:
    """Return the views with a document that names the user."""
    found = server.rows(
        f"SELECT view, base64Encode(document) FROM view_log WHERE {_APPLICATION} "
        "AND position(document, {name: String}) > 0",
        {"application": ids["application"], "name": user_id},
    )
    naming = {view for view, text in found if names(decode_document(b64decode(text)), user_id)}
    return sorted((view,) for view in naming)


def _names(table: Table) -> str:
    """Return the columns that an event is known by, whatever its other rows say."""
    number = table.columns[0].name
    return number if table is VIEWS else f"({number}, time_ms)"


def _events(server: Server, table: Table, ids: Mapping[str, int]) -> list[tuple[int, ...]]:
    """Return the events of which a row names the user, and the latest one nobody else."""
    number = table.columns[0].name
    query = f"SELECT DISTINCT {number}{'' if table is VIEWS else ', time_ms'} FROM {table.name}"
    mine = {one for one in _tuples(server.read(f"{query} WHERE {_MINE}", ids)) if one[0]}
    if not mine:
        return []
    others = server.read(
        f'{query} WHERE {_APPLICATION} AND "user" NOT IN (0, {{user: Int64}}) '
        f"AND {number} IN {{numbers: Array(UInt64)}}",
        {**ids, "numbers": sorted({one for one, *_ in mine})},
        {"final": 1},
    )
    return sorted(mine.difference(_tuples(others)))


def _tuples(rows: pa.Table) -> list[tuple[int, ...]]:
    return list(zip(*(column.to_pylist() for column in rows.columns), strict=True))


def _collect(
    server: Server,
    table: Table,
    ids: Mapping[str, int],
    events: Sequence[tuple[int, ...]],
    used: dict[str, set[int]],
) -> None:
    """Add the texts that any row of these events has."""
    number = table.columns[0].name
    values = {**ids, "numbers": sorted({one for one, *_ in events})}
    for column in table.columns:
        if column.shape is Shape.TERM:
            found = server.read(
                f'SELECT DISTINCT "{column.name}" FROM {table.name} WHERE {_APPLICATION} '
                f"AND {number} IN {{numbers: Array(UInt64)}}",
                values,
            )
            used[column.kind].update(one for (one,) in _tuples(found) if one)


def _drop_unused(server: Server, terms: Terms, candidates: dict[str, set[int]]) -> None:
    for table in TABLES:
        for column in table.columns:
            if column.shape is Shape.TERM and candidates[column.kind]:
                rows = server.rows(
                    f'SELECT DISTINCT "{column.name}" FROM {table.name} '
                    f'WHERE "{column.name}" IN {{ids: Array(Int64)}}',
                    {"ids": sorted(candidates[column.kind])},
                )
                candidates[column.kind] -= {number for (number,) in rows}
    # what came of a view before its first row
    server.delete_among("view_log", "view", candidates["view"], "1", {})
    server.delete_among("unsettled", "session", candidates["session"], "1", {})
    for kind, numbers in candidates.items():
        terms.erase(kind, numbers)


def _drop_texts(server: Server, terms: Terms, kind: str, idle_s: int) -> None:
    """Delete the texts of a kind that only details have, as far as no row uses them any more."""
    used = " UNION ALL ".join(
        f'SELECT "{column.name}" FROM {user.name}'
        for user in TABLES
        for column in user.columns
        if column.kind == kind
    )
    # one that was just stored may belong to rows that another process is about to add
    query = (
        "SELECT id FROM terms WHERE kind = {kind: String} AND stamp < now64() - "
        f"toIntervalSecond({{idle: Int64}}) AND id NOT IN ({used})"
    )
    found = server.rows(query, {"kind": kind, "idle": idle_s})
    terms.erase(kind, {number for (number,) in found})
