"""The demo's shop with a story: what the SDK recorded, and whether the traffic tells the story."""

import json
from collections.abc import Iterable

import pytest

from isotherm.app.demo.outfitters.shop import APPLICATION, VERSION
from isotherm.app.demo.outfitters.traffic import (
    BUY,
    COUPON,
    FILTER,
    JOURNEYS,
    STOCK,
    outfitters_traffic,
    shown,
)
from isotherm.app.demo.sessions import NEWEST_MS, outfitters_requests
from isotherm.model import Action, Event, View
from tests.scenario import HOUR

NOW = NEWEST_MS + 1_000 * HOUR


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return [event for session in outfitters_traffic(1_200, NOW) for event in session]


def share(found: Iterable[bool]) -> float:
    told = list(found)
    return sum(told) / len(told)


def test_every_page_of_the_traffic_was_recorded_with_elements_that_were_pressed() -> None:
    pages = {page for pages, _ in JOURNEYS for page in pages}
    recorded = shown("desktop")
    assert len(pages) >= 12
    assert all(recorded[page].elements for page in pages)
    assert {COUPON, STOCK, FILTER, BUY} <= {
        seen.element for page in recorded.values() for seen in page.elements
    }
    assert len(shown("phone")) >= 6


def test_recorded_visits_end_just_before_now() -> None:
    times = [
        json.loads(line)["date"]
        for request in outfitters_requests(NOW - NEWEST_MS)
        if request.headers["content-type"].startswith("text/plain")
        for line in request.body.splitlines()
    ]
    assert NOW - HOUR < min(times) <= max(times) <= NOW


def test_all_of_it_is_marked_as_generated(events: list[Event]) -> None:
    views = [event for event in events if isinstance(event, View)]
    assert {view.application for view in views} == {APPLICATION}
    assert all(view.attributes["traffic"] == "generated" for view in views)
    for request in outfitters_requests():
        if request.headers["content-type"].startswith("text/plain"):
            for line in request.body.splitlines():
                event = json.loads(line)
                if event["type"] == "action":
                    assert event["context"]["traffic"] == "generated"


def test_the_release_breaks_the_coupon_and_slows_the_filter(events: list[Event]) -> None:
    clicks = [event for event in events if isinstance(event, Action)]
    for new, low, high in ((False, 0.0, 0.1), (True, 0.75, 1.0)):
        dead = share(
            click.dead
            for click in clicks
            if click.element == COUPON and (click.facets["version"] == VERSION) is new
        )
        assert low <= dead <= high
    slowest = {
        new: [
            event.inp_ms
            for event in events
            if isinstance(event, View)
            and event.inp_element == FILTER
            and event.inp_ms is not None
            and (event.facets["version"] == VERSION) is new
        ]
        for new in (False, True)
    }
    before, after = (sum(slowest[new]) / len(slowest[new]) for new in (False, True))
    assert after > 2.5 * before


def test_people_rage_where_no_store_is_found_and_one_wording_works_better(
    events: list[Event],
) -> None:
    clicks = [event for event in events if isinstance(event, Action)]
    at_stock = share(click.rage for click in clicks if click.element == STOCK)
    elsewhere = share(click.rage for click in clicks if click.element not in {STOCK, COUPON})
    assert at_stock > 20 * elsewhere
    on_first = [click for click in clicks if click.page == "/"]
    bought = {
        variant: share(
            click.element == BUY for click in on_first if click.attributes["variant"] == variant
        )
        for variant in "AB"
    }
    assert bought["B"] > bought["A"] + 0.05
