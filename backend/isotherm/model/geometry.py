"""The only arithmetic on coordinates: fraction of an element <-> background px <-> cell.

Every array is one-dimensional with one entry per action. A *background px* is a css px of the page
as the picture shows it. Computed in float32, which resolves 0.004 px at the picture's cap of
30,000 px; storage keeps fractions, so nothing accumulates.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from msgspec import Struct

from isotherm.model import FRACTION_MAX, Box

Array = np.ndarray[Any, Any]
Ints = np.ndarray[Any, np.dtype[np.intp]]
Floats = np.ndarray[Any, np.dtype[np.float32]]

_CHUNK = 32_768
"""Rows worked on at a time: buffers stay in the second-level cache (twice as fast, measured)."""

SCROLLBAR_PX = 16
"""Page positions of two windows are comparable when the widths differ by no more than this."""


class Grid(Struct, frozen=True):
    """Square cells over a canvas; the last column and row may reach beyond it.

    Inside, the grid is kept with a border of one cell all round that catches what lies outside:
    `size` counts the border, too.
    """

    cell_px: int
    columns: int
    rows: int

    @classmethod
    def over(cls, width: int, height: int, cell_px: int) -> "Grid":
        """Cover a canvas of `width` x `height` px."""
        return cls(cell_px, max(1, -(-width // cell_px)), max(1, -(-height // cell_px)))

    @property
    def stride(self) -> int:
        """Cells in a row, border included."""
        return self.columns + 2

    @property
    def size(self) -> int:
        """Cells in all, border included."""
        return self.stride * (self.rows + 2)

    def inner(self, cells: Array) -> Array:
        """Return the values without the border, shape (rows, columns)."""
        return cells.reshape(self.rows + 2, self.stride)[1:-1, 1:-1]

    def is_border(self, cells: Ints) -> Array:
        """Return one flag per cell number: True is outside the canvas."""
        column = cells % self.stride
        row = cells // self.stride
        outside: Array = (column == 0) | (column > self.columns) | (row == 0) | (row > self.rows)
        return outside


class BoxTable(Struct, frozen=True):
    """Boxes of elements by a small number: corner and size of one fraction step, in px.

    An entry without a box has its corner at minus infinity, so that it falls on the border.
    """

    left: Floats
    top: Floats
    step_x: Floats
    step_y: Floats

    @classmethod
    def of(cls, boxes: Mapping[int, Box], size: int) -> "BoxTable":
        """Lay boxes out by number; numbers run from 0 to `size` - 1."""
        left, top = np.full(size, -np.inf, np.float32), np.full(size, -np.inf, np.float32)
        step_x, step_y = np.zeros(size, np.float32), np.zeros(size, np.float32)
        at = np.fromiter(boxes, np.intp, len(boxes))
        if len(at):
            rows = [(box.left, box.top, box.width, box.height) for box in boxes.values()]
            corners = np.array(rows, np.float64)
            left[at], top[at] = corners[:, 0], corners[:, 1]
            step_x[at] = corners[:, 2] / FRACTION_MAX
            step_y[at] = corners[:, 3] / FRACTION_MAX
        return cls(left, top, step_x, step_y)


def cells_of_fractions(
    table: BoxTable,
    grid: Grid,
    key: Array,
    fx: Array,
    fy: Array,
) -> Ints:
    """Return the cell of each action: `left + fx * step_x`, `top + fy * step_y`, cut into cells.

    `key` numbers the box in `table`. The border stands for "no box" and "outside".
    """
    count = len(key)
    cells = np.empty(count, np.intp)  # what bincount takes without a copy
    size = min(count, _CHUNK)
    index = np.empty(size, np.intp)
    place, corner = np.empty(size, np.float32), np.empty(size, np.float32)
    column = np.empty(size, np.intp)
    axes = (
        (table.step_y, fy, table.top, grid.rows),
        (table.step_x, fx, table.left, grid.columns),
    )
    for start in range(0, count, _CHUNK):
        rows = slice(start, min(start + _CHUNK, count))
        length = rows.stop - rows.start
        at, px, edge, out = index[:length], place[:length], corner[:length], cells[rows]
        at[...] = key[rows]
        for steps, fractions, edges, last in axes:
            np.take(steps, at, out=px, mode="clip")
            np.multiply(px, fractions[rows], out=px)
            np.take(edges, at, out=edge, mode="clip")
            np.add(px, edge, out=px)
            whole = out if fractions is fy else column[:length]
            _cut(px, grid.cell_px, last, whole)
        np.multiply(out, grid.stride, out=out)
        np.add(out, column[:length], out=out)
    return cells


def cells_of_points(grid: Grid, x: Array, y: Array) -> Ints:
    """Return the cell of each point in background px; NaN and outside fall on the border."""
    column, row = np.empty(len(x), np.intp), np.empty(len(x), np.intp)
    with np.errstate(invalid="ignore"):
        _cut(np.nan_to_num(x.astype(np.float32), nan=-np.inf), grid.cell_px, grid.columns, column)
        _cut(np.nan_to_num(y.astype(np.float32), nan=-np.inf), grid.cell_px, grid.rows, row)
    row *= grid.stride
    row += column
    return row


def points_of_fractions(
    table: BoxTable,
    key: Array,
    fx: Array,
    fy: Array,
) -> tuple[Floats, Floats]:
    """Return the background px of each action; minus infinity where there is no box."""
    x = table.left[key] + table.step_x[key] * fx.astype(np.float32)
    y = table.top[key] + table.step_y[key] * fy.astype(np.float32)
    return x, y


def comparable(viewport_w: Array, width: int) -> Array:
    """Say for which windows a page position may be read as a position on a picture `width` wide."""
    near: Array = np.abs(viewport_w.astype(np.int64) - width) <= SCROLLBAR_PX
    return near


def same_height_depth(depth_px: Array, own_height: Array, height: int) -> Array:
    """Carry depths over to a page of `height` px: as they are, or as a share of the own height.

    The share is used where the two heights differ by more than a tenth; NaN heights never do.
    """
    depth = depth_px.astype(np.float64)
    if height <= 0:
        return depth
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = height / own_height.astype(np.float64)
    other = np.isfinite(ratio) & (np.abs(1 / np.where(ratio == 0, 1, ratio) - 1) > 0.1)
    mapped: Array = np.where(other, depth * ratio, depth)
    return np.minimum(mapped, height)


def _cut(px: Floats, cell_px: int, last: int, out: Ints) -> None:
    """Write cell numbers of one axis, from 1 to `last`; 0 and `last` + 1 are the border."""
    np.divide(px, np.float32(cell_px), out=px)
    np.floor(px, out=px)  # before the sum, which would take a point just outside for one inside
    np.add(px, np.float32(1), out=px)
    np.clip(px, 0, last + 1, out=px)
    np.copyto(out, px, casting="unsafe")
