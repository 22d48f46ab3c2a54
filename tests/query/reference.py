"""Placing as a person would do it by hand: one action at a time, no arrays."""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from isotherm.model import FRACTION_MAX, Action, Background, Box, Unplaced

Cells = Counter[tuple[int, int]]
F = np.float32  # the product computes in this precision; the rule for it is in geometry.py


def why_not(box: Box) -> Unplaced | None:
    if not box.visible or box.width <= 0 or box.height <= 0:
        return Unplaced.HIDDEN
    if box.clipped:
        return Unplaced.CLIPPED
    return Unplaced.COVERED if box.occluded else None


def inside(px: float, least: float, most: float) -> float:
    """Return a position inside an element; what is more than 4 px outside says nothing."""
    return min(max(px, least), most) if least - 4 <= px <= most + 4 else (least + most) / 2


def point_of(action: Action, background: Background) -> tuple[float, float] | Unplaced:
    """Return the background px of an action, or the reason why it has none."""
    box = background.boxes.get(action.element or action.element_path)
    page_point = None
    near = abs(action.viewport_w - background.viewport_w) <= 16
    if near and action.page_x is not None and action.page_y is not None:
        page_point = (float(round(action.page_x)), float(round(action.page_y)))
    if box is None:
        if action.element and background.boxes:
            return Unplaced.GONE
        custom = action.kind == "custom"
        named = bool(action.element)
        return page_point or (Unplaced.NO_POSITION if custom or named else Unplaced.NO_ELEMENT)
    reason = why_not(box)
    if reason:
        return reason
    if action.fx is None or action.fy is None:
        if page_point is None:
            return Unplaced.NO_POSITION
        return (
            inside(page_point[0], box.left, box.left + box.width),
            inside(page_point[1], box.top, box.top + box.height),
        )
    x = F(box.left) + F(action.fx) * F(box.width / FRACTION_MAX)
    y = F(box.top) + F(action.fy) * F(box.height / FRACTION_MAX)
    return float(x), float(y)


def heat(
    actions: Iterable[Action], background: Background, cell: int
) -> tuple[Cells, Counter[Unplaced]]:
    """Clicks per cell (by its corner) and by reason."""
    cells: Cells = Counter()
    unplaced: Counter[Unplaced] = Counter()
    columns, rows = -(-background.width // cell), -(-background.height // cell)
    for action in actions:
        clicks = action.clicks * action.weight
        point = point_of(action, background)
        if isinstance(point, Unplaced):
            unplaced[point] += clicks
            continue
        column, row = (int(np.floor(F(part) / F(cell))) for part in point)
        if 0 <= column < columns and 0 <= row < rows:
            cells[column * cell, row * cell] += clicks
        else:
            unplaced[Unplaced.OUTSIDE] += clicks
    return cells, unplaced
