"""Reading what others wrote: a TOML file says which of their columns are which of ours."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.influxdb.expressions import (
    Column,
    Raw,
    literal,
    page_name,
    sql_of,
    without_query,
)
from isotherm.storage.influxdb.mapped_columns import MappedSource
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.influxdb.schema import (
    ABSENT,
    ACTION,
    ACTION_EVENTS,
    ERROR,
    LIVE,
    STAMP,
    TAGS,
    VIEW,
    Field,
    Kind,
    Measurement,
)
from isotherm.storage.influxdb.source import Source

_KINDS: Final[Mapping[str, Measurement]] = {"action": ACTION, "view": VIEW, "error": ERROR}
_REQUIRED: Final = ("application", "session_id", "page")
_SIGNALS: Final = {"rage_clicks": "rage", "dead_clicks": "dead", "error_clicks": "error"}
_OURS: Final = {ABSENT, LIVE, STAMP, ACTION_EVENTS, "event", "attributes"}
_RAGE_CLICKS: Final = 3
"""What a rage chain counts when nothing says how many clicks it had: a lower bound."""


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    as_: str = msgspec.field(name="as")
    columns: dict[str, Any]
    count: list[str]
    database: str = ""
    policy: str = ""
    only: dict[str, list[str]] = {}
    attributes: list[str] = []


def foreign_sources(options: JournalOptions) -> tuple[Source, ...]:
    """Return the sources of a mapping: the path of a file, or the name of one that comes along.

    Raises INVALID naming file, line and key.
    """
    if not options.mapping:
        return ()
    text = _text(options.mapping)
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:  # names the line itself
        end = f"at line {len(text.splitlines())}, the end of the document"
        problem = str(error).replace("at end of document", end)
        raise _wrong(options.mapping, problem) from error
    entries = found.pop("measurement", [])
    if found or not isinstance(entries, list) or not entries:
        problem = f"unknown key {next(iter(found))!r}" if found else "it has no [[measurement]]"
        raise _wrong(options.mapping, problem)
    return tuple(
        _source(entry, Place(options.mapping, text, n), options) for n, entry in enumerate(entries)
    )


class Place(msgspec.Struct, frozen=True):
    """Where in the file a measurement stands, to say it in an error."""

    file: str
    text: str
    number: int

    def wrong(self, key: str, problem: str) -> IsothermError:
        """Return the error for one key of this measurement, with its line."""
        lines = self.text.splitlines()
        heads = [n for n, line in enumerate(lines) if line.strip() == "[[measurement]]"]
        start = heads[self.number] if self.number < len(heads) else 0
        last = key.rsplit(".", maxsplit=1)[-1]
        line = next(
            (n for n in range(start, len(lines)) if lines[n].partition("=")[0].strip() == last),
            start,
        )
        return _wrong(f"{self.file}, line {line + 1}", f"{key}: {problem}")


def _source(entry: Any, place: Place, options: JournalOptions) -> Source:
    try:
        declared = msgspec.convert(entry, _Entry)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$.")
        raise place.wrong(path.rstrip("`") or "measurement", problem) from error
    measurement = _KINDS.get(declared.as_)
    if measurement is None:
        raise place.wrong("as", f"must be one of {', '.join(_KINDS)}, not {declared.as_!r}")
    columns = {name: _column(name, raw, place) for name, raw in declared.columns.items()}
    known = {_name(field) for field in measurement.fields if field.name not in _OURS} | {*TAGS}
    for name in columns:
        if name not in known:
            listed = ", ".join(sorted(known))
            raise place.wrong(
                f"columns.{name}", f"a {declared.as_} has no such name; it has {listed}"
            )
    for name, column in columns.items():
        if column.without and (column.without not in known or name not in {"page_x", "page_y"}):
            problem = "`without` is for page_x and page_y and names a column of ours"
            raise place.wrong(f"columns.{name}", problem)
    for name in (*_REQUIRED, *(("view_id",) if measurement is VIEW else ())):
        if name not in columns:
            raise place.wrong("columns", f"{name} is needed")
    if not declared.count:
        raise place.wrong("count", "name a field that every point has")
    return _build(declared, columns, measurement, options)


def _column(name: str, raw: Any, place: Place) -> Column:
    try:
        column = msgspec.convert(raw, str | Column)
    except msgspec.ValidationError as error:
        raise place.wrong(f"columns.{name}", str(error)) from error
    return Column(from_=column) if isinstance(column, str) else column


def _name(field: Field) -> str:
    """Return the name that a mapping uses: the event's, `document` for a view's version."""
    return _SIGNALS.get(field.name, field.name if field.name == "document" else field.source)


def _build(
    declared: _Entry,
    columns: Mapping[str, Column],
    measurement: Measurement,
    options: JournalOptions,
) -> Source:
    asked: dict[str, int] = {}

    def raw(name: str) -> str:
        return f"c{asked.setdefault(name, len(asked))}"

    expressions = {"time_ms": "time // 1000000", "time": "time"}
    for tag in TAGS:
        expressions[tag] = _value(columns.get(tag), Field(tag, missing=""), raw)
    for field in measurement.fields:
        if field.name not in {ABSENT, LIVE, STAMP}:
            target = field.name if field.target == "-" else field.target
            expressions[target] = _value(columns.get(_name(field)), field, raw)
    for name, column in columns.items():
        if column.without:
            given = f"{expressions[column.without]} <> ''"
            expressions[name] = f"CASE WHEN {given} THEN NULL ELSE {expressions[name]} END"
    expressions["attributes"] = _attributes(declared.attributes, raw)
    for name in expressions.keys() & {"url", "referrer"}:
        expressions[name] = without_query(expressions[name])
    if "rage" in columns and "clicks" not in columns:
        expressions["clicks"] = f"CASE WHEN {expressions['rage']} THEN {_RAGE_CLICKS} ELSE 1 END"
        expressions["clicks_exact"] = f"NOT {expressions['rage']}"
    page = columns["page"]
    if page.name:
        expressions["page_name"] = page_name(page, raw)
    keep = [f"{expressions['application']} <> ''"]
    keep += [
        f"coalesce({raw(name)}, '') IN ({', '.join(map(literal, values))})"
        for name, values in declared.only.items()
    ]
    return MappedSource(
        declared.name,
        measurement.table,
        tuple(declared.count),
        tuple((name, pa.string()) for name in asked),
        (declared.database, declared.policy),
        expressions=expressions,
        keep=" AND ".join(keep),
        page_of=options.page_of if page.name else None,
    )


def _value(column: Column | None, field: Field, raw: Raw) -> str:
    if field.name == "event":
        return "NULL::BIGINT"
    kind = Kind.BOOLEAN if field.name in _SIGNALS else field.kind
    missing = "NULL" if field.missing is None else literal(field.missing)
    if kind is Kind.BOOLEAN:
        missing = literal(bool(field.missing))
    if column is None:
        return f"{missing}::DOUBLE" if missing == "NULL" else missing
    return sql_of(column, kind, raw, missing)


def _attributes(names: list[str], raw: Raw) -> str:
    if not names:
        return "''"
    parts = ", ".join(
        f"CASE WHEN {column} <> '' THEN to_json({literal(name)}) || ':' || to_json({column}) END"
        for name, column in ((name, raw(name)) for name in sorted(names))
    )
    return f"coalesce('{{' || nullif(concat_ws(',', {parts}), '') || '}}', '')"


def _text(mapping: str) -> str:
    built_in = files("isotherm.storage.influxdb") / "mappings" / f"{mapping}.toml"
    try:
        if mapping.isalnum() and built_in.is_file():
            return built_in.read_text(encoding="utf-8")
        return Path(mapping).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(mapping, str(error)) from error


def _wrong(where: str, problem: str) -> IsothermError:
    message = f"The mapping {where} cannot be used: {problem}."
    return IsothermError(Code.INVALID, message, field="influx_mapping")
