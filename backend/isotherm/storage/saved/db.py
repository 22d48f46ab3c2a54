"""The database of saved things: SQLite in the data folder, or any other by its SQLAlchemy URL."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import BigInteger, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    NoSuchModuleError,
    SQLAlchemyError,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.schema import CreateColumn

from isotherm.model.errors import Code, IsothermError

_log = logging.getLogger(__name__)


class Base(DeclarativeBase):
    """All tables; each module of `saved/` declares its own."""

    type_annotation_map = MappingProxyType({int: BigInteger})  # epoch ms need more than 32 bits


def open_database(url: str, folder: Path, *, owner: bool = False) -> Engine:
    """Open the database and bring its tables up to date.

    `url` "" means SQLite in `folder`. Only the `owner` of the data folder sets a damaged file
    aside: others may have it open. Raises INVALID for a bad URL, STORE_UNAVAILABLE when it does
    not answer.
    """
    if not url:
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder / 'saved.sqlite'}"
    try:
        engine = create_engine(make_url(url), pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise IsothermError(
            Code.INVALID, f"database_url cannot be used: {error}", field="database_url"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        _set_damaged_aside(engine, owner=owner)
    bring_up_to_date(engine)
    return engine


def _set_damaged_aside(engine: Engine, *, owner: bool) -> None:
    """Move a SQLite file that cannot be read out of the way: the server starts without it."""
    try:
        with engine.connect() as connection:
            found = connection.execute(text("PRAGMA quick_check(1)")).scalar()
        why = "" if found == "ok" else str(found)
    except DatabaseError as error:
        why = str(error.orig)
        if "not a database" not in why and "malformed" not in why:
            return  # it is away or locked, which `bring_up_to_date` says
    engine.dispose()
    path = Path(engine.url.database or "")
    if not why or not path.is_file():
        return
    if not owner:
        message = f"{path} is damaged ({why}). The server sets it aside when it starts."
        raise IsothermError(Code.STORE_UNAVAILABLE, message)
    mark = f"damaged-{time.time_ns() // 1_000_000}"
    for ending in ("", "-wal", "-shm"):
        file = path.with_name(path.name + ending)
        if file.exists():
            file.rename(file.with_name(f"{file.name}.{mark}"))
    _log.error(
        "%s is damaged (%s): saved heatmaps, shares and what is known of pictures are not there. "
        "It is kept with the ending .%s",
        path, why, mark,
    )  # fmt: skip


def bring_up_to_date(engine: Engine) -> None:
    """Create missing tables, and add missing columns to the others; nothing is ever removed.

    New columns must be nullable or have a server default, so that old rows stay valid.
    """
    try:
        Base.metadata.create_all(engine)
        known = inspect(engine)
        with engine.begin() as connection:
            for table in Base.metadata.sorted_tables:
                there = {column["name"] for column in known.get_columns(table.name)}
                for column in table.columns:
                    if column.name not in there:
                        ddl = CreateColumn(column).compile(dialect=engine.dialect)
                        connection.execute(text(f'ALTER TABLE "{table.name}" ADD COLUMN {ddl}'))
    except SQLAlchemyError as error:
        raise IsothermError(
            Code.STORE_UNAVAILABLE, f"The database of saved things does not answer: {error}"
        ) from error


@contextmanager
def answered() -> Iterator[None]:
    """Turn a failure of the database into STORE_UNAVAILABLE."""
    try:
        yield
    except SQLAlchemyError as error:
        message = f"The database of saved things does not answer: {error}"
        raise IsothermError(Code.STORE_UNAVAILABLE, message) from error


def _prepare_sqlite(connection: object, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # the driver's own connection
    cursor.execute("PRAGMA journal_mode=WAL")  # readers go on while one writes
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
