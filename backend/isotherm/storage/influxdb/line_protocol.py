"""Events to InfluxDB's line protocol, and the rule of the timestamp.

The timestamp is the event's millisecond plus six digits of the hash of its id: InfluxDB merges
points of one series and timestamp, so neighbours stay apart and a resend changes nothing. Those
that meet all the same are told apart by a tag (`point_collisions.py`).
"""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, Final

import msgspec

from isotherm.model import (
    Event,
    ViewPart,
)
from isotherm.model.event_ids import READ_BACK, event_hash, short, short_hash
from isotherm.storage.influxdb.checksum import stamp
from isotherm.storage.influxdb.schema import (
    ABSENT,
    ACTION_EVENTS,
    BY_STRUCT,
    LIVE,
    STAMP,
    TAGS,
    TWIN,
    WHOLE,
    Field,
    Kind,
    Measurement,
)

NS_PER_MS: Final = 1_000_000

Types = Mapping[tuple[str, str], Kind]
"""Measurement and field -> the type that it has in InfluxDB, where that is not ours."""

_TAG_ESCAPES: Final = str.maketrans(
    {",": "\\,", "=": "\\=", " ": "\\ ", "\n": "\\ ", "\r": "\\ ", "\t": "\\ "}
)
_TEXT_ESCAPES: Final = str.maketrans({'"': '\\"', "\\": "\\\\"})
_JSON: Final = msgspec.json.Encoder(order="deterministic")
_ADDED_UP: Final = frozenset(
    {
        LIVE,
        STAMP,
        *("clicks", "rage_clicks", "dead_clicks", "error_clicks", "errors"),
        *("actions", "frustrations", "time_spent_ms"),
    }
)


def measurement_of(event: Event) -> Measurement:
    """Return the measurement that an event is a point of."""
    return BY_STRUCT[type(event)]


def number_of(event: Event) -> int:
    """Return the number that an event is known by."""
    if isinstance(event, ViewPart):
        return _number(event.application, f"{event.view_id}\0{event.version}")
    return _number(event.application, getattr(event, measurement_of(event).identity))


_number: Final = lru_cache(maxsize=8_192)(event_hash)
"""Each event of a batch is asked for its number four times on its way to a point."""


def timestamp_ns(time_ms: int, number: int) -> int:
    """Return the point's time: the event's millisecond and six digits of its number."""
    return time_ms * NS_PER_MS + short(number) % NS_PER_MS


def series(event: Event, twin: int = 0) -> str:
    """Return measurement and tags, escaped."""
    facets = {} if isinstance(event, ViewPart) else event.facets
    tags = {
        tag: facets.get(tag, "") if tag in _FACET_TAGS else getattr(event, tag, "") for tag in TAGS
    }
    if twin:
        tags = dict(sorted({**tags, TWIN: str(twin)}.items()))
    return key_of(measurement_of(event).name, tags)


def key_of(measurement: str, tags: Mapping[str, str]) -> str:
    """Return measurement and tags, escaped; tags in the order given, without the empty ones."""
    return ",".join([measurement, *(f"{tag}={escaped(tags[tag])}" for tag in tags if tags[tag])])


_FACET_TAGS: Final = frozenset(TAGS) - {"application", "page"}


def escaped(value: str) -> str:
    """Return a tag's value, or a name, as the protocol writes it."""
    if value.endswith("\\"):  # would escape the separator; the protocol has no way to write it
        value = value[:-1] + "\uff3c"
    return value.translate(_TAG_ESCAPES)


def point(
    event: Event,
    types: Types,
    *,
    twin: int = 0,
    whole: bool = False,
    base: int | None = None,
) -> bytes:
    """Return one line without its end.

    Empty texts are left out, but for those that are counted. A `whole` point writes them, too, and
    names the numbers that the event has not, so that it replaces every value of an earlier point
    of the same event. `base` is the version of a view's last whole document, if differences came.
    """
    number = number_of(event)
    measurement = measurement_of(event)
    fields = [f"{STAMP}={stamp(event, number)}i"]
    absent = []
    for field in measurement.fields:
        if field.name in {STAMP, ABSENT}:
            continue
        value = base if field.name == WHOLE else _value(event, field, number)
        if value is None and field.may_vanish:
            absent.append(field.name)
        if value is None or (value == "" and not (whole or field.name in measurement.counted)):
            continue
        kind = types.get((measurement.name, field.name), field.kind)
        fields.append(f"{field.name}={field_text(value, kind)}")
    if whole:
        fields.append(f"{ABSENT}={field_text(' '.join(absent), Kind.TEXT)}")
    line = f"{series(event, twin)} {','.join(fields)} {timestamp_ns(event.time_ms, number)}"
    return line.encode("utf-8", "replace")


def tombstone(event: Event, types: Types, twin: int = 0) -> bytes:
    """Return the line that withdraws an event: nothing of it counts any more in any sum."""
    measurement = measurement_of(event)
    fields = []
    for field in measurement.fields:
        if field.name in _ADDED_UP:
            kind = types.get((measurement.name, field.name), field.kind)
            fields.append(f"{field.name}={field_text(0, kind)}")
    at_ns = timestamp_ns(event.time_ms, number_of(event))
    line = f"{series(event, twin)} {','.join(fields)} {at_ns}"
    return line.encode("utf-8", "replace")


def _value(event: Event, field: Field, number: int) -> str | float | bool | None:
    """Return the field's value, None when the event has none."""
    made = _MADE.get(field.name)
    if made is not None:
        return made(event, number)
    value: str | float | bool | None = getattr(event, field.source)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _event_id(event: Any, _: int) -> str | None:
    """Return the sender's id; None for one read back: the point has the sender's own already."""
    return None if event.event_id.startswith(READ_BACK) else str(event.event_id)


def _signal(name: str, event: Any, _: int) -> int:
    return max(event.clicks, 1) if getattr(event, name) else 0


def _action_events(event: Any, _: int) -> str:
    return " ".join(str(short_hash(event.application, one)) for one in event.action_ids)


def _facet(name: str, event: Any, _: int) -> str:
    return str(event.facets.get(name, ""))


def _json(name: str, event: Any, _: int) -> str:
    found = getattr(event, name)
    return _JSON.encode(found).decode() if found else ""


_MADE: Final[Mapping[str, Callable[[Any, int], str | float | bool | None]]] = {
    LIVE: lambda _event, _number: 1,
    "event": lambda _event, number: number,
    "event_id": _event_id,
    ACTION_EVENTS: _action_events,
    "rage_clicks": partial(_signal, "rage"),
    "dead_clicks": partial(_signal, "dead"),
    "error_clicks": partial(_signal, "error"),
    "browser": partial(_facet, "browser"),
    "os": partial(_facet, "os"),
    "city": partial(_facet, "city"),
    "attributes": partial(_json, "attributes"),
    "changed": partial(_json, "changed"),
}
"""Fields that are not simply an attribute of the event."""


def field_text(value: str | float | bool, kind: Kind) -> str:
    """Return a field's value as the protocol writes it."""
    if kind is Kind.TEXT or isinstance(value, str):
        return f'"{str(value).translate(_TEXT_ESCAPES)}"'
    if kind is Kind.BOOLEAN:
        return "true" if value else "false"
    if kind is Kind.INTEGER and float(value).is_integer():
        return f"{int(value)}i"
    return repr(float(value))
