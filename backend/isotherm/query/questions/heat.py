"""Where people click: clicks, users or sessions per cell of the page's picture."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import numpy as np
from msgspec import Meta, Struct

from isotherm.model import Background, Unplaced
from isotherm.query.context import Ask
from isotherm.query.counting import added, distinct, distinct_per_cell
from isotherm.query.frame import Field, Frame, Shape
from isotherm.query.lookups import whole
from isotherm.query.notices import count_notices
from isotherm.query.pictures import AUTOMATIC, Other, chosen, described, described_others
from isotherm.query.placing.canvas import place_on_canvas
from isotherm.query.placing.place import Placed, place
from isotherm.query.statement import Statement
from isotherm.query.whole_page import rows_of_page, sums_of_page
from isotherm.query.wireframe import WIREFRAME
from isotherm.storage.ports import Columns, Summed

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
    "users": "different users who visited the page in scope (0 when the site names none)",
    "sessions": "different sessions that visited the page in scope",
    "fold_px": "average height of their windows",
    "points_below_fold_share": "share of the placed clicks below `fold_px`",
    "background": "the picture the cells lie on, or a wireframe; null for several pages",
    "others": "other pictures that show clicks which this one does not: each with those that it "
    "shows and none before it, most first",
    "canvas": "width and height that the cells cover",
}

_PEOPLE = ("session", "user")
_VISITORS = """
SELECT session, "user", viewport_h, weight FROM views WHERE slot_scope
"""


class Params(Struct, frozen=True):
    """What can be asked beside the scope."""

    background: Annotated[
        str, Meta(description="Id of a background, or `auto` for the best one.", max_length=200)
    ] = AUTOMATIC
    cell: Annotated[int, Meta(description="Side of a cell in px.", ge=1, le=512)] = 8


class Visitors(Struct, frozen=True):
    """Who visited the page."""

    users: int
    sessions: int
    fold_px: float | None  # average height of their windows


def visitors_statement(ask: Ask[Any]) -> Statement:
    """Read the views in scope."""
    return ask.conditions.build(_VISITORS, scope=ask.conditions.views())


def visitors(*parts: Columns) -> Visitors:
    """Count the people and average the heights that are known."""
    return _visitors_of(parts, added([_heights(rows) for rows in parts]))


def _heights(rows: Columns) -> np.ndarray[Any, Any]:
    """Count views by the height of their windows."""
    return np.bincount(rows["viewport_h"], weights=rows["weight"])


_BY_HEIGHT = Summed("views by height", ("viewport_h", "weight"), _heights)


def _visitors_of(parts: Sequence[Columns], heights: np.ndarray[Any, Any]) -> Visitors:
    weight, height = float(heights[1:].sum()), float((heights * np.arange(len(heights))).sum())
    return Visitors(
        users=distinct(*(rows["user"] for rows in parts)),
        sessions=distinct(*(rows["session"] for rows in parts)),
        fold_px=height / weight if weight else None,
    )


def answer(ask: Ask[Params]) -> list[Frame]:
    """Place the scope's clicks and return the cells that have any."""
    waiting = _visitors(ask)
    placed, background, others, canvas = _place(ask)
    behind = waiting()
    facts = placed.facts
    values = _values(placed, ask.scope.metric)
    meta = {
        "clicks": whole(placed.clicks),
        "placed": whole(placed.placed),
        "unplaced": _unplaced(placed, background),
        "coverage": placed.coverage,
        "actions": whole(facts.actions),
        "exact": facts.exact and not facts.sampled,
        "estimated": facts.sampled,
        "cell_px": placed.grid.cell_px,
        "metric": ask.scope.metric,
        "max_value": whole(values.max(initial=0)),
        "users": behind.users,
        "sessions": behind.sessions,
        "fold_px": behind.fold_px,
        "points_below_fold_share": _below(placed, behind.fold_px),
        "background": described(background),
        "others": described_others(others),
        "canvas": {"width": canvas[0], "height": canvas[1]},
        "notices": count_notices(exact=facts.exact, estimated=facts.sampled),
    }
    rows, columns = np.divmod(np.flatnonzero(values != 0), values.shape[1])  # 3 x np.nonzero
    cell = placed.grid.cell_px
    return [
        Frame(shape=CELLS, values=(columns * cell, rows * cell, values[rows, columns]), meta=meta)
    ]


def _visitors(ask: Ask[Params]) -> Callable[[], Visitors]:
    """Count who is in memory now; else ask beside what comes next, and return how to wait."""
    rows = rows_of_page(ask, "views", _PEOPLE, kept=True)
    heights = None if rows is None else sums_of_page(ask, "views", _BY_HEIGHT)
    if rows is not None and heights is not None:
        with ask.context.timed("place"):
            counted = _visitors_of(rows, heights)
        return lambda: counted
    waiting = ask.context.concurrently(visitors_statement(ask), visitors)

    def result() -> Visitors:
        with ask.context.timed("sql"):
            return waiting.result()

    return result


def _place(
    ask: Ask[Params],
) -> tuple[Placed, Background | None, Sequence[Other], tuple[int, int]]:
    params, metric = ask.params, ask.scope.metric
    found = chosen(ask, params.background)
    background = found.background
    if background is None:
        placed, width, height = place_on_canvas(ask, params.cell, metric)
        return placed, None, (), (width, height)
    placed = place(ask, background, params.cell, metric)
    return placed, background, found.others, (background.width, background.height)


def _unplaced(placed: Placed, background: Background | None) -> dict[str, int | float]:
    """Return clicks by reason; what a wireframe cannot place lacks a picture, nothing else."""
    found: dict[str, float] = {}
    drawn = background is not None and background.origin == WIREFRAME
    for why, clicks in sorted(placed.unplaced.items()):
        name = Unplaced.NO_BACKGROUND if drawn and why is not Unplaced.OUTSIDE else why
        found[name.value] = found.get(name.value, 0.0) + clicks
    return {name: whole(clicks) for name, clicks in found.items()}


def _values(placed: Placed, metric: str) -> np.ndarray[Any, Any]:
    if metric == "clicks":
        return placed.grid.inner(placed.counts)
    return placed.grid.inner(distinct_per_cell(placed.cells, placed.who, placed.grid.size))


def _below(placed: Placed, fold_px: float | None) -> float | None:
    if fold_px is None or not placed.placed:
        return None
    first = int(fold_px // placed.grid.cell_px) + 1  # the cell with the fold in it is above
    return float(placed.grid.inner(placed.counts)[first:].sum()) / placed.placed
