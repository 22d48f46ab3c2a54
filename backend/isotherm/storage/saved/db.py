"""The database of saved things: SQLite in the data folder, or PostgreSQL that processes share."""

import fcntl
import logging
import os
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Table,
    Text,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DataError, DBAPIError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved import migrations

_log = logging.getLogger(__name__)

FILE: Final = "saved.sqlite"
_POSTGRESQL: Final = ("postgresql", "postgres", "postgresql+psycopg")
_RETRY_AFTER_S: Final = 5
_CONNECT_S: Final = 5
_CONNECTIONS: Final = 20
"""Of a process, at most; PostgreSQL allows 100 as it comes."""
_PATIENCE: Final = {
    "connect_timeout": str(_CONNECT_S),
    "tcp_user_timeout": "15000",  # ms until a server that went away without a word is given up
    "keepalives_idle": "10",  # s; also while its answer is waited for
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "application_name": "isotherm",
}
_OF_SESSION: Final = (
    # a machine that goes away without a word holds its locks no longer than that
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
    "SET idle_in_transaction_session_timeout = '60s'",
)
_LOCKS: Final = 0x150
"""Our part of the numbers of PostgreSQL's advisory locks."""
_TOO_LONG: Final = "54000"
"""PostgreSQL's code for what exceeds a limit of its own, such as a row of an index."""


class Base(DeclarativeBase):
    """All tables; each module of `saved/` declares its own, and `migrations` makes them."""

    type_annotation_map = MappingProxyType(
        {int: BigInteger, str: Text}  # epoch ms need more than 32 bits
    )


def open_database(url: str, folder: Path, *, owner: bool = False) -> Engine:
    """Open the database and bring its tables up to date, in the process that uses it.

    `url` "" means SQLite in `folder`. Only the `owner` of the data folder sets a damaged file
    aside: others may have it open. Raises INVALID for a bad URL, CONFLICT when a later release has
    been there, STORE_UNAVAILABLE when it does not answer.
    """
    if url:
        read = address(url)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        read = URL.create("sqlite", database=str(folder / FILE))
    if read.drivername == "sqlite":
        engine = create_engine(read, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        with _alone_with(Path(read.database or "")):
            _set_damaged_aside(engine, owner=owner)
            _bring_up_to_date(engine)
        return engine
    try:
        engine = create_engine(
            read,
            pool_pre_ping=True,
            hide_parameters=True,  # they hold what people wrote
            pool_size=_CONNECTIONS // 4,
            max_overflow=_CONNECTIONS - _CONNECTIONS // 4,
        )
    except ImportError as error:
        message = "PostgreSQL needs its client: pip install 'isotherm[scale]'"
        raise IsothermError(Code.INVALID, message, field="saved") from error
    event.listen(engine, "connect", prepare_postgresql)
    _bring_up_to_date(engine)
    return engine


def shown(url: str) -> str:
    """Return where a database is, without user and password. Raises INVALID."""
    read = address(url)
    place = f"{read.host}:{read.port or 5432}/" if read.host else ""
    return f"{place}{read.database or ''}"


def address(url: str) -> URL:
    """Return where a database is, and how patient a connection is. Raises INVALID."""
    try:
        read = make_url(url)
    except (ArgumentError, ValueError):
        read = None
    is_file = read is not None and read.drivername == "sqlite" and read.database
    if read is None or not (is_file or read.drivername in _POSTGRESQL):
        message = (
            "saved must be empty (a file in the data folder) or like "
            "postgresql://user:password@host:5432/database"
        )
        raise IsothermError(Code.INVALID, message, field="saved") from None
    if read.drivername == "sqlite":
        return read
    patience = {name: value for name, value in _PATIENCE.items() if name not in read.query}
    return read.set(drivername="postgresql+psycopg").update_query_dict(patience)


@contextmanager
def _alone_with(file: Path) -> Iterator[None]:
    """Keep other processes from opening a SQLite file for the first time at the same moment."""
    try:
        lock = os.open(file.with_name(f"{file.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        message = f"The saved things cannot be opened: {error}"
        raise IsothermError(Code.STORE_UNAVAILABLE, message) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _set_damaged_aside(engine: Engine, *, owner: bool) -> None:
    """Move a SQLite file that cannot be read out of the way: the server starts without it."""
    try:
        with engine.connect() as connection:
            found = connection.execute(text("PRAGMA quick_check(1)")).scalar()
        why = "" if found == "ok" else str(found)
    except DatabaseError as error:
        why = str(error.orig)
        if "not a database" not in why and "malformed" not in why:
            return  # it is away or locked, which `_bring_up_to_date` says
    engine.dispose()
    path = Path(engine.url.database or "")
    if not why or not path.is_file():
        return
    if not owner:
        message = f"{path} is damaged ({why}). The server renames it when it starts."
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


def _bring_up_to_date(engine: Engine) -> None:
    """Run the steps that are left. Of processes that start together, one does, the others wait."""
    with answered():
        with engine.connect() as connection:
            if migrations.is_up_to_date(connection):
                return
        with alone(engine, "migrations") as connection:
            if not migrations.is_up_to_date(connection):
                migrations.run_steps(connection)


@contextmanager
def alone(database: Engine, what: str) -> Iterator[Connection]:
    """Give a transaction that no other process or thread is in for the same `what` at this moment.

    For what looks before it writes: PostgreSQL lets others write in between, SQLite lets them read.
    """
    with database.connect() as connection:
        if database.dialect.name == "postgresql":
            key = zlib.crc32(what.encode()) - (1 << 31)  # they are signed
            lock = text("SELECT pg_advisory_xact_lock(:ours, :key)")
            connection.execute(lock, {"ours": _LOCKS, "key": key})
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
        connection.commit()


def put(
    connection: Connection,
    into: type[Base] | Table,
    rows: Iterable[Mapping[str, Any]],
    **changed: Any,
) -> None:
    """Insert rows, replacing those of the same key, also when another process inserts them now.

    `changed`: what a row that was there gets instead of the new row's value.
    """
    table = into if isinstance(into, Table) else into.__table__
    assert isinstance(table, Table)
    keys = [column.name for column in table.primary_key]
    listed = sorted(rows, key=lambda row: [row[key] for key in keys])  # a common order: no deadlock
    if not listed:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table)
    new = {name: insert.excluded[name] for name in listed[0] if name not in keys} | changed
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=new), listed)


