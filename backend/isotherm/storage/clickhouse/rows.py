"""Rows of events: which are there, adding them once, replacing and reading them."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import numpy as np
import pyarrow as pa

from isotherm.model.event_ids import SHORT_BITS, event_hash, same, short
from isotherm.storage.clickhouse.schema import GONE, VERSION, key_of
from isotherm.storage.clickhouse.server import Server
from isotherm.storage.clickhouse.terms import Terms
from isotherm.storage.encode import decode
from isotherm.storage.tables import VIEWS, Shape, Table

_CHUNK: Final = 10_000
FIRST: Final = 1
"""Version of a row as its event was sent: it never takes the place of what was derived."""

Key = tuple[int, ...]


def names_of(table: Table) -> str:
    """Return the columns of a table's events, as a list in SQL."""
    return ", ".join(f'"{column.name}"' for column in table.columns)


def picked(rows: pa.Table, places: Sequence[int]) -> pa.Table:
    """Return the rows at some places."""
    return rows.take(pa.array(places, pa.int64()))


def having(ids: Mapping[str, int]) -> str:
    """Return the condition that columns have some ids, which are bound."""
    return " AND ".join(f'"{name}" = {{{name}: Int64}}' for name in ids)


AMONG: Final = "application = {application: Int64} AND session IN {sessions: Array(Int64)}"
"""The condition that rows are of some sessions; `among` has its values."""


def among(terms: Terms, application: str, sessions: Sequence[str]) -> dict[str, object]:
    """Return the values of `AMONG`; none if there are no such sessions."""
    home = terms.find("application", application)
    known = sorted(terms.known("session", sessions)) if home else []
    return {"application": home, "sessions": known} if known else {}


def versioned(rows: pa.Table, versions: Sequence[int]) -> pa.Table:
    """Return rows with their versions, none of them gone."""
    rows = rows.append_column(VERSION, pa.array(versions, pa.uint64()))
    return rows.append_column(GONE, pa.array(np.zeros(rows.num_rows, np.uint8)))


def new_versions(server: Server, table: Table, rows: pa.Table) -> list[int]:
    """Return for each row the version it is to be added with; 0 where its event is there already.

    An event that was taken away may come again: its row then follows the one that says so.
    """
    number = table.columns[0].name
    numbers, times = (rows.column(name).to_pylist() for name in (number, "time_ms"))
    stored = _stored(server, table, rows)
    seen: dict[tuple[int, int], list[int]] = {}
    versions = []
    for one, time_ms in zip(numbers, times, strict=True):
        earlier = seen.setdefault((time_ms, short(one)), [])
        there = [row for row in stored.get((time_ms, short(one)), ()) if same(row[0], one)]
        if one in earlier or any(not gone for _, _, gone in there):
            versions.append(0)
            continue
        earlier.append(one)
        versions.append(max([FIRST, *(version + 1 for _, version, _ in there)]))
    return versions


def stored_versions(server: Server, table: Table, rows: pa.Table) -> dict[int, int]:
    """Return the highest version of what is stored of some events, by number, gone or not."""
    found = _stored(server, table, rows)
    return {number: version for those in found.values() for number, version, _ in those}


def _stored(
    server: Server, table: Table, rows: pa.Table
) -> dict[tuple[int, int], list[tuple[int, int, int]]]:
    """Return number, version and whether gone of what is stored, by time and short number.

    A row that has moved to another page has the version of the one that says so at its old place.
    """
    number = table.columns[0].name
    query = (
        f"SELECT {number}, time_ms, max({VERSION}), argMax({GONE}, ({VERSION}, 1 - {GONE})) "
        f"FROM {table.name} "
        "WHERE application IN {applications: Array(Int64)} AND time_ms IN {times: Array(Int64)} "
        f"AND bitAnd({number}, {SHORT_BITS}) IN {{shorts: Array(UInt64)}} "
        f"GROUP BY {number}, time_ms"
    )
    found: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for start in range(0, rows.num_rows, _CHUNK):
        part = rows.slice(start, _CHUNK)
        values = {
            "applications": sorted(set(part.column("application").to_pylist())),
            "times": sorted(set(part.column("time_ms").to_pylist())),
            "shorts": sorted({short(one) for one in part.column(number).to_pylist()}),
        }
        answer = server.read(query, values)
        for one, time_ms, version, gone in zip(
            *(column.to_pylist() for column in answer.columns), strict=True
        ):
            found.setdefault((time_ms, short(one)), []).append((one, version, gone))
    return found


