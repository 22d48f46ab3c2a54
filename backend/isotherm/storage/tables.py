"""The tables of events, declared once: every store creates, fills and reads its tables by these.

All ids are 0 where something is absent and stand for texts that the store keeps apart. Times are
epoch ms. Types are DuckDB's; another store has its own names for them.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from isotherm.model import (
    FACETS,
    METHODS,
    RESOURCE_KINDS,
    Action,
    LongTask,
    PageError,
    Resource,
    Segment,
    View,
    ViewPart,
    Vital,
)
from isotherm.model.errors import Code, IsothermError


class Shape(StrEnum):
    """How an event's field becomes a column."""

    NUMBER = "number"  # rounded and held inside the column's range
    EXACT = "exact"  # a 64-bit integer as it is
    TERM = "term"  # the id of a text
    CODE = "code"  # the position of a text in a short closed list
    TEXT = "text"
    EVENT = "event"  # the number of application and event id (model/event_ids.py)
    EVENTS = "events"  # the short numbers of several actions
    TRACE = "trace"  # 32 hex digits as 16 bytes; NULL = none


class Column(Struct, frozen=True):
    """One column: its DuckDB type and where its value comes from."""

    name: str
    type: str
    shape: Shape = Shape.NUMBER
    field: str = ""  # the event's field; "" = same as the column
    kind: str = ""  # of terms; "" = same as the column
    codes: tuple[str, ...] = ()
    nullable: bool = False
    run_type: str = ""  # in runs, where it is smaller so; "" = `type`


class Table(Struct, frozen=True):
    """A kind of rows: the struct they come from, their columns in order, how they are kept."""

    name: str
    struct: type
    columns: tuple[Column, ...]
    runs: bool = True  # sorted runs beside the recent rows


def _term(name: str, field: str = "", kind: str = "") -> Column:
    return Column(name, "INTEGER", Shape.TERM, field=field, kind=kind or name)


def _optional(name: str, sql_type: str) -> Column:
    return Column(name, sql_type, nullable=True)


_TIME = Column("time_ms", "BIGINT", Shape.EXACT)
_WHO = (
    _term("session", "session_id"),
    _term("view", "view_id"),
    _term("user", "user_id"),
)
_VIEWPORT = (Column("viewport_w", "USMALLINT"), Column("viewport_h", "USMALLINT"))
_WEIGHT = Column("weight", "FLOAT")
_CONTEXT = (*(_term(facet, "facets") for facet in FACETS), _term("attributes"))
_HEAD = (
    Column("event", "UBIGINT", Shape.EVENT, field="event_id"),
    _TIME,
    _term("application"),
    _term("page"),
    *_WHO,
)
_ACTIONS = Column("actions", "UINTEGER[]", Shape.EVENTS, field="action_ids")
_TRACE = Column("trace", "UUID", Shape.TRACE, field="trace_id", nullable=True, run_type="UUID")
_REQUEST = (
    Column("method", "UTINYINT", Shape.CODE, codes=METHODS),
    _term("host"),
    _term("path"),
    Column("status", "USMALLINT"),
)

ACTIONS = Table(
    "actions",
    Action,
    (
        Column("event", "UBIGINT", Shape.EVENT, field="event_id"),
        _TIME,
        _term("application"),
        _term("page"),
        *_WHO,
        Column("kind", "UTINYINT", Shape.CODE, codes=("click", "custom")),
        _term("action_name"),
        _term("element"),
        _term("target", "fingerprint"),  # with path, what it was and how large
        _optional("fx", "USMALLINT"),
        _optional("fy", "USMALLINT"),
        _optional("element_w", "USMALLINT"),
        _optional("element_h", "USMALLINT"),
        _optional("page_x", "INTEGER"),
        _optional("page_y", "INTEGER"),
        *_VIEWPORT,
        Column("clicks", "USMALLINT"),
        Column("clicks_exact", "BOOLEAN"),
        Column("rage", "BOOLEAN"),
        Column("dead", "BOOLEAN"),
        Column("error", "BOOLEAN"),
        Column("errors", "USMALLINT"),
        _optional("loading_ms", "UINTEGER"),
        _WEIGHT,
        Column("source", "UTINYINT", Shape.CODE, codes=("sdk", "replay")),
        _term("url"),
        *_CONTEXT,
    ),
)

