"""A source: one measurement, the columns to ask for, and how they become the engine's columns."""

from collections.abc import Collection
from typing import Any, Final

import duckdb
import pyarrow as pa
from msgspec import Struct

from isotherm.model.event_ids import event_hash
from isotherm.storage.influxdb.client import identifier
from isotherm.storage.tables import TABLES, Shape

_HASHED: Final = {
    table.name: column.name
    for table in TABLES
    for column in table.columns
    if column.shape is Shape.EVENT
}
"""Table -> its column with the number of the event."""
_UNSIGNED: Final = 2**64


class Source(Struct, frozen=True):
    """Where rows of one of the engine's tables come from; columns arrive as `c0, c1, ...`."""

    measurement: str
    table: str
    counted: tuple[str, ...]  # fields of which every point has one
    columns: tuple[tuple[str, Any], ...]  # name in InfluxDB, Arrow type
    place: tuple[str, str] = ("", "")  # database and retention policy, where not the usual ones
    own = False
    """Written by Isotherm: points carry `live` and `stamp`."""

    @property
    def key(self) -> str:
        """The name of the measurement, and where it is if that is unusual."""
        return ".".join([*filter(None, self.place), self.measurement])

    @property
    def address(self) -> str:
        """The measurement as InfluxQL names it."""
        database, policy = self.place
        name = identifier(self.measurement)
        if database:
            return f"{identifier(database)}.{identifier(policy) if policy else ''}.{name}"
        return f"{identifier(policy)}.{name}" if policy else name

    def asked(self, without: Collection[str]) -> dict[str, Any]:
        """Return the columns to ask for with their Arrow types: `c<number>`, and `time` (ns)."""
        named = {
            f"c{number}": arrow
            for number, (name, arrow) in enumerate(self.columns)
            if name not in without
        }
        return named | {"time": pa.int64()}

    def statement(self, from_ns: int, to_ns: int, without: Collection[str] = ()) -> str:
        """Return the InfluxQL statement for the rows of [from, to)."""
        columns = ", ".join(
            f"{identifier(name)} AS c{number}"
            for number, (name, _) in enumerate(self.columns)
            if name not in without
        )
        return f"SELECT {columns} FROM {self.address} WHERE time >= {from_ns} AND time < {to_ns}"

    def rows(self, connection: duckdb.DuckDBPyConnection, batch: pa.Table) -> pa.Table:
        """Return a batch of raw columns as rows in the engine's columns, text as text."""
        raise NotImplementedError

    @property
    def definition(self) -> str:
        """All that decides which rows come out, as one text: the same in every process."""
        return repr((self.key, self.table, self.counted, self.columns))


def numbered(rows: pa.Table, table: str) -> pa.Table:
    """Give rows their 64-bit numbers, unsigned; a stranger's rows get theirs from their ids."""
    name = _HASHED.get(table)
    if name is None:
        return rows
    numbers = rows.column(name).combine_chunks()
    if numbers.null_count:
        missing = numbers.is_null().to_pylist()
        known = numbers.fill_null(0).to_pylist()
        ids = rows.column("event_id" if name == "event" else "segment_id").to_pylist()
        hashed = [
            event_hash(application, text or f"{time}\0{page}") if absent else number % _UNSIGNED
            for absent, number, application, text, time, page in zip(
                missing,
                known,
                rows.column("application").to_pylist(),
                ids,
                rows.column("time").to_pylist(),
                rows.column("page").to_pylist(),
                strict=True,
            )
        ]
        unsigned = pa.array(hashed, pa.uint64())
    else:
        unsigned = numbers.view(pa.uint64())
    return rows.set_column(rows.schema.get_field_index(name), name, unsigned)
