"""The database file: opening it, one writing transaction at a time, clear words when it fails."""

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import duckdb
from msgspec import Struct

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.duckdb import schema, term_tables
from isotherm.storage.duckdb.changes import EVERYWHERE, Changes, Place
from isotherm.storage.duckdb.damaged_files import is_passing, set_aside
from isotherm.storage.duckdb.dictionary import CAPACITY, Dictionary
from isotherm.storage.duckdb.metadata_undo import MetadataUndo, take_back
from isotherm.storage.duckdb.runs import Runs
from isotherm.storage.duckdb.upgrade import upgraded
from isotherm.storage.durable import sync_folder
from isotherm.storage.tables import TABLES

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_RETRY_AFTER_S: Final = 5
_AWAY: Final = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.TransactionException,
)
"""What is no fault of the rows: the same batch may be taken later."""


class Options(Struct, frozen=True, kw_only=True):
    """What the engine may use."""

    threads: int = 0  # 0 = one per core
    memory_mb: int = 2048  # beyond it sorts go to disk
    frugal_mb: int = 160  # while a table is filled or sorted: often enough, if slower
    timeout_s: float = 30.0  # of one statement
    terms_in_memory: int = CAPACITY  # of each kind
    page_bytes: int = 256 << 20  # of the pages asked for lately (`page_rows.py`)
    block_rows: int = 65_536  # of such a page are added up beforehand (`block_sums.py`)


