"""Chooses which moments of a recording to picture, so that every element acted on is on one."""

from collections.abc import Mapping, Sequence

from isotherm.model import Action, Box

EXACT_PX = 1.5  # two boxes nearer than this are at the same place
SAME_SIZE_PX = 1.0


def moments(
    start_ms: int, end_ms: int, clicks_ms: Sequence[int], settle_ms: int, most: int
) -> list[int]:
    """Return the times worth looking at: the settled beginning, then just before each click.

    A route change's snapshot shows the page before; hence the settling, which ends at the first
    click at the latest. More than `most` times are thinned out evenly.
    """
    before = sorted({time - 1 for time in clicks_ms if start_ms <= time - 1})
    initial = min([start_ms + settle_ms, max(end_ms, start_ms), *before[:1]])
    rest = [time for time in before if time > initial]
    if len(rest) >= most:
        step = len(rest) / (most - 1)
        rest = [rest[int(index * step)] for index in range(most - 1)]
    return [initial, *rest]


def shows(box: Box | None) -> bool:
    """Say whether a person sees the element on the picture."""
    return box is not None and box.visible and not box.clipped and not box.occluded


def cover(
    layouts: Sequence[Mapping[str, Box]], acted: Sequence[tuple[str, int]], most: int
) -> list[int]:
    """Return the indices of the layouts to picture, the first always and first.

    `acted` are the actions: element key and the index of the layout it was made on. Greedy: the
    layout that shows most of the elements not yet shown, then the one that has most of the
    others at the very place where they were when acted on.
    """
    shown = [{n for n, (key, _) in enumerate(acted) if shows(boxes.get(key))} for boxes in layouts]
    exact = [
        {
            n
            for n in visible
            if _same_place(boxes[acted[n][0]], layouts[acted[n][1]].get(acted[n][0]))
        }
        for boxes, visible in zip(layouts, shown, strict=True)
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


def _same_place(box: Box, own: Box | None) -> bool:
    return own is None or (
        abs(box.left - own.left) <= EXACT_PX and abs(box.top - own.top) <= EXACT_PX
    )


def fit(boxes: Mapping[str, Box], actions: Sequence[Action], viewport_w: int) -> float | None:
    """Return the share of actions whose element is as large here as when it was acted on.

    Counts the actions that name their element's size, at this width (±1 px); None without any.
    A check of a recording that needs no truth: 55 of 55 with the right fonts, 21 with wrong ones.
    """
    same = total = 0
    for action in actions:
        box = boxes.get(action.element)
        if box is None or not box.visible or not action.element_w or not action.element_h:
            continue
        if abs(action.viewport_w - viewport_w) > 1:
            continue
        total += 1
        same += (
            abs(box.width - action.element_w) <= SAME_SIZE_PX
            and abs(box.height - action.element_h) <= SAME_SIZE_PX
        )
    return same / total if total else None
