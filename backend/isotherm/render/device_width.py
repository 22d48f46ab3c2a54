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
from isotherm.replay.dom.tree import Tree

PHONES: Final = (390, 393, 412, 360, 375, 414, 430, 402, 384, 428, 440, 320)
"""Widths of phones in css px, the usual ones first."""

TABLETS: Final = frozenset({768, 800, 810, 820, 834, 1024, 1080, 1112, 1180, 1194, 1280, 1366})
SIDEWAYS: Final = frozenset({568, 640, 667, 736, 740, 780, 844, 852, 896, 915, 926, 932})
"""Phones that are held so."""

MOST_OVERFLOW: Final = 4
"""Browsers zoom out this many times at most."""


def follows_device(tree: Tree) -> bool:
    """Say whether a page asks to be laid out for the width of its device.

    Any other is laid out for a width that it names, or for 980 px: that is its window's.
    """
    return any(
        node.tag == "meta"
        and node.attrs.get("name", "").lower() == "viewport"
        and "device-width" in node.attrs.get("content", "").lower()
        for node in tree.nodes.values()
    )


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
    usual = recorded in {*PHONES, *TABLETS, *SIDEWAYS}
    if usual or recorded > MOST_OVERFLOW * max(PHONES):
        return recorded
    fitting: dict[int, int] = {}
    for width in PHONES:
        narrower = in_window(scene, width)
        if width < recorded and abs(stage.width_in(narrower) - recorded) <= 1:
            fitting[width] = inside(narrower)
    width = max(fitting, key=lambda one: fitting[one], default=recorded)
    stage.width_in(in_window(scene, width))
    return width
