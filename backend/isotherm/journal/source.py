"""A source: one measurement, the columns to ask for, and how they become the engine's columns."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from isotherm.identity import event_hash
from isotherm.journal.client import identifier
from isotherm.journal.lineprotocol import NS_PER_MS
from isotherm.journal.schema import LIVE, MEASUREMENTS, TAGS, Field, Kind, Measurement

_ARROW: Final = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.float64(),  # a stranger's whole numbers may be floats
    Kind.FLOAT: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
}
_HASHED: Final = {"actions": "event", "errors": "event", "replay_segments": "segment"}
_UNSIGNED: Final = 2**64


class Source(Struct, frozen=True):
    """Where rows of one of the engine's tables come from.

    Columns arrive as `c0, c1, ...` and `time` (ns); `expressions` are DuckDB SQL over them, by the
    engine's column.
    """

    measurement: str
    table: str
    own: bool  # written by Isotherm: points carry `live` and `stamp`
    counted: tuple[str, ...]
    columns: tuple[tuple[str, Any], ...]  # name in InfluxDB, Arrow type
    expressions: Mapping[str, str]
    keep: str = "true"
    page_of: Callable[[str, str], str] | None = None  # makes `page` of itself and `page_name`

    def statement(self, from_ns: int, to_ns: int) -> str:
        """Return the InfluxQL statement for the rows of [from, to)."""
        columns = ", ".join(
            f"{identifier(name)} AS c{number}" for number, (name, _) in enumerate(self.columns)
        )
        return (
            f"SELECT {columns} FROM {identifier(self.measurement)} "
            f"WHERE time >= {from_ns} AND time < {to_ns}"
        )

    def rows(self, connection: duckdb.DuckDBPyConnection, batch: pa.Table) -> pa.Table:
        """Return a batch of raw columns as rows in the engine's columns, text as text."""
        columns = ", ".join(f'{sql} AS "{name}"' for name, sql in self.expressions.items())
        connection.register("batch", batch)
        try:
            found = connection.sql(f"SELECT {columns} FROM batch WHERE {self.keep}")
            rows = found.to_arrow_table()
        finally:
            connection.unregister("batch")
        if self.page_of is not None:
            rows = _paged(rows, self.page_of)
        return _numbered(rows, _HASHED.get(self.table))


def own_sources() -> tuple[Source, ...]:
    """Return the sources of Isotherm's own measurements."""
    return tuple(map(_own, MEASUREMENTS))


def _own(measurement: Measurement) -> Source:
    columns: list[tuple[str, Any]] = [(tag, pa.string()) for tag in TAGS]
    expressions = {"time_ms": f"time // {NS_PER_MS}", "time": "time"}
    for number, tag in enumerate(TAGS):
        expressions[tag] = f"coalesce(c{number}, '')"
    keep = "true"
    for field in measurement.fields:
        number = len(columns)
        if field.name == LIVE:
            keep = f"coalesce(c{number}, 1) <> 0"
        elif field.target == "-" and field.name != "event_id":
            continue
        else:
            expressions[_target(field)] = _expression(field, f"c{number}")
        arrow = pa.int64() if field.name in {"event", "end_ms"} else _ARROW[field.kind]
        columns.append((field.name, arrow))
    return Source(
        measurement.name,
        measurement.table,
        own=True,
        counted=measurement.counted,
        columns=tuple(columns),
        expressions=expressions,
        keep=keep,
    )


def _target(field: Field) -> str:
    return field.name if field.target == "-" else field.target


def _expression(field: Field, column: str) -> str:
    if field.target in {"rage", "dead", "error"}:
        return f"coalesce({column}, 0) > 0"
    if field.missing is None:
        return column
    missing = f"'{field.missing}'" if isinstance(field.missing, str) else str(field.missing)
    if field.kind is Kind.TEXT and field.missing:
        return f"coalesce(nullif({column}, ''), {missing})"
    return f"coalesce({column}, {missing})"


def _numbered(rows: pa.Table, name: str | None) -> pa.Table:
    """Give rows their 64-bit numbers, unsigned; a stranger's rows get theirs from their ids."""
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


def _paged(rows: pa.Table, page_of: Callable[[str, str], str]) -> pa.Table:
    """Turn addresses and names into page keys, each distinct pair once; others have no page."""
    pairs = pc.binary_join_element_wise(rows.column("page"), rows.column("page_name"), "\0")
    encoded = pc.dictionary_encode(pairs.combine_chunks())
    keys = [page_of(*pair.split("\0", 1)) for pair in encoded.dictionary.to_pylist()]
    pages = pa.array(keys, pa.string()).take(encoded.indices)
    return rows.set_column(rows.schema.get_field_index("page"), "page", pages)
