"""Every stored request, decoded as it was sent; counts against the bodies and truth.json."""

import json
import random
from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
import pytest

from isotherm.intake.requests import IntakeRequest
from isotherm.intake.steps import Steps
from isotherm.model import (
    Action,
    Event,
    LongTask,
    PageError,
    Resource,
    Segment,
    SegmentFormat,
    View,
    ViewPart,
)
from tests.intake.intake_under_test import (
    SAMPLES,
    Intake,
    sample_requests,
    sessions_of,
    stored,
    truth,
)

T = TypeVar("T")
ALL = [session for sender in ("datadog", "guance", "faro") for session in sessions_of(sender)]


def events_of(steps: Steps, requests: Iterable[IntakeRequest]) -> list[Event]:
    return [event for request in requests for event in steps.run(request).events]


def only(kind: type[T], events: Iterable[Event]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]


def datadog_lines(session: str) -> Counter[str]:
    bodies = sorted((SAMPLES / session).glob("*.rum.ndjson"))
    lines = [line for body in bodies for line in body.read_text().split("\n") if line.strip()]
    return Counter(json.loads(line)["type"] for line in lines)


@pytest.mark.parametrize("session", sessions_of("datadog"))
def test_every_datadog_line_becomes_an_event(session: str, steps: Steps) -> None:
    results = [steps.run(request) for request in sample_requests(session)]
    events = [event for result in results for event in result.events]
    expected = datadog_lines(session)
    assert len(only(Action, events)) == expected["action"]
    assert len(only(View, events)) == expected["view"]
    assert len(only(ViewPart, events)) == expected["view_update"]
    assert len(only(PageError, events)) == expected["error"]
    assert len(only(Resource, events)) == expected["resource"]
    assert len(only(LongTask, events)) == expected["long_task"]
    assert not any(result.drops for result in results)
    assert sum(result.received for result in results if not only(Segment, result.events)) == sum(
        expected.values()
    )


def test_the_full_datadog_session_has_32_actions_standing_for_its_39_clicks_or_less(
    steps: Steps,
) -> None:
    actions = only(Action, events_of(steps, sample_requests("datadog/dd7-desktop-allow")))
    assert len(actions) == 32
    rage = [action for action in actions if action.rage]
    # 5 clicks on the badge and 4 on the broken button came as one action each: at least 3 clicks.
    assert [(action.clicks, action.clicks_exact) for action in rage] == [(3, False), (3, False)]
    assert len(actions) - 2 + 5 + 4 == len(truth("datadog/dd7-desktop-allow")["clicks"])
    assert sum(action.dead for action in actions) == 7  # with the rage on the badge
    assert sum(action.error for action in actions) == 2


def test_a_click_keeps_its_place_inside_the_element(steps: Steps) -> None:
    actions = only(Action, events_of(steps, sample_requests("datadog/dd7-desktop-allow")))
    hero = next(action for action in actions if action.action_name == "jacket picture")
    assert hero.element == "#hero>DIV.hero-art>DIV.art-inner"
    assert (hero.element_w, hero.element_h) == (487, 352)
    assert hero.fx is not None
    assert hero.fy is not None
    assert (hero.fx / 65535 * 487, hero.fy / 65535 * 352) == pytest.approx((122, 264), abs=0.01)
    assert hero.element_path.startswith("DIV.art-inner;DIV.hero-art")
    assert (hero.viewport_w, hero.page, hero.dead, hero.loading_ms) == (1440, "/", True, None)
    assert (hero.user_id, hero.user_name) == ("u-1", "Test User 1")
    assert hero.attributes == {"plan": "pro"}
    assert hero.facets == {
        "env": "staging",
        "service": "kestrel-shop",
        "version": "1.4.2",
        "browser": "Chrome",
        "os": "Linux",
        "device": "desktop",
    }


def test_an_anonymous_visitor_is_no_user(steps: Steps) -> None:
    events = events_of(steps, sample_requests("datadog/dd7-desktop-viewupdate"))
    assert {event.user_id for event in only(Action, events)} == {""}


