"""Locks between machines: PostgreSQL's advisory locks, each held by a connection of its own.

PostgreSQL takes a lock from a process that is gone: at once when the process ends, within about
half a minute when its machine does.
"""

import threading
import zlib
from typing import Final, Self

from sqlalchemy import Connection, NullPool, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.db import address, answered, prepare_postgresql

_OURS: Final = 0x151
"""The part of the numbers of advisory locks that is for locks between machines."""

_PATIENCE: Final = "SET lock_timeout = '10s'"


def is_shared(url: str) -> bool:
    """Tell whether other machines can see this database of saved things. Raises INVALID."""
    return bool(url) and address(url).drivername != "sqlite"


class HostLock:
    """A lock that one thread of one process on any machine has. Not for several threads at once."""

    def __init__(self, url: str, name: str) -> None:
        """Take the address of a PostgreSQL; nothing is asked yet. Raises INVALID."""
        self._key = {"ours": _OURS, "key": zlib.crc32(name.encode()) - (1 << 31)}  # it is signed
        self._engine = create_engine(
            address(url), poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
        )
        event.listen(self._engine, "connect", prepare_postgresql)
        self._connection: Connection | None = None  # has the lock while it lives
        self._turn = threading.Lock()

    def take(self) -> bool:
        """Try to get the lock, or see whether it is still held; True when this process has it.

        Raises STORE_UNAVAILABLE.
        """
        with self._turn, answered():
            if self._connection is not None:
                try:
                    self._connection.execute(text("SELECT 1"))
                except SQLAlchemyError:  # and so the lock is lost, which another may have by now
                    self._drop()
                else:
                    return True
            connection = self._engine.connect()
            try:
                asked = text("SELECT pg_try_advisory_lock(:ours, :key)")
                is_mine = bool(connection.execute(asked, self._key).scalar())
            except BaseException:
                connection.close()
                raise
            if is_mine:
                self._connection = connection
            else:
                connection.close()
            return is_mine

    def is_held(self) -> bool:
        """Tell whether any process has it. Raises STORE_UNAVAILABLE."""
        asked = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted "
            "AND classid = :ours AND objid = (:key)::bigint & 4294967295 AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        with answered(), self._engine.connect() as connection:
            return bool(connection.execute(asked, self._key).scalar())

    def give_up(self) -> None:
        """Let another process have it."""
        with self._turn:
            self._drop()

    def __enter__(self) -> Self:
        """Wait for the lock. Raises STORE_UNAVAILABLE when that takes too long."""
        with answered():
            connection = self._engine.connect()
            try:
                connection.execute(text(_PATIENCE))
                connection.execute(text("SELECT pg_advisory_lock(:ours, :key)"), self._key)
            except BaseException:
                connection.close()
                raise
        self._connection = connection
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Give it back. Raises STORE_UNAVAILABLE when it was lost meanwhile."""
        connection, self._connection = self._connection, None
        assert connection is not None
        try:
            asked = text("SELECT pg_advisory_unlock(:ours, :key)")
            was_held = bool(connection.execute(asked, self._key).scalar())
        except SQLAlchemyError:
            was_held = False
        finally:
            _close(connection)
        if not was_held and kind is None:
            message = "The lock for storing was lost; the batch is stored again."
            raise IsothermError(Code.STORE_UNAVAILABLE, message)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            _close(connection)


def _close(connection: Connection) -> None:
    """Close a connection, also one that is broken: the lock goes with it."""
    connection.invalidate()
    connection.close()
