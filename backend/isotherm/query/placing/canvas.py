"""Without a background: page positions on an empty canvas of the most common window width."""

from typing import Any

import numpy as np

from isotherm.model import Unplaced
from isotherm.model.geometry import Grid, cells_of_points, comparable
from isotherm.query.context import Ask
from isotherm.query.placing.compact_rows import Facts
from isotherm.query.placing.place import Placed, rest_statement
from isotherm.query.placing.unboxed import Rest, reason_codes, split_placed
from isotherm.storage.ports import Columns

DEFAULT_SIZE_PX = (1440, 900)
MAX_HEIGHT_PX = 30_000
"""Same as the cap of pictures: points below are counted as outside."""


def place_on_canvas(ask: Ask[Any], cell_px: int, metric: str) -> tuple[Placed, int, int]:
    """Place what has a page position; return it with the canvas' width and height in px."""
    columns = ask.context.run(rest_statement(ask, metric))
    with ask.context.timed("place"):
        width = common_width(columns)
        known = np.isfinite(columns["page_x"]) & np.isfinite(columns["page_y"])
        shown = known & comparable(columns["viewport_w"], width)
        height = DEFAULT_SIZE_PX[1]
        if shown.any():
            lowest = int(columns["page_y"][shown].max()) + 1
            height = min(max(height, lowest), MAX_HEIGHT_PX)
        grid = Grid.over(width, height, cell_px)
        cells = cells_of_points(grid, columns["page_x"], columns["page_y"])
        why = reason_codes(shown, Unplaced.NO_BACKGROUND)
        rest = split_placed(columns, cells, why, grid) if len(why) else Rest.empty()
        counts = np.bincount(rest.cells, weights=rest.clicks, minlength=grid.size) * 1.0
    placed = Placed(
        grid=grid,
        cells=rest.cells,
        who=rest.who,
        counts=counts,
        unplaced=rest.unplaced,
        facts=Facts(
            actions=float(columns["weight"].sum(dtype=np.float64)),
            exact=bool(columns["clicks_exact"].all()),
            sampled=bool((columns["weight"] != 1).any()),
        ),
    )
    return placed, width, height


def common_width(columns: Columns) -> int:
    """Return the window width with most actions that have a page position."""
    known = np.isfinite(columns["page_x"]) & (columns["viewport_w"] > 0)
    widths, counts = np.unique(columns["viewport_w"][known], return_counts=True)
    return int(widths[counts.argmax()]) if len(widths) else DEFAULT_SIZE_PX[0]
