"""How far a picture is from its recording: heights, sizes of elements, places of clicks.

A recording tells more than its document: the sender measured the clicked elements and the page, and
the pointer's events say where on the page each click was. What of it the rebuilt page does not
confirm is wrong on the picture, and says from which height on and by how much.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import hypot, log2

import msgspec
from msgspec import Struct

from isotherm.model import FRACTION_MAX, Action, Box, Measured, Source
from isotherm.model.background import Verdict
from isotherm.model.element_matching import NEAR, Boxes
from isotherm.model.elements import Element

EXACT_PX = 1.5  # two places nearer than this are the same
SAME_SIZE_PX = 1.0  # senders round sizes
SAME_HEIGHT_PX = 16.0  # a scroll bar's width; a banner that came and went
BESIDE_PX = 24.0  # what is missing moves what is below it; only another layout moves to the side
ENOUGH = 0.95  # of the clicks where they were: the picture is true
BARE = 0.8  # without its style sheets a page needs so many to be more than its bare document
FEW = 2  # clicks that condemn no picture; of more, those in another layout outnumber the right


class Known(Struct, frozen=True):
    """What is recorded of a clicked element, css px; None = not recorded."""

    element: Element
    size: tuple[float, float] | None = None
    corner: tuple[float, float] | None = None  # left and top on the page
    point: tuple[float, float] | None = None  # of the click, where the corner is not known

    def from_left(self, before: float) -> "Known":
        """Count from the left edge of a picture that begins `before` px left of the page's start.

        A right-to-left page that is wider than its window begins there.
        """
        corner, point = (at and (at[0] + before, at[1]) for at in (self.corner, self.point))
        return Known(self.element, self.size, corner, point)


class Apart(Struct, frozen=True):
    """How far one clicked element is on a rebuilt page from what is recorded of it."""

    box: Box | None  # on the rebuilt page; None = it is not to be seen there, though it was clicked
    size_px: float | None = None
    by: tuple[float, float] | None = None  # right and down, from the rebuilt place to the true one
    resized: bool = False  # so much that something else is wrong than a text

    @property
    def agrees(self) -> bool:
        """Whether it has the recorded size at the recorded place."""
        return self.box is not None and not self.moved and (self.size_px or 0.0) <= SAME_SIZE_PX

    @property
    def moved(self) -> bool:
        """Whether it is at another place."""
        return self.by is not None and max(map(abs, self.by)) > EXACT_PX

    @property
    def broken(self) -> bool:
        """Whether it is in another layout, not just further down."""
        return self.box is None or self.resized or (self.by or (0.0, 0.0))[0] ** 2 > BESIDE_PX**2


def known_of(action: Action, viewport_w: int) -> Known | None:
    """Return what is recorded of an action's element in a window of this width (±1 px)."""
    if abs(action.viewport_w - viewport_w) > 1:
        return None
    element, corner, size, point = Element.of(action), None, None, None
    if action.source is Source.SDK and action.element_w and action.element_h:
        size = (float(action.element_w), float(action.element_h))
    if action.page_x is not None and action.page_y is not None:
        point = (action.page_x, action.page_y)
    if size and point and action.fx is not None and action.fy is not None:
        corner = (
            point[0] - action.fx / FRACTION_MAX * size[0],
            point[1] - action.fy / FRACTION_MAX * size[1],
        )
    if not element.key or not (size or point):
        return None
    return Known(element, size, corner, None if corner else point)


def compare(known: Known, box: Box | None) -> Apart | None:
    """Compare what is recorded of an element with its box; None when that says nothing."""
    if box is None or not box.visible:
        return Apart(None)
    if box.matches > 1:
        return None
    size_px, resized = None, False
    if known.size is not None:
        wide, high = known.size
        size_px = max(abs(box.width - wide), abs(box.height - high))
        resized = max(abs(log2(box.width / wide)), abs(log2(box.height / high))) > NEAR
    by = None
    if not box.moves:
        if known.corner is not None:
            by = (known.corner[0] - box.left, known.corner[1] - box.top)
        elif known.point is not None:
            by = (
                _beyond(known.point[0], box.left, box.width),
                _beyond(known.point[1], box.top, box.height),
            )
    if size_px is None and by is None:
        # a bar without a recorded size: at least it was not under others when it was clicked
        return Apart(None) if box.occluded else None
    return Apart(box, size_px, by, resized)


def seen_when_clicked(
    boxes: Mapping[str, Box], clicks: Iterable[Action], viewport_w: int, before: float
) -> dict[str, Box]:
    """Return the boxes of the document that clicks were made in, those of the clicked ones seen.

    A picture has no pointer, and what shows only under it (the tools of a card, the ground of a
    button) is hidden or under something else there. But it was clicked, so a person saw it; what
    says so is that it has its recorded size and is about where it was.
    """
    found = dict(boxes)
    for action in clicks:
        known, box = known_of(action, viewport_w), found.get(action.element)
        if known is None or box is None or (box.visible and not box.occluded):
            continue
        if min(box.width, box.height) <= 0 or box.clipped:
            continue
        seen = msgspec.structs.replace(box, visible=True, occluded=False)
        apart = compare(known.from_left(before), seen)
        by = None if apart is None or apart.resized else apart.by
        if by is not None and max(map(abs, by)) <= BESIDE_PX:
            found[action.element] = seen
    return found


