"""Measures and pictures a document that stands in a browser page, recorded or live."""

import math
from collections.abc import Sequence

import msgspec
from playwright.sync_api import CDPSession, Page

from isotherm.model import Box
from isotherm.render.messages import ImageBox, Layout, Point, Target
from isotherm.render.picture import shoot
from isotherm.render.world import BOXES, SHELL, World

MAX_WIDER = 4  # a document this many times wider than its window is cut
GROWN_TIMES = 3  # shells of percentages need a second growth


def measure(
    world: World,
    targets: Sequence[Target],
    max_height_px: int = 30_000,
) -> Layout:
    """Find the boxes (page px) of the targets, the document at its top."""
    asked = {"targets": targets, "points": ()}
    found = world.call(BOXES, msgspec.json.encode(asked).decode())
    height = int(found["height"])
    notes = []
    if height > max_height_px:
        notes.append(f"cut at {max_height_px:,} px of {height:,} px")
    images = msgspec.convert(found["images"], tuple[ImageBox, ...])
    unknown = sum(not image.fitted for image in images)
    if unknown:
        notes.append(f"images of unknown size: {unknown}")
    window = world.page.viewport_size
    widest = MAX_WIDER * (window["width"] if window else int(found["width"]))
    return Layout(
        width=min(int(found["width"]), widest),
        height=min(height, max_height_px),
        page_height=height,
        boxes={key: msgspec.convert(box, Box) for key, box in found["boxes"].items()},
        nodes=found["nodes"],
        images=images,
        notes=tuple(notes),
    )


def places(world: World, points: Sequence[Point]) -> dict[str, tuple[float, float, float, float]]:
    """Return, per click, the fraction of its element's width and height, and its size in px.

    Measured in the window as it was, before an app shell is grown.
    """
    asked = {"targets": (), "points": points}
    found = world.call(BOXES, msgspec.json.encode(asked).decode())["anchors"]
    return {key: tuple(place) for key, place in found.items()}


def find_shell(world: World) -> int:
    """Find an app shell's main scroller, put it to its top; return how many px of it are hidden."""
    hidden: float = world.call(SHELL)["hidden"]
    return math.ceil(hidden)


def grow_shell(page: Page, world: World, max_height_px: int) -> bool:
    """Make the window as tall as an app shell's main scroller needs; True when it was one."""
    grown = False
    for _ in range(GROWN_TIMES):
        hidden = find_shell(world)
        window = page.viewport_size
        if hidden <= 0 or window is None or window["height"] >= max_height_px:
            break
        height = min(window["height"] + hidden, max_height_px)
        page.set_viewport_size({"width": window["width"], "height": height})
        grown = True
    return grown


def pictured(cdp: CDPSession, layout: Layout, tile_px: int) -> Layout:
    """Return the layout with its picture."""
    tiles = shoot(cdp, layout.width, layout.height, tile_px)
    return msgspec.structs.replace(layout, tiles=tiles)
