"""Whether a click is drawn on the element that was clicked.

The layouts that were noted before each click tell what stands where. A picture is held against the
layout whose boxes it repeats most often; where the two differ (a picture that did not load, say)
a box is moved back by what the boxes around it moved. Then the element that fills the drawn box
best must be the clicked one: the same node, or after it was made anew the one that took its place.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.accuracy.isotherm import Box, Drawn

AGREES_PX = 1.5
ANCHORS = 7
FILLS = 0.3
"""Share (intersection by union) that an element must have of a drawn box to be the one in it."""

NEARLY = 0.75
AT_CLICK_MS = 750
"""From when a click's truth is noted to the click, at most; the first picture of a visit shows it
later after the click that led there."""

STAYED = (0.0, 0.0)

Truth = dict[str, Any]
_Found = tuple[float, bool, int, tuple[float, float]]
"""How well an element fits, whether it was clicked, its number, how far the picture moved."""


@dataclass(frozen=True)
class Verdict:
    """How a click came out on one picture."""

    verdict: str  # right, another, not drawn
    reason: str = ""  # why it is not drawn
    on: str = ""  # what it is drawn on, if that is another element
    error_px: float | None = None  # where layouts agree
    box: Box | None = None  # what is drawn on: left, top, width, height on the picture


@dataclass(frozen=True)
class Layout:
    """A page's elements at one moment, and the drift of a picture against it."""

    elements: Sequence[Truth]
    boxes: Sequence[Box]  # of the elements, where the picture has them when it is right
    anchors: Sequence[tuple[Box, float, float]]  # a box on the picture, and how far it moved
    moments: Sequence[Sequence[Truth]] = ()  # the elements at all moments of the visit


def place_of(element: Truth, first: Mapping[str, Truth], *, unrolled: bool = True) -> Box:
    """Return where a full page shows an element: bars at their first place.

    What is inside a scroller is where it is when the scroller is unrolled, or where it was seen.
    """
    left, top, width, height = element["box"]
    if element["bar"] in first:
        there = first[element["bar"]]["box"]
        left, top = there[0] + element["inBar"][0], there[1] + element["inBar"][1]
    if element["fixed"]:
        left, top = element["inWindow"]
    across, down = element["inner"] if unrolled else (0, 0)
    return (left + across, top + down, width, height)


def number_at(clicks: Sequence[Truth], seen_ms: int) -> int:
    """Return the number of the click that a state was seen just before, else of the next one."""
    now = [n for n, one in enumerate(clicks) if 0 <= seen_ms - one["at"] <= AT_CLICK_MS]
    later = (n for n, one in enumerate(clicks) if one["at"] >= seen_ms)
    return now[-1] if now else next(later, len(clicks) - 1)


def layout_of(
    layouts: Sequence[Sequence[Truth]],
    on_picture: Mapping[str, Mapping[str, Any]],
    seen: int = 0,
) -> tuple[Layout, int]:
    """Return the layout that a picture shows, and its number.

    Of layouts that have as many of the picture's boxes it is the one next to number `seen`.
    """
    first: dict[str, Truth] = {}
    for layout in layouts:
        for element in layout:
            first.setdefault(element["number"], element)
    drawn = [
        (box["left"], box["top"], box["width"], box["height"])
        for box in on_picture.values()
        if box["visible"] and box["width"] > 0 and box["height"] > 0
    ]
    best, chosen = (-1, 0, False), (0, list[Box]())
    for number, layout in enumerate(layouts):
        for unrolled in (True, False):
            places = [place_of(element, first, unrolled=unrolled) for element in layout]
            score = (_hits(places, drawn), -abs(number - seen), unrolled)
            if score > best:
                best, chosen = score, (number, places)
    number, places = chosen
    return Layout(layouts[number], places, _anchors(places, drawn), layouts), number


def judge(click: Truth, drawn: Drawn, layout: Layout) -> Verdict:
    """Say on what a click is drawn."""
    if drawn.point is None:
        return Verdict("not drawn", drawn.reason)
    found = [
        (*fit, number, moved)
        for moved in dict.fromkeys([STAYED, _drift(drawn, layout)])
        for number, fit in enumerate(_fits(click, drawn, layout, moved))
        if fit is not None
    ]
    if not found:
        return Verdict("another", on="nothing that stood there", box=drawn.box)
    best = max(found, key=_rank)
    own = max((one for one in found if one[1]), key=_rank, default=best)
    there = layout.elements[best[2]]["path"]
    inside = click["path"].startswith(there + ">")
    if (inside or there.startswith(click["path"] + ">")) and own[0] >= NEARLY:
        best = own  # a box is as good as that of its parent when both are nearly the same
    _, same, number, moved = best
    element, place = layout.elements[number], layout.boxes[number]
    if not same:
        on = ("what is around it: " if inside else "") + label(element)
        return Verdict("another", on=on, box=drawn.box)
    resized = not _agree(element["box"][2:], click["box"][2:])
    if moved != STAYED or resized or (drawn.box is not None and not _agree(drawn.box, place)):
        return Verdict("right", box=drawn.box)
    aim = [place[axis] + click["page"][axis] - click["box"][axis] for axis in (0, 1)]
    error = max(abs(aim[axis] - drawn.point[axis]) for axis in (0, 1))
    return Verdict("right", error_px=round(error, 1), box=drawn.box)


def _rank(one: _Found) -> tuple[float, bool, bool]:
    return (one[0], one[1], one[3] == STAYED)


