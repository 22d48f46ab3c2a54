"""How large images were that a recording gives no size: worked out from where people clicked.

Recordings hold no pixels, so an image whose size the page left to its file has none, and all that
is below it moves. But a click says where its element truly was: what an element's place on the
rebuilt page lacks, the images above it have. Where there are none, it is the margins of parts that
are hidden for privacy.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from isotherm.model import FRACTION_MAX, Action, Box
from isotherm.render.measure import EXACT_PX
from isotherm.render.messages import ImageBox

LEAST_PX = 1.0  # an image of no height is no image
TALLEST = 3.0  # in widths; what lacks more room has lost something else than an image
WIDEST_PX = 800.0  # an image that is as wide as its file is no wider, whatever room it has
MARGINS_PX = 160.0  # of a hidden part, at most; what lacks more room has lost something else
BROAD = 1.5  # how wide an image of unknown width is taken to be, of its height: most photos


class Anchor(Struct, frozen=True, order=True):
    """A place of the rebuilt page, and how far below it the true one is; css px."""

    top: float
    lacks: float


Sizes = dict[int, tuple[float, float]]
"""Node of an image -> width and height in css px."""


def anchors_of(actions: Iterable[Action], boxes: Mapping[str, Box]) -> list[Anchor]:
    """Return what clicks with a place on the page say about the boxes of their elements.

    Without the sender's own offset and size a click only says that it was inside its element.
    """
    found = []
    for action in actions:
        box = boxes.get(action.element or action.element_path)
        if box is None or not box.visible or box.moves or action.page_y is None:
            continue
        if action.fy is not None and action.element_h:
            lacks = action.page_y - action.fy / FRACTION_MAX * action.element_h - box.top
        elif box.top <= action.page_y <= box.top + box.height:
            continue
        else:
            lacks = action.page_y - (box.top + box.height / 2)
        found.append(Anchor(box.top, lacks))
    return sorted(found)


def sizes_from(
    images: Sequence[ImageBox],
    anchors: Sequence[Anchor],
    clicked: Mapping[int, tuple[float, float]],
    end: Anchor | None,
) -> Sizes:
    """Return the sizes of images, nothing for those that no place below speaks of.

    `clicked` are images whose size a click gives; `end` is the page's own end.
    """
    grown = [(image.top, clicked[image.node][1] - image.height) for image in images
            if image.node in clicked]  # fmt: skip
    rows = _rows([image for image in images if image.node not in clicked])
    sizes: Sizes = {image.node: clicked[image.node] for image in images if image.node in clicked}
    after = 0
    known = 0.0  # what the images above are taken to lack
    for anchor in [*anchors, *([end] if end else [])]:
        passed = [row for row in rows[after:] if row[0].top < anchor.top - EXACT_PX]
        above = [row for row in passed if not row[0].hidden] or passed
        missing = anchor.lacks - known - sum(more for top, more in grown if top < anchor.top)
        if not above or abs(missing) <= EXACT_PX:
            after += len(passed)
            continue
        heights = _margined(above, missing) if above[0][0].hidden else _stretched(above, missing)
        if not heights:
            continue  # something else has moved
        for row, height in zip(above, heights, strict=True):
            sizes |= {image.node: _size(image, height) for image in row}
        known += missing
        after += len(passed)
    return sizes


def _stretched(rows: Sequence[Sequence[ImageBox]], missing: float) -> list[float]:
    """Return the heights of rows of images that lack so much together; none if they cannot."""
    whole = missing + sum(max(image.height for image in row) for row in rows)
    widths = [max(image.width for image in row) for row in rows]
    if whole < LEAST_PX * len(rows):
        return []
    heights = [whole * width / sum(widths) for width in widths]
    if any(
        height > TALLEST * (_widest(image) if image.any_width else image.width)
        for row, height in zip(rows, heights, strict=True)
        for image in row
    ):
        return []
    return heights


def _margined(rows: Sequence[Sequence[ImageBox]], missing: float) -> list[float]:
    """Return the heights with margins of rows of hidden parts that lack so much together."""
    if not 0 < missing <= MARGINS_PX * len(rows):
        return []
    return [max(part.height for part in row) + missing / len(rows) for row in rows]


def _rows(images: Sequence[ImageBox]) -> list[list[ImageBox]]:
    """Group images that stand side by side: together they move what is below."""
    rows: list[list[ImageBox]] = []
    for image in sorted(images, key=lambda one: one.top):
        if rows and image.top < rows[-1][0].top + rows[-1][0].height - EXACT_PX:
            rows[-1].append(image)
        else:
            rows.append([image])
    return rows


def _size(image: ImageBox, height: float) -> tuple[float, float]:
    width = min(_widest(image), BROAD * height) if image.any_width else image.width
    return max(width, LEAST_PX), max(height, LEAST_PX)


def _widest(image: ImageBox) -> float:
    return min(image.room, WIDEST_PX)
