"""Which picture of a page a scope is shown on."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from isotherm.model.background import AS_FOUND, Background

WIDEST: Final = 1_000_000
BANDS: Final = ((0, 767), (768, 1280), (1281, WIDEST))
"""Width bands (viewport css px, both ends included): phone, tablet, desktop."""

WORTH_NOTING: Final = 0.01
"""Share of the clicks that a picture shows which it may lack and still be taken as showing most."""

OTHER_DEVICE: Final = 0.5
"""A picture of another device is taken when those of the right one show less than this share of
what it shows."""


class Candidate(Struct, frozen=True):
    """A picture, and how many of the scope's clicks can truly be drawn on it."""

    background: Background
    shown: float


def band(viewport_w: int) -> int:
    """Return the index in BANDS of a viewport width."""
    return next(index for index, (_, most) in enumerate(BANDS) if viewport_w <= most)


def best(candidates: Sequence[Candidate], device: int | None = None) -> Background | None:
    """Return the picture for a scope; None when none looks like the page.

    A pinned one, always. Else, of the usable ones: those of the `device` (index in BANDS) that most
    of the scope's clicks come from; of these the one that shows most clicks. Between those that
    show the same to `WORTH_NOTING`, the page as people find it, then more clicks, the truer one,
    the wider device, the newer one.
    """
    for one in candidates:
        if one.background.pinned:
            return one.background
    pool = [one for one in candidates if one.background.usable]
    if not pool:
        return None
    own = [one for one in pool if band(one.background.viewport_w) == device]
    if own and _most(own) >= OTHER_DEVICE * _most(pool):
        pool = own
    least = (1 - WORTH_NOTING) * _most(pool)
    return max((one for one in pool if one.shown >= least), key=_rank).background


def _most(candidates: Sequence[Candidate]) -> float:
    return max(one.shown for one in candidates)


def _rank(one: Candidate) -> tuple[bool, float, bool, int, int]:
    picture = one.background
    return (
        picture.state.kind in AS_FOUND,
        one.shown,
        picture.measured is None or picture.measured.verdict == "true",
        band(picture.viewport_w),
        picture.seen_ms,
    )
