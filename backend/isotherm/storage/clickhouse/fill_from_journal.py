"""Filling a table from the journal: what InfluxDB has of some hours becomes what the table has.

No transaction spans this. Rows are added with a version above all that is there, and whatever has a
lower one then is taken away. A crash in between leaves hours that differ from InfluxDB's, which the
next comparison reads again.
"""

import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Final

import pyarrow as pa
from msgspec import Struct

from isotherm.storage.clickhouse.rows import (
    picked,
    stored_rows,
    taken_away,
    versioned,
)
from isotherm.storage.clickhouse.schema import VERSION
from isotherm.storage.clickhouse.server import Server
from isotherm.storage.clickhouse.terms import Fresh, Terms
from isotherm.storage.clickhouse.views import end_logs
from isotherm.storage.encode_arrow import encode_arrow, users_named
from isotherm.storage.tables import VIEWS, Table

_WITHIN: Final = "time_ms >= {low: Int64} AND time_ms < {high: Int64}"


class Store(Struct, frozen=True):
    """What is filled; `lock` is that of writers."""

    server: Server
    terms: Terms
    lock: AbstractContextManager[object]


def load_hours(
    store: Store, table: Table, span: tuple[int, int], batches: Iterable[pa.Table]
) -> int:
    """Make the rows of `batches` the rows of [from, to), each event once; return their number.

    A batch is as `encode_arrow` takes it. Other writers get their turn between batches unless
    the lock is held; readers see new rows as they arrive, and the old ones until all have.
    """
    server = store.server
    within = {"low": span[0], "high": span[1]}
    query = f"SELECT max({VERSION}) FROM {table.name} WHERE {_WITHIN}"
    newest = server.read(query, within).column(0)[0].as_py()  # also of rows that are gone
    version = max(newest + 1, time.time_ns() // 1000)
    if table is VIEWS:
        end_logs(server, _WITHIN, within)  # before the rows: they tell whether this is done
    for batch in batches:
        with store.lock:
            _add(server, store.terms, table, batch, version)
    with store.lock:
        _take_away_others(server, table, within, version)
        ((count,),) = server.rows(f"SELECT count() FROM {table.name} WHERE {_WITHIN}", within)
    return int(count)


def _add(server: Server, terms: Terms, table: Table, batch: pa.Table, version: int) -> None:
    while True:
        fresh = terms.fresh()
        rows = encode_arrow(table, batch, fresh.ids)
        users = _users(fresh, batch)
        if terms.store(fresh):
            break  # else a number was taken: the rows are made again with others
    server.insert("users", users)
    server.insert(table.name, versioned(rows, [version] * rows.num_rows))


def _users(fresh: Fresh, batch: pa.Table) -> pa.Table:
    people = list(users_named(batch))
    return pa.table(
        {
            "application": pa.array(fresh.ids("application", [of for of, _, _ in people])),
            "user": pa.array(fresh.ids("user", [user for _, user, _ in people])),
            "name": pa.array([name for _, _, name in people], pa.string()),
        }
    )


def _take_away_others(server: Server, table: Table, within: dict[str, int], version: int) -> None:
    """Leave the rows of a version, each event once; of a view the latest document."""
    values = {**within, "loaded": version}
    older = stored_rows(server, table, f"{_WITHIN} AND {VERSION} < {{loaded: UInt64}}", values)
    server.insert(table.name, taken_away(older, version))
    event, first = f"{table.columns[0].name}, time_ms", "page"
    if table is VIEWS:
        event, first = "application, view", "document_version DESC"
    if table.name == "replay_segments":
        first = "session"
    repeated = (
        f"({event}) IN (SELECT {event} FROM {table.name} FINAL WHERE {_WITHIN} "
        f"GROUP BY {event} HAVING count() > 1)"
    )
    rows = stored_rows(server, table, f"{_WITHIN} AND {repeated} ORDER BY {event}, {first}", values)
    if rows.num_rows:
        names = event.split(", ")
        events = list(zip(*(rows.column(name).to_pylist() for name in names), strict=True))
        others = [at for at in range(1, len(events)) if events[at] == events[at - 1]]
        server.insert(table.name, taken_away(picked(rows, others), version + 1))
