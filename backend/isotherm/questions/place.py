"""Placing: every click of a scope becomes a cell of a background, or a reason why not.

An action goes, in this order: by its element's box and the fraction inside it (the composed path
is the key of an action without a selector); by its page position, where the sender named no element
and the window is about as wide as the background's; to a reason. The sum of both is the number of
clicks in scope, always.

Two statements: one reads all actions narrowly and places nearly all of them; the other reads those
left over, without element or fraction, with all columns.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from msgspec import Struct

from isotherm.geometry import Array, BoxTable, Grid, Ints, cells_of_fractions
from isotherm.model import Background, Unplaced
from isotherm.ports import Columns
from isotherm.questions.boxes import reason
from isotherm.questions.context import Ask, Context
from isotherm.questions.counting import weighted_count
from isotherm.questions.leftover import Rest, place_rest
from isotherm.questions.statement import Statement, condition

SAMPLED = 65_535
"""Stands for the clicks of an action that has a weight other than 1."""

_NARROW = """
SELECT element * 2 + (fx IS NULL OR fy IS NULL)::INTEGER AS key,
  coalesce(fx, 0) AS fx, coalesce(fy, 0) AS fy, {clicks}{who}
FROM actions WHERE slot_scope
"""
_PLAIN = f"CASE WHEN weight = 1 THEN clicks ELSE {SAMPLED} END::USMALLINT AS clicks"
"""One small column instead of two, for the usual case that no session was sampled."""
_ROUNDING = 1e-6
"""Weights are fractions; what two sums of them differ by is no click."""
_LEFT_OVER = "fx IS NULL OR fy IS NULL OR element = 0"
_REST = """
SELECT element, element_path, kind, fx, fy, page_x, page_y, viewport_w, clicks, weight{who}
FROM actions WHERE slot_scope
"""

_WHO = {"clicks": "", "users": ', "user" AS who', "sessions": ", session AS who"}
"""Metric -> the column whose different values are counted."""


class Placed(Struct, frozen=True, kw_only=True):
    """Where the clicks of a scope are. Arrays have one entry per placed action."""

    grid: Grid
    cells: Ints  # numbers in `grid`, never on its border
    who: Array  # ids of users or sessions; not filled for the metric clicks
    counts: Array  # clicks per cell of `grid`, border 0
    unplaced: dict[Unplaced, float]  # clicks by reason, none of them 0
    estimated: bool  # a weight was not 1

    @property
    def placed(self) -> float:
        """Clicks on the picture."""
        return float(self.counts.sum())

    @property
    def clicks(self) -> float:
        """Clicks in scope."""
        return self.placed + sum(self.unplaced.values())

    @property
    def coverage(self) -> float | None:
        """Share of the scope's clicks that are on the picture; None without clicks."""
        return self.placed / self.clicks if self.clicks else None


class Narrow(Struct, frozen=True):
    """All actions of a scope, as little of each as placing by element needs."""

    columns: Columns
    weight: Array | None  # None: all are 1
    clicks_by_key: Array


def narrow_statement(ask: Ask[Any], metric: str, *, sampled: bool = False) -> Statement:
    """Read all actions; `key` is twice the element's id, plus one when the fraction is missing.

    Without `sampled`, the clicks of an action that has a weight are given as `SAMPLED`.
    """
    clicks = "clicks, weight" if sampled else _PLAIN
    template = _NARROW.format(who=_WHO[metric], clicks=clicks)
    return ask.conditions.build(template, scope=ask.conditions.actions())


def rest_statement(ask: Ask[Any], metric: str, *, everything: bool = False) -> Statement:
    """Read what the narrow statement cannot place, or all actions."""
    extra = [] if everything else [condition(_LEFT_OVER)]
    template = _REST.format(who=_WHO[metric])
    return ask.conditions.build(template, scope=ask.conditions.actions(*extra))


def read_narrow(ask: Ask[Any], metric: str = "clicks") -> Narrow:
    """Run the first statement, and once more with weights if any session was sampled."""
    columns = ask.context.run(narrow_statement(ask, metric))
    if len(columns["clicks"]) and columns["clicks"].max() == SAMPLED:
        columns = ask.context.run(narrow_statement(ask, metric, sampled=True))
    weight = columns.get("weight")
    with ask.context.timed("place"):
        counts = weighted_count(columns["key"], columns["clicks"], weight, 2)
    return Narrow(columns, weight, counts)


