"""Deleting for good: rows that are too old, and all that there is of one person."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from isotherm.storage.clickhouse.server import Server
from isotherm.storage.clickhouse.terms import Terms
from isotherm.storage.tables import DETAIL_KINDS, DETAILS, TABLES, VIEWS, Shape, Table

_NOW: Final = "SETTINGS mutations_sync = 2"
"""Return when the rows are gone, on every replica."""

_MINE: Final = 'application = {application: Int64} AND "user" = {user: Int64}'


def expire(server: Server, terms: Terms, before_ms: Mapping[str, int], idle_s: int) -> None:
    """Delete rows older than a time per table; the server's TTL leaves little to do.

    Texts of details go when no row has them, and nobody has stored them for `idle_s`.
    """
    for table in TABLES:
        if table.name not in before_ms:
            continue
        homes = (table.name, "view_log") if table is VIEWS else (table.name,)
        old = f"time_ms < {int(before_ms[table.name])}"
        for home in homes:
            ((there,),) = server.rows(f"SELECT count() FROM {home} WHERE {old}")
            if there:
                server.command(f"ALTER TABLE {home} DELETE WHERE {old} {_NOW}")
        if table in DETAILS:
            _drop_texts(server, terms, table, idle_s)


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


def erase(server: Server, terms: Terms, ids: Mapping[str, int]) -> list[str]:
    """Delete a user's rows, name and texts; return the ids of the sessions they were in."""
    used: dict[str, set[int]] = defaultdict(set)
    for table in TABLES:
        for column in table.columns:
            if column.shape is Shape.TERM:
                query = f'SELECT DISTINCT "{column.name}" FROM {table.name} WHERE {_MINE}'
                used[column.kind].update(one for (one,) in server.rows(query, ids) if one)
    views = {"views": sorted(used["view"])}
    of = dict(ids) | views
    server.command(
        "ALTER TABLE view_log DELETE WHERE application = {application: Int64} "
        f"AND view IN {{views: Array(Int64)}} {_NOW}",
        of,
    )
    for home in (*(table.name for table in TABLES), "users"):
        server.command(f"ALTER TABLE {home} DELETE WHERE {_MINE} {_NOW}", ids)
    sessions = terms.texts("session", used["session"])
    _drop_unused(server, terms, used)
    return sorted(sessions[session] for session in used["session"])


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
    server.command(
        f"ALTER TABLE unsettled DELETE WHERE session IN {{ids: Array(Int64)}} {_NOW}",
        {"ids": sorted(candidates["session"])},
    )
    for kind, numbers in candidates.items():
        terms.erase(kind, numbers)


def _drop_texts(server: Server, terms: Terms, table: Table, idle_s: int) -> None:
    """Delete the texts of kinds that only details have, as far as no row uses them any more."""
    for kind in sorted({column.kind for column in table.columns if column.kind} & DETAIL_KINDS):
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
        terms.erase(
            kind, {number for (number,) in server.rows(query, {"kind": kind, "idle": idle_s})}
        )
