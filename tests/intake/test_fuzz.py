"""Whatever bytes arrive, a decoder gives events and drops, or an IsothermError: nothing else."""

import json
import zlib
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from isotherm.intake.options import Options
from isotherm.intake.requests import IntakeRequest, IntakeResult
from isotherm.intake.senders import SENDERS
from isotherm.intake.steps import Steps
from isotherm.model import Event, Segment
from isotherm.model.errors import IsothermError
from tests.intake.intake_under_test import sample_requests, sessions_of
from tests.intake.test_hostile import BOUNDARY, EVENT, MULTIPART, action, parts

pytestmark = pytest.mark.thorough

PIPELINE = Steps(Options(tokens={"guarded": "t"}))
PATHS = ("/", "/api/v2/rum", "/api/v2/replay", "/v1/write/rum", "/v1/write/rum/replay")
DECODER = msgspec.json.Decoder(Event)

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["", "user", "click", 10**400, -(10**30), "\ud800", 1e308, "NaN"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def check(request: IntakeRequest) -> None:
    """Run a request; what comes out must add up and survive the spool."""
    try:
        result: IntakeResult = PIPELINE.run(request)
    except IsothermError:
        return
    worth = sum(event.events if isinstance(event, Segment) else 1 for event in result.events)
    assert result.received == worth + sum(result.drops.values())
    for event in result.events:
        stored = msgspec.structs.replace(event, body=b"") if isinstance(event, Segment) else event
        assert DECODER.decode(msgspec.json.encode(stored)) == stored


@st.composite
def mutated(draw: st.DrawFn, whole: Any) -> Any:
    """Put any value in place of one inside a nested object, or take one away."""
    copy = json.loads(json.dumps(whole))
    place = copy
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return copy
        key = draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
            place = place[key]
            continue
        if draw(st.booleans()):
            place[key] = draw(values)
        else:
            del place[key]
        return copy


@given(
    sender=st.sampled_from(list(SENDERS)),
    path=st.sampled_from(PATHS),
    query=st.text(max_size=60) | st.sampled_from(["ddforward=%2Fapi%2Fv2%2Freplay%3Fa%3Db"]),
    headers=st.dictionaries(
        st.sampled_from(["content-type", "user-agent", "x-forwarded-for", "idempotency-key"]),
        st.text(max_size=40) | st.just(MULTIPART["content-type"]),
    ),
    body=st.binary(max_size=200)
    | values.map(lambda value: json.dumps(value).encode())
    | st.binary(max_size=200).map(zlib.compress)
    | st.binary(max_size=100).map(lambda data: parts(event=EVENT, segment=zlib.compress(data))),
)
@settings(max_examples=500)
@example("guance", "/", "", {}, b"view,a=\\")
@example("guance", "/", "", {}, b'view,a=b c="')
@example("guance", "/", "encoding=deflate", {}, b"\x00")
def test_any_bytes(
    sender: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    check(IntakeRequest(sender=sender, path=path, query=query, headers=headers, body=body))


@given(mutated(action(context={"a": {"b": [1]}}, usr={"id": "u", "name": "n"})))
@settings(max_examples=300)
def test_datadog_lines_with_one_wrong_value(whole: Any) -> None:
    check(IntakeRequest(sender="datadog", body=json.dumps(whole).encode()))


VIEW_UPDATE = action(type="view_update", usr=None, context={"a": 1}) | {
    "view": {"id": "v", "url": "http://a/", "name": "n", "time_spent": 1, "action": {"count": 1}},
    "display": {"viewport": {"width": 1}, "scroll": {"max_depth": 1, "max_scroll_height": 2}},
    "_dd": {"document_version": 3},
}


@given(mutated(VIEW_UPDATE))
@settings(max_examples=300)
def test_datadog_view_updates_with_one_wrong_value(whole: Any) -> None:
    check(IntakeRequest(sender="datadog", body=json.dumps(whole).encode()))


@given(mutated(json.loads(EVENT)))
@settings(max_examples=200)
def test_replay_metadata_with_one_wrong_value(metadata: Any) -> None:
    segment = zlib.compress(b'{"records":[{"type":4,"timestamp":1,"data":{"width":null}}]}')
    body = parts(event=json.dumps(metadata).encode(), segment=segment)
    check(IntakeRequest(sender="datadog", path="/api/v2/replay", headers=MULTIPART, body=body))
    assert BOUNDARY.encode() in body


FARO = json.loads(sample_requests("faro/faro-desktop")[2].body)


@given(mutated(FARO))
@settings(max_examples=300)
def test_faro_bodies_with_one_wrong_value(whole: Any) -> None:
    check(IntakeRequest(sender="faro", body=json.dumps(whole).encode()))


RRWEB = {
    "application": "a",
    "session": "s",
    "recording": "r",
    "user": {"id": "u"},
    "viewport": [10, 10],
    "sample": 50,
    "attributes": {"plan": "pro"},
    "events": [{"type": 4, "timestamp": 1_795_364_509_169, "data": {"href": "x", "width": 1}}],
}


@given(mutated(RRWEB))
@settings(max_examples=300)
def test_rrweb_bodies_with_one_wrong_value(whole: Any) -> None:
    check(IntakeRequest(sender="rrweb", body=json.dumps(whole).encode()))


NATIVE = {
    "application": "a",
    "session": "s",
    "events": [
        {
            "type": "action",
            "id": "a",
            "view": "v",
            "time": 1_795_364_509_169,
            "url": "http://a/b",
            "position": [1, 2],
            "size": [3, 4],
            "signals": ["rage"],
        }
    ],
    "records": None,
}
SCRIPT = {
    "application": "a",
    "session": "s",
    "view": "v",
    "seq": 0,
    "url": "http://a/b",
    "sample": "50",
    "records": [{"t": 1_795_364_509_169, "type": "click", "x": 1}],
}


@given(mutated(NATIVE) | mutated(SCRIPT))
@settings(max_examples=400)
def test_native_bodies_with_one_wrong_value(whole: Any) -> None:
    check(IntakeRequest(sender="events", body=json.dumps(whole).encode()))


GUANCE = [
    request.body.decode()
    for session in sessions_of("guance")
    for request in sample_requests(session)
    if request.path.endswith("rum")
]


@given(
    body=st.sampled_from(GUANCE),
    at=st.floats(0, 1),
    cut=st.integers(0, 40),
    put=st.text(alphabet='\\"=, \n{}[]1ieNa\x00é', max_size=12),
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_line_protocol_with_one_damage(body: str, at: float, cut: int, put: str) -> None:
    place = int(at * len(body))
    damaged = body[:place] + put + body[place + cut :]
    check(IntakeRequest(sender="guance", path="/v1/write/rum", body=damaged.encode()))


POINT = {
    "measurement": "view",
    "tags": {"app_id": "a", "session_id": "s", "view_id": "v", "view_url": "http://a/"},
    "fields": {
        "display": '{"viewport":{"width":1}}',
        "time_spent": 7,
        "custom_keys": '["plan"]',
        "plan": "pro",
        "is_active": False,
    },
    "time": 1_795_364_509_169,
}


@given(mutated([POINT, POINT | {"measurement": "action"}]))
@settings(max_examples=300)
def test_json_points_with_one_wrong_value(whole: Any) -> None:
    check(IntakeRequest(sender="guance", path="/v1/write/rum", body=json.dumps(whole).encode()))
