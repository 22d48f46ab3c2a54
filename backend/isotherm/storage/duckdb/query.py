"""Reading: a sqlglot statement in, NumPy columns out, with a time limit."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

import duckdb
from sqlglot import exp

from isotherm.model.deadline import TOO_LONG, seconds_left
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.duckdb.numpy_columns import numpy_columns
from isotherm.storage.duckdb.same_statements import SameStatements
from isotherm.storage.ports import Columns

_TICK_S: Final = 0.1


class Reader:
    """Runs statements for many threads at once, each on a connection of its own."""

    def __init__(
        self, root: duckdb.DuckDBPyConnection, timeout_s: float, version: Callable[[], int]
    ) -> None:
        self._root = root
        self._same = SameStatements(version)
        self._timeout_s = timeout_s
        self._local = threading.local()
        self._deadlines: dict[duckdb.DuckDBPyConnection, float] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._asleep = False  # the thread below waits for the next statement, however long
        self._thread = threading.Thread(target=self._watch, name="query-timeout", daemon=True)
        self._thread.start()

    def run(self, statement: exp.Expression, values: Mapping[str, object] | None = None) -> Columns:
        """Run one statement. Raises TOO_MUCH_DATA when it takes too long, INVALID for a bad value.

        A text column has dtype object; a number that can be NULL is a float with NaN.
        """
        sql = to_sql(statement)

        def work() -> Columns:
            with self.limited() as connection:
                return numpy_columns(connection.sql(sql, params=dict(values) if values else None))

        return self._same.run(sql, values, work, seconds_left(self._timeout_s))

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection of the calling thread."""
        if not hasattr(self._local, "connection"):
            self._local.connection = self._root.cursor()
        connection: duckdb.DuckDBPyConnection = self._local.connection
        return connection

    @contextmanager
    def limited(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend this thread's connection, interrupt it at the time limit, translate its errors."""
        connection = self.connection
        until_s = time.monotonic() + seconds_left(self._timeout_s)
        with self._changed:
            self._deadlines[connection] = until_s
            if self._asleep:  # else it looks again within a tick; waking it costs time
                self._changed.notify()
        try:
            yield connection
        except (duckdb.InterruptException, duckdb.OutOfMemoryException) as error:
            raise IsothermError(Code.TOO_MUCH_DATA, TOO_LONG) from error
        except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
            raise IsothermError(Code.INVALID, f"The query cannot be answered: {error}") from error
        except (duckdb.IOException, duckdb.FatalException) as error:
            message = f"The store cannot be read: {error}"
            raise IsothermError(Code.STORE_UNAVAILABLE, message, retry_after_s=5) from error
        finally:
            with self._changed:
                self._deadlines.pop(connection, None)

    def close(self) -> None:
        """Stop the thread that watches the time."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for connection, deadline in self._deadlines.items():
                    if deadline < now:
                        connection.interrupt()
                self._asleep = not self._deadlines and not self._closed
                self._changed.wait(None if self._asleep else _TICK_S)
                self._asleep = False


@lru_cache(maxsize=1024)
def to_sql(statement: exp.Expression) -> str:
    """Return DuckDB's text of a statement; the same expression is written once."""
    return statement.sql(dialect="duckdb")
