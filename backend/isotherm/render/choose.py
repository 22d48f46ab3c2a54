"""Says which picture of a page serves a scope best, and which are worth keeping."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from isotherm.model import Background, Unplaced
from isotherm.model.agree import Boxes
from isotherm.model.elements import Element

BANDS = ((0, 767), (768, 1280), (1281, 1_000_000))
"""Width bands (viewport css px, both ends included): phone, tablet, desktop."""


AS_FOUND = frozenset({"initial", "live"})  # states of a page before anything is clicked
INITIAL_BONUS = 0.05
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


def band(viewport_w: int) -> int:
    """Return the index in BANDS of a viewport width."""
    return next(index for index, (_, most) in enumerate(BANDS) if viewport_w <= most)


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


def best(
    backgrounds: Sequence[Background],
    clicks: Mapping[Element, float],
    viewport_w: int | None = None,
) -> Background | None:
    """Return the background for a scope: pinned, of the width band asked for, placing most clicks.

    In that order. The page as people find it counts as if it placed 5 % more: it is what they
    know the page by. Equal shares (to 1 %) are decided by fit, then for the wider band, then age.
    """

    def rank(background: Background) -> tuple[bool, bool, int, float, int, int]:
        known = INITIAL_BONUS if background.state in AS_FOUND else 0.0
        near = viewport_w is None or band(background.viewport_w) == band(viewport_w)
        return (
            background.pinned,
            near,
            round((coverage(background, clicks).share + known) * 100),
            background.fit if background.fit is not None else 0.5,
            band(background.viewport_w),
            background.seen_ms,
        )

    return max(backgrounds, key=rank, default=None)


def to_keep(
    backgrounds: Sequence[Background], clicks: Mapping[Element, float], most: int, max_age_ms: int
) -> list[Background]:
    """Return the backgrounds of one page and width band that are worth keeping.

    What a person asked for stays: pinned and uploaded ones and the newest capture. Of the others at
    most `most`: those not more than `max_age_ms` behind the newest first, then those of recordings
    whose pictures together show most clicks, then the best fitting and newest; and only if they
    show what the others of their width do not. All states of a recording stay or go together.
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

    def worth(group: Sequence[Background]) -> tuple[bool, int, float, int]:
        share = sum(clicks[element] for element in shown(group)) / (sum(clicks.values()) or 1.0)
        fits = [item.fit for item in group if item.fit is not None]
        return (
            max(item.seen_ms for item in group) >= latest - max_age_ms,
            round(share * 20),
            round(max(fits, default=0.5), 1),
            max(item.created_ms for item in group),
        )

    recorded: list[Background] = []
    for group in sorted(groups.values(), key=worth, reverse=True):
        like = [
            item for item in recorded if abs(item.viewport_w - group[0].viewport_w) <= SAME_WIDTH_PX
        ]
        if like and shown(group) <= shown(like):
            continue
        if len(recorded) + len(group) <= most or not recorded:
            recorded += group
    return kept + recorded