def test_env_of_old_sdks_comes_from_the_query(steps: Steps) -> None:
    events = events_of(steps, sample_requests("datadog/dd4-desktop-short"))
    assert {event.facets["env"] for event in only(Action, events)} == {"staging"}


def test_a_tap_on_the_root_element_has_a_page_position(steps: Steps) -> None:
    actions = only(Action, events_of(steps, sample_requests("datadog/dd7-mobile-allow")))
    [tap] = [action for action in actions if not action.element]
    assert (tap.element_w, tap.element_h) == (390, 5112)
    clicks = truth("datadog/dd7-mobile-allow")["clicks"]
    assert any(
        abs(click["page_x"] - (tap.page_x or 0)) <= 1
        and abs(click["page_y"] - (tap.page_y or 0)) <= 1
        for click in clicks
    )


def test_view_updates_say_what_changed(steps: Steps) -> None:
    events = events_of(steps, sample_requests("datadog/dd7-desktop-viewupdate"))
    first, second = only(ViewPart, events)
    assert (first.version, second.version) == (3, 5)
    assert first.changed == {
        "time_spent_ms": 11078.0,
        "actions": 2,
        "depth_px": 3452.0,
        "page_height_px": 3452.0,
        "viewport_w": 1100,
        "viewport_h": 700,
    }
    assert second.changed == {"time_spent_ms": 17962.0, "actions": 4, "frustrations": 2}


@pytest.mark.parametrize("session", sessions_of("datadog") + sessions_of("guance"))
def test_segments_hold_the_inflated_records(session: str, steps: Steps) -> None:
    requests = sample_requests(session)
    segments = only(Segment, events_of(steps, requests))
    files = sorted((SAMPLES / session).glob("*.replay.segment.json"))
    assert len(segments) == len(files)
    for segment, file in zip(segments, files, strict=True):
        expected = json.loads(file.read_bytes())
        assert json.loads(segment.body) == expected
        assert segment.records == expected["records_count"]
        assert segment.full_snapshot == expected["has_full_snapshot"]
        assert (segment.index, segment.time_ms) == (expected["index_in_view"], expected["start"])
        assert segment.format is SegmentFormat.DATADOG
        assert segment.view_id == expected["view"]["id"]


def test_a_guance_segment_that_came_twice_has_one_id(steps: Steps) -> None:
    segments = only(Segment, events_of(steps, sample_requests("guance/guance-desktop")))
    assert len(segments) == len({segment.segment_id for segment in segments}) + 1


@pytest.mark.parametrize("session", sessions_of("guance"))
def test_guance_points_are_counted_by_measurement(session: str, steps: Steps) -> None:
    results = [steps.run(request) for request in sample_requests(session)]
    events = [event for result in results for event in result.events]
    expected: Counter[str] = Counter()
    for body in sorted((SAMPLES / session).glob("*.rum.lp")):
        text = body.read_text()
        starts = [line.partition(",")[0] for line in text.split("\n")]
        expected.update(start for start in starts if start.isidentifier())
    assert len(only(Action, events)) == expected["action"]
    assert len(only(View, events)) == expected["view"]
    assert len(only(PageError, events)) == expected["error"]
    assert len(only(Resource, events)) == expected["resource"]
    assert len(only(LongTask, events)) == expected["long_task"]
    assert not any(result.drops for result in results)


def test_a_guance_click_reads_like_a_datadog_click(steps: Steps) -> None:
    """One element has one key, and one click one place, whichever SDK reported it."""

    def places(session: str) -> Counter[object]:
        actions = only(Action, events_of(steps, sample_requests(session)))
        return Counter(
            (a.element, a.fx, a.fy, a.element_w, a.rage, a.dead, a.error, a.page, a.user_id == "")
            for a in actions
            if not a.element.startswith(("#shadow-host", "A[data-testid"))
        )

    # Guance reports the shadow host where Datadog reports the button, and loses the click that
    # leaves the page.
    assert places("guance/guance-desktop") == places("datadog/dd7-desktop-allow")


