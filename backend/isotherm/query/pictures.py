"""Which background a question is answered on, what the others show, and what is said about them."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec
import numpy as np
from msgspec import Struct

from isotherm.model import Background
from isotherm.model.choice import BANDS, Candidate, band, best
from isotherm.model.errors import Code, IsothermError
from isotherm.query.context import Ask
from isotherm.query.coverage import Clicks, Shown, clicks_of, shown_on
from isotherm.query.statement import Statement
from isotherm.query.whole_page import sums_of_page
from isotherm.query.wireframe import WIREFRAME, wireframe
from isotherm.storage.ports import Columns, Summed

AUTOMATIC = "auto"
MOST_OTHERS = 12
SHOWN_MISSING = 50

_WIDTHS = """
SELECT viewport_w, sum(clicks * weight) AS clicks FROM actions WHERE slot_scope GROUP BY viewport_w
"""


class Other(Struct, frozen=True):
    """Another picture of the page, and the clicks that it shows and none before it does."""

    background: Background
    clicks: float


class Chosen(Struct, frozen=True):
    """The background of an answer and what is beside it."""

    background: Background | None  # None: the scope is not one page
    others: Sequence[Other] = ()


class Listed(Struct, frozen=True):
    """A background of the page and the share of the scope's clicks that it shows."""

    background: Background
    coverage: float | None


def of_scope(ask: Ask[Any]) -> list[Background]:
    """Return the backgrounds of the one page in scope, newest first; none for several pages."""
    if len(ask.scope.pages) != 1:
        return []
    with ask.context.timed("pictures"):
        return ask.context.backgrounds.of_page(ask.scope.application, ask.scope.pages[0])


def wanted(ask: Ask[Any], background_id: str) -> Background | None:
    """Return the background asked for by id, or the best one for the scope.

    Without a usable picture that is the wireframe; None for a scope of several pages. Raises
    NOT_FOUND for an unknown id, INVALID for one of another page.
    """
    if background_id not in {AUTOMATIC, ""}:
        return _named(ask, background_id)
    return _Pictures(ask, of_scope(ask)).automatic() if len(ask.scope.pages) == 1 else None


def chosen(ask: Ask[Any], background_id: str) -> Chosen:
    """Return the same background as `wanted`, and what other pictures show besides."""
    if len(ask.scope.pages) != 1:
        return Chosen(_named(ask, background_id) if background_id not in {AUTOMATIC, ""} else None)
    pictures = _Pictures(ask, of_scope(ask))
    if background_id in {AUTOMATIC, ""}:
        background = pictures.automatic()
    else:
        background = _named(ask, background_id)
    return Chosen(background, pictures.besides(background))


def listed(ask: Ask[Any]) -> tuple[list[Listed], Background | None]:
    """Return the stored backgrounds of the page in scope, and the automatic choice if stored."""
    pictures = _Pictures(ask, of_scope(ask))
    if not pictures.stored:
        return [], None
    usable = any(one.usable or one.pinned for one in pictures.stored)
    automatic = pictures.automatic() if usable else None
    total = pictures.clicks.total
    rows = [
        Listed(one, pictures.shown(one).clicks / total if total else None)
        for one in pictures.stored
    ]
    return rows, automatic


