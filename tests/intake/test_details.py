"""Requests, long tasks, vitals and causes in what SDKs sent, against the bodies themselves."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from isotherm.intake.requests import IntakeRequest
from isotherm.intake.steps import Steps
from isotherm.model import Action, LongTask, PageError, Resource, View, ViewPart, Vital
from tests.intake.intake_under_test import SAMPLES, sample_requests, sessions_of
from tests.intake.test_samples import events_of, only

TRACE = "0af7651916cd43dd8448eb211c80319c"


def datadog_bodies(session: str) -> Iterator[dict[str, Any]]:
    for body in sorted((SAMPLES / session).glob("*.rum.ndjson")):
        yield from (json.loads(line) for line in body.read_text().split("\n") if line.strip())


def actions_in(body: dict[str, Any]) -> tuple[str, ...]:
    ids = body.get("action", {}).get("id", [])
    return (ids,) if isinstance(ids, str) else tuple(ids)


@pytest.mark.parametrize("session", sessions_of("datadog"))
def test_every_request_is_kept_as_datadog_described_it(session: str, steps: Steps) -> None:
    resources = only(Resource, events_of(steps, sample_requests(session)))
    sent = [body for body in datadog_bodies(session) if body["type"] == "resource"]
    assert {
        one.event_id: (
            one.time_ms, one.kind, one.status, one.host, one.size, one.duration_ms, one.action_ids,
            one.view_id,
        )
        for one in resources
    } == {
        body["resource"]["id"]: (
            body["date"],
            body["resource"]["type"],
            body["resource"].get("status_code", 0),
            urlsplit(body["resource"]["url"]).netloc,
            body["resource"].get("size"),
            body["resource"]["duration"] / 1e6,
            actions_in(body),
            body["view"]["id"],
        )
        for body in sent
    }  # fmt: skip
    paths = {one.path for one in resources}
    assert paths == {urlsplit(body["resource"]["url"]).path for body in sent}


@pytest.mark.parametrize("session", sessions_of("datadog"))
def test_long_tasks_name_their_longest_script(session: str, steps: Steps) -> None:
    tasks = only(LongTask, events_of(steps, sample_requests(session)))
    sent = [body["long_task"] for body in datadog_bodies(session) if body["type"] == "long_task"]
    for task, one in zip(tasks, sent, strict=True):
        assert task.duration_ms == one["duration"] / 1e6
        longest = max(one.get("scripts", []), key=lambda script: script["duration"], default={})
        assert task.scripts == len(one.get("scripts", []))
        assert task.script == longest.get("source_url", "").removeprefix("http://")
        assert task.script_ms == (longest["duration"] / 1e6 if longest else None)
        assert task.blocking_ms == (one["blocking_duration"] / 1e6 if longest else None)
        assert task.kind == ("frame" if "blocking_duration" in one else "task")


def test_errors_and_requests_know_the_click_that_caused_them(steps: Steps) -> None:
    events = events_of(steps, sample_requests("datadog/dd7-desktop-allow"))
    clicks = {action.event_id: action for action in only(Action, events)}

    def caused(of: type[Any]) -> Counter[str]:
        return Counter(
            action.action_name
            for one in only(of, events)
            for action_id in one.action_ids
            if (action := clicks.get(action_id))
        )

    # Each of 5 errors and 7 calls belongs to one click that was sent (samples/README 2.4).
    assert sum(caused(PageError).values()) == 5
    assert sum(caused(Resource).values()) == 7
    assert {one.status for one in only(Resource, events) if one.action_ids} == {200, 503}
    assert {error.frames for error in only(PageError, events)} == {
        "HTMLButtonElement.<anonymous> @ http://shop.example.test/app.js:24:28"
    }
    assert {error.handling for error in only(PageError, events)} == {"unhandled"}


@pytest.mark.parametrize("session", sessions_of("datadog"))
def test_views_keep_their_web_vitals(session: str, steps: Steps) -> None:
    views = only(View, events_of(steps, sample_requests(session)))
    sent = [body["view"] for body in datadog_bodies(session) if body["type"] == "view"]
    for view, one in zip(views, sent, strict=True):
        inp, lcp = one.get("interaction_to_next_paint"), one.get("largest_contentful_paint")
        assert view.inp_ms == (None if inp is None else inp / 1e6)
        assert view.lcp_ms == (None if lcp is None else lcp / 1e6)
        assert view.cls == one.get("cumulative_layout_shift")
        assert view.inp_element == one.get("interaction_to_next_paint_target_selector", "")
        assert view.lcp_element == one.get("largest_contentful_paint_target_selector", "")
    without = ("datadog/dd4-desktop-short", "datadog/dd7-tablet-abandon")  # v4 knew no INP
    assert any(view.inp_ms is not None for view in views) == (session not in without)
    assert any(view.cls is not None for view in views)


def line(**told: Any) -> bytes:
    whole = {
        "date": 1_795_364_500_000,
        "application": {"id": "shop"},
        "session": {"id": "s1"},
        "view": {"id": "v1", "url": "https://shop.test/cart?coupon=x"},
        **told,
    }
    return json.dumps(whole).encode()


def decoded(steps: Steps, *lines: bytes) -> list[Any]:
    request = IntakeRequest(sender="datadog", path="/api/v2/rum", body=b"\n".join(lines))
    return steps.run(request).events


def test_a_call_keeps_its_trace_but_no_query_and_no_ids(steps: Steps) -> None:
    call = {"id": "r1", "type": "fetch", "method": "post", "status_code": 500, "duration": 12e6}
    call["url"] = "https://u:p@api.shop.test:8443/v2/orders/18237/items?token=secret#x"
    [one] = decoded(
        steps, line(type="resource", resource=call, _dd={"trace_id": str(0x8448EB211C80319C)})
    )
    assert (one.host, one.path) == ("api.shop.test:8443", "/v2/orders/?/items")
    assert (one.method, one.status, one.duration_ms) == ("POST", 500, 12.0)
    assert one.trace_id == "00000000000000008448eb211c80319c"
    assert "secret" not in msgspec.json.encode(one).decode()


@pytest.mark.parametrize(
    ("url", "kind", "expected"),
    [
        ("https://shop.test/app.3f2a.js?v=1", "js", ("shop.test", "/app.3f2a.js")),
        ("data:image/png;base64,aGVsbG8=", "image", ("", "data:")),
        ("blob:https://shop.test/9115d58c", "media", ("", "blob:")),
        ("/api/stock?sku=1", "xhr", ("", "/api/stock")),
        ("https://shop.test", "document", ("shop.test", "/")),
        ("http://[", "fetch", ("", "/http:/[")),
    ],
)
def test_addresses_of_requests(
    steps: Steps, url: str, kind: str, expected: tuple[str, str]
) -> None:
    resource = {"id": "r", "type": kind, "url": url}
    [one] = decoded(steps, line(type="resource", resource=resource))
    assert (one.host, one.path) == expected


@pytest.mark.parametrize("trace", ["", "0", "none", "-5", "9" * 60, TRACE[:-1], "\u0663"])
def test_what_is_no_trace_id_is_none(steps: Steps, trace: str) -> None:
    resource = {"id": "r", "type": "fetch", "url": "/x"}
    [one] = decoded(steps, line(type="resource", resource=resource, _dd={"trace_id": trace}))
    assert one.trace_id == ""


def test_a_failed_request_among_the_errors(steps: Steps) -> None:
    error = {
        "id": "e1", "message": "Fetch error", "source": "network", "fingerprint": "stock",
        "stack": "Error: x\n at a (https://shop.test/app.js?v=9:1:2)\n    at https://shop.test/b.js:3:4"
        "\nc@https://shop.test/c.js:5:6\n at d @ https://shop.test/d.js:7:8",
        "resource": {"method": "GET", "status_code": 503, "url": "/api/stock/17?x=1"},
    }  # fmt: skip
    [one] = decoded(steps, line(type="error", error=error, _dd={"trace_id": TRACE}))
    assert (one.method, one.status, one.path, one.fingerprint) == (
        "GET", 503, "/api/stock/?", "stock",
    )  # fmt: skip
    assert one.frames.split("\n") == [
        "a (https://shop.test/app.js:1:2)", "https://shop.test/b.js:3:4",
        "c@https://shop.test/c.js:5:6",
    ]  # fmt: skip
    assert one.trace_id == TRACE


def test_vitals_of_the_site(steps: Steps) -> None:
    duration = {"id": "v1", "type": "duration", "name": "checkout", "duration": 17.5e6}
    step = {
        "id": "v2", "type": "operation_step", "name": "upload", "step_type": "end",
        "failure_reason": "error", "operation_key": "photo",
    }  # fmt: skip
    vitals = decoded(steps, line(type="vital", vital=duration), line(type="vital", vital=step))
    assert only(Vital, vitals) == vitals
    assert [(one.name, one.value, one.detail, one.operation) for one in vitals] == [
        ("checkout", 17.5, "", ""),
        ("upload", None, "end error", "photo"),
    ]


def test_a_difference_to_a_view_brings_its_web_vitals(steps: Steps) -> None:
    view = {"id": "v1", "interaction_to_next_paint": 8e6}
    view["performance"] = {"inp": {"duration": 9e6, "target_selector": "#a"}, "lcp": None}
    [part] = decoded(steps, line(type="view_update", view=view, _dd={"document_version": 2}))
    assert isinstance(part, ViewPart)
    assert part.changed == {
        "inp_ms": 9.0, "inp_element": "#a", "lcp_ms": None, "lcp_element": None,
    }  # fmt: skip


@pytest.mark.parametrize("session", sessions_of("guance"))
def test_guance_requests_and_long_tasks(session: str, steps: Steps) -> None:
    events = events_of(steps, sample_requests(session))
    text = "\n".join(file.read_text() for file in sorted((SAMPLES / session).glob("*.rum.lp")))
    resources, tasks = only(Resource, events), only(LongTask, events)
    statuses = Counter(f"resource_status={one.status}," for one in resources if one.status)
    assert statuses == {found: text.count(found) for found in statuses}
    for one in resources:
        assert f"resource_id={one.event_id}," in text
        assert f'resource_url_path="{one.path}"' in text
        assert f"duration={one.duration_ms * 1e6:.0f}," in text if one.duration_ms else True
    assert all(task.script == "shop.example.test/rum.js" and task.blocking_ms for task in tasks)
    clicks = {action.event_id for action in only(Action, events)}
    caused = [one for one in resources if one.action_ids]
    assert len(caused) == 7
    assert all(clicks & {*one.action_ids} for one in caused)
    errors = only(PageError, events)
    assert all(clicks & {*error.action_ids} and error.frames for error in errors)
    last = {view.view_id: view for view in only(View, events)}
    assert any(view.lcp_element == "#hero>DIV.hero-copy>H1" for view in last.values()) or (
        session == "guance/guance-mobile"
    )
