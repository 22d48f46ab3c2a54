"""What happens to stored rows: sorted into runs, replaced, expired."""

from functools import partial

import duckdb
import pyarrow as pa

from isotherm.storage.duckdb.insert import insert
from isotherm.storage.duckdb.reclaim import give_back
from isotherm.storage.duckdb.runs import RECENT_ROWS
from isotherm.storage.duckdb.schema import recent_table, term_table
from isotherm.storage.duckdb.store import Store
from isotherm.storage.ports import Recording
from isotherm.storage.tables import DETAIL_KINDS, DETAILS, TABLES, VIEWS, Table

_WORTH_REWRITING = 0.2
"""A run is written anew when more than this share of its rows is too old."""


def delete(
    connection: duckdb.DuckDBPyConnection, store: Store, table: Table, recording: Recording
) -> None:
    """Delete the rows of a recording, looking only into the tables that can hold its session."""
    texts = {"application": recording.application, "session": recording.session_id}
    if recording.view_id is not None:
        texts["view"] = recording.view_id
    ids = {kind: store.dictionary.find(connection, kind, text) for kind, text in texts.items()}
    if not all(ids.values()):
        return
    conditions = " AND ".join(f'"{name}" = ${name}' for name in ids)
    for home in store.runs.homes_of_session(table, ids["session"]):
        store.runs.delete(connection, home, conditions, ids)


def compact(store: Store, least_rows: int | None) -> bool:
    """Turn one recent table into a run, merge runs of one size, or give disk space back.

    Returns False when nothing is due.
    """
    for table in TABLES:
        with store.write_lock:  # nobody changes the runs in between
            with store.looking() as connection:
                sources = store.runs.due(connection, table, least_rows or RECENT_ROWS)
            if sources:
                merge = partial(store.runs.rewrite, table=table, sources=sources)
                store.sparingly(merge, changed=())  # the rows stay the same
        if sources:
            store.checkpoint()
            store.untidy = True
            return True
    store.untidy = store.untidy and give_back(store)
    return store.untidy


def load_run(
    connection: duckdb.DuckDBPyConnection, store: Store, table: Table, rows: pa.Table
) -> None:
    """Add encoded rows as one sorted run (or to the table itself if it has no runs)."""
    if not table.runs:
        insert(connection, table.name, rows)
        return
    store.runs.add(connection, table, "SELECT * FROM batch", rows)


def expire(store: Store, table: Table, before_ms: int) -> None:
    """Delete rows older than a time: whole runs at once, mixed runs when enough is old."""
    keep = f"time_ms >= {int(before_ms)}"
    with store.write() as connection:
        connection.execute(f'DELETE FROM "{recent_table(table)}" WHERE NOT ({keep})')
        for run in store.runs.of(table):
            if run.from_ms >= before_ms:
                continue
            old = connection.execute(
                f'SELECT count(*) FROM "{run.name}" WHERE NOT ({keep})'
            ).fetchone()
            if old and old[0] > _WORTH_REWRITING * run.rows:
                store.runs.rewrite(connection, table, [run.name], keep)
                store.untidy = True
            else:
                store.runs.delete(connection, run.name, f"NOT ({keep})")
        if table is VIEWS:
            connection.execute(f"DELETE FROM view_log WHERE NOT ({keep})")
        if table in DETAILS:
            _drop_texts(connection, store, table)
    store.checkpoint()


def _drop_texts(connection: duckdb.DuckDBPyConnection, store: Store, table: Table) -> None:
    """Delete the texts of kinds that only details have, as far as no row uses them any more."""
    for kind in {column.kind for column in table.columns if column.kind} & DETAIL_KINDS:
        used = " UNION ALL ".join(
            f'SELECT "{column.name}" FROM "{user.name}"'
            for user in TABLES
            for column in user.columns
            if column.kind == kind
        )
        query = f"SELECT id FROM {term_table(kind)} WHERE id NOT IN ({used})"
        unused = {number for (number,) in connection.execute(query).fetchall()}
        store.dictionary.erase(connection, kind, unused)
