"""The numbers at the top of a heatmap: a page in one row."""

from typing import Annotated, Any

import numpy as np
from msgspec import Meta, Struct

from isotherm.query.context import Ask
from isotherm.query.counting import distinct
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.lookups import known, whole
from isotherm.query.notices import count_notices
from isotherm.query.pictures import AUTOMATIC, wanted
from isotherm.query.placing.place import place
from isotherm.query.scope import SIGNS
from isotherm.query.sessions import ended_visits
from isotherm.query.statement import Statement
from isotherm.query.wireframe import WIREFRAME
from isotherm.storage.ports import Columns

STATS = Shape(
    "page_stats",
    "One row.",
    (
        Field("actions", "number", "Actions, as the sender counts them", "short"),
        Field("clicks", "number", "Physical clicks", "short"),
        Field("rage_clicks", "number", "Clicks of rage actions", "short"),
        Field("dead_clicks", "number", "Clicks of dead actions", "short"),
        Field("error_clicks", "number", "Clicks of actions with an error", "short"),
        Field("rage_actions", "number", "Actions with the rage signal", "short"),
        Field("dead_actions", "number", "Actions with the dead signal", "short"),
        Field("error_actions", "number", "Actions with the error signal", "short"),
        Field("views", "number", "Visits to the page", "short"),
        Field("recorded_views", "number", "Visits that the sender recorded", "short"),
        Field("users", "integer", "Different users who visited it", "short"),
        Field("sessions", "integer", "Different sessions that visited it", "short"),
        Field("page_rank", "integer", "Place by views among the pages", "short", nullable=True),
        Field("pages", "integer", "Pages of the application in scope", "short"),
        Field("average_time_ms", "number", "Mean time spent on the page", "ms", nullable=True),
        Field(
            "session_end_ratio",
            "number",
            "Ended sessions whose last view is this page ÷ ended sessions that visited it",
            "percentunit",
            nullable=True,
        ),
        Field("page_errors", "number", "Errors raised on the page", "short"),
        Field("coverage", "number", "Clicks on the picture ÷ clicks", "percentunit", nullable=True),
        Field("rage_ratio", "number", "rage_clicks ÷ clicks", "percentunit", nullable=True),
    ),
)
META = {
    "clicks": "clicks in scope, weighted by the sample rate",
    "actions": "actions in scope",
    "exact": "every click was counted; false: a rage chain is known by its lower bound only",
    "estimated": "some sessions were sampled, so counts are weighted",
    "open_sessions": "sessions left out of session_end_ratio, because they may still go on",
}

_CLICKS = """
SELECT sum(clicks * weight) AS clicks, sum(weight) AS actions,
  sum(clicks * weight) FILTER (WHERE slot_rage) AS rage_clicks,
  sum(clicks * weight) FILTER (WHERE dead) AS dead_clicks,
  sum(clicks * weight) FILTER (WHERE error) AS error_clicks,
  sum(weight) FILTER (WHERE slot_rage) AS rage_actions,
  sum(weight) FILTER (WHERE dead) AS dead_actions,
  sum(weight) FILTER (WHERE error) AS error_actions,
  coalesce(bool_and(clicks_exact), TRUE) AS exact, coalesce(bool_and(weight = 1), TRUE) AS even
FROM actions WHERE slot_scope
"""
_ALL_CLICKS = """
SELECT sum(clicks * weight) AS clicks, sum(clicks * weight) FILTER (WHERE slot_rage) AS rage_clicks
FROM actions WHERE slot_scope
"""
_CELL_PX = 8  # as the map asks, so that what was placed for it is there
_VIEWS = """
SELECT session, "user", weight, time_spent_ms, has_replay FROM views WHERE slot_scope
"""
_RANK = """
SELECT page, sum(weight) AS views FROM views WHERE slot_scope AND page <> 0 GROUP BY page
"""
_ERRORS = "SELECT sum(weight) AS errors FROM errors WHERE slot_scope"
_COUNTS = (
    "actions", "clicks", "rage_clicks", "dead_clicks", "error_clicks",
    "rage_actions", "dead_actions", "error_actions",
)  # fmt: skip


