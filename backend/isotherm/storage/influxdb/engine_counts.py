"""What the engine has per hour, in the same numbers as `counts.py` gives for InfluxDB."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

import sqlglot
from sqlglot import exp

from isotherm.model import Event, ViewPart
from isotherm.storage.influxdb.checksum import SQL
from isotherm.storage.influxdb.counts import FIRST_MS, LAST_MS
from isotherm.storage.influxdb.deduplicate import Known
from isotherm.storage.influxdb.ledger import Key, TableSums
from isotherm.storage.influxdb.read import HOUR_MS
from isotherm.storage.ports import Appended, Columns


class HourStore(Known, Protocol):
    """What the comparison asks of the engine (`ports.Engine`)."""

    def run(self, statement: exp.Expression, values: Mapping[str, object] | None = None) -> Columns:
        """Run one statement."""

    def load_hours(self, name: str, from_ms: int, to_ms: int, batches: Iterable[Any]) -> int:
        """Make the rows of Arrow tables the rows of [from, to) of a table."""

    def load_differences(
        self, parts: Sequence[ViewPart], wholes: Mapping[tuple[str, str], int]
    ) -> list[ViewPart]:
        """Remember differences that the rows of their views have already; return the others."""

    def append(self, events: list[Event]) -> Appended:
        """Add events."""

    def numbers_between(self, name: str, from_ms: int, to_ms: int) -> list[tuple[int, int]]:
        """Return time and number of the events of a table within [from, to)."""

    def events_after(
        self, name: str, after: tuple[int, int], limit: int
    ) -> tuple[list[Event], tuple[int, int]]:
        """Return the next events of a table by time, and the place to go on from."""


TABLES: Final = tuple(SQL)

_STATEMENTS: Final[Mapping[str, Any]] = {
    table: sqlglot.parse_one(
        f"""SELECT time_ms // {HOUR_MS} * {HOUR_MS} AS hour, count(*) AS n,
        (sum({stamp}) // 4294967296)::BIGINT AS high, (sum({stamp}) % 4294967296)::BIGINT AS low
        FROM {table} WHERE time_ms >= $low AND time_ms < $high GROUP BY hour""",
        dialect="duckdb",
    )
    for table, stamp in SQL.items()
}
"""The sum comes in two halves: a 128-bit integer would become a float on its way out."""


def table_sums(
    engine: HourStore, table: str, from_ms: int = FIRST_MS, to_ms: int = LAST_MS
) -> dict[Key, TableSums]:
    """Return what the engine has of a table by hour of [from, to)."""
    found = engine.run(_STATEMENTS[table], {"low": from_ms, "high": to_ms})
    columns = (found[name].tolist() for name in ("hour", "n", "high", "low"))
    return {
        (table, int(hour)): TableSums(int(rows), int(high) * 2**32 + int(low))
        for hour, rows, high, low in zip(*columns, strict=True)
    }
