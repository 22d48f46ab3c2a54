"""What happened in one session, moment by moment: pages, clicks with their signals, errors."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from isotherm.model.errors import Code, IsothermError
from isotherm.query.context import Ask
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.lookups import texts_of
from isotherm.query.statement import Statement, all_of

MOMENTS = Shape(
    "moments",
    "One row per moment, by time.",
    (
        Field("time", "time", "When it happened, by the visitor's clock"),
        Field("kind", "string", "page, click, custom (an action of the site's own) or error"),
        Field("label", "string", "Page, name of the action, or message of the error; may be empty"),
        Field("page", "string", "Page"),
        Field("view", "string", "View"),
        Field("element", "string", "Element key of a click; empty when not known"),
        Field("clicks", "number", "Physical clicks of an action", "short"),
        Field("rage", "boolean", "The action is a rage click"),
        Field("dead", "boolean", "Nothing followed the action"),
        Field("error", "boolean", "An error followed the action, or this is one"),
    ),
)
META = {"total": "moments there would be without a limit"}

_MOMENTS = """
WITH happened AS (
  SELECT time_ms, 'page' AS kind, 0 AS number, page, view, 0 AS element, 0 AS action_name,
    0 AS message, 0 AS clicks, FALSE AS rage, FALSE AS dead, FALSE AS error
  FROM views WHERE slot_session
  UNION ALL
  SELECT time_ms, CASE WHEN kind = {custom} THEN 'custom' ELSE 'click' END, event, page, view,
    element, action_name, 0, clicks, slot_rage, dead, error
  FROM actions WHERE slot_session
  UNION ALL
  SELECT time_ms, 'error', event, page, view, 0, 0, message, 0, FALSE, FALSE, TRUE
  FROM errors WHERE slot_session
)
SELECT *, count(*) OVER () AS total FROM happened
ORDER BY time_ms, kind DESC, number LIMIT {limit}
"""


class Params(Struct, frozen=True):
    """Which session."""

    session: Annotated[str, Meta(description="Session id.", max_length=4096)] = ""
    limit: Annotated[int, Meta(description="Moments at most.", ge=1, le=10_000)] = 2000


_ORDER = ("page", "click", "custom", "error")
"""Of moments at the same time: a page comes before what happens on it."""
_CUSTOM = 1
_FLAGS = ("rage", "dead", "error")


def statement(ask: Ask[Params]) -> Statement:
    """Select what is stored of the session, whenever it was."""
    template = _MOMENTS.format(custom=_CUSTOM, limit=ask.params.limit)
    conditions = ask.conditions
    session = all_of([conditions.application(), conditions.named("session", ask.params.session)])
    return conditions.build(template, session=session)


def answer(ask: Ask[Params]) -> list[Frame]:
    """Return the moments by time. Raises INVALID when no session is named."""
    if not ask.params.session:
        raise IsothermError(Code.INVALID, "Name a session", field="session")
    columns = ask.context.run(statement(ask))
    texts = {
        name: texts_of(ask.context, name, columns[name].tolist())
        for name in ("page", "view", "element", "action_name", "message")
    }
    found: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    for position in range(len(columns["time_ms"])):
        one = {name: values[position] for name, values in columns.items()}
        said = {name: known[int(one[name])] for name, known in texts.items()}
        kind = str(one["kind"])
        row = {
            "time": int(one["time_ms"]),
            "kind": kind,
            "label": said["page"] if kind == "page" else said["action_name"] or said["message"],
            "clicks": int(one["clicks"]),
            **{name: said[name] for name in ("page", "view", "element")},
            **{name: bool(one[name]) for name in _FLAGS},
        }
        place = (row["time"], _ORDER.index(kind), int(one["number"]), row["view"])
        found.append((place, row))
    rows = [row for _, row in sorted(found, key=lambda pair: pair[0])]
    return [frame_of_rows(MOMENTS, rows, meta={"total": int(columns["total"][0]) if rows else 0})]