class Visited(Struct, frozen=True):
    """A clicked element on the rebuilt document that it was clicked in, and how far apart it is."""

    element: Element
    apart: Apart


def on_own_documents(
    documents: Iterable[tuple[Mapping[str, Box], Sequence[Action], int, float]],
) -> list[Visited]:
    """Compare every click with the document it was made in.

    Of each: boxes, clicks, the window's width, and `Layout.before`.
    """
    return [
        Visited(known.element, apart)
        for boxes, actions, viewport_w, before in documents
        for action in actions
        if (known := known_of(action, viewport_w)) is not None
        and (apart := compare(known.from_left(before), boxes.get(known.element.key))) is not None
    ]


def of_picture(boxes: Mapping[str, Box], visited: Iterable[Visited]) -> list[Apart]:
    """Return what the clicks of a visit say about one of its pictures.

    A click speaks of the pictures that show its element where its own document had it: elsewhere
    the page itself had changed.
    """
    found = Boxes(boxes)
    return [
        one.apart
        for one in visited
        for own in [one.apart.box]
        if own is None
        or same_place(boxes.get(one.element.key), own)
        or same_place(found.find(one.element).box, own)
    ]


def measured(
    aparts: Sequence[Apart],
    *,
    height_px: float | None = None,
    page_height: int = 0,
    sheets: int = 0,
    lacking: Mapping[str, int] | None = None,
) -> Measured | None:
    """Sum up; None when there was nothing to compare.

    `height_px`: the picture's page, `page_height` high, less the recorded one, which is the
    greatest of the visit: a page may have grown after the last click, so a lower picture is wrong
    only if it lacks something (`lacking`, see `Measured`) or clicks say so, too.
    """
    lacks = {kind: n for kind, n in (lacking or {}).items() if n}
    missing_sheets = lacks.get("styles", 0)
    unstyled = sheets > 0 and missing_sheets * 2 > sheets
    if not aparts and height_px is None and not unstyled:
        return None
    apart = [one for one in aparts if not one.agrees]
    broken = sum(one.broken for one in aparts)
    if unstyled:
        bare = len(aparts) - len(apart) < BARE * max(1, len(aparts))
    else:  # the one that is missing may only name fonts: then sizes differ, and the layout does not
        bare = missing_sheets > 0 and broken * 2 > len(aparts)
    moved = [one for one in aparts if one.moved and one.box is not None]
    most = max((hypot(*one.by) for one in moved if one.by), default=0.0)
    start = min((one.box.top for one in moved if one.box), default=None)
    ends_elsewhere = height_px is not None and (
        height_px > SAME_HEIGHT_PX or (height_px < -SAME_HEIGHT_PX and (bool(lacks) or bool(moved)))
    )
    if ends_elsewhere:
        lowest = max((one.box.top for one in aparts if one.agrees and one.box), default=0.0)
        start = min(lowest, page_height) if start is None else start
        most = max(most, abs(height_px or 0.0))
    verdict: Verdict
    if bare or (broken > FEW and broken > len(aparts) - len(apart)):
        verdict = "unusable"
    elif ends_elsewhere or len(apart) > (1 - ENOUGH) * len(aparts):
        verdict = "shifted"
    else:
        verdict = "true"
    return Measured(
        verdict=verdict,
        clicks=len(aparts),
        apart=len(apart),
        size_px=round(max((one.size_px or 0.0 for one in aparts), default=0.0), 1),
        point_px=round(max((hypot(*one.by) for one in aparts if one.by), default=0.0), 1),
        height_px=None if height_px is None else round(height_px, 1),
        from_px=None if start is None else round(start, 1),
        by_px=round(most, 1),
        lacking=lacks,
    )


def in_its_visit(picture: Measured | None, visit: Measured | None) -> Measured | None:
    """Return what is known of a picture, given what all clicks of its visit say.

    A state in which nobody clicked confirms nothing: if the page was rebuilt in another layout
    everywhere else, it was there, too.
    """
    condemned = visit is not None and visit.verdict == "unusable"
    if picture is None or (picture.apart == picture.clicks and picture.verdict != "unusable"):
        return visit if condemned else picture
    return picture


def same_place(box: Box | None, own: Box | None) -> bool:
    """Say whether two boxes are at the same place and of the same size."""
    if own is None or box is None:
        return False
    apart = (box.left - own.left, box.top - own.top, box.width - own.width, box.height - own.height)
    return max(map(abs, apart)) <= EXACT_PX


def _beyond(at: float, start: float, length: float) -> float:
    """Return how far a point is outside a span: negative before it, 0 inside."""
    return min(0.0, at - start) + max(0.0, at - start - length)