class _Pictures:
    """The stored pictures of a scope's page; what they show is read when it is needed."""

    def __init__(self, ask: Ask[Any], stored: Sequence[Background]) -> None:
        self.stored = stored
        self._ask = ask
        self._clicks: Clicks | None = None
        self._shown: dict[str, Shown] = {}

    @property
    def clicks(self) -> Clicks:
        if self._clicks is None:
            self._clicks = clicks_of(self._ask)
        return self._clicks

    def shown(self, background: Background) -> Shown:
        if background.id not in self._shown:
            self._shown[background.id] = shown_on(self._ask, self.clicks, background)
        return self._shown[background.id]

    def automatic(self) -> Background:
        usable = [one for one in self.stored if one.usable or one.pinned]
        if not usable:
            return wireframe(self._ask)
        if len(usable) == 1:
            return usable[0]
        candidates = [Candidate(one, self.shown(one).clicks) for one in usable]
        bands = {band(one.viewport_w) for one in usable}
        found = best(candidates, self._device() if len(bands) > 1 else None)
        assert found is not None
        return found

    def besides(self, background: Background | None) -> list[Other]:
        """Return other pictures with the clicks that they add, most first, each click once."""
        pool = [one for one in self.stored if one.usable and one.boxes and one is not background]
        if background is not None:
            pool = [one for one in pool if one.id != background.id]
        if not pool or not self.clicks.total:
            return []
        own = None if background is None else self.shown(background)
        elements = np.zeros(len(self.clicks.elements), np.bool_) if own is None else own.elements
        rest = np.zeros(len(self.clicks.rest_clicks), np.bool_) if own is None else own.rest
        found: list[Other] = []
        while pool and len(found) < MOST_OTHERS:
            gains = [
                self.clicks.sum(shown.elements & ~elements, shown.rest & ~rest)
                for shown in map(self.shown, pool)
            ]
            most = max(range(len(pool)), key=lambda at: (gains[at], _alike(pool[at], background)))
            if gains[most] <= 0:
                break
            one = pool.pop(most)
            found.append(Other(one, gains[most]))
            elements = elements | self.shown(one).elements
            rest = rest | self.shown(one).rest
        return found

    def _device(self) -> int:
        """Return the width band (index in BANDS) that most of the scope's clicks come from."""
        scope = self._ask.scope
        clicks = np.zeros(len(BANDS))
        for width, count in _clicks_by_width(self._ask):
            if width > 0:
                clicks[band(width)] += count
        if clicks.any():
            return int(clicks.argmax())
        return band(scope.width_min or scope.width_max or BANDS[-1][0])


def _named(ask: Ask[Any], background_id: str) -> Background:
    if background_id == WIREFRAME:
        return wireframe(ask)
    found = ask.context.backgrounds.get(background_id)
    if found.application != ask.scope.application or found.page not in ask.scope.pages:
        message = f"Background {background_id} shows another page ({found.page})"
        raise IsothermError(Code.INVALID, message, field="background")
    return found


def _alike(background: Background, other: Background | None) -> tuple[bool, int]:
    same = other is not None and band(background.viewport_w) == band(other.viewport_w)
    return same, background.seen_ms


def _clicks_by_width(ask: Ask[Any]) -> list[tuple[int, float]]:
    def add(columns: Columns) -> np.ndarray[Any, Any]:
        clicks = columns["clicks"] * columns["weight"].astype(np.float64)
        return np.bincount(columns["viewport_w"], weights=clicks)

    summed = Summed("clicks by window width", ("viewport_w", "clicks", "weight"), add)
    sums = sums_of_page(ask, "actions", summed)
    if sums is not None:
        return [(int(width), float(sums[width])) for width in np.flatnonzero(sums)]
    columns = ask.context.run(_widths(ask))
    return list(zip(columns["viewport_w"].tolist(), columns["clicks"].tolist(), strict=True))


def _widths(ask: Ask[Any]) -> Statement:
    return ask.conditions.build(_WIDTHS, scope=ask.conditions.actions())


def described(background: Background | None) -> Mapping[str, Any] | None:
    """Return what every answer says about its background; addresses are relative."""
    if background is None:
        return None
    address = f"api/v1/backgrounds/{quote(background.id, safe='')}"
    drawn = background.origin == WIREFRAME
    return {
        "id": background.id,
        "application": background.application,
        "page": background.page,
        "state": {"kind": background.state.kind, "what": background.state.what},
        "origin": background.origin,
        "width": background.width,
        "height": background.height,
        "viewport_w": background.viewport_w,
        "viewport_h": background.viewport_h,
        "measured": measured_of(background),
        "created_ms": background.created_ms,
        "seen_ms": background.seen_ms,
        "page_height": background.page_height or background.height,
        "pinned": background.pinned,
        "notices": list(background.notices),
        "missing": [msgspec.to_builtins(one) for one in background.missing[:SHOWN_MISSING]],
        "lacks": len(background.missing),
        "picture": "" if drawn else f"{address}/picture",
        "thumbnail": "" if drawn else f"{address}/thumbnail",
        "tiles": [
            {
                "top": tile.top,
                "height": tile.height,
                "url": tile.path if drawn else f"{address}/tiles/{number}",
            }
            for number, tile in enumerate(background.tiles)
        ],
    }


def measured_of(background: Background) -> Mapping[str, Any] | None:
    """Return how far a picture is from its recording, with every field; None = not measured."""
    if background.measured is None:
        return None
    return msgspec.structs.asdict(background.measured)


def described_others(others: Sequence[Other]) -> list[Mapping[str, Any]]:
    """Return what an answer says about the pictures beside its own."""
    return [
        {"background": described(one.background), "clicks": round(one.clicks, 6)} for one in others
    ]
