"""Adding a batch of events: texts first, then marks of recordings, then rows.

That is no transaction. A crash in between leaves texts that no row uses, or a recording that is
read once too often; a batch that comes again adds what is missing.
"""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from msgspec import Struct

from isotherm.model import Event, View
from isotherm.storage.clickhouse import pending_recordings
from isotherm.storage.clickhouse.rows import new_versions, versioned
from isotherm.storage.clickhouse.server import Server
from isotherm.storage.clickhouse.terms import Fresh, Terms
from isotherm.storage.clickhouse.views import document_changes
from isotherm.storage.encode import encode
from isotherm.storage.ports import Appended
from isotherm.storage.tables import (
    TABLE_OF,
    TABLES,
    VIEWS,
)


class _Batch(Struct, frozen=True):
    """Rows to add, by table, and what else comes with them."""

    rows: dict[str, pa.Table]
    marks: pa.Table | None
    users: pa.Table | None
    begun: pa.Table | None
    grown: pa.Table | None
    appended: Appended


def add(server: Server, terms: Terms, events: Sequence[Event], *, marked: bool) -> Appended:
    """Add events; `marked`: recordings that got something are to be read.

    Raises STORE_UNAVAILABLE, and what `encode` raises for an event that no row can hold.
    """
    while True:
        fresh = terms.fresh()
        batch = _batch(server, terms, fresh, events)
        if terms.store(fresh):
            break  # else a number was taken: the rows are made again with others
    # A recording may be marked in vain, but never be read without what it was marked for.
    for name, rows in (("unsettled", batch.marks), ("users", batch.users)):
        if rows is not None and (marked or name != "unsettled"):
            server.insert(name, rows)
    if batch.begun is not None:
        server.insert("view_log", batch.begun)
    for name, rows in batch.rows.items():
        server.insert(name, rows)
    if batch.grown is not None:
        server.insert("view_log", batch.grown)
    return batch.appended


def _batch(server: Server, terms: Terms, fresh: Fresh, events: Sequence[Event]) -> _Batch:
    places: dict[str, list[int]] = {}
    for position, event in enumerate(events):
        places.setdefault(TABLE_OF[type(event)].name, []).append(position)
    rows: dict[str, pa.Table] = {}
    begun = grown = None
    named = list[View]()
    duplicates, outdated = list[int](), list[int]()
    for table in TABLES:
        positions = places.get(table.name, [])
        mine: list[Any] = [events[i] for i in positions]
        if table is VIEWS and mine:
            found = document_changes(server, terms, fresh, mine)
            outdated += [positions[i] for i in found.older]
            duplicates += [positions[i] for i in found.same]
            begun, grown, named = found.begun, found.grown, found.named
            if found.rows is not None:
                rows[table.name] = found.rows
        elif mine:
            encoded = encode(table, mine, fresh.ids)
            versions = new_versions(server, table, encoded)
            duplicates += [positions[i] for i, one in enumerate(versions) if not one]
            rows[table.name] = versioned(encoded, versions).filter(pa.array(map(bool, versions)))
    left_out = {*duplicates, *outdated}
    new = [event for position, event in enumerate(events) if position not in left_out]
    touched = pending_recordings.touched(server, fresh, new)
    return _Batch(
        rows=rows,
        marks=pending_recordings.rows(fresh, touched),
        users=users_of(fresh, [*events, *named]),
        begun=begun,
        grown=grown,
        appended=Appended(len(new), tuple(sorted(duplicates)), tuple(sorted(outdated)), touched),
    )


def users_of(fresh: Fresh, events: Sequence[Any]) -> pa.Table | None:
    """Return the latest name of each user; two applications may mean two people by one id."""
    named = {
        (event.application, event.user_id): event.user_name
        for event in events
        if getattr(event, "user_name", "") and event.user_id
    }
    if not named:
        return None
    return pa.table(
        {
            "application": pa.array(fresh.ids("application", [app for app, _ in named])),
            "user": pa.array(fresh.ids("user", [user for _, user in named])),
            "name": pa.array(named.values(), pa.string()),
        }
    )
