"""The width that a phone's page was laid out for, where only the zoomed-out one is recorded.

A phone's browser zooms out until a page fits that is wider than its screen. `window.innerWidth`,
which rrweb records, is then the width of what overflows (512), not the one that the page was laid
out for (390). Laid out for the right one, the page overflows by just as much.
"""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from isotherm.render.messages import Scene
from isotherm.render.recorded_page import Stage

PHONES: Final = (390, 393, 412, 360, 375, 414, 430, 402, 384, 428, 440, 320)
"""Widths of phones in css px, the usual ones first."""

MOST_OVERFLOW: Final = 4
"""Browsers zoom out this many times at most."""


def in_window(scene: Scene, width: int) -> Scene:
    """Return a scene in a window of another width (css px) and the same shape."""
    if width == scene.viewport_w:
        return scene
    height = max(1, round(scene.viewport_h * width / scene.viewport_w))
    return replace(scene, viewport_w=width, viewport_h=height)


def laid_out_for(stage: Stage, scene: Scene, inside: Callable[[Scene], int]) -> int:
    """Return the width (css px) that a scene's standing document was laid out for; it is now.

    `inside` tells how many clicks lie inside their elements: that decides where a page overflows by
    as much on several phones.
    """
    recorded = scene.viewport_w
    if not scene.mobile or recorded in PHONES or recorded > MOST_OVERFLOW * max(PHONES):
        return recorded
    fitting: dict[int, int] = {}
    for width in PHONES:
        narrower = in_window(scene, width)
        if width < recorded and abs(stage.width_in(narrower) - recorded) <= 1:
            fitting[width] = inside(narrower)
    width = max(fitting, key=lambda one: fitting[one], default=recorded)
    stage.width_in(in_window(scene, width))
    return width