class Store:
    """One DuckDB file and what is known about it in memory. Writers take turns."""

    def __init__(self, path: Path | None, options: Options) -> None:
        self.path = path
        self.root = _connect(path, options)
        self.dictionary = Dictionary(options.terms_in_memory)
        self.runs = Runs()
        self.changes = Changes()
        self.version = 0  # counts up before and after each commit: odd while one is under way
        self.invalid = False  # DuckDB takes nothing more until the file is opened again
        self.untidy = True  # runs were written since the file was looked at for free blocks
        self.write_lock = threading.RLock()  # held by the thread that writes
        self._writer = self.root.cursor()
        self._undo: MetadataUndo | None = None
        self._memory_mb = (options.memory_mb, min(options.memory_mb, options.frugal_mb))
        self._frugal = self._free = 0
        self._frugal_turn = threading.Lock()
        try:
            try:
                self._undo = MetadataUndo(path) if path else None
                self._keep_metadata()
                _prepare(self._writer, path)
            except (*_AWAY, OSError) as error:
                raise unavailable(error) from error
            with self.write() as connection:
                self.runs.load(connection)
                self.runs.show_all(connection)
                self.dictionary.load(connection)
        except BaseException:
            self._close_files()
            raise

    @contextmanager
    def write(
        self, changed: Collection[Place] = (EVERYWHERE,)
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """Hold a transaction: committed at the end, nothing of it kept after an exception.

        `changed` says what answers may be others afterwards; it is read at the end. Raises
        STORE_UNAVAILABLE when the disk or memory is full; other errors stay what they are.
        """
        with self.write_lock:
            try:
                self._writer.execute("BEGIN")
                yield self._writer
                self.dictionary.flush(self._writer)
                self.version += 1
                try:
                    self._writer.execute("COMMIT")
                finally:
                    self.version += 1
                    self.changes.count(changed)
            except BaseException as error:
                self._look(error)
                self._roll_back()
                if isinstance(error, _AWAY):
                    raise unavailable(error) from error
                raise
            self.dictionary.trim()
            self._keep_metadata()

    @contextmanager
    def looking(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Read what is committed; unlike `write`, what is kept of answers stays good.

        Raises STORE_UNAVAILABLE.
        """
        connection = self.root.cursor()
        try:
            yield connection
        except _AWAY as error:
            self._look(error)
            raise unavailable(error) from error
        finally:
            connection.close()

    @contextmanager
    def frugally(self) -> Iterator[None]:
        """Use little memory until the end, for what is large and not urgent. It may be nested."""
        self._limit_memory(frugal=1)
        try:
            yield
        finally:
            self._limit_memory(frugal=-1)

    def sparingly(
        self,
        work: Callable[[duckdb.DuckDBPyConnection], _T],
        changed: Collection[Place] = (EVERYWHERE,),
    ) -> _T:
        """Do some work in one transaction, with little memory; with all, if that is not enough.

        How much a sort needs depends on rows, columns and threads, and DuckDB does not say.
        """
        try:
            with self.write(changed) as connection, self.frugally():
                return work(connection)
        except IsothermError as error:
            if not isinstance(error.__cause__, duckdb.OutOfMemoryException):
                raise
        self._limit_memory(free=1)
        try:
            with self.write(changed) as connection:
                return work(connection)
        finally:
            self._limit_memory(free=-1)

    def _limit_memory(self, *, frugal: int = 0, free: int = 0) -> None:
        with self._frugal_turn:
            self._frugal += frugal
            self._free += free
            limit = self._memory_mb[self._frugal > 0 and not self._free]
            with suppress(duckdb.OutOfMemoryException):  # a question needs it right now
                self.root.cursor().execute(f"SET memory_limit = '{limit}MB'")

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file; skipped while a question is being answered."""
        with self.write_lock:
            try:
                self._writer.execute("CHECKPOINT")
            except duckdb.TransactionException:
                return  # readers are busy; DuckDB does it by itself later
            except _AWAY as error:
                self._look(error)
                raise unavailable(error) from error
            self._keep_metadata()

    def _keep_metadata(self) -> None:
        if self._undo:  # DuckDB may have made a checkpoint by itself
            self._undo.renew(self._writer)

    def copy_to(self, path: Path) -> None:
        """Copy all tables to a new file in one transaction. Raises STORE_UNAVAILABLE."""
        connection = self.root.cursor()
        attached = False
        try:
            [name] = connection.execute("SELECT current_database()").fetchone() or ("",)
            file = str(path).replace("'", "''")
            connection.execute(f"ATTACH '{file}' AS copy (BLOCK_SIZE {schema.BLOCK_BYTES})")
            attached = True
            connection.execute(f'COPY FROM DATABASE "{name}" TO copy')
            connection.execute("DETACH copy")
        except duckdb.Error as error:
            if attached:
                with suppress(duckdb.Error):  # it has failed already
                    connection.execute("DETACH copy")
            raise unavailable(error) from error
        finally:
            connection.close()

    def _look(self, error: BaseException) -> None:
        """Notice that DuckDB has given the file up: after a failed sync it trusts nothing."""
        given_up = isinstance(error, duckdb.FatalException) or "has been invalidated" in str(error)
        self.invalid = self.invalid or given_up

    def close(self) -> None:
        """Close the file; the log is moved into it."""
        with self.write_lock:
            self._writer.close()
            self._close_files()

    def _close_files(self) -> None:
        self.root.close()
        undo, self._undo = self._undo, None  # it may be closed again
        if undo:
            undo.close()

    def _roll_back(self) -> None:
        try:
            self._writer.execute("ROLLBACK")
        except duckdb.Error:
            self._writer = self.root.cursor()  # the transaction is gone with its connection
        try:
            self.runs.load(self._writer)
            self.dictionary.load(self._writer)
        except duckdb.Error as error:
            self._look(error)
            raise unavailable(error) from error


def unavailable(error: Exception) -> IsothermError:
    """Return STORE_UNAVAILABLE with the database's own words."""
    message = f"The store cannot be written: {error}"
    return IsothermError(Code.STORE_UNAVAILABLE, message, retry_after_s=_RETRY_AFTER_S)


def _connect(path: Path | None, options: Options) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{options.memory_mb}MB",
        "default_block_size": schema.BLOCK_BYTES,
        "allocator_flush_threshold": "16MB",  # give memory back sooner than at 128 MB
        "allocator_background_threads": True,
    }
    if options.threads:
        config["threads"] = options.threads
    try:
        if path and not path.exists():
            _make(path, config)
        elif path:
            take_back(path)
        return duckdb.connect(str(path or ":memory:"), config=config)
    except OSError as error:
        raise unavailable(error) from error
    except duckdb.Error as error:
        if path and set_aside(path, error):
            return _connect(path, options)
        if "lock on file" in str(error):
            message = (
                f"{path} is open in another process. DuckDB has one writing process: "
                "stop the other one, or run gunicorn with one worker."
            )
            raise IsothermError(Code.CONFLICT, message) from error
        if path and is_passing(path, error):
            message = (
                f"{path} cannot be opened now ({error}). No file was moved: fix the cause and "
                "start again."
            )
            raise IsothermError(Code.STORE_UNAVAILABLE, message) from error
        message = (
            f"{path} cannot be opened ({error}). If it is damaged, move it away: it is rebuilt "
            "from the journal, or starts empty."
        )
        raise IsothermError(Code.STORE_UNAVAILABLE, message) from error


def _make(path: Path, config: dict[str, Any]) -> None:
    """Make an empty file under another name, so that a half-made one is never in the way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    for rest in (new, new.with_name(f"{new.name}.wal")):
        rest.unlink(missing_ok=True)
    duckdb.connect(str(new), config=config).close()
    new.replace(path)
    sync_folder(path.parent)


def _prepare(connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
    tables = _first(connection, "SELECT count(*) FROM duckdb_tables() WHERE NOT internal")
    if tables:
        found = upgraded(connection, _version(connection))
        if found != schema.VERSION:
            message = (
                f"{path} has schema version {found or 'none'}, "
                f"this release needs {schema.VERSION}. "
                "Move it away: it is rebuilt from the journal, or starts empty."
            )
            raise IsothermError(Code.CONFLICT, message)
        return
    connection.execute("BEGIN")
    connection.execute("CREATE SEQUENCE run_number")
    for name, columns in schema.OWN_TABLES.items():
        connection.execute(f"CREATE TABLE {name} ({columns})")
    term_tables.create(connection)
    for table in TABLES:
        connection.execute(schema.create_table(schema.recent_table(table), table))
    connection.execute("INSERT INTO meta VALUES ('schema', $v)", {"v": str(schema.VERSION)})
    connection.execute("COMMIT")


def _version(connection: duckdb.DuckDBPyConnection) -> int:
    try:
        return _first(connection, "SELECT value FROM meta WHERE key = 'schema'")
    except duckdb.CatalogException:
        return 0  # somebody else's file


def _first(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
