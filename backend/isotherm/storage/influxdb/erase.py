"""Erasing a person from InfluxDB: every field of every point of theirs is overwritten.

Found by asking InfluxDB itself, so that points of strangers and of other Isotherms are among them.
What stays is a point without content (its time and tags, such as page and country), which no sum
counts. No version can delete by a field, and 3.x Core cannot delete at all.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from msgspec import Struct, field, json

from isotherm.storage.influxdb.client import InfluxClient, identifier, text
from isotherm.storage.influxdb.counts import FIRST_MS, LAST_MS
from isotherm.storage.influxdb.line_protocol import Types, escaped, field_text, key_of
from isotherm.storage.influxdb.schema import LIVE, MEASUREMENTS, PART, STAMP, VIEW, Kind
from isotherm.storage.influxdb.write import KINDS, Encode

_VIEWS: Final = 100  # named in one statement
_BLANK: Final[Mapping[Kind, str | float | bool]] = {
    Kind.TEXT: "",
    Kind.INTEGER: 0,
    Kind.FLOAT: 0.0,
    Kind.BOOLEAN: False,
}


class Erased(Struct):
    """Lines that overwrite what InfluxDB has of a user, and the sessions they were in."""

    lines: list[Encode] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)


def erased(client: InfluxClient, application: str, user_id: str) -> Erased:
    """Return what to write to erase a user of an application. Raises JournalError."""
    of_application = f'"application" = {text(application)}'
    found = Erased()
    naming = f'{of_application} AND "changed" =~ {_naming(user_id)}'
    views = _view_ids(_points(client, PART.name, [naming]))
    for measurement in MEASUREMENTS:
        if measurement is PART:
            continue  # comes last, for all views that are or once were the user's
        where = f'{of_application} AND "user_id" = {text(user_id)}'
        points = list(_points(client, measurement.name, [where]))
        found.lines += [point.blank for point in points]
        found.sessions |= {str(point.fields.get("session_id") or "") for point in points} - {""}
        if measurement is VIEW:
            views |= _view_ids(points)
    tests = [f"view_id = {text(view)}" for view in sorted(views)]
    named = (
        f"{of_application} AND ({' OR '.join(tests[start : start + _VIEWS])})"
        for start in range(0, len(tests), _VIEWS)
    )
    found.lines += [point.blank for point in _points(client, PART.name, named)]
    return found


def _naming(user_id: str) -> str:
    """Return a regular expression of InfluxQL for differences that say whose a view is."""
    said = f'"user_id":{json.encode(user_id).decode()}'
    return f"/{re.escape(said).replace('/', chr(92) + '/')}/"


def _view_ids(points: "Iterable[_Point]") -> set[str]:
    return {str(point.fields.get("view_id") or "") for point in points} - {""}


class _Point(Struct):
    measurement: str
    tags: Mapping[str, str]
    time_ns: int
    fields: Mapping[str, Any]
    kinds: Mapping[str, Kind]

    @property
    def blank(self) -> Encode:
        """The line that overwrites the point, given the types of fields."""
        return partial(_blank, self)


def _points(client: InfluxClient, measurement: str, conditions: Iterable[str]) -> Iterator[_Point]:
    keys = client.ask(f"SHOW FIELD KEYS FROM {identifier(measurement)}")
    kinds = {name: KINDS[kind] for series in keys for name, kind in series["values"]}
    for condition in conditions:
        statement = (
            f"SELECT * FROM {identifier(measurement)} WHERE {condition} "
            f"AND time >= {FIRST_MS}ms AND time < {LAST_MS}ms GROUP BY *"
        )
        for series in client.ask(statement, epoch="ns"):
            for time_ns, *values in series["values"]:
                fields = dict(zip(series["columns"][1:], values, strict=True))
                yield _Point(measurement, series.get("tags", {}), time_ns, fields, kinds)


def _blank(point: _Point, types: Types) -> bytes:
    values: dict[str, str | float | bool] = {LIVE: 0, STAMP: 0}
    values |= {
        name: _BLANK[point.kinds[name]] for name, now in point.fields.items() if now is not None
    }
    fields = []
    for name, value in values.items():
        kind = point.kinds.get(name, Kind.INTEGER)
        written = field_text(value, types.get((point.measurement, name), kind))
        fields.append(f"{escaped(name)}={written}")
    tags = dict(sorted(point.tags.items()))
    line = f"{key_of(point.measurement, tags)} {','.join(fields)} {point.time_ns}"
    return line.encode("utf-8", "replace")
