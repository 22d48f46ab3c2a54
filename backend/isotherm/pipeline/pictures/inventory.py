"""Limits the pictures of a page: which are worth making again, and which can be deleted."""

import threading
import time
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from isotherm.model import Background
from isotherm.model.choice import band
from isotherm.model.element_matching import Boxes
from isotherm.model.elements import Element
from isotherm.render.options import RenderOptions
from isotherm.render.picture_choice import coverage, to_keep
from isotherm.storage.ports import Backgrounds

Band = tuple[str, str, int]  # application, page, number of the width band
VisitId = tuple[str, str, str]  # application, session, view
MOST_TRIED = 100  # elements of a page that bring a recording of their own
RETRY_MS = 600_000  # between two tries to better a page that has pictures


class Stock:
    """The stored pictures of all pages, kept to a number per page and width band."""

    def __init__(self, backgrounds: Backgrounds, options: RenderOptions) -> None:
        self._backgrounds = backgrounds
        self._options = options
        self._tried: dict[Band, int] = {}  # epoch ms
        self._elements: dict[Band, set[Element]] = {}  # that a recording was or is pictured for
        self._claims: dict[VisitId, tuple[Band, set[Element]]] = {}  # of visits not yet pictured
        self._turn = threading.RLock()  # pictures are made side by side

    def wants(
        self,
        visit: VisitId,
        page: str,
        *,
        viewport_w: int,
        clicks: Mapping[Element, float],
        acted: Sequence[Element],
        seen_ms: int,
    ) -> bool:
        """Say whether a visit of a page is worth picturing; if so, no other is for its elements.

        Yes when its width band has no picture; when it acted on elements that no recording was
        pictured for yet (of a page of many elements: that no picture shows); and, not too often,
        when all pictures are much older, none is usable or all place too few of the clicks.
        `acted` are its elements, `seen_ms` its time. Say `pictured` or `let_go` later.
        """
        with self._turn:
            now = time.time_ns() // 1_000_000
            application = visit[0]
            key = (application, page, band(viewport_w))
            tried = self._elements.setdefault(key, set())
            there = self._in_band(application, page, viewport_w)
            if not there:
                return self._claim(visit, key, now, set(acted))
            newest = max(item.seen_ms for item in there)
            known = [Boxes(item.boxes) for item in there]
            hidden = {
                element
                for element in acted
                if not any(boxes.find(element).why is None for boxes in known)
            }
            new = set(acted) - tried
            if new & hidden or (new and len(tried) < MOST_TRIED):
                return self._claim(visit, key, now, set(acted))
            old = seen_ms - newest > self._options.max_age_ms
            poor = not any(item.usable for item in there)
            share = max(coverage(item, clicks).share for item in there)
            few = share < self._options.least_coverage
            if (old or poor or (few and hidden)) and now - self._tried.get(key, 0) > RETRY_MS:
                return self._claim(visit, key, now, set(acted))
            return False

    def pictured(self, visit: VisitId) -> None:
        """Note that a visit has its pictures."""
        with self._turn:
            self._claims.pop(visit, None)

    def let_go(self, visit: VisitId) -> None:
        """Note that a visit gets no pictures: others may be pictured for its elements."""
        with self._turn:
            key, elements = self._claims.pop(visit, (None, set[Element]()))
            if key is not None:
                self._elements[key] -= elements
                self._tried.pop(key, None)

    def has(self, application: str, page: str, viewport_w: int) -> bool:
        """Say whether a page has a picture for a window width."""
        return bool(self._in_band(application, page, viewport_w))

    def add(
        self, made: Sequence[tuple[Background, Sequence[bytes]]], clicks: Mapping[Element, float]
    ) -> None:
        """Store new pictures of one page, then remove those not worth keeping.

        Earlier pictures of the same recording are replaced.
        """
        with self._turn:
            for background, tiles in made:
                self._backgrounds.add(background, tiles)
            if not made:
                return
            first = made[0][0]
            fresh = {background.id for background, _ in made}
            there = self._in_band(first.application, first.page, first.viewport_w)
            replaced = {
                item.id
                for item in there
                if item.id not in fresh
                and not item.pinned
                and item.origin == first.origin
                and (item.session_id, item.view_id) == (first.session_id, first.view_id)
            }
            left = [item for item in there if item.id not in replaced]
            kept = {
                item.id
                for item in to_keep(left, clicks, self._options.per_page, self._options.max_age_ms)
            }
            for item in there:
                if item.id not in kept:
                    self._backgrounds.delete(item.id)

    def keys(self, application: str, page: str) -> list[str]:
        """Return every element key that a picture of the page has a box for."""
        found = self._backgrounds.of_page(application, page)
        return list(dict.fromkeys(key for item in found for key in item.boxes))

    def _in_band(self, application: str, page: str, viewport_w: int) -> list[Background]:
        return [
            item
            for item in self._backgrounds.of_page(application, page)
            if band(item.viewport_w) == band(viewport_w)
        ]

    def _claim(self, visit: VisitId, key: Band, now: int, acted: AbstractSet[Element]) -> bool:
        self._tried[key] = now
        _, before = self._claims.get(visit, (key, set[Element]()))
        self._claims[visit] = key, before | (acted - self._elements[key])
        self._elements[key] |= acted
        return True
