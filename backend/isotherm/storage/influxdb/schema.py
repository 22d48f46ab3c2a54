"""The measurements, declared once: writing, reading and comparing follow these rows.

A tag must have few values and never change meaning; everything else is a field. A field keeps one
type for ever, because InfluxDB refuses another (`docs/influxdb.md`).
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from isotherm.model import (
    Action,
    LongTask,
    PageError,
    Resource,
    Segment,
    View,
    ViewPart,
    Vital,
)

TAGS: Final = ("application", "country", "device", "env", "page", "service", "version")
"""In the order InfluxDB sorts them, which saves it the work."""

TWIN: Final = "twin"
"""A tag of points whose series and time another event had (`point_collisions.py`): 1, 2, ..."""


class Kind(StrEnum):
    """How a value is written and what Arrow type it comes back as."""

    TEXT = "text"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"


class Field(Struct, frozen=True):
    """One field: its name in InfluxDB, the event's attribute, the engine's column."""

    name: str
    kind: Kind = Kind.TEXT
    attribute: str = ""  # of the event; "" = same as the name
    column: str = ""  # of the engine; "" = same as the name, "-" = not read
    missing: float | bool | str | None = None  # what an absent value means

    @property
    def source(self) -> str:
        """The event's attribute."""
        return self.attribute or self.name

    @property
    def target(self) -> str:
        """The engine's column."""
        return self.column or self.name

    @property
    def may_vanish(self) -> bool:
        """Tell whether it is a number that an event may have and later have no longer."""
        return self.kind in {Kind.INTEGER, Kind.FLOAT} and self.missing is None


class Measurement(Struct, frozen=True):
    """A kind of points: the struct they stand for, the engine's table, their fields."""

    name: str
    struct: type
    table: str
    identity: str  # the attribute whose hash fills the digits below a millisecond
    fields: tuple[Field, ...]
    counted: tuple[str, ...]  # fields that every point has; a stranger's point has one of them


def _integer(name: str, missing: int | None = 0, attribute: str = "", column: str = "") -> Field:
    return Field(name, Kind.INTEGER, attribute, column, missing)


def _float(name: str, missing: float | None = None) -> Field:
    return Field(name, Kind.FLOAT, missing=missing)


def _boolean(name: str, *, missing: bool) -> Field:
    return Field(name, Kind.BOOLEAN, missing=missing)


def _text(name: str, attribute: str = "", column: str = "", missing: str = "") -> Field:
    return Field(name, Kind.TEXT, attribute, column, missing)


LIVE: Final = "live"
"""1; 0 on a point that was withdrawn. Summed, it is the number of rows, so charts stay right."""

STAMP: Final = "stamp"
"""A checksum of the row that the engine can compute too (`checksum.py`); 0 when withdrawn."""

ABSENT: Final = "absent"
"""The names of the numbers that an event has no longer, with spaces between.

InfluxDB keeps a field's value when the point is written again without it, and a number cannot be
written as nothing. Texts need no such thing: they are written as empty.
"""

WHOLE: Final = "whole_document"
"""The version of a view's last whole document, where differences brought it to `document`: those in
between are in `rum_view_part`, and more of them may come."""

_OWN: Final = (
    _integer(LIVE, 1, column="-"),
    _integer(STAMP, 0, column="-"),
    _text(ABSENT, column="-"),
)
_EVENT: Final = _integer("event", None, attribute="event_id")
_EVENT_ID: Final = _text("event_id", column="-")
_SESSION: Final = _text("session_id", column="session")
_VIEW: Final = _text("view_id", column="view")
_USER: Final = (_text("user_id", column="user"), _text("user_name"))
_VIEWPORT: Final = (_integer("viewport_w"), _integer("viewport_h"))
_CONTEXT: Final = (
    _float("weight", 1.0),
    _text("browser"),
    _text("os"),
    _text("city"),
    _text("attributes"),
)

ACTION_EVENTS: Final = "action_events"
"""The numbers (`event`) of the actions that something belongs to, with spaces between."""

_ACTIONS: Final = _text(ACTION_EVENTS, attribute="action_ids", column="actions")
_TRACE: Final = _text("trace_id", column="trace")
_REQUEST: Final = (_text("method"), _text("host"), _text("path"), _integer("status"))
_DETAIL: Final = (*_OWN, _EVENT, _EVENT_ID, _SESSION, _VIEW, _USER[0])
_DETAIL_COUNTED: Final = ("event", "session_id")