def test_the_last_version_of_a_guance_view_has_the_highest_number(steps: Steps) -> None:
    views = only(View, events_of(steps, sample_requests("guance/guance-desktop")))
    last = {view.view_id: view for view in views}  # they arrived in order
    assert {view.view_id: view.version for view in last.values()} == {
        key: max(view.version for view in views if view.view_id == key) for key in last
    }
    first_page = next(view for view in last.values() if view.depth_px == 2812)
    assert (first_page.page_height_px, first_page.time_spent_ms) == (2812, 43353)
    assert (first_page.actions, first_page.errors, first_page.frustrations) == (25, 5, 11)


@pytest.mark.parametrize("session", sessions_of("faro"))
def test_a_faro_body_is_one_segment_of_the_items_that_matter(session: str, steps: Steps) -> None:
    for request in sample_requests(session):
        sent = json.loads(request.body)
        items = sum(len(sent.get(key, [])) for key in ("events", "exceptions", "measurements"))
        result = steps.run(request)
        segments = only(Segment, result.events)
        assert result.received == items
        assert sum(segment.events for segment in segments) + sum(result.drops.values()) == items
        for segment in segments:
            body = json.loads(segment.body)
            assert body["meta"] == sent["meta"]
            kept = body.get("events", [])
            assert kept == sent.get("events", [])
            assert body.get("exceptions", []) == sent.get("exceptions", [])
            assert body.get("measurements", []) == sent.get("measurements", [])
            assert segment.application == "kestrel-shop"
            assert (segment.viewport_w, segment.viewport_h) == (1440, 900)
        assert not result.drops


def test_no_rrweb_event_of_a_faro_session_is_lost(steps: Steps) -> None:
    segments = only(Segment, events_of(steps, sample_requests("faro/faro-desktop")))
    assert sum(segment.records for segment in segments) == 285
    assert sum(segment.full_snapshot for segment in segments) == 2


def test_a_plain_rrweb_recording_is_one_segment(intake: Intake) -> None:
    recording = (SAMPLES / "rrweb/rrweb-desktop.events.json").read_bytes()
    query = "application=shop&session=s-1&recording=r-1&viewport=1440x900&user=u-1&env=prod"
    answer = intake.client.post(f"/intake/rrweb?{query}", data=recording)
    assert answer.status_code == 202
    [segment] = only(Segment, intake.events)
    assert json.loads(segment.body) == json.loads(recording)
    assert (segment.records, segment.recording_id, segment.user_id) == (298, "r-1", "u-1")
    whole: dict[str, Any] = {
        "application": "shop",
        "session": "s-1",
        "recording": "r-1",
        "user": {"id": "u-1"},
    }
    whole |= {"viewport": [1440, 900], "env": "prod", "events": json.loads(recording)}
    intake.client.post("/intake/rrweb", json=whole)
    again = only(Segment, intake.events)[1]
    assert msgspec.structs.replace(again, body=b"", segment_id="") == msgspec.structs.replace(
        segment, body=b"", segment_id=""
    )


@pytest.mark.parametrize("session", ALL)
def test_order_and_repetition_change_nothing(session: str, steps: Steps) -> None:
    requests = sample_requests(session)
    in_order = {msgspec.json.encode(event) for event in events_of(steps, requests)}
    shuffled = requests * 3
    random.Random(7).shuffle(shuffled)
    assert {msgspec.json.encode(event) for event in events_of(steps, shuffled)} == in_order


@pytest.mark.parametrize("session", ALL)
def test_over_http_every_request_is_taken_and_every_item_counted(
    session: str, intake: Intake
) -> None:
    for request in stored(session):
        answer = intake.client.post(
            request.path,
            query_string=request.query,
            headers=request.headers,
            data=request.body,
        )
        assert answer.status_code == 202, answer.get_data(as_text=True)
        assert answer.headers["Access-Control-Allow-Origin"] == "http://shop.example.test"
    counted = intake.counters.snapshot()
    worth = sum(event.events if isinstance(event, Segment) else 1 for event in intake.events)
    assert sum(counted.received.values()) == worth + sum(counted.dropped.values())
