"""Counts commits: while the count of a page stays the same, so does every answer about it.

Counted after each commit: whoever reads a state and then the rows has at least what it stands for.
"""

import threading
from collections.abc import Collection, Iterable
from typing import Final

import duckdb

from isotherm.model import Event
from isotherm.storage.duckdb.dictionary import Dictionary

_MOST_PAGES: Final = 100_000

Place = tuple[int, int]
"""An application and a page of it, by their ids; `ANY_PAGE` for all of its pages."""

ANY_PAGE: Final = -1
EVERYWHERE: Final[Place] = (-1, ANY_PAGE)


def places_of(
    connection: duckdb.DuckDBPyConnection, dictionary: Dictionary, events: Iterable[Event]
) -> set[Place]:
    """Return where some events happened; what names no page is of a view that does."""
    named = {(event.application, getattr(event, "page", "")) for event in events}
    if not named:
        return set()
    owners, pages = zip(*named, strict=True)
    found = (
        dictionary.ids(connection, "application", owners),
        dictionary.ids(connection, "page", pages),
    )
    return {*zip(*(one.tolist() for one in found), strict=True)}


class Changes:
    """Safe for many threads."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._everywhere = 0
        self._application: dict[int, int] = {}  # anything of it
        self._place: dict[Place, int] = {}

    def count(self, places: Iterable[Place]) -> None:
        """Note that something of some places was committed."""
        with self._turn:
            for place in places:
                if place == EVERYWHERE or len(self._place) > _MOST_PAGES:
                    self._everywhere += 1
                    self._place.clear()  # everything is another state anyway
                    continue
                self._place[place] = self._place.get(place, 0) + 1
                self._application[place[0]] = self._application.get(place[0], 0) + 1

    def state(self, application: int, pages: Collection[int]) -> tuple[int, ...]:
        """Return what some pages are in now, without any what the application is; it only rises."""
        with self._turn:
            if not pages:
                return self._everywhere, self._application.get(application, 0)
            places = ((application, page) for page in (ANY_PAGE, *pages))
            return self._everywhere, *(self._place.get(place, 0) for place in places)
