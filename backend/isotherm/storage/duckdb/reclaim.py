"""Giving disk space back: tables at the file's end are moved into blocks that are free before it.

Merging writes the new run before the old ones go, which leaves free blocks in the middle; DuckDB
fills them again in time, but cuts off only those at the end of the file.
"""

from typing import Final

import duckdb

from isotherm.storage.duckdb.store import Store

_WORTH_MOVING: Final = 0.01
"""Share of the file's blocks that are free."""


_ROUNDS: Final = 3
"""What a table leaves is free for the next one only after a checkpoint."""


def give_back(store: Store) -> bool:
    """Move what lies beyond the file's future end and cut the file; False when nothing is won."""
    with store.write() as connection:
        before, _ = _blocks(connection)
    after = before
    for _ in range(_ROUNDS):
        with store.write() as connection:
            after, free = _blocks(connection)
            if free <= _WORTH_MOVING * after or not _move_some(connection, after - free, free):
                break
        store.checkpoint()
    return after < before


def _move_some(connection: duckdb.DuckDBPyConnection, end: int, room: int) -> bool:
    """Move tables that reach beyond `end` into `room` blocks, large ones first."""
    start = room
    for count, last, name in sorted(_tables(connection), reverse=True):
        if last >= end and count <= room:
            _move(connection, name)
            room -= count
    return room < start


def _blocks(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Return how many blocks the file has and how many of them are free."""
    query = "SELECT total_blocks, free_blocks FROM pragma_database_size()"
    return connection.execute(query).fetchone() or (0, 0)


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int, str]]:
    """Return of each table how many blocks it has, the last of them, and its name."""
    names = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal")
    found = []
    for (name,) in names.fetchall():
        query = f"SELECT block_id, additional_block_ids FROM pragma_storage_info('{name}')"
        rows = connection.execute(query).fetchall()
        blocks = {number for one, more in rows for number in (one, *(more or ()))} - {None, -1}
        if blocks:
            found.append((len(blocks), max(blocks), name))
    return found


def _move(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Write a table anew, in the same order; DuckDB takes the first free blocks."""
    connection.execute(f'CREATE TABLE "{name}_moved" AS FROM "{name}"')
    connection.execute(f'DROP TABLE "{name}"')
    connection.execute(f'ALTER TABLE "{name}_moved" RENAME TO "{name}"')
