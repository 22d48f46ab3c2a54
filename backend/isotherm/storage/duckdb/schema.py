"""How DuckDB keeps the tables of events (`storage/tables.py`).

All ids are INTEGER (0 = absent) and stand for texts in the dictionaries (`dictionary.py`).
Times are BIGINT epoch ms. `actions`, `views`, `errors`, `resources`, `long_tasks` and `vitals` are
SQL views over a table of recent rows and any number of runs sorted by application, page and time
(`runs.py`).
"""

from isotherm.storage.tables import Table

VERSION = 6
"""Grows with every change of a table. New columns go to the end of a table: so `upgrade.py` can
bring a file of an earlier version to this one; one that it does not know is refused."""

OWN_TABLES = {
    "meta": "key VARCHAR, value VARCHAR",
    "runs": "name VARCHAR, of VARCHAR, rows BIGINT, from_ms BIGINT, to_ms BIGINT, "
    "low_session INTEGER, high_session INTEGER, edits INTEGER",
    "users": 'application INTEGER, "user" INTEGER, name VARCHAR',
    "view_log": "view INTEGER, version BIGINT, time_ms BIGINT, document BLOB",
    "unsettled": "application INTEGER, session INTEGER, view INTEGER",
}
"""Beside the rows: the file's version, what runs there are, the latest name of each user, every
document of those views that arrive in parts, and recordings whose reading is still due."""


RUN_ORDER = "application, page, time_ms // 3600000, session, time_ms"
"""How runs are sorted: a page's rows of an hour lie together, and in them those of a session, whose
ids, facets and times compress best side by side (measured: 34 instead of 37 bytes per action)."""

BLOCK_BYTES = 65_536
"""DuckDB's default of 256 kB leaves a tail per column and row group: 6 % more disk, measured."""


def create_table(name: str, table: Table) -> str:
    """Return the statement that makes an empty table with the columns of `table`."""
    columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    return f'CREATE TABLE "{name}" ({columns})'


def term_table(kind: str) -> str:
    """Return the table of the texts of one kind."""
    return f"term_{kind}"


def recent_table(table: Table) -> str:
    """Return the table that new rows go to."""
    return f"{table.name}_recent" if table.runs else table.name


def union(table: Table, homes: list[str], condition: str = "true") -> str:
    """Return the statement that reads rows from recent tables and runs, in the columns' types."""
    recent = recent_table(table)
    return " UNION ALL ".join(
        f'SELECT {"*" if home == recent else _cast(table, to_run=False)} FROM "{home}"'
        + (f" WHERE {condition}" if condition != "true" else "")
        for home in homes
    )


def as_run(table: Table, rows: str) -> str:
    """Return the statement that reads rows as they lie in a run."""
    return f"SELECT {_cast(table, to_run=True)} FROM ({rows}) ORDER BY {RUN_ORDER}"


def _cast(table: Table, *, to_run: bool) -> str:
    """Return the list of columns; ids as text are put into small dictionaries by DuckDB."""
    changed = ", ".join(
        f'"{column.name}"::{column.run_type if to_run else column.type} AS "{column.name}"'
        for column in table.columns
        if column.run_type
    )
    return f"* REPLACE ({changed})" if changed else "*"
