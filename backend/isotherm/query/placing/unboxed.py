"""The actions that need more than their element's box: no fraction, no box, or a hidden one."""

from typing import Any

import numpy as np
from msgspec import Struct

from isotherm.model import Background, Box, Unplaced
from isotherm.model.background import reason
from isotherm.model.geometry import (
    Array,
    BoxTable,
    Grid,
    Ints,
    cells_of_points,
    comparable,
    points_of_fractions,
)
from isotherm.query.context import Context
from isotherm.storage.ports import Columns

_CODES = tuple(Unplaced)
_CODE_OF = {why: code for code, why in enumerate(_CODES)}
_SHOWN = -1
_CUSTOM = 1
"""Code of `kind` for custom actions."""


class Rest(Struct, frozen=True):
    """Actions placed one way or the other, and the clicks of those that were not."""

    cells: Ints
    clicks: Array  # of each placed action
    who: Array
    unplaced: dict[Unplaced, float]

    @classmethod
    def empty(cls) -> "Rest":
        """Nothing left over."""
        return cls(np.empty(0, np.intp), np.empty(0), np.empty(0, np.int32), {})


def place_rest(context: Context, columns: Columns, background: Background, grid: Grid) -> Rest:
    """Place actions with all means: box of the key, or of the composed path; page position."""
    if not len(columns["clicks"]):
        return Rest.empty()
    engine = context.engine
    element = columns["element"]
    by_path = np.where(element == 0, columns["element_path"], 0)
    number, boxes = _number_boxes(
        background, (engine.terms("element"), element), (engine.terms("element_path"), by_path)
    )
    x, y = _positions(boxes, number, columns)
    why = _reasons(boxes, number, columns, background)
    page = (
        ((why == _CODE_OF[Unplaced.NO_POSITION]) | (why == _CODE_OF[Unplaced.NO_ELEMENT]))
        & np.isfinite(columns["page_x"])
        & np.isfinite(columns["page_y"])
        & comparable(columns["viewport_w"], background.viewport_w)
    )
    at_x, at_y = _within(boxes, number, columns)
    x, y = np.where(page, at_x, x), np.where(page, at_y, y)
    why[page] = _SHOWN
    return settle(columns, cells_of_points(grid, x, y), why, grid)


def settle(columns: Columns, cells: Ints, why: Array, grid: Grid) -> Rest:
    """Split actions into placed ones and reasons; what falls beside the picture is a reason, too.

    `why` is `_SHOWN` or the position of a reason in `Unplaced`.
    """
    clicks = columns["clicks"] * columns["weight"].astype(np.float64)
    outside = (why == _SHOWN) & grid.is_border(cells)
    why = np.where(outside, _CODE_OF[Unplaced.OUTSIDE], why)
    shown = why == _SHOWN
    sums = np.bincount(why[~shown], weights=clicks[~shown], minlength=len(_CODES))
    return Rest(
        cells=cells[shown],
        clicks=clicks[shown],
        who=columns["who"][shown] if "who" in columns else np.empty(0, np.int32),
        unplaced={_CODES[code]: total for code, total in enumerate(sums.tolist()) if total},
    )


def reason_codes(shown: Array, why: Unplaced) -> Array:
    """Return `why` for every action that is not shown, in the form that `settle` takes."""
    return np.where(shown, _SHOWN, _CODE_OF[why])


def _number_boxes(background: Background, *columns: tuple[Any, Array]) -> tuple[Array, list[Box]]:
    """Give numbers to the boxes met: per action the first column's that has one; -1 for none."""
    boxes: list[Box] = []
    number = np.full(len(columns[0][1]), -1, np.int64)
    for keys, ids in columns:
        present, inverse = np.unique(ids, return_inverse=True)
        found = np.full(len(present), -1, np.int64)
        for position, term in enumerate(present.tolist()):
            box = background.boxes.get(keys[term]) if term else None
            if box is not None:
                found[position] = len(boxes)
                boxes.append(box)
        number = np.where(number < 0, found[inverse], number)
    return number, boxes


def _positions(boxes: list[Box], number: Array, columns: Columns) -> tuple[Array, Array]:
    """Return points by box and fraction; NaN or minus infinity where one of them is missing."""
    table = BoxTable.of(dict(enumerate(boxes)), len(boxes) + 1)  # the last one is "no box"
    return points_of_fractions(table, number, columns["fx"], columns["fy"])


def _within(boxes: list[Box], number: Array, columns: Columns) -> tuple[Array, Array]:
    """Return page positions, moved into the box of their element where one is known.

    A picture may lay the page out otherwise (images of unknown size, a bar that moved along):
    the click was on the element all the same.
    """
    sides = np.array(
        [(box.left, box.left + box.width, box.top, box.top + box.height) for box in boxes]
        + [(-np.inf, np.inf, -np.inf, np.inf)]
    )[number]
    x, y = (columns[name].astype(np.float64) for name in ("page_x", "page_y"))
    return np.clip(x, sides[:, 0], sides[:, 1]), np.clip(y, sides[:, 2], sides[:, 3])


def _reasons(
    boxes: list[Box],
    number: Array,
    columns: Columns,
    background: Background,
) -> Array:
    """Return `_SHOWN` or why not, before page positions are looked at."""
    gone = Unplaced.GONE if background.boxes else Unplaced.NO_POSITION
    of_box = [reason(box) for box in boxes]
    codes = [_SHOWN if why is None else _CODE_OF[why] for why in of_box]
    why = np.array([*codes, _CODE_OF[gone]], np.int64)[number]
    nameless = (columns["element"] == 0) & (number < 0)
    custom = nameless & (columns["kind"] == _CUSTOM)
    why[nameless] = _CODE_OF[Unplaced.NO_ELEMENT]
    why[custom] = _CODE_OF[Unplaced.NO_POSITION]
    unknown = np.isnan(columns["fx"].astype(np.float32)) | np.isnan(
        columns["fy"].astype(np.float32)
    )
    why[(why == _SHOWN) & unknown] = _CODE_OF[Unplaced.NO_POSITION]
    return why