VIEWS = Table(
    "views",
    View,
    (
        _term("view", "view_id"),
        Column("document_version", "BIGINT", Shape.EXACT, field="version"),
        _TIME,
        _term("application"),
        _term("page"),
        _term("session", "session_id"),
        _term("user", "user_id"),
        _term("url"),
        _term("referrer"),
        *_VIEWPORT,
        Column("time_spent_ms", "UINTEGER"),
        _optional("depth_px", "INTEGER"),
        _optional("page_height_px", "INTEGER"),
        Column("depth_meaningful", "BOOLEAN"),
        Column("errors", "USMALLINT"),
        Column("actions", "USMALLINT"),
        Column("frustrations", "USMALLINT"),
        Column("has_replay", "BOOLEAN"),
        _WEIGHT,
        *_CONTEXT,
        _optional("loading_ms", "UINTEGER"),
        _optional("first_byte_ms", "UINTEGER"),
        _optional("fcp_ms", "UINTEGER"),
        _optional("lcp_ms", "UINTEGER"),
        _term("lcp_element", kind="element"),
        _optional("inp_ms", "UINTEGER"),
        _optional("inp_at_ms", "UINTEGER"),
        _term("inp_element", kind="element"),
        _optional("cls", "DOUBLE"),
        _optional("cls_at_ms", "UINTEGER"),
        _term("cls_element", kind="element"),
    ),
)

ERRORS = Table(
    "errors",
    PageError,
    (
        Column("event", "UBIGINT", Shape.EVENT, field="event_id"),
        _TIME,
        _term("application"),
        _term("page"),
        *_WHO,
        _term("message"),
        _term("kind", kind="error_kind"),
        _term("origin"),
        _WEIGHT,
        Column("viewport_w", "USMALLINT"),
        *_CONTEXT,
        _term("frames"),
        _term("fingerprint"),
        Column("handling", "UTINYINT", Shape.CODE, codes=("", "handled", "unhandled")),
        *_REQUEST,
        _TRACE,
        _ACTIONS,
    ),
)

RESOURCES = Table(
    "resources",
    Resource,
    (
        *_HEAD,
        Column("kind", "UTINYINT", Shape.CODE, codes=RESOURCE_KINDS),
        *_REQUEST,
        _optional("duration_ms", "UINTEGER"),
        _optional("size", "UINTEGER"),
        _TRACE,
        _ACTIONS,
        _WEIGHT,
        Column("viewport_w", "USMALLINT"),
        *_CONTEXT,
    ),
)

LONG_TASKS = Table(
    "long_tasks",
    LongTask,
    (
        *_HEAD,
        Column("kind", "UTINYINT", Shape.CODE, codes=("task", "frame")),
        Column("duration_ms", "UINTEGER"),
        _optional("blocking_ms", "UINTEGER"),
        Column("scripts", "USMALLINT"),
        _term("script"),
        _term("function"),
        _optional("position", "UINTEGER"),
        _term("invoker"),
        _optional("script_ms", "UINTEGER"),
        _optional("layout_ms", "UINTEGER"),
        _ACTIONS,
        _WEIGHT,
        Column("viewport_w", "USMALLINT"),
        *_CONTEXT,
    ),
)

VITALS = Table(
    "vitals",
    Vital,
    (
        *_HEAD,
        _term("name", kind="vital"),
        _term("kind", kind="vital_kind"),
        _optional("value", "DOUBLE"),
        _term("detail"),
        _term("operation"),
        _ACTIONS,
        _WEIGHT,
        Column("viewport_w", "USMALLINT"),
        *_CONTEXT,
    ),
)

SEGMENTS = Table(
    "replay_segments",
    Segment,
    (
        Column("segment", "UBIGINT", Shape.EVENT, field="segment_id"),
        Column("segment_id", "VARCHAR", Shape.TEXT),
        _TIME,
        Column("end_ms", "BIGINT", Shape.EXACT),
        _term("application"),
        _term("session", "session_id"),
        _term("view", "view_id"),
        Column("recording", "VARCHAR", Shape.TEXT, field="recording_id"),
        Column("index", "INTEGER"),
        Column("format", "VARCHAR", Shape.TEXT),
        Column("records", "INTEGER"),
        Column("full_snapshot", "BOOLEAN"),
        Column("events", "INTEGER"),
        _term("url"),
        _term("user", "user_id"),
        *_VIEWPORT,
        _WEIGHT,
        *_CONTEXT,
    ),
    runs=False,
)

DETAILS = (RESOURCES, LONG_TASKS, VITALS)
"""What happened around actions; kept for a time of its own."""

TABLES = (ACTIONS, VIEWS, ERRORS, *DETAILS, SEGMENTS)

TABLE_OF: Mapping[type, Table] = {table.struct: table for table in TABLES} | {ViewPart: VIEWS}
"""Kind of event -> where it is kept."""

TERM_KINDS = tuple(
    dict.fromkeys(
        column.kind for table in TABLES for column in table.columns if column.shape is Shape.TERM
    )
)

DETAIL_KINDS = frozenset({"host", "path", "script", "function", "invoker", "detail", "operation"})
"""Texts that come with details in any number and go with them."""


def table_called(name: str) -> Table:
    """Return a table by its name. Raises INVALID."""
    table = next((table for table in TABLES if table.name == name), None)
    if table is None:
        raise IsothermError(Code.INVALID, f"There is no table {name}.")
    return table
