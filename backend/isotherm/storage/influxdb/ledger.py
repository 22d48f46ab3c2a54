"""What the engine has of the journal, per table and hour: the last time both were compared.

A small SQLite file. It may be deleted: hours are compared afresh then, and only those that differ
are read.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Struct

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.influxdb.counts import Counts
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.influxdb.source import Source

Key = tuple[str, int]
"""Table of the engine, and hour (epoch ms)."""

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS hours "
    "(name TEXT, hour INTEGER, both BLOB, PRIMARY KEY (name, hour)) WITHOUT ROWID"
)


class TableSums(Struct, frozen=True):
    """What the engine has of a table in one hour."""

    rows: int = 0
    stamp: int = 0


UNKNOWN: Final = TableSums(rows=-1)
"""The engine's file is not the one of the ledger: its hours are read again."""


class Both(Struct, frozen=True):
    """Journal (by measurement) and engine, as they were when they agreed last."""

    journal: dict[str, Counts] = {}
    engine: TableSums = TableSums()


class Ledger:
    """The file of hours. Thread-safe."""

    def __init__(self, options: JournalOptions, sources: tuple[Source, ...]) -> None:
        path = options.state
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute(_TABLE)
            self._db.execute("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT)")
        except (sqlite3.Error, OSError) as error:
            message = f"{path} cannot be opened ({error}). Delete it: Isotherm makes it again."
            raise IsothermError(Code.STORE_UNAVAILABLE, message) from error
        self._turn = threading.Lock()
        self._of(_fingerprint(options, sources))

    def all(self) -> dict[Key, Both]:
        """Return every hour that is known."""
        with self._turn:
            rows = self._db.execute("SELECT name, hour, both FROM hours").fetchall()
        decode = msgspec.msgpack.Decoder(Both).decode
        return {(name, hour): decode(both) for name, hour, both in rows}

    def put(self, known: Mapping[Key, Both]) -> None:
        """Keep what both have of some hours; an hour that neither has is forgotten."""
        with self._turn:
            self._db.execute("BEGIN")
            for (name, hour), both in known.items():
                if both.journal or both.engine.rows:
                    values = (name, hour, msgspec.msgpack.encode(both))
                    self._db.execute("INSERT OR REPLACE INTO hours VALUES (?, ?, ?)", values)
                else:
                    self._db.execute("DELETE FROM hours WHERE name = ? AND hour = ?", (name, hour))
            self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._db.close()

    def _of(self, journal: str) -> None:
        """Forget everything when it is about another InfluxDB or other measurements."""
        row = self._db.execute("SELECT value FROM meta WHERE key = 'journal'").fetchone()
        if row is None or row[0] != journal:
            self._db.execute("DELETE FROM hours")
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('journal', ?)", (journal,))


def _fingerprint(options: JournalOptions, sources: tuple[Source, ...]) -> str:
    described = repr(
        (options.url, options.org, options.database, [one.definition for one in sources])
    )
    return hashlib.sha256(described.encode()).hexdigest()
