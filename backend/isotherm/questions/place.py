"""Placing: every click of a scope becomes a cell of a background, or a reason why not.

An action goes, in this order: by its element's box and the fraction inside it (the composed path
is the key of an action without a selector); by its page position, where the sender named no element
and the window is about as wide as the background's; to a reason. The sum of both is the number of
clicks in scope, always.

Two statements: one reads all actions narrowly (`narrow.py`) and places nearly all of them; the
other reads those left over, without element or fraction, with all columns.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from msgspec import Struct

from isotherm.boxes import reason
from isotherm.geometry import Array, BoxTable, Grid, Ints, cells_of_fractions
from isotherm.model import Background, Unplaced
from isotherm.questions.context import Ask
from isotherm.questions.leftover import Rest, place_rest
from isotherm.questions.narrow import WHO, Facts, Narrow
from isotherm.questions.statement import Statement, condition

_ROUNDING = 1e-6
"""Weights are fractions; what two sums of them differ by is no click."""
_LEFT_OVER = "fx IS NULL OR fy IS NULL OR element = 0"
_REST = """
SELECT element, element_path, kind, fx, fy, page_x, page_y, viewport_w, clicks, weight,
  clicks_exact{who}
FROM actions WHERE slot_scope
"""


class Placed(Struct, frozen=True, kw_only=True):
    """Where the clicks of a scope are. Arrays have one entry per placed action."""

    grid: Grid
    cells: Ints  # numbers in `grid`, never on its border
    who: Array  # ids of users or sessions; not filled for the metric clicks
    counts: Array  # clicks per cell of `grid`, border 0
    unplaced: dict[Unplaced, float]  # clicks by reason, none of them 0
    facts: Facts

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


def rest_statement(ask: Ask[Any], metric: str, *, everything: bool = False) -> Statement:
    """Read what the narrow statement cannot place, or all actions."""
    extra = [] if everything else [condition(_LEFT_OVER)]
    template = _REST.format(who=WHO[metric])
    return ask.conditions.build(template, scope=ask.conditions.actions(*extra))


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
    rest = Rest.empty()
    if not (plain and narrow.complete):
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
    keys, boxes = ask.context.engine.terms("element"), background.boxes
    counts = narrow.placeable
    with ask.context.timed("place"):
        named = {number: keys[number] for number in np.flatnonzero(counts).tolist()}
        shown = {id_: boxes[key] for id_, key in named.items() if not reason(boxes.get(key))}
        table = BoxTable.of(shown, len(counts))
        cells = cells_of_fractions(table, grid, narrow.element, narrow.fx, narrow.fy)
        in_cells = narrow.tally.per_cell(cells, grid.size)
        unplaced: dict[Unplaced, float] = {}
        for number, key in named.items():
            if why := reason(boxes.get(key)):
                unplaced[why] = unplaced.get(why, 0.0) + float(counts[number])
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
    if cells is not None and narrow.who is not None:
        inside = ~grid.is_border(cells)
        all_cells = np.concatenate((cells[inside], rest.cells))
        who = np.concatenate((narrow.who[inside], rest.who))
    return Placed(
        grid=grid,
        cells=all_cells,
        who=who,
        counts=counts,
        unplaced={why: clicks for why, clicks in unplaced.items() if clicks},
        facts=narrow.facts,
    )
