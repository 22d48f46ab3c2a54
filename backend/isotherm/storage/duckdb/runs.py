"""Where rows live: a table of recent rows, and runs sorted by application, page and time.

New rows go to the recent table. A background step turns it into a run when it is large, and merges
runs of like size, so that one page's rows of a time lie together in few places (as in a
log-structured merge tree, O'Neil et al. 1996). Runs know their times and sessions: deduplicating
and replacing look only where the rows can be.
"""

from collections.abc import Mapping
from typing import Final

import duckdb
import pyarrow as pa
from msgspec import Struct

from isotherm.storage.duckdb.insert import execute_with
from isotherm.storage.duckdb.schema import as_run, create_table, recent_table, union
from isotherm.storage.tables import TABLES, Table

RECENT_ROWS: Final = 250_000
"""A recent table of this size becomes a run: a scan of it costs about 1 ms."""

_FAN_IN: Final = 4
"""So many runs of a level become one run of the next."""

MERGED_ROWS: Final = 4_000_000
"""A merge never makes more rows: sorting them takes about 1 s and 1 GB."""


class Run(Struct, frozen=True):
    """One sorted table and the bounds of what is in it, both ends included."""

    name: str
    of: str  # the schema table's name
    rows: int
    from_ms: int
    to_ms: int
    low_session: int
    high_session: int
    edits: int  # how many times rows were deleted from it


class Runs:
    """The list of runs, and the SQL views over them. Used by the writer only."""

    def __init__(self) -> None:
        self._runs: list[Run] = []

    def load(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Read the list; also after a transaction was rolled back."""
        rows = connection.execute("SELECT * FROM runs ORDER BY from_ms, name").fetchall()
        self._runs = [Run(*row) for row in rows]

    def of(self, table: Table) -> list[Run]:
        """Return the runs of a table, oldest first."""
        return [run for run in self._runs if run.of == table.name]

    def homes_at(self, table: Table, low_ms: int, high_ms: int) -> list[str]:
        """Return the tables that can hold rows of a time range, both ends included."""
        return [
            recent_table(table),
            *(run.name for run in self.of(table) if run.from_ms <= high_ms and low_ms <= run.to_ms),
        ]

    def homes_of_session(self, table: Table, session: int) -> list[str]:
        """Return the tables that can hold rows of a session."""
        return [
            recent_table(table),
            *(run.name for run in self.of(table) if run.low_session <= session <= run.high_session),
        ]

    def due(
        self, connection: duckdb.DuckDBPyConnection, table: Table, least: int = RECENT_ROWS
    ) -> list[str]:
        """Return the tables to turn into one new run now; empty when there is nothing to do."""
        if not table.runs:
            return []
        recent = recent_table(table)
        if _count(connection, recent) >= least:
            return [recent]
        levels: dict[int, list[Run]] = {}
        for run in self.of(table):
            levels.setdefault(_level(run.rows), []).append(run)
        for runs in levels.values():
            merged = runs[:_FAN_IN]
            if len(merged) == _FAN_IN and sum(run.rows for run in merged) <= MERGED_ROWS:
                return [run.name for run in merged]
        return []

    def rewrite(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: Table,
        sources: list[str],
        keep: str = "true",
    ) -> None:
        """Put the rows of some tables that satisfy `keep` into one run instead, in one step."""
        self.add(connection, table, union(table, sources, keep))
        for source in sources:
            connection.execute(f'DROP TABLE "{source}"')
            connection.execute("DELETE FROM runs WHERE name = $name", {"name": source})
        if recent_table(table) in sources:
            connection.execute(create_table(recent_table(table), table))
        self.load(connection)
        self.show(connection, table)

    def add(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: Table,
        rows: str,
        batch: pa.Table | None = None,
    ) -> None:
        """Sort the rows of a SELECT (which may read `batch`) into a new run."""
        number = connection.execute("SELECT nextval('run_number')").fetchone()
        name = f"{table.name}_{number[0] if number else 0:06d}"
        statement = f'CREATE TABLE "{name}" AS {as_run(table, rows)}'
        execute_with(connection, statement, batch)
        if not _count(connection, name):
            connection.execute(f'DROP TABLE "{name}"')
            return
        connection.execute(
            f"INSERT INTO runs SELECT '{name}', '{table.name}', count(*), min(time_ms), "
            f'max(time_ms), min(session), max(session), 0 FROM "{name}"'
        )
        self.load(connection)
        self.show(connection, table)

    def delete(
        self,
        connection: duckdb.DuckDBPyConnection,
        home: str,
        condition: str,
        values: Mapping[str, object] | None = None,
    ) -> None:
        """Delete rows of a recent table or a run; a run that lost any counts it as an edit."""
        found = connection.execute(f'DELETE FROM "{home}" WHERE {condition}', values).fetchone()
        if found and found[0]:
            edited = "UPDATE runs SET edits = edits + 1 WHERE name = $name"
            connection.execute(edited, {"name": home})

    def show(self, connection: duckdb.DuckDBPyConnection, table: Table) -> None:
        """Make the SQL view of a table cover its recent rows and all its runs."""
        if table.runs:
            rows = union(table, [recent_table(table), *(run.name for run in self.of(table))])
            connection.execute(f'CREATE OR REPLACE VIEW "{table.name}" AS {rows}')

    def show_all(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the SQL views of all tables."""
        for table in TABLES:
            self.show(connection, table)


def _level(rows: int) -> int:
    level, size = 0, RECENT_ROWS * 2
    while rows >= size:
        level, size = level + 1, size * _FAN_IN
    return level


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
    return int(row[0]) if row else 0
