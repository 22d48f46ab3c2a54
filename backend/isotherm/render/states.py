"""Chooses which moments of a recording to picture, so that every element acted on is on one."""

from collections.abc import Iterable, Mapping, Sequence

from isotherm.model import Action, Box, Source
from isotherm.model.element_matching import Boxes
from isotherm.model.elements import Element
from isotherm.render.measure import SAME_SIZE_PX, same_place

Size = tuple[Element, float, float]  # width, height

CONTROL_FONTS = ("", "system-ui")
"""Fonts that buttons may have had where the page names none: systems differ, recordings are silent.
The one is taken with which more elements have their recorded size."""


LOADING_MS = 8_000
"""A page that still grows then grows for ever."""


def moments(
    start_ms: int,
    end_ms: int,
    presses_ms: Sequence[int],
    stable_after_ms: int,
    most: int,
    *,
    built_ms: Iterable[int] = (),
) -> list[int]:
    """Return the times worth looking at: the settled beginning, then just before each press.

    A page has settled when nothing was built (`built_ms`, by time) for `stable_after_ms`, or at the
    first press. A route change's snapshot shows the page before; web components get their style
    sheets last. More than `most` times are thinned out evenly.
    """
    before = sorted({time - 1 for time in presses_ms if start_ms <= time - 1})
    settled = start_ms + stable_after_ms
    for built in built_ms:
        if built > settled:
            break
        settled = max(settled, built + stable_after_ms)
    settled = min(settled, start_ms + max(LOADING_MS, stable_after_ms))
    initial = min([settled, max(end_ms, start_ms), *before[:1]])
    rest = [time for time in before if time > initial]
    if len(rest) >= most:
        step = len(rest) / (most - 1)
        rest = [rest[int(index * step)] for index in range(most - 1)]
    return [initial, *rest]


def cover(
    layouts: Sequence[Mapping[str, Box]], acted: Sequence[tuple[Element, int]], most: int
) -> list[int]:
    """Return the indices of the layouts to picture, the first always and first.

    `acted` are the actions: element and the index of the layout it was made on. Greedy: the
    layout that shows most of the elements not yet shown, then the one that has most of the
    others at the very place where they were when acted on.
    """
    known = [Boxes(layout) for layout in layouts]
    spots = [[boxes.find(element) for element, _ in acted] for boxes in known]
    shown = [{n for n, spot in enumerate(found) if spot.why is None} for found in spots]
    exact = [
        {n for n in visible if _same_place(found[n].box, spots[acted[n][1]][n].box)}
        for found, visible in zip(spots, shown, strict=True)
    ]
    chosen = [0]
    while len(chosen) < most:
        seen = set[int]().union(*(shown[index] for index in chosen))
        right = set[int]().union(*(exact[index] for index in chosen))
        gains = [
            (len(shown[index] - seen), len(exact[index] - right), -index)
            for index in range(len(layouts))
        ]
        best = max(gains)
        if best[:2] == (0, 0):
            break
        chosen.append(-best[2])
    return [0, *sorted(chosen[1:])]


def _same_place(box: Box | None, own: Box | None) -> bool:
    """Say whether a click's fraction leads to the same point: a button's text may have changed."""
    return own is None or box is None or same_place(box, own)


def same_sizes(boxes: Mapping[str, Box], sizes: Iterable[Size]) -> float | None:
    """Return the share of elements as large here as when they were acted on; None without any.

    `sizes` are (element, width, height) in css px, recorded at this picture's window width. A
    check that needs no truth: 55 of 55 with the right fonts, 21 of 55 with wrong ones.
    """
    same = total = 0
    known = Boxes(boxes)
    for element, width, height in sizes:
        box = known.find(element).box
        if box is None or not box.visible:
            continue
        total += 1
        same += abs(box.width - width) <= SAME_SIZE_PX and abs(box.height - height) <= SAME_SIZE_PX
    return same / total if total else None


def sizes_of(actions: Iterable[Action], viewport_w: int) -> list[Size]:
    """Return the sizes that the SDK sent with the actions at this window width (±1 px)."""
    return [
        (Element.of(action), action.element_w, action.element_h)
        for action in actions
        if action.source is Source.SDK
        and action.element_w
        and action.element_h
        and abs(action.viewport_w - viewport_w) <= 1
    ]
