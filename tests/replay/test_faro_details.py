"""Requests, web vitals and measurements of Faro sessions, against the bodies and their truth."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from isotherm.model import Resource, Segment, SegmentFormat, Vital
from isotherm.replay.derive.derived import Derived
from isotherm.replay.derive.faro_details import around
from isotherm.replay.derive.session import derive
from isotherm.replay.derive.signal_rules import SignalRules
from isotherm.replay.formats.faro import read_faro_body
from tests.replay.conftest import SAMPLES, key_of, session

SESSIONS = ("faro/faro-desktop", "faro/faro-desktop-scrollclick", "faro/faro-noreplay")
TRACE = "0af7651916cd43dd8448eb211c80319c"


def derived(segments: Any) -> Derived:
    return derive(segments, SignalRules(), key_of)


def sent(name: str, kind: str) -> list[dict[str, Any]]:
    """Return the items of a kind of all bodies of a session, by time."""
    bodies = [json.loads(file.read_bytes()) for file in (SAMPLES / name).glob("*.faro.json")]
    items = [item for body in bodies for item in body.get(kind, [])]
    return sorted(items, key=lambda item: str(item["timestamp"]))


@pytest.mark.parametrize("name", SESSIONS)
def test_every_request_of_a_faro_session_is_there_once(name: str) -> None:
    segments = session(name).segments
    result = derived([*segments, *segments])
    told = [event["attributes"] for event in sent(name, "events") if "performance" in event["name"]]
    requests = [one for one in result.details if isinstance(one, Resource)]
    assert len(requests) == len(result.details)
    assert Counter((one.status, one.duration_ms) for one in requests) == Counter(
        (int(one["responseStatus"]), float(one["duration"])) for one in told
    )
    views = {view.view_id for view in result.views}
    assert {one.view_id for one in result.details} <= views


def test_a_faro_request_belongs_to_its_click_and_page() -> None:
    result = derived(session("faro/faro-desktop").segments)
    calls = [one for one in result.details if isinstance(one, Resource) and one.kind == "fetch"]
    assert {(one.host, one.path) for one in calls} == {
        ("shop.example.test", "/api/stock"), ("shop.example.test", "/api/order"),
    }  # fmt: skip
    clicks = {action.event_id: action for action in result.actions}
    caused = [clicks[one.action_ids[0]].action_name for one in calls if one.action_ids]
    events = [event for event in sent("faro/faro-desktop", "events") if "resource" in event["name"]]
    assert sorted(caused) == sorted(
        event["action"]["name"] for event in events if "action" in event
    )
    [error] = result.errors
    assert error.frames == "HTMLButtonElement.<anonymous> @ http://shop.example.test/app.js:24:28"
    assert clicks[error.action_ids[0]].error


def unmarked(segment: Segment) -> Segment:
    """Return what the same clicks send where no element is marked for Faro's user actions."""
    told = json.loads(segment.body)
    told["events"] = [one for one in told.get("events", []) if one["name"] != "faro.user.action"]
    for kind in ("events", "exceptions", "measurements"):
        for one in told.get(kind, []):
            one.pop("action", None)
    return replace(segment, body=msgspec.json.encode(told))


def test_on_a_site_that_marks_no_elements_calls_and_errors_belong_to_the_same_clicks() -> None:
    """Faro's own user actions are the reference."""

    def causes(segments: Sequence[Segment]) -> list[tuple[str, int, str]]:
        result = derived(segments)
        clicks = {action.event_id: action.element for action in result.actions}
        calls = [one for one in result.details if isinstance(one, Resource) and one.kind == "fetch"]
        return [("/error", one.time_ms, clicks[one.action_ids[0]]) for one in result.errors] + [
            (one.path, one.time_ms, clicks[one.action_ids[0]]) for one in calls if one.action_ids
        ]

    marked = session("faro/faro-desktop").segments
    assert causes([unmarked(one) for one in marked]) == causes(marked)
    assert {path for path, _, _ in causes(marked)} == {"/error", "/api/stock", "/api/order"}


@pytest.mark.parametrize("name", SESSIONS)
def test_views_have_the_web_vitals_that_were_measured_in_them(name: str) -> None:
    result = derived(session(name).segments)
    measured = sent(name, "measurements")
    for vital, field in (("inp", "inp_ms"), ("fcp", "fcp_ms"), ("lcp", "lcp_ms"), ("cls", "cls")):
        values = [one["values"][vital] for one in measured if vital in one["values"]]
        found = [value for view in result.views if (value := getattr(view, field)) is not None]
        assert found == pytest.approx(values, abs=0.5), vital
    assert any(view.inp_element for view in result.views) == any(
        "interaction_target" in one["context"] for one in measured
    )


