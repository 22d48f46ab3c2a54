"""Counts and ratios over time, as graphs and alert rules ask for them."""

import math
from typing import Any

import pytest

from isotherm.model import Scope
from isotherm.model.errors import Code, IsothermError
from isotherm.query.frame import Frame
from tests.scenario import HOUR, MINUTE, NOON, Shop, cart, click, error, visit, where


def series(frames: list[Frame], label: str = "") -> dict[str, list[float]]:
    return {frame.labels.get(label, ""): list(map(float, frame.values[1])) for frame in frames}


def three_hours(**more: Any) -> Scope:
    return cart(**{"to_ms": NOON + 3 * HOUR, **more})


@pytest.fixture
def told(shop: Shop) -> Shop:
    return shop.tells(
        visit(session="a", spent_ms=10_000),
        click(session="a", t=NOON + MINUTE),
        click(session="a", t=NOON + MINUTE, rage=True, clicks=3),
        click("#menu", session="b", t=NOON + 2 * HOUR),
        visit(session="b", t=NOON + 2 * HOUR, spent_ms=30_000),
        visit("/done", session="b", t=NOON + 2 * HOUR + MINUTE),
        error(session="b", t=NOON + HOUR),
    )


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("clicks", [4, 0, 1]),
        ("actions", [2, 0, 1]),
        ("views", [1, 0, 1]),
        ("sessions", [1, 0, 1]),
        ("users", [0, 0, 0]),
        ("errors", [0, 1, 0]),
        ("rage", [3, 0, 0]),
        ("dead", [0, 0, 0]),
        ("rage_ratio", [0.75, 0, 0]),
        ("page_time", [10_000, 0, 30_000]),
        ("session_end_ratio", [1, 0, 0]),
    ],
)
def test_every_interval_has_a_value(told: Shop, measure: str, expected: list[float]) -> None:
    (frame,) = told.ask("timeseries", three_hours(), measure=measure, intervalMs=HOUR)
    assert list(frame.values[0]) == [NOON, NOON + HOUR, NOON + 2 * HOUR]
    assert list(frame.values[1]) == expected
    assert frame.labels == {"application": "shop", "page": "/cart"}


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("clicks", 5),
        ("views", 2),
        ("errors", 1),
        ("rage", 3),
        ("dead", 0),
        ("rage_ratio", 0.6),
        ("page_time", 20_000),
        ("session_end_ratio", 0.5),
    ],
)
def test_an_alert_rule_gets_its_whole_range_as_one_interval(
    told: Shop, measure: str, expected: float
) -> None:
    """Whatever function its reduce expression uses, *Last* too: the range has no other point."""
    scope = three_hours(from_ms=NOON - MINUTE)  # not at a multiple of any interval
    (frame,) = told.ask("timeseries", scope, measure=measure, intervalMs=1000, maxDataPoints=1)
    assert [list(column) for column in frame.values] == [[NOON - MINUTE], [expected]]


def test_a_visit_that_began_before_is_in_no_interval(told: Shop) -> None:
    scope = three_hours(from_ms=NOON + MINUTE)
    whole, hours = (
        told.ask("timeseries", scope, measure="session_end_ratio", **width)[0].values[1]
        for width in ({"maxDataPoints": 1}, {"intervalMs": 3 * HOUR})
    )
    assert list(whole) == list(hours) == [0]


def test_null_can_be_asked_for_instead_of_zero(told: Shop) -> None:
    (frame,) = told.ask("timeseries", three_hours(), fill="null", intervalMs=HOUR)
    assert math.isnan(frame.values[1][1])


def test_series_are_split_by_element_largest_first(told: Shop) -> None:
    frames = told.ask("timeseries", three_hours(), by="element", intervalMs=HOUR)
    assert series(frames, "element") == {"#pay": [4, 0, 0], "#menu": [0, 0, 1]}
    (first,) = told.ask("timeseries", three_hours(), by="element", limit=1, intervalMs=HOUR)
    assert (first.labels["element"], first.meta["series"]) == ("#pay", 2)


def test_series_are_split_by_page_facet_or_attribute(shop: Shop) -> None:
    shop.tells(
        click(facets={"browser": "Chrome"}, attributes={"plan": "gold"}),
        click(page="/done", facets={"browser": "Safari"}),
    )
    scope = three_hours(pages=())
    for by, expected in {
        "page": {"/cart": [1], "/done": [1]},
        "browser": {"Chrome": [1], "Safari": [1]},
        "plan": {"gold": [1], "": [1]},
    }.items():
        frames = shop.ask("timeseries", scope, by=by, intervalMs=3 * HOUR)
        assert series(frames, by) == expected


def test_an_element_whose_clicks_vanished_is_a_zero_and_no_gap(told: Shop) -> None:
    late = cart(where("element", "=", "#pay"), from_ms=NOON + HOUR, to_ms=NOON + 2 * HOUR)
    frames = told.ask("timeseries", late, by="element", intervalMs=HOUR)
    assert series(frames, "element") == {"#pay": [0]}


def test_a_known_page_without_data_is_a_zero(told: Shop) -> None:
    quiet = cart(from_ms=NOON + 20 * HOUR, to_ms=NOON + 21 * HOUR)
    for by in ("", "page"):
        frames = told.ask("timeseries", quiet, by=by, intervalMs=HOUR)
        assert [list(frame.values[1]) for frame in frames] == [[0]]
        assert frames[0].labels["page"] == "/cart"


def test_a_page_that_never_was_is_no_series(told: Shop) -> None:
    assert told.ask("timeseries", cart(pages=("/nowhere",)), intervalMs=HOUR) == []


@pytest.mark.parametrize("measure", ["errors", "page_time", "session_end_ratio"])
def test_what_is_not_known_per_element_is_refused(told: Shop, measure: str) -> None:
    with pytest.raises(IsothermError) as refused:
        told.ask("timeseries", measure=measure, by="element")
    assert (refused.value.code, refused.value.field) == (Code.INVALID, "by")


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, 150_000 * 2),  # three hours in at most 300 points: the next round step is 5 minutes
        ({"intervalMs": 1000}, 1000),
        ({"intervalMs": 1}, 1000),  # not more than 11,000 points
        ({"intervalMs": 1000, "maxDataPoints": 100}, 120_000),
    ],
)
def test_the_interval_follows_the_wish_within_bounds(
    told: Shop, params: dict[str, int], expected: int
) -> None:
    (frame,) = told.ask("timeseries", three_hours(), **params)
    assert frame.meta["interval_ms"] in {expected, 60_000 if not params else expected}


def test_a_legend_names_the_series_by_what_tells_them_apart(told: Shop) -> None:
    told.tells(click(session="c", facets={"browser": "Firefox"}))
    frames = told.ask("timeseries", three_hours(), by="browser")
    assert [frame.series for frame in frames] == ["no browser", "Firefox"]
    assert told.ask("timeseries", three_hours())[0].series == ""