def taken_away(rows: pa.Table, version: int) -> pa.Table:
    """Return the rows that say that these are gone."""
    rows = rows.drop_columns([VERSION, GONE])
    rows = rows.append_column(VERSION, pa.array([version] * rows.num_rows, pa.uint64()))
    return rows.append_column(GONE, pa.array(np.ones(rows.num_rows, np.uint8)))


def stored_rows(
    server: Server, table: Table, condition: str, values: Mapping[str, object]
) -> pa.Table:
    """Return the rows that satisfy a condition, with their versions."""
    query = f"SELECT {names_of(table)}, {VERSION}, {GONE} FROM {table.name} WHERE {condition}"
    return server.read(query, values, {"final": 1})


def replacing(table: Table, before: pa.Table, after: pa.Table) -> pa.Table:
    """Return what to add so that the rows `after` stand where those of `before` did."""
    newest = max([0, *before.column(VERSION).to_pylist()])
    version = max(newest + 1, time.time_ns() // 1000)
    kept = set(keys(table, after)) if after.num_rows else set()
    gone = [at for at, key in enumerate(keys(table, before)) if key not in kept]
    parts = [taken_away(picked(before, gone), version)] if gone else []
    if after.num_rows:
        parts.append(versioned(after, [version] * after.num_rows))
    if not parts:
        return before.slice(0, 0)
    return pa.concat_tables(parts, promote_options="permissive")


def keys(table: Table, rows: pa.Table) -> list[Key]:
    """Return of each row what tells it from the rows of other events."""
    return list(zip(*(rows.column(name).to_pylist() for name in key_of(table)), strict=True))


def versions_of(table: Table, rows: pa.Table) -> dict[Key, int]:
    """Return the version of each row by its key."""
    return dict(zip(keys(table, rows), rows.column(VERSION).to_pylist(), strict=True))


def without(table: Table, rows: pa.Table, numbers: set[int]) -> pa.Table:
    """Return the rows of other events than these."""
    kept = [at for at, key in enumerate(keys(table, rows)) if key[-1] not in numbers]
    return picked(rows, kept)


def events_of(terms: Terms, server: Server, table: Table, rows: pa.Table) -> list[Any]:
    """Return the events of some rows."""
    if not rows.num_rows:
        return []
    columns = {column.name: rows.column(column.name).to_pylist() for column in table.columns}
    for column in table.columns:
        if column.shape is Shape.TRACE:
            columns[column.name] = [one and UUID(one) for one in columns[column.name]]
    if "user_name" in table.struct.__struct_fields__:  # type: ignore[attr-defined]
        columns["user_name"] = _names(server, columns)
    return decode(table, columns, terms.texts)


def places_of(
    server: Server, terms: Terms, table: Table, condition: str, values: Mapping[str, object]
) -> list[tuple[int, int]]:
    """Return time and number (`event_ids.event_hash`) of the rows that satisfy a condition."""
    if table is not VIEWS:
        query = f"SELECT time_ms, {table.columns[0].name} FROM {table.name} WHERE {condition}"
        return [(time, one) for time, one in server.rows(query, values)]
    query = f"SELECT time_ms, application, view FROM views WHERE {condition}"
    rows = server.rows(query, values)
    applications = terms.texts("application", [row[1] for row in rows])
    views = terms.texts("view", [row[2] for row in rows])
    return [(time, event_hash(applications[of], views[view])) for time, of, view in rows]


def _names(server: Server, columns: Mapping[str, list[int]]) -> list[str]:
    pairs = list(zip(columns["application"], columns["user"], strict=True))
    rows = server.rows(
        'SELECT application, "user", name FROM users WHERE application IN '
        '{applications: Array(Int64)} AND "user" IN {users: Array(Int64)}',
        {
            "applications": sorted({application for application, _ in pairs}),
            "users": sorted({user for _, user in pairs}),
        },
    )
    names = {(application, user): name for application, user, name in rows}
    return [names.get(pair, "") for pair in pairs]