class Params(Struct, frozen=True):
    """What can be asked beside the scope."""

    background: Annotated[
        str, Meta(description="Background that coverage is about, or `auto`.", max_length=200)
    ] = AUTOMATIC


def statements(ask: Ask[Any]) -> dict[str, Statement]:
    """Everything that is read: clicks, views, views of all pages, errors, ended sessions."""
    conditions = ask.conditions
    return {
        "clicks": conditions.build(_CLICKS, scope=conditions.actions()),
        "views": conditions.build(_VIEWS, scope=conditions.views()),
        "rank": conditions.build(_RANK, scope=conditions.views(pages=False)),
        "errors": conditions.build(_ERRORS, scope=conditions.errors()),
        "ended": ended_visits(ask),
    }


def answer(ask: Ask[Params]) -> list[Frame]:
    """Return the row."""
    found = {name: ask.context.run(statement) for name, statement in statements(ask).items()}
    clicks, views, ended = found["clicks"], found["views"], found["ended"]
    row: dict[str, Any] = {name: whole(np.nan_to_num(clicks[name][0])) for name in _COUNTS}
    weight = views["weight"].astype(np.float64)
    row |= {
        "views": whole(weight.sum()),
        "recorded_views": whole(weight[views["has_replay"].astype(np.bool_)].sum()),
        "users": distinct(views["user"]),
        "sessions": distinct(views["session"]),
        "average_time_ms": None,
        "page_errors": whole(np.nan_to_num(found["errors"]["errors"][0])),
        "coverage": _coverage(ask),
        "rage_ratio": _rage_ratio(ask, clicks),
        "session_end_ratio": end_ratio(ended),
        **_rank(ask, found["rank"]),
    }
    if weight.sum():
        row["average_time_ms"] = known(np.average(views["time_spent_ms"], weights=weight))
    exact, even = bool(clicks["exact"][0]), bool(clicks["even"][0]) and bool((weight == 1).all())
    meta = {
        "clicks": row["clicks"],
        "actions": row["actions"],
        "exact": exact and even,
        "estimated": not even,
        "open_sessions": row["sessions"] - distinct(ended["session"]),
        "notices": count_notices(exact=exact, estimated=not even),
    }
    return [frame_of_rows(STATS, [row], meta=meta)]


def _rage_ratio(ask: Ask[Params], clicks: Columns) -> float | None:
    """Return rage clicks ÷ all clicks, also where only those with a signal are looked at."""
    if ask.scope.signal in SIGNS:
        scope = ask.conditions.actions(signal=False)
        clicks = ask.context.run(ask.conditions.build(_ALL_CLICKS, scope=scope))
    every = float(np.nan_to_num(clicks["clicks"][0]))
    return float(np.nan_to_num(clicks["rage_clicks"][0])) / every if every else None


def end_ratio(ended: Columns) -> float | None:
    """Return the weighted share of ended visits after which the session was over."""
    weight = ended["weight"].astype(np.float64)
    here = ended["ended_here"].astype(np.bool_)
    return float(weight[here].sum() / weight.sum()) if weight.sum() else None


def _rank(ask: Ask[Params], columns: Columns) -> dict[str, int | None]:
    """Return the one page's place by views; equal counts share the better place."""
    rank = None
    if len(ask.scope.pages) == 1:
        own = columns["views"][columns["page"] == ask.conditions.term("page", ask.scope.pages[0])]
        if len(own):
            rank = 1 + int((columns["views"] > own[0]).sum())
    return {"page_rank": rank, "pages": len(columns["page"])}


def _coverage(ask: Ask[Params]) -> float | None:
    background = wanted(ask, ask.params.background)
    if background is None or background.origin == WIREFRAME:
        return None
    return place(ask, background, _CELL_PX).coverage
