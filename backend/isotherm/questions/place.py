"""Placing: every click of a scope becomes a cell of a background, or a reason why not.

An action goes, in this order: by its element's box (or the box of its composed path) and the
fraction inside it; by its page position, where no box is known and the window is about as wide as
the background's; to a reason. The sum of both is the number of clicks in scope, always.

Two statements: one reads all actions narrowly (element, fractions, clicks) and places nearly all
of them; the other reads the few left over with all columns.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from msgspec import Struct

from isotherm.geometry import Array, BoxTable, Grid, Ints, cells_of_fractions
from isotherm.model import Background, Unplaced
from isotherm.ports import Columns
from isotherm.questions.boxes import reason, shown_by_id
from isotherm.questions.context import Ask, Context
from isotherm.questions.counting import weighted_count
from isotherm.questions.leftover import Rest, place_rest
from isotherm.questions.statement import Statement, condition

_NARROW = """
SELECT element * 2 + (fx IS NULL OR fy IS NULL)::INTEGER AS key,
  coalesce(fx, 0) AS fx, coalesce(fy, 0) AS fy, clicks, weight{who}
FROM actions WHERE slot_scope
"""
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


def narrow_statement(ask: Ask[Any], metric: str) -> Statement:
    """Read all actions; `key` is twice the element's id, plus one when the fraction is missing."""
    template = _NARROW.format(who=_WHO[metric])
    return ask.conditions.build(template, scope=ask.conditions.actions())


def rest_statement(ask: Ask[Any], metric: str, elements: list[int] | None) -> Statement:
    """Read what the narrow statement cannot place: no fraction, or one of these elements.

    None reads everything.
    """
    extra = []
    if elements is not None:
        some = ask.conditions.bind(elements)
        extra.append(
            condition(f"fx IS NULL OR fy IS NULL OR element IN (SELECT unnest({some}::INTEGER[]))")
        )
    template = _REST.format(who=_WHO[metric])
    return ask.conditions.build(template, scope=ask.conditions.actions(*extra))


def read_narrow(ask: Ask[Any], metric: str = "clicks") -> Narrow:
    """Run the first statement."""
    columns = ask.context.run(narrow_statement(ask, metric))
    with ask.context.timed("place"):
        weight = columns["weight"]
        even = bool((weight == 1).all())
        counts = weighted_count(columns["key"], columns["clicks"], None if even else weight, 2)
    return Narrow(columns, None if even else weight, counts)


def clicks_by_element(context: Context, narrow: Narrow) -> dict[str, float]:
    """Return clicks per element key, the absent one left out."""
    keys = context.engine.terms("element")
    both = np.pad(narrow.clicks_by_key, (0, len(narrow.clicks_by_key) % 2)).reshape(-1, 2).sum(1)
    present = np.flatnonzero(both)
    return {keys[number]: float(both[number]) for number in present.tolist() if number}


def place(
    ask: Ask[Any], narrow: Narrow, background: Background, cell_px: int, metric: str = "clicks"
) -> Placed:
    """Place a scope's clicks on a background."""
    grid = Grid.over(background.width, background.height, cell_px)
    keys = ask.context.engine.terms("element")
    with ask.context.timed("place"):
        counts = narrow.clicks_by_key
        present = np.unique(np.flatnonzero(counts) >> 1).tolist()
        shown = shown_by_id(background, {number: keys[number] for number in present if number})
        table = BoxTable.of({2 * number: box for number, box in shown.items()}, len(counts) + 1)
        columns = narrow.columns
        cells = cells_of_fractions(table, grid, columns["key"], columns["fx"], columns["fy"])
        in_cells = weighted_count(cells, columns["clicks"], narrow.weight, grid.size)
        shown_keys = [2 * number for number in shown if 2 * number < len(counts)]
        on_boxes = float(counts[shown_keys].sum())
        inside = float(grid.inner(in_cells).sum())
    left_over = [number for number in present if number not in shown]
    rest = Rest.empty()
    if float(counts.sum()) != on_boxes:
        statement = rest_statement(ask, metric, left_over)
        rest = place_rest(ask.context, ask.context.run(statement), background, grid)
    unplaced = dict(rest.unplaced)
    if on_boxes > inside:
        unplaced[Unplaced.OUTSIDE] = unplaced.get(Unplaced.OUTSIDE, 0.0) + on_boxes - inside
    by_box = (cells, in_cells) if metric != "clicks" else (None, in_cells)
    with ask.context.timed("place"):
        return _joined(grid, narrow, by_box, rest, unplaced)


def element_reason(background: Background | None, element: str, path: str) -> Unplaced | None:
    """Return why an element's clicks are not on a background, None when they are."""
    if background is None:
        return Unplaced.NO_BACKGROUND
    if not element and not path:
        return Unplaced.NO_ELEMENT
    return reason(background.boxes.get(element) or background.boxes.get(path))


def coverage_of(background: Background, clicks: Mapping[str, float]) -> float | None:
    """Return the share of clicks (per element key) whose element a background shows."""
    total = sum(clicks.values())
    shown = sum(n for key, n in clicks.items() if reason(background.boxes.get(key)) is None)
    return shown / total if total else None


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
