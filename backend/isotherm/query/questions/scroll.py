"""How far down people get: the share of views that reached each depth of the page."""

from typing import Annotated, Any

import numpy as np
from msgspec import Meta, Struct

from isotherm.model import Background
from isotherm.model.geometry import same_height_depth
from isotherm.query.context import Ask
from isotherm.query.counting import distinct
from isotherm.query.frame import Field, Frame, Shape
from isotherm.query.lookups import whole
from isotherm.query.pictures import AUTOMATIC, described, wanted
from isotherm.query.statement import Statement
from isotherm.query.wireframe import WIREFRAME, wireframe
from isotherm.storage.ports import Columns

CURVE = Shape(
    "scroll",
    "One row per depth, from the top of the page down, in steps of 1/200 of its height (at least "
    "10 px).",
    (
        Field("depth_px", "integer", "Depth on the background", "pixel"),
        Field("views", "number", "Views that saw this depth or more", "short"),
        Field("share", "number", "views ÷ views with a measured depth", "percentunit"),
        Field("users", "integer", "Different users who saw it; 0 when none is named", "short"),
        Field("drop", "number", "Share lost between this row and the next", "percentunit"),
    ),
)
META = {
    "views": "views with a measured depth: the denominator of every share",
    "users": "different users behind them",
    "unmeasured_views": "views in scope whose depth was not measured; in no share",
    "meaningless_views": "views without a replay whose document is as high as the window (app "
    "shells): their depth says nothing",
    "fold_px": "average height of the window: what is seen without scrolling",
    "median_depth_px": "depth that half of the views reach",
    "percentiles": "share of views in percent -> depth that so many reach",
    "biggest_drop": "steepest loss between two rows below the fold: from_px, to_px, share",
    "page_heights": "10th, 50th and 90th percentile of the views' own page heights",
    "never_scrolled_share": "share of views that saw no more than their first screen",
    "page_height_px": "height the depths are on",
    "mapped_views": "views whose page height differs by over a tenth: depth mapped by share",
    "background": "the picture that the depths are on; null when there is none",
    "estimated": "some sessions were sampled, so counts are weighted",
}

STEPS = 200
MIN_STEP_PX = 10
_STILL_PX = 5
"""A first screen seen this much further is a rounding of the sender, not a scroll."""

_SAME_PX = 1
"""Heights this near are equal: rounding."""

_DEPTHS = """
SELECT depth_px, page_height_px, viewport_h, depth_meaningful, has_replay, weight, "user"{more}
FROM views WHERE slot_scope
"""

Array = np.ndarray[Any, Any]


class Params(Struct, frozen=True):
    """What can be asked beside the scope."""

    background: Annotated[
        str, Meta(description="Id of a background, or `auto` for the best one.", max_length=200)
    ] = AUTOMATIC


class Depths(Struct, frozen=True, kw_only=True):
    """The measured views of a scope; arrays have one entry per view."""

    depth: Array  # on a page of `height` px
    weight: Array
    viewport_h: Array
    own_height: Array  # NaN when not known
    own_depth: Array
    height: int


def statement(ask: Ask[Any], more: tuple[str, ...] = ()) -> Statement:
    """Read the depth of every view in scope, and more columns if they are named."""
    template = _DEPTHS.format(more="".join(f", {name}" for name in more))
    return ask.conditions.build(template, scope=ask.conditions.views())


def answer(ask: Ask[Params]) -> list[Frame]:
    """Return the curve and what is to be read from it."""
    background = wanted(ask, ask.params.background)
    columns = ask.context.run(statement(ask))
    with ask.context.timed("place"):
        measured, meaningful, depths = measured_depths(columns, background)
    if background is not None and background.origin == WIREFRAME:
        background = wireframe(ask, least_px=depths.height)
    with ask.context.timed("place"):
        at, reached = curve(depths)
        total = float(depths.weight.sum())
        share = reached / total if total else reached
        fold = _fold(columns, measured)
        drop = np.append(share[:-1] - share[1:], 0.0)[: len(share)]
        weight = columns["weight"].astype(np.float64)
        meta = {
            "views": whole(total),
            "users": distinct(columns["user"][measured]),
            "unmeasured_views": whole(weight[meaningful & ~measured].sum()),
            "meaningless_views": whole(weight[~meaningful].sum()),
            "estimated": bool((weight != 1).any()),
            **_reading(depths, at, drop, fold),
            "fold_px": fold,
            "background": described(background),
            "notices": _notices(measured, meaningful),
        }
        users = users_reaching(at, depths.depth, columns["user"][measured])
    return [Frame(shape=CURVE, values=(at, reached, share, users, drop), meta=meta)]


def measured_depths(columns: Columns, background: Background | None) -> tuple[Array, Array, Depths]:
    """Return which views have a measured depth, which could have one, and the depths of the first.

    Own heights that say nothing (`_window_high`) are forgotten; a wireframe has none that it did
    not get from the views.
    """
    if background is not None and background.origin == WIREFRAME:
        background = None
    window_high = _window_high(columns)
    heights = np.where(window_high, np.nan, columns["page_height_px"])
    meaningful = columns["depth_meaningful"].astype(np.bool_)
    if not _is_one_screen(background):
        meaningful &= ~window_high | columns["has_replay"].astype(np.bool_)
    measured = meaningful & np.isfinite(columns["depth_px"])
    known = {name: values[measured] for name, values in columns.items()}
    return measured, meaningful, _depths({**known, "page_height_px": heights[measured]}, background)


