"""The tables of the engine, declared once: creating, filling and reading them follow these rows.

All ids are INTEGER (0 = absent) and stand for texts in the dictionaries (`dictionary.py`).
Times are BIGINT epoch ms. `actions`, `views`, `errors`, `resources`, `long_tasks` and `vitals` are
SQL views over a table of recent rows and any number of runs sorted by application, page and time
(`runs.py`).
"""

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
    Vital,
)

VERSION = 6
"""Grows with every change of a table. New columns go to the end of a table: so `upgrade.py` can
bring a file of an earlier version to this one; one that it does not know is refused."""


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

TERM_KINDS = tuple(
    dict.fromkeys(
        column.kind for table in TABLES for column in table.columns if column.shape is Shape.TERM
    )
)

DETAIL_KINDS = frozenset({"host", "path", "script", "function", "invoker", "detail", "operation"})
"""Texts that come with details in any number and go with them."""

OWN_TABLES = {
    "meta": "key VARCHAR, value VARCHAR",
    "runs": "name VARCHAR, of VARCHAR, rows BIGINT, from_ms BIGINT, to_ms BIGINT, "
    "low_session INTEGER, high_session INTEGER, edits INTEGER",
    "users": 'application INTEGER, "user" INTEGER, name VARCHAR',
    "view_log": "view INTEGER, version BIGINT, time_ms BIGINT, document BLOB",
    "unsettled": "application INTEGER, session INTEGER, view INTEGER",
}
"""Beside the rows: the file's version, what runs there are, the latest name of each user, every
document of those views that arrive in parts, and recordings whose reading is still due."""


RUN_ORDER = "application, page, time_ms // 3600000, session, time_ms"
"""How runs are sorted: a page's rows of an hour lie together, and in them those of a session, whose
ids, facets and times compress best side by side (measured: 34 instead of 37 bytes per action)."""

BLOCK_BYTES = 65_536
"""DuckDB's default of 256 kB leaves a tail per column and row group: 6 % more disk, measured."""


def create_table(name: str, table: Table) -> str:
    """Return the statement that makes an empty table with the columns of `table`."""
    columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    return f'CREATE TABLE "{name}" ({columns})'


def term_table(kind: str) -> str:
    """Return the table of the texts of one kind."""
    return f"term_{kind}"


def recent_table(table: Table) -> str:
    """Return the table that new rows go to."""
    return f"{table.name}_recent" if table.runs else table.name


def union(table: Table, homes: list[str], condition: str = "true") -> str:
    """Return the statement that reads rows from recent tables and runs, in the columns' types."""
    recent = recent_table(table)
    return " UNION ALL ".join(
        f'SELECT {"*" if home == recent else _cast(table, to_run=False)} FROM "{home}"'
        + (f" WHERE {condition}" if condition != "true" else "")
        for home in homes
    )


def as_run(table: Table, rows: str) -> str:
    """Return the statement that reads rows as they lie in a run."""
    return f"SELECT {_cast(table, to_run=True)} FROM ({rows}) ORDER BY {RUN_ORDER}"


def _cast(table: Table, *, to_run: bool) -> str:
    """Return the list of columns; ids as text are put into small dictionaries by DuckDB."""
    changed = ", ".join(
        f'"{column.name}"::{column.run_type if to_run else column.type} AS "{column.name}"'
        for column in table.columns
        if column.run_type
    )
    return f"* REPLACE ({changed})" if changed else "*"
