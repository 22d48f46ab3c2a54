"""Whether a click is drawn on the element that was clicked.

The layouts that were noted before each click tell what stands where. A picture is held against the
layout whose boxes it repeats most often; where the two differ (a picture that did not load, say)
a box is moved back by what the boxes around it moved. Then the element that fills the drawn box
best must be the clicked one: the same node, or after it was made anew one with the same tag, text
and neighbourhood.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.accuracy.isotherm import Box, Drawn

AGREES_PX = 1.5
ANCHORS = 7
FILLS = 0.3
"""Share (intersection by union) that an element must have of a drawn box to be the one in it."""

Truth = dict[str, Any]


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


def place_of(element: Truth, first: Mapping[str, Truth]) -> Box:
    """Return where a full page shows an element: scrollers unrolled, bars at their first place."""
    if element["sticky"]:
        element = first.get(element["number"], element)
    left, top, width, height = element["box"]
    if element["fixed"]:
        left, top = element["inWindow"]
    return (left + element["inner"][0], top + element["inner"][1], width, height)


def layout_of(
    layouts: Sequence[Sequence[Truth]], on_picture: Mapping[str, Mapping[str, Any]]
) -> tuple[Layout, int]:
    """Return the layout that a picture shows, and its number."""
    first: dict[str, Truth] = {}
    for layout in layouts:
        for element in layout:
            first.setdefault(element["number"], element)
    drawn = [
        (box["left"], box["top"], box["width"], box["height"])
        for box in on_picture.values()
        if box["visible"] and box["width"] > 0 and box["height"] > 0
    ]
    best: tuple[int, int] = (-1, 0)
    places: list[list[Box]] = []
    for number, layout in enumerate(layouts):
        places.append([place_of(element, first) for element in layout])
        known = {_rounded(box, dx, dy) for box in places[-1] for dx in (0, 1) for dy in (0, 1)}
        hits = sum(_rounded(box, 0, 0) in known or _rounded(box, 1, 1) in known for box in drawn)
        best = max(best, (hits, -number))
    chosen = -best[1]
    return Layout(layouts[chosen], places[chosen], _anchors(places[chosen], drawn)), chosen


def judge(click: Truth, drawn: Drawn, layout: Layout) -> Verdict:
    """Say on what a click is drawn."""
    if drawn.point is None:
        return Verdict("not drawn", drawn.reason)
    box = drawn.box or (drawn.point[0], drawn.point[1], 0.0, 0.0)
    dx, dy = _drift(box, layout)
    back = (box[0] - dx, box[1] - dy, box[2], box[3])
    point = (drawn.point[0] - dx, drawn.point[1] - dy)
    if drawn.box is None:
        found = [
            (1 / (1 + place[2] * place[3]), _same(element, click), n)
            for n, (element, place) in enumerate(zip(layout.elements, layout.boxes, strict=True))
            if _holds(place, point)
        ]
    else:
        found = [
            (round(_share(back, place), 2), _same(element, click), n)
            for n, (element, place) in enumerate(zip(layout.elements, layout.boxes, strict=True))
            if _share(back, place) >= FILLS
        ]
    if not found:
        return Verdict("another", on="nothing that stood there", box=drawn.box)
    _, same, number = max(found)
    element = layout.elements[number]
    if not same:
        inside = click["path"].startswith(element["path"] + ">")
        on = ("what is around it: " if inside else "") + label(element)
        return Verdict("another", on=on, box=drawn.box)
    place = layout.boxes[number]
    agrees = max(abs(a - b) for a, b in zip(back, place, strict=True)) <= AGREES_PX
    if drawn.box is not None and not agrees:
        return Verdict("right", box=drawn.box)
    left, top = click["box"][:2]
    aim = (place[0] + click["page"][0] - left, place[1] + click["page"][1] - top)
    error = max(abs(aim[0] - point[0]), abs(aim[1] - point[1]))
    return Verdict("right", error_px=round(error, 1), box=drawn.box)


def by_coordinates(click: Truth, elements: Sequence[Truth]) -> Verdict:
    """Judge a heatmap of page coordinates: x as a share of the page's width, y in px.

    Its picture is the page as it was opened, at the width of the click.
    """
    width = next((one["box"][2] for one in elements if one["tag"] == "HTML"), 0.0)
    wide = click["document"][0] or 1
    point = (click["page"][0] / wide * max(width, wide), click["page"][1])
    found = [
        (-one["box"][2] * one["box"][3], _same(one, click), number)
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


def _same(element: Truth, click: Truth) -> bool:
    if element["number"] == click["number"]:
        return True
    alike = all(element[name] == click[name] for name in ("tag", "text", "near"))
    return alike and (bool(click["text"]) or element["path"] == click["path"])


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


def _drift(box: Box, layout: Layout) -> tuple[float, float]:
    """Return how far the boxes around a box moved; not at all where the box itself did not."""
    if any(
        max(abs(a - b) for a, b in zip(box, place, strict=True)) <= AGREES_PX
        for place in layout.boxes
    ):
        return (0.0, 0.0)
    near = sorted(layout.anchors, key=lambda one: abs(one[0][1] - box[1]) + abs(one[0][0] - box[0]))
    if not near:
        return (0.0, 0.0)
    return (
        median(one[1] for one in near[:ANCHORS]),
        median(one[2] for one in near[:ANCHORS]),
    )


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
