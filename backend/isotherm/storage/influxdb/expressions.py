"""Computes a column of ours from columns of others: unit, JSON path, words, fraction of a size."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

from msgspec import Struct, field

from isotherm.model import FRACTION_MAX
from isotherm.storage.influxdb.schema import Kind

Raw = Callable[[str], str]
"""The name of a tag or field in InfluxDB -> the column that it arrives in."""

Unit = Literal["ns", "us", "ms", "s", "percent", ""]

_PER_MS: Final = {"ns": "/ 1e6", "us": "/ 1e3", "ms": "", "s": "* 1e3"}
_SQL_TYPES: Final = {Kind.INTEGER: "DOUBLE", Kind.FLOAT: "DOUBLE", Kind.BOOLEAN: "BOOLEAN"}


class Size(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole that a fraction is of."""

    from_: str = field(name="from")
    json: str = ""


class Column(Struct, frozen=True, forbid_unknown_fields=True):
    """One of ours: where its value is found and how it is read."""

    from_: str = field(name="from")  # tag or field
    json: str = ""  # path inside a text field: "viewport.width"
    unit: Unit = ""  # durations become ms; percent: a sample rate that becomes a weight
    values: dict[str, str] = {}  # their words -> ours; others stay
    contains: str = ""  # true when the list or text contains this word
    of: Size | None = None  # the value divided by this, 0..1, as a 16-bit fraction
    when: dict[str, list[str]] = {}  # only where these columns have one of these values
    without: str = ""  # page_x, page_y only: where this one of ours is absent
    name: str = ""  # page only: column of the view's name, which goes before the address
    unless: str = ""  # page only: a name equal to this column says nothing


def sql_of(column: Column, kind: Kind, raw: Raw, missing: str) -> str:
    """Return DuckDB SQL for the value; `missing` stands for an absent one."""
    text = _read(raw(column.from_), column.json)
    if column.contains:
        return f"coalesce(contains({text}, {literal(column.contains)}), false)"
    if kind is Kind.TEXT:
        sql = _words(text, column.values)
    elif column.of is not None:
        whole = f"TRY_CAST({_read(raw(column.of.from_), column.of.json)} AS DOUBLE)"
        share = f"TRY_CAST({text} AS DOUBLE) / nullif(greatest({whole}, 0), 0)"
        sql = f"round_even(greatest(least({share}, 1), 0) * {FRACTION_MAX}, 0)"
        sql = f"CASE WHEN {whole} > 0 THEN {sql} END"
    else:
        sql = f"TRY_CAST({_words(text, column.values)} AS {_SQL_TYPES[kind]})"
        if column.unit == "percent":
            sql = f"CASE WHEN {sql} > 0 AND {sql} < 100 THEN 100 / {sql} ELSE 1 END"
        elif column.unit:
            sql = f"({sql} {_PER_MS[column.unit]})"
    for name, values in column.when.items():
        allowed = ", ".join(map(literal, values))
        sql = f"CASE WHEN {raw(name)} IN ({allowed}) THEN {sql} END"
    return sql if missing == "NULL" else f"coalesce({sql}, {missing})"


def without_query(sql: str) -> str:
    """Return SQL that takes query and fragment from an address; a hash route stays."""
    return rf"regexp_replace(regexp_replace({sql}, '\?[^#]*', ''), '#([^/!].*)?$', '')"


def page_name(column: Column, raw: Raw) -> str:
    """Return SQL for the name that a site gave to a view."""
    if not column.unless:
        return f"coalesce({raw(column.name)}, '')"
    name, path = raw(column.name), raw(column.unless)
    return f"CASE WHEN {name} IS DISTINCT FROM {path} THEN coalesce({name}, '') ELSE '' END"


def literal(value: object) -> str:
    """Return a value as SQL."""
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"


def _read(column: str, path: str) -> str:
    if not path:
        return f"nullif({column}, '')"
    steps = literal("$" + "".join(f'."{step}"' for step in path.replace('"', "").split(".")))
    return f"CASE WHEN json_valid({column}) THEN json_extract_string({column}, {steps}) END"


def _words(text: str, values: Mapping[str, str]) -> str:
    if not values:
        return text
    cases = " ".join(f"WHEN {literal(one)} THEN {literal(other)}" for one, other in values.items())
    return f"CASE {text} {cases} ELSE {text} END"
