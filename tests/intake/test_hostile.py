"""Bad bodies are answered with a sentence and harm nobody: the next good request works."""

import gc
import io
import json
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from isotherm.model import Action
from tests.intake.intake_under_test import Intake, stored

BOUNDARY = "----isothermtest"
MULTIPART = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}


def action(**changes: Any) -> dict[str, Any]:
    whole = {
        "type": "action",
        "date": 1_795_364_509_169,
        "application": {"id": "shop"},
        "session": {"id": "s-1", "type": "user"},
        "view": {"id": "v-1", "url": "http://shop.example.test/"},
        "action": {"id": "a-1", "type": "click", "target": {"name": "Buy"}},
        "display": {"viewport": {"width": 1440, "height": 900}},
        "_dd": {"action": {"position": {"x": 1, "y": 1}, "target": {"width": 9, "height": 9}}},
    }
    return whole | changes


def line(**changes: Any) -> bytes:
    return json.dumps(action(**changes)).encode()


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


def parts(**contents: bytes) -> bytes:
    body = b""
    for name, content in contents.items():
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
        head += '; filename="f"' if name in ("segment", "event") else ""
        body += head.encode() + b"\r\n\r\n" + content + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode()


EVENT = json.dumps(
    {
        "start": 1_795_364_509_169,
        "end": 1_795_364_509_170,
        "index_in_view": 0,
        "application": {"id": "shop"},
        "session": {"id": "s-1"},
        "view": {"id": "v-1"},
    }
).encode()
SEGMENT = zlib.compress(b'{"records":[{"type":4,"timestamp":1,"data":{"href":"http://a/"}}]}')


