"""Says what pictures of a page show, and which are worth keeping."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from isotherm.model import Background, Unplaced
from isotherm.model.element_matching import Boxes
from isotherm.model.elements import Element

SAME_WIDTH_PX = 16  # a scroll bar's width makes no other layout


class Coverage(Struct, frozen=True):
    """How many clicks a picture can place, and why it cannot place the others."""

    placed: float
    unplaced: dict[Unplaced, float]

    @property
    def share(self) -> float:
        """Share of the clicks placed, 0..1; 1 when there are none."""
        total = self.placed + sum(self.unplaced.values())
        return self.placed / total if total else 1.0


def coverage(background: Background, clicks: Mapping[Element, float]) -> Coverage:
    """Count the clicks (by element; one without key is none) that a background places."""
    placed = 0.0
    unplaced: dict[Unplaced, float] = {}
    boxes = Boxes(background.boxes)
    for element, count in clicks.items():
        spot = boxes.find(element)
        why = spot.why if element.key else Unplaced.NO_ELEMENT
        if why is None and spot.box is not None and spot.box.top >= background.height:
            why = Unplaced.OUTSIDE
        if why is None:
            placed += count
        else:
            unplaced[why] = unplaced.get(why, 0.0) + count
    return Coverage(placed, unplaced)


def to_keep(
    backgrounds: Sequence[Background], clicks: Mapping[Element, float], most: int, max_age_ms: int
) -> list[Background]:
    """Return the backgrounds of one page and width band that are worth keeping.

    What a person asked for stays: pinned and uploaded ones and the newest capture. Of the others at
    most `most`: the usable ones first, of these those not more than `max_age_ms` behind the newest,
    then those of recordings whose pictures together show most clicks, then the newest; and only if
    they show what the others of their width do not. All states of a recording stay or go together.
    """
    captures = [item for item in backgrounds if item.origin == "url"]
    newest = max(captures, key=lambda item: item.created_ms, default=None)
    kept = [
        item for item in backgrounds if item.pinned or item.origin == "upload" or item is newest
    ]
    groups: dict[tuple[str, str], list[Background]] = {}
    for item in backgrounds:
        if item not in kept and item.origin == "replay":
            groups.setdefault((item.session_id, item.view_id), []).append(item)

    def shown(group: Iterable[Background]) -> set[Element]:
        return {
            element
            for item in group
            for boxes in [Boxes(item.boxes)]
            for element in clicks
            if boxes.find(element).why is None
        }

    latest = max((item.seen_ms for item in backgrounds), default=0)

    def worth(group: Sequence[Background]) -> tuple[bool, bool, int, int]:
        share = sum(clicks[element] for element in shown(group)) / (sum(clicks.values()) or 1.0)
        return (
            any(item.usable for item in group),
            max(item.seen_ms for item in group) >= latest - max_age_ms,
            round(share * 20),
            max(item.created_ms for item in group),
        )

    recorded: list[Background] = []
    for group in sorted(groups.values(), key=worth, reverse=True):
        like = [
            item for item in recorded if abs(item.viewport_w - group[0].viewport_w) <= SAME_WIDTH_PX
        ]
        if like and (not worth(group)[0] or shown(group) <= shown(like)):
            continue
        if len(recorded) + len(group) <= most or not recorded:
            recorded += group
    return kept + recorded
