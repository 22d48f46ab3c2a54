"""Making rows of a time the same as another store's, while both may be written to.

What this brings has versions of its own. Only rows that still have one are changed or taken away
later: what a server has added, derived or erased here is newer and stays.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from isotherm.model import Event
from isotherm.storage.clickhouse.append import users_of
from isotherm.storage.clickhouse.rows import (
    FIRST,
    Key,
    keys,
    names_of,
    picked,
    stored_rows,
    stored_versions,
    taken_away,
    versioned,
)
from isotherm.storage.clickhouse.schema import VERSION
from isotherm.storage.clickhouse.server import Server
from isotherm.storage.clickhouse.terms import Terms
from isotherm.storage.encode import encode
from isotherm.storage.tables import Table

_OURS: Final = range(FIRST + 1, 1_000_000)
"""A server gives the version 1, or the time in microseconds."""


def mirror(
    server: Server, terms: Terms, table: Table, span: tuple[int, int], events: Sequence[Event]
) -> int:
    """Make some events those of [from, to) of a table; return how many rows that changed.

    Raises STORE_UNAVAILABLE, and what `encode` raises for an event that no row can hold.
    """
    values = {"low": span[0], "high": span[1]}
    condition = "time_ms >= {low: Int64} AND time_ms < {high: Int64}"
    before = stored_rows(server, table, condition, values)
    after = before.slice(0, 0).drop_columns(before.column_names[-2:])
    users = None
    while events:
        fresh = terms.fresh()
        after = encode(table, events, fresh.ids).cast(after.schema)
        users = users_of(fresh, events)
        if terms.store(fresh):
            break  # else a number was taken
    here, there = (_by_key(table, rows) for rows in (before, after))
    versions = before.column(VERSION).to_pylist()
    theirs = {key[-1] for key, (at, _) in here.items() if versions[at] not in _OURS}
    gone = [at for key, (at, _) in here.items() if key not in there and versions[at] in _OURS]
    changed = [key for key in here.keys() & there.keys()
               if here[key][1] != there[key][1] and key[-1] not in theirs]  # fmt: skip
    added = [key for key in there.keys() - here.keys() if key[-1] not in theirs]
    known = stored_versions(server, table, picked(after, [there[key][0] for key in added]))
    added = [key for key in added if known.get(key[-1], 0) < _OURS.stop]
    older = [versions[at] for at in gone] + [versions[here[key][0]] for key in changed]
    version = 1 + max([FIRST, *older, *(known.get(key[-1], 0) for key in added)])
    # what is added has one version: what was taken away earlier has a lower one
    new = picked(after, sorted(there[key][0] for key in (*changed, *added)))
    if users is not None:
        server.insert("users", users)
    parts = [versioned(new, [version] * new.num_rows)]
    if gone:
        parts.append(taken_away(picked(before, gone), version))
    server.insert(table.name, pa.concat_tables(parts, promote_options="permissive"))
    return len(gone) + len(changed) + len(added)


def _by_key(table: Table, rows: pa.Table) -> Mapping[Key, tuple[int, tuple[Any, ...]]]:
    """Return the place and the values of each row by its key."""
    columns = [rows.column(name.strip('"')).to_pylist() for name in names_of(table).split(", ")]
    whole = zip(*columns, strict=True)
    places = enumerate(zip(keys(table, rows), whole, strict=True))
    return {key: (at, values) for at, (key, values) in places}
