"""Keeps the pictures of a page few: what is worth making anew, and what can go."""

import time
from collections.abc import Mapping, Sequence

from isotherm.model import Background
from isotherm.ports import Backgrounds
from isotherm.render.choose import band, best, coverage, to_keep
from isotherm.render.options import RenderOptions
from isotherm.render.states import shows

POOR_FIT = 0.9
RETRY_MS = 600_000  # between two tries to better a page that has pictures


class Stock:
    """The stored pictures of all pages, kept to a number per page and width band."""

    def __init__(self, backgrounds: Backgrounds, options: RenderOptions) -> None:
        self._backgrounds = backgrounds
        self._options = options
        self._tried: dict[tuple[str, str, int], int] = {}  # (application, page, band) -> epoch ms

    def wants(
        self,
        application: str,
        page: str,
        viewport_w: int,
        clicks: Mapping[str, float],
        acted: Sequence[str],
    ) -> bool:
        """Say whether a recording of a page is worth picturing.

        Yes when its width band has no picture; when this recording acted on elements that none
        shows while too few clicks are placed; and, not too often, when all are old or fit badly.
        """
        now = time.time_ns() // 1_000_000
        key = (application, page, band(viewport_w))
        there = self._in_band(application, page, viewport_w)
        if not there:
            return self._try(key, now)
        newest = max(item.seen_ms for item in there)
        chosen = best(there, clicks)
        assert chosen is not None
        new = any(not any(shows(item.boxes.get(element)) for item in there) for element in acted)
        if (
            new
            and coverage(chosen, clicks).share < self._options.least_coverage
            and len(there) < self._options.per_page
        ):
            return self._try(key, now)
        old = now - newest > self._options.max_age_ms
        poor = max((item.fit for item in there if item.fit is not None), default=1.0) < POOR_FIT
        if (new or old or poor) and now - self._tried.get(key, 0) > RETRY_MS:
            return self._try(key, now)
        return False

    def add(
        self, made: Sequence[tuple[Background, Sequence[bytes]]], clicks: Mapping[str, float]
    ) -> None:
        """Store new pictures of one page, then remove those not worth keeping.

        Earlier pictures of the same recording are replaced.
        """
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
        kept = {item.id for item in to_keep(left, clicks, self._options.per_page)}
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

    def _try(self, key: tuple[str, str, int], now: int) -> bool:
        self._tried[key] = now
        return True