ACTION: Final = Measurement(
    "rum_action",
    Action,
    "actions",
    "event_id",
    (
        *_OWN,
        _EVENT,
        _EVENT_ID,
        _SESSION,
        _VIEW,
        *_USER,
        _text("kind", missing="click"),
        _text("action_name"),
        _text("element"),
        _text("element_path"),
        _text("fingerprint"),
        _integer("fx", None),
        _integer("fy", None),
        _integer("element_w", None),
        _integer("element_h", None),
        _float("page_x"),
        _float("page_y"),
        *_VIEWPORT,
        _integer("clicks", 1),
        _boolean("clicks_exact", missing=True),
        _integer("rage_clicks", attribute="rage", column="rage"),
        _integer("dead_clicks", attribute="dead", column="dead"),
        _integer("error_clicks", attribute="error", column="error"),
        _integer("errors"),
        _float("loading_ms"),
        _text("source", missing="sdk"),
        _text("url"),
        *_CONTEXT,
    ),
    counted=("clicks", "session_id"),
)

VIEW: Final = Measurement(
    "rum_view",
    View,
    "views",
    "view_id",
    (
        *_OWN,
        _integer("document", 0, attribute="version", column="document_version"),
        _integer(WHOLE, None),
        _VIEW,
        _SESSION,
        *_USER,
        _text("url"),
        _text("referrer"),
        *_VIEWPORT,
        _float("time_spent_ms", 0.0),
        _float("depth_px"),
        _float("page_height_px"),
        _boolean("depth_meaningful", missing=True),
        _integer("errors"),
        _integer("actions"),
        _integer("frustrations"),
        _boolean("has_replay", missing=False),
        _float("loading_ms"),
        _float("first_byte_ms"),
        _float("fcp_ms"),
        _float("lcp_ms"),
        _text("lcp_element"),
        _float("inp_ms"),
        _float("inp_at_ms"),
        _text("inp_element"),
        _float("cls"),
        _float("cls_at_ms"),
        _text("cls_element"),
        *_CONTEXT,
    ),
    counted=("time_spent_ms", "view_id"),
)

ERROR: Final = Measurement(
    "rum_error",
    PageError,
    "errors",
    "event_id",
    (
        *_OWN,
        _EVENT,
        _EVENT_ID,
        _SESSION,
        _VIEW,
        _USER[0],
        _text("message"),
        _text("error_kind", attribute="kind", column="kind"),
        _text("origin"),
        _text("frames"),
        _text("fingerprint"),
        _text("handling"),
        *_REQUEST,
        _TRACE,
        _ACTIONS,
        _VIEWPORT[0],
        *_CONTEXT,
    ),
    counted=("message", "session_id"),
)

RESOURCE: Final = Measurement(
    "rum_resource",
    Resource,
    "resources",
    "event_id",
    (
        *_DETAIL,
        _text("kind", missing="other"),
        *_REQUEST,
        _float("duration_ms"),
        _integer("size", None),
        _TRACE,
        _ACTIONS,
        _VIEWPORT[0],
        *_CONTEXT,
    ),
    counted=_DETAIL_COUNTED,
)

LONG_TASK: Final = Measurement(
    "rum_long_task",
    LongTask,
    "long_tasks",
    "event_id",
    (
        *_DETAIL,
        _text("kind", missing="task"),
        _float("duration_ms", 0.0),
        _float("blocking_ms"),
        _integer("scripts"),
        _text("script"),
        _text("function"),
        _integer("position", None),
        _text("invoker"),
        _float("script_ms"),
        _float("layout_ms"),
        _ACTIONS,
        _VIEWPORT[0],
        *_CONTEXT,
    ),
    counted=_DETAIL_COUNTED,
)

VITAL: Final = Measurement(
    "rum_vital",
    Vital,
    "vitals",
    "event_id",
    (
        *_DETAIL,
        _text("name"),
        _text("kind"),
        _float("value"),
        _text("detail"),
        _text("operation"),
        _ACTIONS,
        _VIEWPORT[0],
        *_CONTEXT,
    ),
    counted=_DETAIL_COUNTED,
)

SEGMENT: Final = Measurement(
    "rum_segment",
    Segment,
    "replay_segments",
    "segment_id",
    (
        *_OWN,
        _integer("event", None, attribute="segment_id", column="segment"),
        _text("segment_id"),
        _integer("end_ms", None),
        _SESSION,
        _VIEW,
        _text("recording_id", column="recording"),
        _integer("index"),
        _text("format", missing="datadog"),
        _integer("records"),
        _boolean("full_snapshot", missing=False),
        _integer("events", 1),
        _text("url"),
        *_USER,
        *_VIEWPORT,
        *_CONTEXT,
    ),
    counted=("segment_id", "session_id"),
)

PART: Final = Measurement(
    "rum_view_part",
    ViewPart,
    "view_parts",
    "view_id",
    (*_OWN, _integer("document", 0, attribute="version"), _VIEW, _SESSION, _text("changed")),
    counted=("session_id", "view_id"),
)
"""Differences to a view, each a point of its own; they only matter when an engine is rebuilt."""

MEASUREMENTS: Final = (ACTION, VIEW, ERROR, RESOURCE, LONG_TASK, VITAL, SEGMENT, PART)
BY_STRUCT: Final = {measurement.struct: measurement for measurement in MEASUREMENTS}
BY_NAME: Final = {measurement.name: measurement for measurement in MEASUREMENTS}
