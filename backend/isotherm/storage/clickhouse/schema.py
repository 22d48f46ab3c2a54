"""The tables in ClickHouse, made and changed by numbered migrations.

Each table of events is a ReplacingMergeTree sorted by application, page, hour, session and time:
a page's rows of a time lie together. The key ends with the event's number, so that two rows of one
event have the same key, and reading with FINAL takes the one of the highest `version`. Which rows
there are therefore never depends on how often, by whom or when a batch was sent. A row that was
taken away has a newer one with `gone`.
"""

from collections.abc import Callable, Mapping
from typing import Final

from isotherm.model import FACETS
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.clickhouse.server import Server
from isotherm.storage.tables import SEGMENTS, TABLES, Column, Shape, Table

_TYPES: Final = {
    "BIGINT": "Int64",
    "BOOLEAN": "Bool",
    "DOUBLE": "Float64",
    "FLOAT": "Float64",  # holds the same 32 bits, so that sums of products are exact as in DuckDB
    "INTEGER": "Int32",
    "UBIGINT": "UInt64",
    "UINTEGER": "UInt32",
    "UINTEGER[]": "Array(UInt32)",
    "USMALLINT": "UInt16",
    "UTINYINT": "UInt8",
    "UUID": "String",
    "VARCHAR": "String",
}
VERSION: Final = "row_version"
GONE: Final = "gone"
_MONTH: Final = "PARTITION BY toYYYYMM(fromUnixTimestamp64Milli(time_ms, 'UTC'))"

Run = Callable[[str], None]


def key_of(table: Table) -> tuple[str, ...]:
    """Return the columns that two rows of one event share; the last one is its number."""
    number = table.columns[0].name
    if table is SEGMENTS:
        return ("application", "session", "time_ms", number)
    return ("application", "page", "session", "time_ms", number)


def migrate(server: Server) -> None:
    """Bring the tables to this release's version; several processes may do so at once.

    Raises CONFLICT when a later release has been there.
    """
    server.command(
        "CREATE TABLE IF NOT EXISTS migrations (number UInt32, at DateTime DEFAULT now()) "
        "ENGINE = ReplacingMergeTree ORDER BY number"
    )
    ((done,),) = server.rows("SELECT max(number) FROM migrations")
    if done > len(_MIGRATIONS):
        message = (
            f"The tables in {server.address.shown} are of a later release (migration {done}; this "
            f"one knows {len(_MIGRATIONS)}). Run that release, or name another database."
        )
        raise IsothermError(Code.CONFLICT, message)
    for number, change in enumerate(_MIGRATIONS, 1):
        if number > done:
            change(server.command)
            server.command(f"INSERT INTO migrations (number) VALUES ({number})")


def keep(server: Server, days: Mapping[str, int]) -> None:
    """Let the server delete rows by itself that are older than some days; 0: keep them."""
    engines = dict(
        server.rows(
            "SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()"
        )
    )
    for table in TABLES:
        wanted, engine = days.get(table.name, 0), engines[table.name]
        there = f"toIntervalDay({wanted})" in engine if wanted else " TTL " not in engine
        if there:
            continue
        if wanted:
            end = f"toDateTime(fromUnixTimestamp64Milli(time_ms, 'UTC')) + toIntervalDay({wanted})"
            server.command(f"ALTER TABLE {table.name} MODIFY TTL {end}")
        else:
            server.command(f"ALTER TABLE {table.name} REMOVE TTL")


def _first(run: Run) -> None:
    for table in TABLES:
        run(_events(table))
    run(
        "CREATE TABLE IF NOT EXISTS terms (kind LowCardinality(String), id Int64 CODEC(ZSTD(1)), "
        "text String CODEC(ZSTD(1)), stamp DateTime64(6) DEFAULT now64(6)) "
        "ENGINE = ReplacingMergeTree ORDER BY (kind, id)"
    )
    run(
        'CREATE TABLE IF NOT EXISTS users (application Int64, "user" Int64, name String, '
        "stamp DateTime64(6) DEFAULT now64(6)) "
        'ENGINE = ReplacingMergeTree(stamp) ORDER BY (application, "user")'
    )
    run(
        "CREATE TABLE IF NOT EXISTS unsettled (application Int64, session Int64, view Int64, "
        "mark UInt64, at DateTime DEFAULT now(), version UInt8, gone UInt8) "
        "ENGINE = ReplacingMergeTree(version, gone) "
        "ORDER BY (application, session, view, mark) TTL at + toIntervalDay(30)"
    )
    run(
        "CREATE TABLE IF NOT EXISTS view_log (application Int64, view Int64, document_version "
        "Int64, time_ms Int64, document String CODEC(ZSTD(1)), version UInt64, gone UInt8) "
        "ENGINE = ReplacingMergeTree(version, gone) "
        f"{_MONTH} ORDER BY (application, view, time_ms, document_version)"
    )


_MIGRATIONS: Final[tuple[Callable[[Run], None], ...]] = (_first,)
"""In order. One that was released is never changed; what it does may be done twice."""


def _events(table: Table) -> str:
    columns = [_column(column) for column in table.columns]
    columns += [f"{VERSION} UInt64 CODEC(ZSTD(1))", f"{GONE} UInt8 CODEC(ZSTD(1))"]
    columns += [
        f"INDEX by_{name} {name} TYPE bloom_filter(0.01) GRANULARITY 4"
        for name in ("session", "view")
    ]
    columns.append("INDEX by_time time_ms TYPE minmax GRANULARITY 1")
    key = ", ".join(key_of(table))
    if table is not SEGMENTS:
        key = key.replace("session", "intDiv(time_ms, 3600000), session", 1)
    return (
        f"CREATE TABLE IF NOT EXISTS {table.name} ({', '.join(columns)}) "
        f"ENGINE = ReplacingMergeTree({VERSION}, {GONE}) {_MONTH} ORDER BY ({key}) "
        "SETTINGS allow_suspicious_low_cardinality_types = 1"
    )


def _column(column: Column) -> str:
    kind = _TYPES[column.type]
    if column.shape is Shape.TERM:
        kind = "LowCardinality(Int64)" if column.name in FACETS else "Int64"
    if column.nullable:
        kind = f"Nullable({kind})"
    codec = "Delta(8), ZSTD(1)" if column.name == "time_ms" else "ZSTD(1)"
    return f'"{column.name}" {kind} CODEC({codec})'