def bomb(window_bits: int) -> bytes:
    """Return 200 MiB of zeros, compressed; a block of 1 MiB is compressed once and repeated."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, window_bits)
    blocks = [
        compressor.compress(bytes(1 << 20)) + compressor.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    ]
    return blocks[0] + blocks[1] * 199


BOMB = bomb(zlib.MAX_WBITS)

REPLAY = "/intake/datadog/api/v2/replay"
GUANCE = "/intake/guance/v1/write/rum"
HOSTILE: list[tuple[str, str, bytes, dict[str, str], int, str]] = [
    # what it is, address, body, headers, status, a word of the sentence
    ("nothing", "/intake/datadog", b"", {}, 400, "empty"),
    ("blank lines", "/intake/datadog", b"\n\n \n", {}, 400, "empty"),
    ("cut JSON", "/intake/datadog", line()[:-40], {}, 400, "Line 1"),
    ("no JSON", "/intake/datadog", b"<html>", {}, 400, "Line 1"),
    ("an array", "/intake/datadog", b"[1,2]", {}, 400, "Expected `object`"),
    ("wrong type", "/intake/datadog", line(view={"id": 7}), {}, 400, "$.view.id"),
    ("no session", "/intake/datadog", line(session={}), {}, 400, "session id"),
    ("no action id", "/intake/datadog", line(action={}), {}, 400, "no id"),
    ("long id", "/intake/datadog", line(action={"id": "a" * 201}), {}, 400, "over 200"),
    ("no address", "/intake/datadog", line(view={"id": "v"}), {}, 400, "address"),
    ("far future", "/intake/datadog", line(date=10**17), {}, 400, "2100"),
    ("huge number", "/intake/datadog", line().replace(b"1795364509169", b"1e999"), {}, 400, "date"),
    ("huge integer", "/intake/datadog", line(date=10**400), {}, 400, "Line 1"),
    ("NaN", "/intake/datadog", line(date=float("nan")), {}, 400, "Line 1"),
    ("half an emoji", "/intake/datadog", line(service="\ud83d"), {}, 400, "Line 1"),
    (
        "not UTF-8",
        "/intake/datadog",
        line(service="x").replace(b'"x"', b'"\xff"'),
        {},
        400,
        "UTF-8",
    ),
    ("1000 levels", "/intake/datadog", nested(1000), {}, 400, "Line 1"),
    ("100000 levels", "/intake/datadog", nested(100_000), {}, 400, "deep"),
    ("bomb", "/intake/datadog", BOMB, {}, 413, "inflates"),
    ("gzip bomb", "/intake/faro", bomb(zlib.MAX_WBITS | 16), {}, 413, "inflates"),
    ("cut stream", "/intake/datadog", zlib.compress(line() * 99)[:-20], {}, 400, "too early"),
    ("damaged stream", "/intake/datadog", b"\x78\x9c" + b"\xff" * 50, {}, 400, "damaged"),
    ("too large", "/intake/datadog", b" " * (17 << 20), {}, 413, "16 MiB"),
    ("a million lines", "/intake/datadog", b"{}\n" * 1_000_000, {}, 413, "20,000 events"),
    ("a million points", GUANCE, b"[" + b"1," * 1_000_000 + b"1]", {}, 413, "20,000 events"),
    ("no boundary", REPLAY, b"x", {"content-type": "multipart/form-data"}, 415, "boundary"),
    ("no multipart", REPLAY, b"{}", {"content-type": "application/json"}, 415, "multipart"),
    ("no parts", REPLAY, b"x", MULTIPART, 400, "multipart"),
    ("cut parts", REPLAY, parts(event=EVENT, segment=SEGMENT)[:-60], MULTIPART, 400, "multipart"),
    ("no segment", REPLAY, parts(event=EVENT), MULTIPART, 400, "segment"),
    ("no metadata", REPLAY, parts(segment=SEGMENT), MULTIPART, 400, "start"),
    ("wrong metadata", REPLAY, parts(event=b"[]", segment=SEGMENT), MULTIPART, 400, "event"),
    (
        "no records",
        REPLAY,
        parts(event=EVENT, segment=zlib.compress(b"{}")),
        MULTIPART,
        400,
        "records",
    ),
    ("segment bomb", REPLAY, parts(event=EVENT, segment=BOMB), MULTIPART, 413, "inflates"),
    (
        "deep segment",
        REPLAY,
        parts(event=EVENT, segment=zlib.compress(b'{"records":' + b"[" * 600 + b"]" * 600 + b"}")),
        MULTIPART,
        400,
        "deeper",
    ),
    ("too many parts", REPLAY, parts(**{f"p{n}": b"" for n in range(99)}), MULTIPART, 413, "parts"),
    ("no protocol", "/intake/guance/v1/write/rum", b"hello world", {}, 400, "Point 1"),
    ("no fields", "/intake/guance/v1/write/rum", b"view,app_id=a 12", {}, 400, "Point 1"),
    ("NaN field", "/intake/guance/v1/write/rum", b"view,a=b c=NaN 1", {}, 400, "NaN"),
    ("JSON points", "/intake/guance/v1/write/rum", b'[{"measurement":7}]', {}, 400, "measurement"),
    ("cut points", "/intake/guance/v1/write/rum", b'[{"measurement":', {}, 400, "body"),
    (
        "wrong inner JSON",
        "/intake/guance/v1/write/rum",
        b'view,app_id=a,session_id=s,view_id=v display="{\\"viewport\\":" 1795364509169',
        {},
        400,
        "display",
    ),
    ("not Faro", "/intake/faro", b"{}", {}, 400, "meta"),
    ("empty Faro", "/intake/faro", b'{"meta":{}}', {}, 400, "no events"),
    ("deep Faro", "/intake/faro", nested(1000), {}, 400, "deeper"),
    (
        "Faro without session",
        "/intake/faro",
        b'{"meta":{"app":{"name":"a"}},"exceptions":[{"timestamp":"2026-11-22T16:30:01.184Z"}]}',
        {},
        400,
        "session",
    ),
    (
        "Faro without time",
        "/intake/faro",
        b'{"meta":{},"exceptions":[{"timestamp":"yesterday"}]}',
        {},
        400,
        "ISO 8601",
    ),
    (
        "bare rrweb",
        "/intake/rrweb",
        b'[{"type":4,"timestamp":1795364509169}]',
        {},
        400,
        "application",
    ),
    ("rrweb window", "/intake/rrweb?viewport=big", b"[]", {}, 400, "query"),
    ("packed rrweb", "/intake/rrweb?session=s", b'["x\\u0001","v":"simple-2"]', {}, 415, "packFn"),
    ("no events", "/intake/events", b'{"application":"a"}', {}, 400, "events"),
    ("unknown event", "/intake/events", b'[{"type":"dance"}]', {}, 400, "dance"),
    ("no records", "/intake/events", b'{"view":"v","records":[]}', {}, 400, "records"),
    ("unknown sender", "/intake/statsd", b"{}", {}, 404, "statsd"),
]


@pytest.mark.parametrize(
    ("address", "body", "headers", "refusal"),
    [(*row[1:4], row[4:]) for row in HOSTILE],
    ids=[row[0] for row in HOSTILE],
)
def test_a_bad_body_is_named_and_the_next_request_works(
    intake: Intake, address: str, body: bytes, headers: dict[str, str], refusal: tuple[int, str]
) -> None:
    status, word = refusal
    answer = intake.client.post(address, data=body, headers=headers)
    assert (answer.status_code, answer.is_json) == (status, True), answer.get_data(as_text=True)
    error = answer.get_json()["error"]
    assert word in error["message"]
    assert intake.events == []
    counted = intake.counters.snapshot()
    assert sum(counted.received.values()) == sum(counted.dropped.values())
    good = intake.client.post("/intake/datadog", data=line())
    assert good.status_code == 202
    assert len(intake.events) == 1


def test_a_body_of_bad_events_counts_each_by_its_reason(intake: Intake) -> None:
    early, late = line(date=5), line(date=10**15)
    nameless = line(session={})
    answer = intake.client.post("/intake/datadog", data=b"\n".join([early, late, nameless, b"{"]))
    assert answer.status_code == 400
    assert "(and 3 more)" in answer.get_json()["error"]["message"]
    counted = intake.counters.snapshot()
    assert counted.received == {"datadog": 4}
    assert counted.dropped == {"bad_time": 2, "missing_field": 1, "undecodable": 1}


def test_a_hundred_megabytes_are_refused_without_being_kept(intake: Intake) -> None:
    tracemalloc.start()
    body = io.BytesIO(bytes(100 << 20))
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    answer = intake.client.post("/intake/datadog", input_stream=body, content_length=100 << 20)
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert answer.status_code == 413
    assert peak < 32 << 20


def test_a_bomb_costs_little_memory(intake: Intake) -> None:
    tracemalloc.start()
    answer = intake.client.post("/intake/datadog", data=BOMB)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status_code == 413
    assert peak < 150 << 20


def view_of(**view: str) -> tuple[str, bytes, dict[str, str]]:
    return "/intake/datadog", line(view={"id": "v", **view}), {}


SENT: dict[str, Callable[[str], tuple[str, bytes, dict[str, str]]]] = {
    "an address": lambda big: view_of(url=f"http://a/{big}"),
    "a host": lambda big: view_of(url=f"http://{big}"),
    "a view's name": lambda big: view_of(name=big, url="/"),
    "a facet": lambda big: ("/intake/datadog", line(service=big, version=big), {}),
    "tags": lambda big: ("/intake/datadog", line(ddtags=f"service:{big}"), {}),
    "an attribute's key": lambda big: ("/intake/datadog", line(context={f"token{big}": big}), {}),
    "a selector": lambda big: (
        "/intake/datadog", line(_dd={"action": {"target": {"selector": big}}}), {},
    ),
    "a request": lambda big: (
        "/intake/datadog",
        line(type="resource", resource={"id": "r", "type": "xhr", "url": f"http://a/{big}"}), {},
    ),
    "an error": lambda big: (
        "/intake/datadog", line(type="error", error={"id": "e", "message": big, "stack": big}), {},
    ),
    "a browser": lambda big: ("/intake/datadog", line(), {"user-agent": big[:60_000]}),
    "a point": lambda big: (
        GUANCE,
        f'action,app_id=a,session_id=s view_url="http://h/{big}",view_id="v" 1'.encode(), {},
    ),
    "a page of Faro": lambda big: (
        "/intake/faro",
        json.dumps({"meta": {"app": {"name": "a"}, "session": {"id": "s"},
                             "page": {"url": f"http://a/{big}"}}, "events": []}).encode(), {},
    ),
}  # fmt: skip
"""Where a stranger can put a text of any length."""


@pytest.mark.parametrize("where", SENT)
def test_no_long_text_is_remembered(intake: Intake, where: str) -> None:
    def sends(number: int) -> None:
        path, body, headers = SENT[where](f"{number}" + "x" * 1_000_000)
        intake.client.post(path, data=body, headers=headers)
        intake.events.clear()

    sends(0)
    tracemalloc.start()
    for number in range(1, 9):
        sends(number)
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert kept < 1_500_000, "less than two of eight"


@pytest.mark.parametrize(
    "bad",
    [b'{"type":', line(view={"id": 7}), line(session={}), b"\xff\xfe", line(date=float("nan"))],
)
def test_a_bad_line_is_dropped_alone(intake: Intake, bad: bytes) -> None:
    batch = b"\n".join([b"", line(), bad, line(action={"id": "a-2", "type": "click"})])
    assert intake.client.post("/intake/datadog", data=batch).status_code == 202
    assert len(intake.events) == 2
    counted = intake.counters.snapshot()
    assert counted.received == {"datadog": 3}
    assert sum(counted.dropped.values()) == 1


WILD: list[Callable[[], dict[str, Any]]] = [
    lambda: {"context": {"n": 10**300, "deep": {"a": {"b": {"c": {"d": {}}}}}}},
    lambda: {"context": {f"k{n}": "v" * 5_000 for n in range(500)}},
    lambda: {"display": {"viewport": {"width": 1e300, "height": -5}}},
    lambda: {
        "_dd": {"action": {"position": {"x": 1e300, "y": -1e300}, "target": {"width": 1e-300}}}
    },
    lambda: {"_dd": {"configuration": {"session_sample_rate": 1e-300}}},
    lambda: {"view": {"id": "v", "url": "http://[::1/%ff%00?#/" + "a" * 9_999}},
    lambda: {
        "action": {"id": "a", "type": "click", "loading_time": 1e300, "error": {"count": 1e99}}
    },
    lambda: {"usr": {"id": "u" * 100_000, "name": "n" * 100_000}},
]


@pytest.mark.parametrize("changes", WILD)
def test_wild_values_are_bounded(intake: Intake, changes: Callable[[], dict[str, Any]]) -> None:
    """What is stored fits the columns of the engine, whatever a sender claims."""
    assert intake.client.post("/intake/datadog", data=line(**changes())).status_code == 202
    [event] = intake.events
    assert isinstance(event, Action)
    texts = json.loads(json.dumps(event.attributes))
    assert len(texts) <= 64
    assert all(len(text) <= 1_000 for text in texts.values())
    assert 0 <= event.viewport_w <= 65_535
    assert 1 <= event.weight <= 1e6
    assert len(event.user_id) <= 200
    assert len(event.url) <= 4_096
    assert event.fx is None or 0 <= event.fx <= 65_535
    assert event.loading_ms is None or 0 <= event.loading_ms < 2**32


def test_real_requests_cut_anywhere_never_break_the_intake(intake: Intake) -> None:
    for session in ("datadog/dd7-desktop-allow", "guance/guance-desktop", "faro/faro-desktop"):
        for request in stored(session)[:6]:
            for cut in range(0, len(request.body), 997):
                answer = intake.client.post(
                    request.path,
                    query_string=request.query,
                    headers=request.headers,
                    data=request.body[:cut],
                )
                assert answer.status_code in (202, 400, 413, 415)
