"""Copying saved things to another database: again and again if need be, compared row by row."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Engine, MetaData, Table, func, select, text, tuple_

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved import migrations
from isotherm.storage.saved.db import answered, put

_ROWS: Final = 100
"""A row may hold a strip of a picture, or thousands of boxes."""


_PASSING: Final = ("samples", "attempts", "picture_jobs")
"""Tables whose rows are deleted here within hours or days: there may be more of them there."""


class Copied(Struct, frozen=True):
    """How far it is: rows of all tables."""

    rows: int
    of: int
    left_out: tuple[str, ...] = ()
    """Rows with a NUL character in a text, which PostgreSQL has not, and those that refer to them.
    """


def copy(source: Engine, target: Engine) -> Iterator[Copied]:
    """Copy all rows table by table, compare them, and yield the progress.

    Rows that are there already are written again. Raises CONFLICT when the target has things of
    its own, or does not give back what it got; STORE_UNAVAILABLE.
    """
    with answered(), source.connect() as old, target.connect() as new:
        pairs = _tables(old, new)
        lasting = [pair for pair in pairs if pair[0].name not in _PASSING]
        of = sum(_count(old, table) for table, _ in pairs)
        _refuse_others(old, new, lasting)
        rows, left_out = 0, []
        gone: set[tuple[str, Any]] = set()  # columns that others refer to, and what they held
        yield Copied(rows, of)
        for table, there in pairs:
            for page in _pages(old, table):
                kept = []
                for row in page:
                    if _has_nul(row, new) or _refers(table, row, gone):
                        left_out.append(_named(table, row))
                        gone |= {(str(key), row[key.name]) for key in table.primary_key}
                    else:
                        kept.append(row)
                if kept:
                    put(new, there, kept)
                    _compare(new, there, kept)
                    new.commit()
                rows += len(page)
                yield Copied(rows, of, tuple(left_out))
            _go_on_counting(new, there)
        here = sum(_count(old, table) for table, _ in lasting)
        copied = sum(_count(new, there) for _, there in lasting)
        if copied != here - len(left_out):  # rows of the others have no texts of people
            message = f"There are {here:,} rows here, but {copied:,} there. Run it again."
            raise IsothermError(Code.CONFLICT, message)


def _tables(old: Connection, new: Connection) -> list[tuple[Table, Table]]:
    """Return all tables as they are in both, those that others refer to first.

    They are read from the databases: which modules declare some depends on what is imported.
    """
    here, there = MetaData(), MetaData()
    here.reflect(old)
    there.reflect(new)
    names = [table.name for table in here.sorted_tables if table.name in there.tables]
    return [(here.tables[name], there.tables[name]) for name in names if name != migrations.TABLE]


def _pages(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    keys = list(table.primary_key)
    asked = select(table).order_by(*keys).limit(_ROWS)
    after: tuple[Any, ...] | None = None
    while True:
        some = asked if after is None else asked.where(tuple_(*keys) > after)
        page = [dict(row) for row in connection.execute(some).mappings()]
        if not page:
            return
        yield page
        after = _key(table, page[-1])


def _compare(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    keys = [_key(table, row) for row in rows]
    asked = select(table).where(tuple_(*table.primary_key).in_(keys))
    there = [dict(row) for row in connection.execute(asked).mappings()]
    found = {_key(table, row): row for row in there}
    wrong = [row for row in rows if found.get(_key(table, row)) != row]
    if wrong:
        message = f"{_named(table, wrong[0])} differs from the original. Run it again."
        raise IsothermError(Code.CONFLICT, message)


def _refuse_others(old: Connection, new: Connection, pairs: list[tuple[Table, Table]]) -> None:
    """Raise CONFLICT when the target has rows that did not come from the source."""
    for table, there in pairs:
        mine = {tuple(row) for row in old.execute(select(*table.primary_key))}
        others = {tuple(row) for row in new.execute(select(*there.primary_key))} - mine
        if others:
            message = (
                f"The target has {len(others):,} rows in {table.name} that "
                "are not here. Copy to an empty database."
            )
            raise IsothermError(Code.CONFLICT, message, field="to_saved")


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that came with their numbers."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    highest = connection.execute(select(func.max(column))).scalar()
    if highest:
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)")
        named = {"table": table.name, "column": column.name, "highest": highest}
        connection.execute(sequence, named)
        connection.commit()


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _has_nul(row: Mapping[str, Any], connection: Connection) -> bool:
    if connection.dialect.name != "postgresql":
        return False
    return any(isinstance(value, str) and "\0" in value for value in row.values())


def _refers(table: Table, row: Mapping[str, Any], gone: Collection[tuple[str, Any]]) -> bool:
    return any((str(key.column), row[key.parent.name]) in gone for key in table.foreign_keys)


def _key(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def _named(table: Table, row: Mapping[str, Any]) -> str:
    return f"{table.name} {' '.join(map(repr, _key(table, row)))}"
