"""Measures and pictures a document that stands in a browser page, recorded or live."""

import math
from collections.abc import Sequence

import msgspec
from msgspec import Struct
from playwright.sync_api import CDPSession

from isotherm.model import Box
from isotherm.render.isolated_world import BOXES, SHELL, IsolatedWorld
from isotherm.render.messages import ImageBox, Layout, Point, Target

MAX_WIDER = 4  # a document this many times wider than its window is cut
PROBE_PX = 100
FIXED = "fixed"
GROWN_TIMES = 3  # shells of percentages need a second growth


class Window(Struct):
    """The page's window: its size (css px) is set here and nowhere else after the page's start."""

    cdp: CDPSession
    width: int
    height: int
    mobile: bool
    tall: bool = False

    def resize(self, width: int, height: int, *, tall: bool = False) -> None:
        """Lay the page out for another window.

        A `tall` one is not drawn as a whole: drawing one of 86,000 px takes half a minute, and
        Chromium's surfaces end at 16,384 px.
        """
        if (width, height, tall) == (self.width, self.height, self.tall):
            return
        self.cdp.send(
            "Emulation.setDeviceMetricsOverride",
            {
                "width": width,
                "height": height,
                "screenWidth": width,
                "screenHeight": self.height if tall else height,
                "deviceScaleFactor": 1,
                "mobile": self.mobile,
                "dontSetVisibleSize": tall,
            },
        )
        self.width, self.height, self.tall = width, height, tall


def measure(
    world: IsolatedWorld, targets: Sequence[Target], *, window_w: int, max_height_px: int
) -> Layout:
    """Find the boxes (page px) of the targets, the document at its top."""
    asked = {"targets": targets, "points": ()}
    found = world.call(BOXES, msgspec.json.encode(asked).decode())
    height = int(found["height"])
    notices = []
    if height > max_height_px:
        notices.append(f"cut at {max_height_px:,} px of {height:,} px")
    images = msgspec.convert(found["images"], tuple[ImageBox, ...])
    unknown = sum(not (image.fitted or image.hidden) for image in images)
    return Layout(
        width=min(int(found["width"]), MAX_WIDER * window_w),
        height=min(height, max_height_px),
        page_height=height,
        boxes={key: msgspec.convert(box, Box) for key, box in found["boxes"].items()},
        before=float(found["before"]),
        nodes=found["nodes"],
        images=images,
        lacking={"images": unknown} if unknown else {},
        notices=tuple(notices),
    )


def places(
    world: IsolatedWorld, points: Sequence[Point]
) -> dict[str, tuple[float, float, float, float]]:
    """Return, per click, the fraction of its element's width and height, and its size in px.

    Measured in the window as it was, before an app shell is grown.
    """
    asked = {"targets": (), "points": points}
    found = world.call(BOXES, msgspec.json.encode(asked).decode())["anchors"]
    return {key: tuple(place) for key, place in found.items()}


def find_shell(window: Window, world: IsolatedWorld) -> int:
    """Find an app shell's main scroller, put it to its top; return how many px of it are hidden.

    One that is not higher in a higher window is none: a table of 600 px in its page stays one.
    """
    hidden = _hidden(world)
    if hidden <= 0 or window.tall:
        return hidden
    height = window.height
    window.resize(window.width, height + PROBE_PX, tall=True)
    follows = _hidden(world) < hidden
    window.resize(window.width, height)
    if not follows:
        world.call(SHELL, FIXED)
        return 0
    return hidden


def grow_shell(window: Window, world: IsolatedWorld, max_height_px: int) -> bool:
    """Make the window as tall as an app shell's main scroller needs; True when it was one."""
    hidden = find_shell(window, world)
    grown = False
    for _ in range(GROWN_TIMES):
        if hidden <= 0 or window.height >= max_height_px:
            break
        window.resize(window.width, min(window.height + hidden, max_height_px), tall=True)
        grown = True
        hidden = _hidden(world)
    return grown


def _hidden(world: IsolatedWorld) -> int:
    hidden: float = world.call(SHELL)["hidden"]
    return math.ceil(hidden)
