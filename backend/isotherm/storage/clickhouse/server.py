"""The connection to a ClickHouse server: what goes there and back, errors in our words."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import clickhouse_connect
import pyarrow as pa
import urllib3
from clickhouse_connect.driver.exceptions import ClickHouseError
from msgspec import Struct

from isotherm.model.deadline import TOO_LONG, seconds_left
from isotherm.model.errors import Code, IsothermError

T = TypeVar("T")

_PORTS: Final = {"clickhouse": 8123, "clickhouses": 8443}
_RETRY_AFTER_S: Final = 5
_CODE: Final = re.compile(r"(?:Code: |error code )(\d++)")
_TOO_MUCH: Final = {158, 159, 160, 191, 241, 307, 396, 469}
"""ClickHouse's codes for limits of time, memory and rows."""
_WRONG_VALUE: Final = {6, 27, 36, 38, 41, 43, 53, 69, 70, 72, 386, 427, 456, 457}
"""ClickHouse's codes for values that do not fit."""
_CONNECTIONS: Final = 64
_LISTED: Final = ("Int64", "UInt64", "Float64", "Bool", "String")
"""What lists hold that are sent."""
_RESULT: Final = {"max_result_bytes": 1 << 30, "result_overflow_mode": "throw"}
"""What one answer may take in this process' memory."""
_LIST_MOST: Final = 5_000
"""Entries of a list in one value: a server takes 128 KiB (`http_max_field_value_size`)."""


class Address(Struct, frozen=True):
    """Where a database is."""

    host: str
    port: int
    secure: bool
    user: str
    password: str
    database: str

    @property
    def shown(self) -> str:
        """The address without the password."""
        return f"{self.host}:{self.port}/{self.database}"


def read_address(url: str) -> Address:
    """Read `clickhouse://user:password@host:port/database`; `clickhouses://` is over TLS.

    Raises INVALID for anything else, and for what is not supported.
    """
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    if "cluster" in asked:
        message = (
            "Isotherm does not lay its tables over a cluster yet: name one ClickHouse server "
            "(without ?cluster=)"
        )
        raise IsothermError(Code.INVALID, message, field="store")
    try:
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError) as error:
        raise _unreadable() from error
    if not parts.hostname or asked or "/" in parts.path.strip("/"):
        raise _unreadable()
    return Address(
        host=parts.hostname,
        port=port,
        secure=parts.scheme == "clickhouses",
        user=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        database=unquote(parts.path.strip("/")) or "isotherm",
    )


def _unreadable() -> IsothermError:
    message = (
        "store must be empty (the embedded store) or like "
        "clickhouse://user:password@host:8123/database (clickhouses:// for TLS)"
    )
    return IsothermError(Code.INVALID, message, field="store")


