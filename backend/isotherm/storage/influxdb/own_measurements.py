"""Isotherm's own measurements as sources: columns that need hardly any work on their way.

Texts stay encoded as they were parsed: each distinct one is looked at once per block.
"""

from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from isotherm.storage.influxdb.line_protocol import NS_PER_MS
from isotherm.storage.influxdb.schema import (
    ABSENT,
    LIVE,
    MEASUREMENTS,
    TAGS,
    Field,
    Kind,
    Measurement,
)
from isotherm.storage.influxdb.source import Source, numbered

_TEXT: Final = pa.dictionary(pa.int32(), pa.string())
_ARROW: Final = {
    Kind.TEXT: _TEXT,
    Kind.INTEGER: pa.float64(),  # a stranger's whole numbers may be floats
    Kind.FLOAT: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
}
_EXACT: Final = {"event", "end_ms"}
_ID: Final = "event_id"

OURS_ALONE: Final = (LIVE, _ID)
"""Fields that need not be read where every point is ours and none was withdrawn."""

_MARKS: Final = (*OURS_ALONE, ABSENT)
"""Fields that are no column of the engine but say how to read the others."""


class OwnSource(Source, frozen=True, kw_only=True):
    """A measurement that Isotherm writes; strangers may, too."""

    of: Measurement
    own = True

    def rows(self, connection: duckdb.DuckDBPyConnection, batch: pa.Table) -> pa.Table:  # noqa: ARG002 - others need it
        """Return a batch of raw columns as rows in the engine's columns."""
        raw = {
            name: batch.column(f"c{number}")
            for number, (name, _) in enumerate(self.columns)
            if f"c{number}" in batch.column_names
        }
        time = batch.column("time")
        made = {"time_ms": pc.divide(time, NS_PER_MS), "time": time}
        made |= {tag: raw[tag] for tag in TAGS}
        absent = _texts_of(raw[ABSENT])
        for field in self.of.fields:
            if field.name == _ID:
                made[_ID] = raw.get(_ID, pa.nulls(batch.num_rows, pa.string()))
            elif field.target != "-":
                values = raw[field.name]
                if absent is not None and field.may_vanish:
                    values = _without(values, absent, field.name)
                made[field.target] = _column(field, values)
        rows = pa.table(made)
        if LIVE in raw:
            live = pc.not_equal(pc.fill_null(raw[LIVE], 1), 0)
            if not pc.all(live).as_py():
                rows = _used(rows.filter(live))
        return numbered(rows, self.table)


def own_sources() -> tuple[Source, ...]:
    """Return the sources of Isotherm's own measurements."""
    return tuple(map(_own, MEASUREMENTS))


def _own(measurement: Measurement) -> Source:
    columns = [(tag, _TEXT) for tag in TAGS]
    for field in measurement.fields:
        if field.target != "-" or field.name in _MARKS:
            arrow = pa.int64() if field.name in _EXACT else _ARROW[field.kind]
            columns.append((field.name, pa.string() if field.name == _ID else arrow))
    return OwnSource(
        measurement.name, measurement.table, measurement.counted, tuple(columns), of=measurement
    )


def _used(rows: pa.Table) -> pa.Table:
    """Return rows without the dictionaries, which name the texts of withdrawn points, too."""
    plain = [pa.string() if kind == _TEXT else kind for kind in rows.schema.types]
    return rows.cast(pa.schema(zip(rows.schema.names, plain, strict=True)))


def _texts_of(absent: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return which numbers each row has no longer; None when no row says so."""
    texts = pc.fill_null(absent.cast(pa.string()), "")
    return texts if pc.any(pc.not_equal(texts, "")).as_py() else None


def _without(values: pa.ChunkedArray, absent: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    gone = pc.match_substring_regex(absent, rf"(^| ){name}( |$)")
    return pc.if_else(gone, pa.scalar(None, values.type), values)


def _column(field: Field, values: pa.ChunkedArray) -> pa.ChunkedArray:
    if field.target in {"rage", "dead", "error"}:
        return pc.greater(pc.fill_null(values, 0), 0)
    if field.kind is not Kind.TEXT:
        return values if field.missing is None else pc.fill_null(values, field.missing)
    if not field.missing:
        return values
    texts = values.cast(pa.string())
    return pc.if_else(pc.equal(texts, ""), field.missing, texts)