def still(depths: Depths) -> Array:
    """Tell for each measured view whether it saw no more than its first screen."""
    return (depths.viewport_h > 0) & (depths.own_depth <= depths.viewport_h + _STILL_PX)


def curve(depths: Depths) -> tuple[Array, Array]:
    """Return depths from 0 down and the weighted views that saw each or more."""
    if not len(depths.depth):
        return np.empty(0, np.int64), np.empty(0)
    step = max(MIN_STEP_PX, -(-depths.height // STEPS))
    at = np.arange(0, max(depths.height, 1), step)
    order = np.argsort(depths.depth)
    behind = np.append(np.cumsum(depths.weight[order][::-1])[::-1], 0.0)
    return at, behind[np.searchsorted(depths.depth[order], at, side="left")]


def users_reaching(at: Array, depth: Array, user: Array) -> Array:
    """Return how many different users saw each depth or more: each by their deepest view."""
    known = np.flatnonzero(user != 0)
    deepest_first = known[np.argsort(depth[known])[::-1]]
    _, first = np.unique(user[deepest_first], return_index=True)
    deepest = np.sort(depth[deepest_first[first]])
    return len(deepest) - np.searchsorted(deepest, at, side="left")


def depth_reached_by(depths: Depths, share: float) -> float | None:
    """Return the greatest depth that at least this share of the views reached."""
    if not len(depths.depth):
        return None
    order = np.argsort(depths.depth)[::-1]
    reached = np.cumsum(depths.weight[order]) / depths.weight.sum()
    first = int(np.searchsorted(reached, share - 1e-9))
    return float(depths.depth[order][min(first, len(order) - 1)])


def _window_high(columns: Columns) -> Array:
    """Tell for each view whether its document was no higher than its window.

    Either the page is short, or it is an app shell whose inner scroller SDKs do not look at: the
    height says nothing about the page, and a depth of 100 % neither.
    """
    window = columns["viewport_h"].astype(np.float64)
    height = columns["page_height_px"].astype(np.float64)
    known = (window > 0) & np.isfinite(height)
    return known & (height <= window + _SAME_PX)


def _is_one_screen(background: Background | None) -> bool:
    """Tell whether a picture shows a page that is as short as its window; no picture: False."""
    if background is None or background.viewport_h <= 0:
        return False
    return (background.page_height or background.height) <= background.viewport_h + _SAME_PX


def _depths(columns: Columns, background: Background | None) -> Depths:
    own_depth = columns["depth_px"].astype(np.float64)
    own_height = columns["page_height_px"].astype(np.float64)
    if background is not None:
        height = background.page_height or background.height
    else:
        heights = own_height[np.isfinite(own_height)]
        height = int(np.median(heights)) if len(heights) else int(own_depth.max(initial=0))
    return Depths(
        depth=same_height_depth(own_depth, own_height, height),
        weight=columns["weight"].astype(np.float64),
        viewport_h=columns["viewport_h"].astype(np.float64),
        own_height=own_height,
        own_depth=own_depth,
        height=height,
    )


def _reading(depths: Depths, at: Array, drop: Array, fold: float | None) -> dict[str, Any]:
    with_fold = depths.viewport_h > 0
    never = None
    if with_fold.any():
        never = float(depths.weight[still(depths)].sum() / depths.weight[with_fold].sum())
    heights = depths.own_height[np.isfinite(depths.own_height)]
    marks = np.percentile(heights, [10, 50, 90]).tolist() if len(heights) else [None] * 3
    return {
        "never_scrolled_share": never,
        "median_depth_px": depth_reached_by(depths, 0.5),
        "percentiles": {str(p): depth_reached_by(depths, p / 100) for p in (25, 50, 75, 90)},
        "biggest_drop": _biggest_drop(at, drop, fold or 0.0),
        "page_heights": dict(zip(("p10", "p50", "p90"), marks, strict=True)),
        "page_height_px": depths.height,
        "mapped_views": whole(depths.weight[depths.depth != depths.own_depth].sum()),
    }


def _fold(columns: Columns, measured: Array) -> float | None:
    """Return the average height of the windows: of the measured views, of all if there are none."""
    window = columns["viewport_h"].astype(np.float64)
    known = window > 0
    of = known & measured if (known & measured).any() else known
    if not of.any():
        return None
    return float(np.average(window[of], weights=columns["weight"].astype(np.float64)[of]))


def _biggest_drop(at: Array, drop: Array, fold: float) -> dict[str, Any] | None:
    below = np.flatnonzero(at >= fold)
    below = below[below < len(at) - 1]
    if not len(below) or drop[below].max() <= 0:
        return None
    first = int(below[drop[below].argmax()])
    return {"from_px": int(at[first]), "to_px": int(at[first + 1]), "share": float(drop[first])}


def _notices(measured: Array, meaningful: Array) -> list[str]:
    notices = []
    if len(measured) and not meaningful.any():
        notices.append(
            "Depth says nothing here: the document is as high as its window, so the page scrolls "
            "inside an element or not at all, and no replay was sent."
        )
    elif len(measured) and not measured.any():
        notices.append("No view in this scope has a measured scroll depth.")
    return notices
