"""Physical clicks of the sample recordings against what the driver truly did."""

import math
import statistics
from collections.abc import Sequence
from typing import Any

import pytest

from isotherm.replay.derive.clicks import Click, Trail
from isotherm.replay.recording import recordings_of
from tests.replay.conftest import AT_REST, WITH_VIEWS, WITHOUT_VIEWS, session, truth

OUTSIDE = "helpful 4 after inner scroll"
"""On phones that tap is beside the document: no recorder writes it."""


def clicks_of(name: str) -> list[Click]:
    return [
        click
        for recording in recordings_of(session(name).segments)
        for click in Trail(recording).clicks
    ]


def paired(name: str) -> list[tuple[dict[str, Any], Click]]:
    """Pair each true click with the recorded one next to it in time."""
    left = clicks_of(name)
    pairs = []
    for true in truth(name)["clicks"]:
        click = min(left, key=lambda c: abs(c.click_ms - true["at"]))
        if abs(click.click_ms - true["at"]) <= 400:
            left.remove(click)
            pairs.append((true, click))
    assert not left, "a recorded click that nobody made"
    return pairs


def errors_px(pairs: Sequence[tuple[dict[str, Any], Click]]) -> list[float]:
    return [
        math.hypot((click.page_x or 0) - true["page_x"], (click.page_y or 0) - true["page_y"])
        for true, click in pairs
    ]


@pytest.mark.parametrize("name", [*AT_REST, *WITHOUT_VIEWS])
def test_clicks_at_rest_are_where_they_were_made(name: str) -> None:
    pairs = paired(name)
    found = [true for true, _ in pairs]
    missing = [true["label"] for true in truth(name)["clicks"] if true not in found]
    assert missing == ([OUTSIDE] if "mobile" in name else [])
    assert max(errors_px(pairs)) == 0.0


@pytest.mark.parametrize(
    ("name", "median_px", "max_px"),
    [("datadog/dd7-desktop-scrollclick", 5.5, 13.5), ("faro/faro-desktop-scrollclick", 0, 10)],
)
def test_clicks_while_scrolling_are_near(name: str, median_px: float, max_px: float) -> None:
    errors = errors_px(paired(name))
    assert len(errors) == 24
    assert statistics.median(errors) <= median_px
    assert max(errors) <= max_px


def test_without_an_element_offset_most_of_them_are_exact() -> None:
    """The page moved 10 px every 16 ms; Faro wrote a scroll every 100 ms."""
    errors = errors_px(paired("faro/faro-desktop-scrollclick"))
    assert sum(error <= 1.5 for error in errors) >= 0.85 * len(errors)


@pytest.mark.parametrize("name", WITH_VIEWS)
def test_element_keys_are_the_selectors_that_the_sdk_gave(name: str) -> None:
    clicks = clicks_of(name)
    other = set()
    for action in session(name).actions:
        click = min(clicks, key=lambda c: abs(c.up_ms - action.time_ms))
        if action.element and click.element != action.element:
            other.add((action.element, click.element))
    in_shadow_root = {("#shadow-host", "#shadow-host::shadow BUTTON.widget")}
    knows_hosts_only = "dd7" not in name and "dd4" not in name  # dd4 lost that click
    assert other == (in_shadow_root if knows_hosts_only else set())


@pytest.mark.parametrize("name", ["faro/faro-desktop", "rrweb"])
def test_an_element_has_one_key_across_senders(name: str) -> None:
    desktop = [click.element for click in clicks_of("datadog/dd7-desktop-allow")]
    assert [click.element for click in clicks_of(name)] == desktop


def test_labels_are_what_the_sdk_calls_an_element() -> None:
    name = "datadog/dd7-desktop-allow"
    clicks = clicks_of(name)
    called = {}
    for action in session(name).actions:
        click = min(clicks, key=lambda c: abs(c.up_ms - action.time_ms))
        if click.label != action.action_name:
            called[action.action_name] = click.label
    assert called == {"#email": "Email"}  # v7 hides what e-mail fields are called; the replay knows


@pytest.mark.parametrize("name", [*AT_REST, *WITHOUT_VIEWS])
def test_the_depth_is_the_lowest_pixel_that_was_seen(name: str) -> None:
    depths = [
        Trail(recording).seen(visit.start_ms, visit.end_ms).depth_px or 0
        for recording in recordings_of(session(name).segments)
        for visit in recording.visits
    ]
    true = [place["scroll_y"] + place["viewport_h"] for place in truth(name)["scrolls"]]
    assert max(depths) == pytest.approx(max(true), abs=0.5)
    assert min(depths) == pytest.approx(min(true), abs=0.5)