class Server:
    """One database. Safe for many threads."""

    def __init__(self, address: Address, timeout_s: float) -> None:
        """Connect and make the database if there is none. Raises STORE_UNAVAILABLE."""
        self.address = address
        self._timeout_s = timeout_s
        self._pool = urllib3.PoolManager(maxsize=_CONNECTIONS, block=False)
        self._client = self._said(lambda: self._connect(""))
        self.command(f"CREATE DATABASE IF NOT EXISTS {quoted(address.database)}")
        self._client.close()
        self._client = self._said(lambda: self._connect(address.database))

    def _connect(self, database: str) -> Any:
        return clickhouse_connect.get_client(
            host=self.address.host,
            port=self.address.port,
            secure=self.address.secure,
            username=self.address.user,
            password=self.address.password,
            database=database or "default",
            pool_mgr=None if self.address.secure else self._pool,
            compress="lz4",
            autogenerate_session_id=False,  # a session answers one question at a time
            form_encode_query_params=True,  # lists are longer than an address may be
            send_receive_timeout=max(int(self._timeout_s) * 4, 30),
        )

    def command(self, statement: str, values: Mapping[str, object] | None = None) -> None:
        """Run a statement that returns nothing. Raises STORE_UNAVAILABLE."""
        self._said(lambda: self._client.command(statement, parameters=dict(values or {}) or None))

    def read(
        self,
        statement: str,
        values: Mapping[str, object] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> pa.Table:
        """Return the rows of a statement.

        Raises TOO_MUCH_DATA beyond the limits, INVALID for a bad value, STORE_UNAVAILABLE.
        """
        limits = {
            "max_execution_time": seconds_left(self._timeout_s),
            **_RESULT,
            **(settings or {}),
        }
        text, sent = _with_short_lists(statement, values or {})
        found: pa.Table = self._said(
            lambda: self._client.query_arrow(
                text, parameters=sent or None, settings=limits, use_strings=True
            )
        )
        return found

    def rows(
        self, statement: str, values: Mapping[str, object] | None = None
    ) -> list[tuple[Any, ...]]:
        """Return the rows of a statement as Python values, of each event the latest."""
        found = self.read(statement, values, {"final": 1})
        return list(zip(*(column.to_pylist() for column in found.columns), strict=True))

    def insert(self, table: str, rows: pa.Table) -> None:
        """Add rows, whose columns have the table's names. Raises STORE_UNAVAILABLE."""
        if rows.num_rows:
            settings = {"throw_on_max_partitions_per_insert_block": 0}  # wrong clocks
            self._said(lambda: self._client.insert_arrow(table, rows, settings=settings))

    def delete(self, table: str, condition: str, values: Mapping[str, object]) -> None:
        """Delete rows of any version; they are gone, on every replica, when this returns.

        Raises STORE_UNAVAILABLE.
        """
        self.command(
            f"ALTER TABLE {table} DELETE WHERE {condition} SETTINGS mutations_sync = 2", values
        )

    def delete_among(
        self,
        table: str,
        key: str,
        among: Iterable[int | tuple[int, ...]],
        condition: str,
        values: Mapping[str, object],
    ) -> None:
        """Delete like `delete` the rows whose `key`, a column or several, is one of many."""
        every = list(among)
        for start in range(0, len(every), _LIST_MOST):
            # in the text: the values of a command are in its address, which has to be short
            some = ", ".join(map(_as_text, every[start : start + _LIST_MOST]))
            self.delete(table, f"{condition} AND {key} IN ({some})", values)

    def close(self) -> None:
        """Give up the connections."""
        self._client.close()
        self._pool.clear()

    def _said(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except ClickHouseError as error:
            raise _refusal(error, self.address) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _away(error, self.address) from error


def _with_short_lists(
    statement: str, values: Mapping[str, object]
) -> tuple[str, dict[str, object]]:
    """Send a long list as several, which the server puts together."""
    sent: dict[str, object] = {}
    for name, value in values.items():
        if not isinstance(value, list | tuple) or len(value) <= _LIST_MOST:
            sent[name] = value
            continue
        parts = {
            f"{name}_part{start}": value[start : start + _LIST_MOST]
            for start in range(0, len(value), _LIST_MOST)
        }
        for kind in _LISTED:
            places = ", ".join(f"{{{part}: Array({kind})}}" for part in parts)
            whole = f"{{{name}: Array({kind})}}"
            statement = statement.replace(whole, f"arrayConcat({places})")
        sent |= parts
    return statement, sent


def _as_text(number: int | tuple[int, ...]) -> str:
    return f"({', '.join(map(str, number))})" if isinstance(number, tuple) else str(number)


def quoted(name: str) -> str:
    """Return a name as an identifier."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _refusal(error: Exception, address: Address) -> IsothermError:
    found = _CODE.search(str(error))
    code = int(found.group(1)) if found else 0
    if code in _TOO_MUCH:
        return IsothermError(Code.TOO_MUCH_DATA, TOO_LONG)
    if code in _WRONG_VALUE:
        return IsothermError(Code.INVALID, f"The query cannot be answered: {error}")
    return _away(error, address)


def _away(error: Exception, address: Address) -> IsothermError:
    message = f"ClickHouse at {address.shown} cannot be used: {error}"
    return IsothermError(Code.STORE_UNAVAILABLE, message, retry_after_s=_RETRY_AFTER_S)
