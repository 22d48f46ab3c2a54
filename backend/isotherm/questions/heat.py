"""Where people click: clicks, users or sessions per cell of the page's picture."""

from typing import Annotated, Any

import numpy as np
from msgspec import Meta, Struct

from isotherm.model import Background
from isotherm.ports import Columns
from isotherm.questions.canvas import place_on_canvas
from isotherm.questions.context import Ask
from isotherm.questions.counting import distinct, distinct_per_cell
from isotherm.questions.frame import Field, Frame, Shape
from isotherm.questions.notes import truth_notes
from isotherm.questions.pictures import AUTOMATIC, described, of_scope, wanted
from isotherm.questions.place import Placed, place, read_narrow
from isotherm.questions.statement import Statement
from isotherm.questions.texts import whole

CELLS = Shape(
    "heat",
    "One row per cell with at least one click.",
    (
        Field("x", "integer", "Left edge of the cell on the background", "pixel"),
        Field("y", "integer", "Top edge of the cell on the background", "pixel"),
        Field("value", "number", "The metric asked for: clicks, users or sessions", "short"),
    ),
)
META = {
    "clicks": "clicks in scope, weighted by the sample rate",
    "placed": "clicks on the picture",
    "unplaced": "clicks by the reason why they are not on it",
    "coverage": "placed ÷ clicks",
    "actions": "actions in scope",
    "exact": "every click was counted; false: a rage chain is known by its lower bound only",
    "estimated": "some sessions were sampled, so counts are weighted",
    "cell_px": "side of a cell",
    "metric": "what `value` counts",
    "max_value": "largest `value`",
    "users": "different users with an action in scope (0 when the site names none)",
    "sessions": "different sessions with an action in scope",
    "fold_px": "average height of the window",
    "points_below_fold_share": "share of the placed clicks below `fold_px`",
    "background": "the picture the cells lie on; null when there is none",
    "canvas": "width and height that the cells cover",
}

_PEOPLE = """SELECT session, "user" FROM actions WHERE slot_scope"""
_FACTS = """
SELECT count(*) AS actions, coalesce(bool_and(clicks_exact), TRUE) AS exact
FROM actions WHERE slot_scope
"""
_FOLD = """
SELECT sum(viewport_h * weight) / sum(weight) AS fold FROM views
WHERE slot_scope AND viewport_h > 0
"""


class Params(Struct, frozen=True):
    """What can be asked beside the scope."""

    background: Annotated[
        str, Meta(description="Id of a background, or `auto` for the best one.", max_length=200)
    ] = AUTOMATIC
    cell: Annotated[int, Meta(description="Side of a cell in px.", ge=1, le=512)] = 8


class People(Struct, frozen=True):
    """Who is behind the clicks."""

    users: int
    sessions: int


def people_statement(ask: Ask[Any]) -> Statement:
    """Read who acted, one row per action."""
    return ask.conditions.build(_PEOPLE, scope=ask.conditions.actions())


def facts_statement(ask: Ask[Any]) -> Statement:
    """Count the actions and ask whether all their clicks were counted."""
    return ask.conditions.build(_FACTS, scope=ask.conditions.actions())


def fold_statement(ask: Ask[Any]) -> Statement:
    """Average the window heights of the views in scope."""
    return ask.conditions.build(_FOLD, scope=ask.conditions.views())


def people(columns: Columns) -> People:
    """Count the people behind a scope's actions."""
    return People(users=distinct(columns["user"]), sessions=distinct(columns["session"]))


def fold(columns: Columns) -> float | None:
    """Return the average fold in px; None without a view of known height."""
    height = columns["fold"][0]
    return None if np.isnan(height) else float(height)


def answer(ask: Ask[Params]) -> list[Frame]:
    """Place the scope's clicks and return the cells that have any."""
    waiting = ask.context.beside(people_statement(ask), people)
    height = ask.context.beside(fold_statement(ask), fold)
    facts = ask.context.beside(facts_statement(ask), lambda columns: columns)
    placed, background, canvas = _place(ask)
    with ask.context.timed("sql"):
        behind, fold_px, known = waiting.result(), height.result(), facts.result()
    exact = bool(known["exact"][0])
    values = _values(placed, ask.scope.metric)
    meta = {
        "clicks": whole(placed.clicks),
        "placed": whole(placed.placed),
        "unplaced": {why.value: whole(n) for why, n in sorted(placed.unplaced.items())},
        "coverage": placed.coverage,
        "actions": int(known["actions"][0]),
        "exact": exact and not placed.estimated,
        "estimated": placed.estimated,
        "cell_px": placed.grid.cell_px,
        "metric": ask.scope.metric,
        "max_value": whole(values.max(initial=0)),
        "users": behind.users,
        "sessions": behind.sessions,
        "fold_px": fold_px,
        "points_below_fold_share": _below(placed, fold_px),
        "background": described(background),
        "canvas": {"width": canvas[0], "height": canvas[1]},
        "notes": truth_notes(exact=exact, estimated=placed.estimated),
    }
    rows, columns = np.nonzero(values)
    cell = placed.grid.cell_px
    return [
        Frame(shape=CELLS, values=(columns * cell, rows * cell, values[rows, columns]), meta=meta)
    ]


def _place(ask: Ask[Params]) -> tuple[Placed, Background | None, tuple[int, int]]:
    params, metric = ask.params, ask.scope.metric
    if params.background == AUTOMATIC and not of_scope(ask):
        placed, width, height = place_on_canvas(ask, params.cell, metric)
        return placed, None, (width, height)
    narrow = read_narrow(ask, metric)
    background = wanted(ask, params.background, narrow)
    if background is None:
        placed, width, height = place_on_canvas(ask, params.cell, metric)
        return placed, None, (width, height)
    placed = place(ask, narrow, background, params.cell, metric)
    return placed, background, (background.width, background.height)


def _values(placed: Placed, metric: str) -> np.ndarray[Any, Any]:
    if metric == "clicks":
        return placed.grid.inner(placed.counts)
    return placed.grid.inner(distinct_per_cell(placed.cells, placed.who, placed.grid.size))


def _below(placed: Placed, fold_px: float | None) -> float | None:
    if fold_px is None or not placed.placed:
        return None
    first = int(fold_px // placed.grid.cell_px) + 1  # the cell with the fold in it is above
    return float(placed.grid.inner(placed.counts)[first:].sum()) / placed.placed