CAPTURED = Path(__file__).parents[1] / "intake" / "traced" / "faro-1.0.0"


def test_the_slowest_interaction_belongs_to_its_own_time_though_it_is_told_later() -> None:
    """The page blocks for 180 ms at the click on `sort`, and says so when it is left."""
    bodies = [read_faro_body(file.read_bytes()) for file in sorted(CAPTURED.glob("*.faro.json"))]
    told = around(bodies)
    [sort] = [one for one in told.actions if one.name == "sort"]
    [(start_ms, end_ms)] = told.handled(100)
    assert start_ms <= sort.start_ms <= end_ms
    assert 180 <= end_ms - sort.start_ms <= 280
    [view] = [name for name, one in told.web_vitals(str).items() if "inp_ms" in one]
    assert abs(int(view) - sort.start_ms) < 50
    [left] = [one for one in told.measurements if "inp" in one.values]
    following = replace(told.requests[0], time_ms=left.time_ms - 100, id="next", page_load=True)
    late = replace(told, requests=(*told.requests, following))
    assert list(late.handled(100)) == [(start_ms, end_ms)]
    assert not list(told.handled(1000))


def body(**lists: Any) -> Segment:
    meta = {"app": {"name": "shop"}, "session": {"id": "s"}, "page": {"url": "https://shop.test/a"}}
    return Segment(
        segment_id="g", time_ms=1_795_000_000_000, end_ms=1_795_000_009_000, application="shop",
        session_id="s", format=SegmentFormat.FARO, events=3, url="https://shop.test/a",
        body=msgspec.json.encode({"meta": meta, **lists}),
    )  # fmt: skip


def at(second: float) -> str:
    return f"2026-11-18T11:06:{40 + second:06.3f}Z"


def entry(second: float, **told: str) -> dict[str, Any]:
    plain = {"name": "https://api.test/orders/17?x=1", "initiatorType": "fetch", "duration": "90"}
    plain |= {"responseStatus": "200", "decodedBodySize": "11", "faroResourceId": f"r{second}"}
    name = "faro.performance.resource"
    return {"name": name, "timestamp": at(second), "attributes": plain | told}


def span(end: float, **told: str) -> dict[str, Any]:
    plain = {"http.url": "https://api.test/orders/17?x=1", "http.method": "POST"}
    plain |= {"http.status_code": "200", "duration_ns": "100000000"}
    return {
        "name": "faro.tracing.fetch", "timestamp": at(end), "attributes": plain | told,
        "trace": {"trace_id": TRACE, "span_id": f"{end}"},
    }  # fmt: skip


def test_a_call_that_was_traced_is_one_request_with_trace_and_size() -> None:
    events = [entry(1.005), span(1.1), entry(5.0), span(8.0, **{"http.status_code": "500"})]
    one, two, three = derived([body(events=events)]).details
    assert isinstance(one, Resource)
    assert isinstance(three, Resource)
    assert (one.method, one.status, one.duration_ms, one.size) == ("POST", 200, 100.0, 11)
    assert (one.host, one.path, one.trace_id) == ("api.test", "/orders/?", TRACE)
    assert isinstance(two, Resource)
    assert (two.method, two.trace_id) == ("", "")
    assert (three.status, three.size) == (500, None)


def test_conventions_of_opentelemetry_old_and_new() -> None:
    new = {"url.full": "https://api.test/new", "http.request.method": "PUT", "http.url": ""}
    new |= {"http.response.status_code": "404", "http.method": "", "http.status_code": ""}
    [one] = derived([body(events=[span(1.0, **new)])]).details
    assert isinstance(one, Resource)
    assert (one.path, one.method, one.status) == ("/new", "PUT", 404)


def test_a_measurement_of_the_site_is_a_vital() -> None:
    measured = {
        "type": "basket",
        "timestamp": at(1),
        "values": {"items": 3, "load": 17.5, "x": None},
    }
    found = derived([body(measurements=[measured])]).details
    assert {(one.kind, one.name, one.value) for one in found if isinstance(one, Vital)} == {
        ("basket", "items", 3.0), ("basket", "load", 17.5),
    }  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    [
        {"name": "faro.performance.resource", "timestamp": "never", "attributes": {}},
        {"name": "faro.tracing.fetch", "timestamp": at(1), "attributes": None, "trace": 7},
        entry(1, duration="NaN", responseStatus="-1", decodedBodySize="1e999", name="http://["),
    ],
)
def test_what_is_broken_harms_nothing_else(broken: dict[str, Any]) -> None:
    found = derived([body(events=[broken, span(3.0)])]).details
    assert TRACE in {one.trace_id for one in found if isinstance(one, Resource)}