def clicks_by_element(context: Context, narrow: Narrow) -> dict[str, float]:
    """Return clicks per element key, the absent one left out."""
    keys = context.engine.terms("element")
    both = np.pad(narrow.clicks_by_key, (0, len(narrow.clicks_by_key) % 2)).reshape(-1, 2).sum(1)
    present = np.flatnonzero(both)
    return {keys[number]: float(both[number]) for number in present.tolist() if number}


def place(
    ask: Ask[Any], narrow: Narrow, background: Background, cell_px: int, metric: str = "clicks"
) -> Placed:
    """Place a scope's clicks on a background; page positions are all there is without boxes."""
    grid = Grid.over(background.width, background.height, cell_px)
    plain = bool(background.boxes)
    if plain:
        cells, in_cells, unplaced = _place_narrow(ask, narrow, background, grid)
    else:
        cells, in_cells, unplaced = np.empty(0, np.int32), np.zeros(grid.size), {}
    rest, counts = Rest.empty(), narrow.clicks_by_key
    if not plain or counts[:1].any() or counts[1::2].any():
        columns = ask.context.run(rest_statement(ask, metric, everything=not plain))
        with ask.context.timed("place"):
            rest = place_rest(ask.context, columns, background, grid)
    for why, clicks in rest.unplaced.items():
        unplaced[why] = unplaced.get(why, 0.0) + clicks
    by_box = (cells, in_cells) if metric != "clicks" and plain else (None, in_cells)
    with ask.context.timed("place"):
        return _joined(grid, narrow, by_box, rest, unplaced)


def _place_narrow(
    ask: Ask[Any], narrow: Narrow, background: Background, grid: Grid
) -> tuple[Ints, Array, dict[Unplaced, float]]:
    """Place by boxes; return each action's cell, the clicks per cell, and those not shown."""
    keys = ask.context.engine.terms("element")
    counts, columns, boxes = narrow.clicks_by_key, narrow.columns, background.boxes
    with ask.context.timed("place"):
        present = np.flatnonzero(counts[::2]).tolist()
        named = {2 * number: keys[number] for number in present if number}
        shown = {key: boxes[text] for key, text in named.items() if not reason(boxes.get(text))}
        table = BoxTable.of(shown, len(counts) + 1)
        cells = cells_of_fractions(table, grid, columns["key"], columns["fx"], columns["fy"])
        in_cells = weighted_count(cells, columns["clicks"], narrow.weight, grid.size)
        unplaced: dict[Unplaced, float] = {}
        for key, text in named.items():
            if why := reason(boxes.get(text)):
                unplaced[why] = unplaced.get(why, 0.0) + float(counts[key])
        beside = float(counts[list(shown)].sum() - grid.inner(in_cells).sum())
        if beside > _ROUNDING:
            unplaced[Unplaced.OUTSIDE] = beside
    return cells, in_cells, unplaced


def _joined(
    grid: Grid,
    narrow: Narrow,
    by_box: tuple[Ints | None, Array],
    rest: Rest,
    unplaced: Mapping[Unplaced, float],
) -> Placed:
    """Put both ways of placing together; cells are given only where they are needed."""
    cells, in_cells = by_box
    counts = np.zeros_like(in_cells)
    grid.inner(counts)[...] = grid.inner(in_cells)
    if len(rest.cells):
        counts += np.bincount(rest.cells, weights=rest.clicks, minlength=grid.size)
    all_cells, who = rest.cells, rest.who
    if cells is not None:
        inside = ~grid.is_border(cells)
        all_cells = np.concatenate((cells[inside], rest.cells))
        who = np.concatenate((narrow.columns["who"][inside], rest.who))
    return Placed(
        grid=grid,
        cells=all_cells,
        who=who,
        counts=counts,
        unplaced={why: clicks for why, clicks in unplaced.items() if clicks},
        estimated=narrow.weight is not None or rest.estimated,
    )