def _fits(
    click: Truth, drawn: Drawn, layout: Layout, moved: tuple[float, float]
) -> Iterator[tuple[float, bool] | None]:
    """Yield for each element how well it fits what is drawn, and whether it was clicked."""
    anew = _made_anew(click, layout.moments)
    gone = all(one["number"] != click["number"] for one in layout.elements)
    for element, place in zip(layout.elements, layout.boxes, strict=True):
        if drawn.box is not None:
            fit = round(_share(_back(drawn.box, moved), place), 2)
        elif drawn.point is not None and _holds(place, drawn.point):
            fit = 1 / (1 + place[2] * place[3])
        else:
            fit = 0.0
        ok = fit >= FILLS if drawn.box is not None else fit > 0
        known = gone and element["number"] in anew and _alike(element, click)
        yield (fit, known or _same(element, click, layout.elements)) if ok else None


def by_coordinates(click: Truth, elements: Sequence[Truth]) -> Verdict:
    """Judge a heatmap of page coordinates: x as a share of the page's width, y in px.

    Its picture is the page as it was opened, at the width of the click.
    """
    width = next((one["box"][2] for one in elements if one["tag"] == "HTML"), 0.0)
    wide = click["document"][0] or 1
    point = (click["page"][0] / wide * max(width, wide), click["page"][1])
    found = [
        (-one["box"][2] * one["box"][3], _same(one, click, elements), number)
        for number, one in enumerate(elements)
        if _holds(one["box"], point)
    ]
    if not found:
        return Verdict("not drawn", "outside_picture")
    _, same, number = max(found)
    return Verdict("right") if same else Verdict("another", on=label(elements[number]))


def label(element: Truth) -> str:
    """Name an element for people."""
    return f"{element['tag'].lower()} {element['text'][:30]!r}".strip()


def _same(element: Truth, click: Truth, layout: Sequence[Truth]) -> bool:
    """Say whether an element of a layout is the clicked one, or is it made anew.

    One made anew has its tag, text and neighbourhood. Where the neighbourhood has changed, too (a
    counter beside it), it stands at the same place, and nothing else there has its tag and text.
    While the clicked node is there, no other is taken for it.
    """
    if element["number"] == click["number"]:
        return True
    if not _alike(element, click) or any(one["number"] == click["number"] for one in layout):
        return False
    same_path = element["path"] == click["path"]
    if element["near"] == click["near"]:
        return same_path or bool(click["text"])
    stands = bool(click["text"]) and same_path and _agree(element["box"], click["box"])
    return stands and sum(_alike(one, click) for one in layout) == 1


def _made_anew(click: Truth, moments: Sequence[Sequence[Truth]]) -> set[str]:
    """Return the nodes that took the place of the clicked one at any moment of the visit.

    A node stays the same one: the search field of the next page load, which stood where the clicked
    one did, is the field also once it is opened and wider.
    """
    return {
        one["number"]
        for moment in moments
        for one in moment
        if _alike(one, click) and _same(one, click, moment)
    }


def _alike(element: Truth, click: Truth) -> bool:
    return bool(element["tag"] == click["tag"] and element["text"] == click["text"])


def _rounded(box: Box, dx: int, dy: int) -> tuple[int, ...]:
    return (
        int((box[0] + dx) // 2), int((box[1] + dy) // 2),
        round(box[2] / 2), round(box[3] / 2),
    )  # fmt: skip


def _anchors(places: Sequence[Box], drawn: Sequence[Box]) -> list[tuple[Box, float, float]]:
    """Return boxes of a size that occurs once on both sides, and how far they moved."""
    sizes = Counter((round(box[2]), round(box[3])) for box in set(places))
    by_size = {(round(box[2]), round(box[3])): box for box in places}
    once = Counter((round(box[2]), round(box[3])) for box in set(drawn))
    found = []
    for box in drawn:
        size = (round(box[2]), round(box[3]))
        if sizes[size] == 1 and once[size] == 1 and box[2] * box[3] > 0:
            place = by_size[size]
            found.append((box, box[0] - place[0], box[1] - place[1]))
    return found


def _drift(drawn: Drawn, layout: Layout) -> tuple[float, float]:
    """Return how far the boxes around a drawn one moved."""
    if drawn.box is None or not layout.anchors:
        return STAYED
    left, top = drawn.box[:2]
    near = sorted(layout.anchors, key=lambda one: abs(one[0][1] - top) + abs(one[0][0] - left))
    near = near[:ANCHORS]
    return (median(one[1] for one in near), median(one[2] for one in near))


def _back(box: Box, moved: tuple[float, float]) -> Box:
    return (box[0] - moved[0], box[1] - moved[1], box[2], box[3])


def _agree(one: Sequence[float], other: Sequence[float]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= AGREES_PX


def _hits(places: Sequence[Box], drawn: Sequence[Box]) -> int:
    known = {_rounded(box, dx, dy) for box in places for dx in (0, 1) for dy in (0, 1)}
    return sum(_rounded(box, 0, 0) in known or _rounded(box, 1, 1) in known for box in drawn)


def _holds(place: Sequence[float], point: tuple[float, float]) -> bool:
    left, top, width, height = place
    across = left - AGREES_PX <= point[0] <= left + width + AGREES_PX
    return across and top - AGREES_PX <= point[1] <= top + height + AGREES_PX


def _share(one: Box, other: Box) -> float:
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    both = across * down
    return both / (one[2] * one[3] + other[2] * other[3] - both)
