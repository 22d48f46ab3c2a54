"""Rate counters that the processes of one machine share: a small SQLite file.

Nothing in it needs to outlive the server, so it is never synced to the disk, and a server begins
with a new one.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from limits.storage import Storage
from limits.storage.base import SlidingWindowCounterSupport

_BUSY_S: Final = 5.0
_SWEEP: Final = 1_000
"""Old windows are deleted after so many hits."""


class SharedRates(Storage, SlidingWindowCounterSupport):
    """Counts of windows by key, for `limits`' sliding window. One connection per thread."""

    STORAGE_SCHEME: list[str] | None = None

    def __init__(self, file: Path, clock_s: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._file = file
        self._clock_s = clock_s
        self._threads = threading.local()
        self._hits = 0

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the file may raise."""
        return sqlite3.Error

    def acquire_sliding_window_entry(
        self, key: str, limit: int, expiry: int, amount: int = 1
    ) -> bool:
        """Count something unless that is more than the limit; return whether it was counted."""
        now = self._clock_s()
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        with connection:  # commits, or rolls back
            before, left_s, current = self._window(connection, key, expiry, now)
            let_in = int(before * left_s / expiry + current) + amount <= limit
            if let_in:
                connection.execute(
                    "INSERT INTO windows VALUES (?, ?, ?, ?) ON CONFLICT (key, window) "
                    "DO UPDATE SET count = count + excluded.count",
                    (key, int(now // expiry), amount, now + 2 * expiry),
                )
            self._hits += 1
            if self._hits % _SWEEP == 0:
                connection.execute("DELETE FROM windows WHERE until_s < ?", (now,))
        return let_in

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Return count and remaining seconds of the window before and of this one."""
        now = self._clock_s()
        before, left_s, current = self._window(self._connection(), key, expiry, now)
        return before, left_s, current, left_s + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:  # noqa: ARG002
        """Forget what was counted."""
        self._connection().execute("DELETE FROM windows WHERE key = ?", (key,))

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Do nothing: fixed windows are not used."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Do nothing: fixed windows are not used."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Do nothing: fixed windows are not used."""
        raise NotImplementedError

    def check(self) -> bool:
        """Return whether the file can be used."""
        return bool(self._connection().execute("SELECT 1").fetchone())

    def reset(self) -> int | None:
        """Forget everything."""
        return self._connection().execute("DELETE FROM windows").rowcount

    def clear(self, key: str) -> None:
        """Forget what was counted."""
        self.clear_sliding_window(key, 0)

    def _window(
        self, connection: sqlite3.Connection, key: str, expiry: int, now: float
    ) -> tuple[int, float, int]:
        """Return the count before, the seconds that this window has left, and its count."""
        window = int(now // expiry)
        asked = "SELECT window, count FROM windows WHERE key = ? AND window IN (?, ?)"
        counts = dict(connection.execute(asked, (key, window - 1, window)).fetchall())
        return counts.get(window - 1, 0), expiry - now % expiry, counts.get(window, 0)

    def _connection(self) -> sqlite3.Connection:
        made: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if made is None:
            made = sqlite3.connect(self._file, timeout=_BUSY_S, isolation_level=None)
            made.execute("PRAGMA journal_mode = WAL")
            made.execute("PRAGMA synchronous = OFF")
            made.execute(
                "CREATE TABLE IF NOT EXISTS windows (key TEXT, window INTEGER, count INTEGER, "
                "until_s REAL, PRIMARY KEY (key, window)) WITHOUT ROWID"
            )
            self._threads.connection = made
        return made


def begin_anew(file: Path) -> None:
    """Remove the file of an earlier server, which a loss of power may have damaged."""
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
