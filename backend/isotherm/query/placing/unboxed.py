"""The actions that need more than their element's box: no fraction, no box, or a hidden one."""

import numpy as np
from msgspec import Struct

from isotherm.model import Background, Unplaced
from isotherm.model.element_matching import Spot
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
from isotherm.query.placing.boxes import spots_of
from isotherm.storage.ports import Columns

NEAR_PX = 4.0  # so far outside its element, a position is a matter of rounding
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
    cells, why = _located(context, columns, background, grid)
    return split_placed(columns, cells, why, grid)


def shown_of_rest(context: Context, columns: Columns, background: Background, grid: Grid) -> Array:
    """Return for each action whether `place_rest` places it."""
    if not len(columns["clicks"]):
        return np.empty(0, np.bool_)
    cells, why = _located(context, columns, background, grid)
    shown: Array = (why == _SHOWN) & ~grid.is_border(cells)
    return shown


def _located(
    context: Context, columns: Columns, background: Background, grid: Grid
) -> tuple[Ints, Array]:
    """Return the cell of each action, and `_SHOWN` or the position of a reason in `Unplaced`."""
    present, number = np.unique(columns["target"], return_inverse=True)
    terms = context.engine.terms("target")
    spots = list(spots_of(context.boxes(background), terms, present.tolist()).values())
    x, y = _positions(spots, number, columns)
    why = _reasons(spots, number, columns, background)
    page = (
        ((why == _CODE_OF[Unplaced.NO_POSITION]) | (why == _CODE_OF[Unplaced.NO_ELEMENT]))
        & np.isfinite(columns["page_x"])
        & np.isfinite(columns["page_y"])
        & comparable(columns["viewport_w"], background.viewport_w)
    )
    at_x, at_y = _within(spots, number, columns)
    grown = _of_box(spots, "grown")[number]
    at_point = (
        _of_box(spots, "drawn")[number]
        & np.isfinite(columns["page_x"])
        & np.isfinite(columns["page_y"])
        & comparable(columns["viewport_w"], background.viewport_w)
    )
    x = np.where(page, at_x, x)
    y = np.where(page | (grown & np.isfinite(at_y)), at_y, y)
    x, y = np.where(at_point, columns["page_x"], x), np.where(at_point, columns["page_y"], y)
    why[page] = _SHOWN
    return cells_of_points(grid, x, y), why


def _of_box(spots: list[Spot], name: str) -> Array:
    return np.array([spot.box is not None and getattr(spot.box, name) for spot in spots], np.bool_)


def split_placed(columns: Columns, cells: Ints, why: Array, grid: Grid) -> Rest:
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
    """Return `why` for every action that is not shown, in the form that `split_placed` takes."""
    return np.where(shown, _SHOWN, _CODE_OF[why])


def _positions(spots: list[Spot], number: Array, columns: Columns) -> tuple[Array, Array]:
    """Return points by box and fraction; NaN or minus infinity where one of them is missing."""
    known = {at: spot.box for at, spot in enumerate(spots) if spot.box is not None}
    table = BoxTable.of(known, len(spots))
    return points_of_fractions(table, number, columns["fx"], columns["fy"])


def _within(spots: list[Spot], number: Array, columns: Columns) -> tuple[Array, Array]:
    """Return page positions, moved into the box of their element where one is known.

    A picture may lay the page out otherwise (images of unknown size, a bar that moved along):
    the click was on the element all the same, in its middle for all that is known.
    """
    everywhere = (-np.inf, np.inf, -np.inf, np.inf)
    sides = np.array(
        [
            (box.left, box.left + box.width, box.top, box.top + box.height) if box else everywhere
            for box in (spot.box for spot in spots)
        ]
    )[number]
    x, y = (columns[name].astype(np.float64) for name in ("page_x", "page_y"))
    return _moved(x, sides[:, 0], sides[:, 1]), _moved(y, sides[:, 2], sides[:, 3])


def _moved(px: Array, least: Array, most: Array) -> Array:
    """Cut what is just outside to the edge; what is farther away says nothing: the middle."""
    cut = np.clip(px, least, most)
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(px - cut) > NEAR_PX, (least + most) / 2, cut)


def _reasons(
    spots: list[Spot],
    number: Array,
    columns: Columns,
    background: Background,
) -> Array:
    """Return `_SHOWN` or why not, before page positions are looked at."""
    codes = [_SHOWN if spot.why is None else _CODE_OF[spot.why] for spot in spots]
    boxless = np.array([spot.box is None for spot in spots])[number]
    why = np.array(codes, np.int64)[number]
    if not background.boxes:
        why[boxless] = _CODE_OF[Unplaced.NO_POSITION]
    gone = boxless & (why != _CODE_OF[Unplaced.OTHER_ELEMENT])
    nameless = (columns["element"] == 0) & gone
    custom = nameless & (columns["kind"] == _CUSTOM)
    why[nameless] = _CODE_OF[Unplaced.NO_ELEMENT]
    why[custom] = _CODE_OF[Unplaced.NO_POSITION]
    unknown = np.isnan(columns["fx"].astype(np.float32)) | np.isnan(
        columns["fy"].astype(np.float32)
    )
    why[(why == _SHOWN) & unknown] = _CODE_OF[Unplaced.NO_POSITION]
    return why
