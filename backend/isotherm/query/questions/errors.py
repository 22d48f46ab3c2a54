"""The errors that an element's clicks caused, or that the pages in scope raised, with their stacks.

Linked to clicks by what the SDK said, or for Faro by what was open at the time.
"""

from typing import Annotated, Any

from msgspec import Meta, Struct

from isotherm.model import METHODS
from isotherm.query.context import Ask
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.lookups import texts_of, whole
from isotherm.query.questions.replays import replay_link
from isotherm.query.statement import Statement

ERRORS = Shape(
    "errors",
    "One row per kind, message and stack, most frequent first.",
    (
        Field("kind", "string", "Type of the error, like TypeError; empty when not sent"),
        Field("message", "string", "What the error says"),
        Field("frames", "string", "The first frames of the stack, a line each; may be empty"),
        Field("origin", "string", "Where the SDK caught it: source, network, console, ..."),
        Field("errors", "number", "Errors, weighted by the sample rate", "short"),
        Field("sessions", "number", "Sessions that had it", "short"),
        Field("first", "time", "First of them in the range"),
        Field("last", "time", "Last of them in the range"),
        Field("version", "string", "Version of the site at the last one"),
        Field("method", "string", "Method of the request that failed at the last one, if any"),
        Field("host", "string", "Host of that request"),
        Field("path", "string", "Path of that request, without query"),
        Field("status", "number", "Its HTTP status; 0: no answer, or no request"),
        Field("trace_id", "string", "Trace of the last one; empty when not sent"),
        Field("session", "string", "Session of the last one"),
        Field("view", "string", "View of the last one"),
        Field("has_replay", "boolean", "A replay of that session is stored"),
        Field("link", "string", "Address of that view's replay, relative to the server"),
    ),
)
META = {
    "errors": "errors in all rows, weighted by the sample rate",
    "total": "rows there would be without a limit",
}

_LINKED = """
acted AS (
  SELECT session, event % 4294967296 AS event FROM actions WHERE slot_acted
), blamed AS (
  SELECT event, session, unnest(actions) AS cause FROM errors WHERE slot_scope
), raised AS (
  SELECT * FROM errors WHERE slot_scope AND event IN (
    SELECT blamed.event FROM blamed
    JOIN acted ON acted.session = blamed.session AND acted.event = blamed.cause
  )
)"""
_ALL = "raised AS (SELECT * FROM errors WHERE slot_scope)"
_GROUPED = """
WITH {raised}, placed AS (
  SELECT *, row_number() OVER (
    PARTITION BY kind, message, frames ORDER BY time_ms DESC, event DESC
  ) AS place FROM raised
)
SELECT grouped.*, EXISTS (
  SELECT 1 FROM replay_segments WHERE slot_application AND session = grouped.session
) AS has_replay
FROM (SELECT kind, message, frames, sum(weight) AS errors,
  count(DISTINCT session) FILTER (WHERE session <> 0) AS sessions,
  min(time_ms) AS first, max(time_ms) AS last,
  {of_last},
  max(event) FILTER (WHERE place = 1) AS event,
  coalesce(replace(max(trace::VARCHAR) FILTER (WHERE place = 1), '-', ''), '') AS trace_id,
  sum(sum(weight)) OVER () AS all_errors, count(*) OVER () AS total
FROM placed GROUP BY kind, message, frames
ORDER BY errors DESC, last DESC, event DESC LIMIT {limit}) AS grouped
ORDER BY errors DESC, last DESC, event DESC
"""
_OF_LAST = ("origin", "version", "method", "host", "path", "status", "session", "view")
_TEXTS = ("message", "frames", "host", "path", "session", "view")


class Params(Struct, frozen=True):
    """Which actions they must be linked to; none: all errors in scope."""

    element: Annotated[str, Meta(description="Element key.", max_length=4096)] = ""
    action_name: Annotated[str, Meta(description="Action name.", max_length=4096)] = ""
    limit: Annotated[int, Meta(description="Rows at most.", ge=1, le=1000)] = 50


def statement(ask: Ask[Params]) -> Statement:
    """Group the errors in scope, those of some actions if any are asked for."""
    conditions, params = ask.conditions, ask.params
    named = conditions.acted(params.element, params.action_name)
    linked = bool(named) or ask.scope.signal is not None
    of_last = (f'max("{name}") FILTER (WHERE place = 1) AS "{name}"' for name in _OF_LAST)
    template = _GROUPED.format(
        raised=_LINKED if linked else _ALL, of_last=", ".join(of_last), limit=params.limit
    )
    slots = {"acted": conditions.actions(*named)} if linked else {}
    return conditions.build(
        template, scope=conditions.errors(), application=conditions.application(), **slots
    )


def answer(ask: Ask[Params]) -> list[Frame]:
    """Return the errors, most frequent first."""
    columns = ask.context.run(statement(ask))
    texts = {kind: texts_of(ask.context, kind, columns[kind].tolist()) for kind in _TEXTS}
    terms = {
        name: ask.context.engine.terms(kind)
        for name, kind in (("kind", "error_kind"), ("origin", "origin"), ("version", "version"))
    }
    rows: list[dict[str, Any]] = []
    for position in range(len(columns["message"])):
        found = {name: values[position] for name, values in columns.items()}
        row: dict[str, Any] = {kind: texts[kind][int(found[kind])] for kind in _TEXTS}
        row |= {name: named.get(int(found[name]), "") for name, named in terms.items()}
        row |= {name: int(found[name]) for name in ("sessions", "first", "last", "status")}
        row["errors"] = whole(found["errors"])
        row["method"] = METHODS[int(found["method"])]
        row["has_replay"] = bool(found["has_replay"])
        row["trace_id"] = str(found["trace_id"])
        row["link"] = replay_link(ask.scope.application, row["session"], row["view"])
        rows.append(row)
    meta = {
        "errors": whole(columns["all_errors"][0]) if rows else 0,
        "total": int(columns["total"][0]) if rows else 0,
    }
    return [frame_of_rows(ERRORS, rows, meta=meta)]