def refuse_nul(*texts: str) -> None:
    """Raise ValueError for a text with a NUL character, which PostgreSQL cannot hold."""
    if any("\0" in text for text in texts):
        raise ValueError("no text may contain a NUL character")


@contextmanager
def answered() -> Iterator[None]:
    """Turn a failure of the database into STORE_UNAVAILABLE, or INVALID for what it cannot hold."""
    try:
        yield
    except SQLAlchemyError as error:
        why = _reason(error)
        if isinstance(error, DataError) or _sqlstate(error) == _TOO_LONG:
            message = f"The database of saved things cannot hold such a value: {why}"
            raise IsothermError(Code.INVALID, message) from error
        message = f"The database of saved things does not answer: {why}"
        raise IsothermError(
            Code.STORE_UNAVAILABLE, message, retry_after_s=_RETRY_AFTER_S
        ) from error


def _reason(error: SQLAlchemyError) -> str:
    """Return what the driver says, without the lines after it: they may hold values of rows."""
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    return said.partition("\n")[0] or type(error).__name__


def _sqlstate(error: SQLAlchemyError) -> str:
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""


def prepare_postgresql(connection: object, _record: ConnectionPoolEntry) -> None:
    """Say how long locks of a session outlive the machine that has them."""
    connection.execute("; ".join(_OF_SESSION))  # type: ignore[attr-defined]
    connection.commit()  # type: ignore[attr-defined]  # else a rollback takes them back


def _prepare_sqlite(connection: object, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # the driver's own connection
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA journal_mode=WAL")  # readers go on while one writes
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # else what was erased of a person is in the file
    cursor.close()
