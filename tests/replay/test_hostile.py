"""Bodies that nobody's SDK would write: nothing raises, nothing hangs."""

import json
import time
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isotherm.model import Segment, SegmentFormat
from isotherm.model.errors import Code, IsothermError
from isotherm.replay.derive.clicks import Trail
from isotherm.replay.derive.enrich import enrich
from isotherm.replay.derive.session import derive
from isotherm.replay.derive.signal_rules import SignalRules
from isotherm.replay.formats.streams import decoded
from isotherm.replay.recording import recordings_of
from tests.replay.conftest import key_of, session
from tests.replay.events import Page, changes, click, datadog, meta, mutation, rrweb, snapshot

pytestmark = [pytest.mark.thorough, pytest.mark.measures]

RULES = SignalRules()

NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70), st.floats(allow_nan=False), st.sampled_from([-1, 0, 1, 2**53])
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


def read(*segments: Segment) -> None:
    """Put segments through everything that reads them."""
    for recording in recordings_of(segments):
        trail = Trail(recording)
        assert len(trail.clicks) <= len(recording.records)
        recording.state_at(recording.end_ms).snapshot()
    enrich([], [], segments, RULES)
    derive(segments, RULES, key_of)


def damaged(value: Any, data: st.DataObject) -> Any:
    """Replace one value somewhere inside a JSON value."""
    place = value
    parent: Any = None
    key: Any = None
    while isinstance(place, dict | list) and place and data.draw(st.integers(0, 9)):
        parent = place
        key = data.draw(
            st.sampled_from(list(place) if isinstance(place, dict) else range(len(place)))
        )
        place = parent[key]
    if parent is not None:
        parent[key] = data.draw(VALUES)
    return value


@pytest.mark.parametrize("name", ["datadog/dd7-desktop-allow", "guance/guance-desktop", "rrweb"])
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_real_recordings_with_a_wrong_value(name: str, data: st.DataObject) -> None:
    segments = list(session(name).segments[:3])
    body = json.loads(segments[0].body)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged(body, data)
    spoilt = msgspec.structs.replace(segments[0], body=msgspec.json.encode(body))
    read(spoilt, *segments[1:])


@settings(max_examples=60)
@given(st.sampled_from(list(SegmentFormat)), VALUES, st.binary(max_size=40))
def test_any_json_and_any_bytes(form: SegmentFormat, value: Any, noise: bytes) -> None:
    bodies = (msgspec.json.encode(value), msgspec.json.encode({"records": [value]}), noise)
    wrapped = (msgspec.json.encode([value]), msgspec.json.encode({"events": [value]}))
    for body in (*bodies, *wrapped):
        read(rrweb(meta(), body=body, format=form, view_id="v-1"))


def test_an_unreadable_body_is_listed_and_counts_as_missing() -> None:
    page = Page()
    document = page.document(page.element("button", id="buy"))
    good = datadog(meta(), snapshot(document))
    bad = datadog(mutation(500), index=1, body=b'{"records": [{]}')
    last = datadog(click(page.ids["buy"], 900), index=2)
    (recording,) = recordings_of([good, bad, last])
    assert len(recording.unreadable) == 1
    assert "cannot be read" in recording.unreadable[0]
    assert not recording.state_at(recording.end_ms).snapshot().complete
    assert len(Trail(recording).clicks) == 1


def test_deep_nesting_is_invalid_not_a_crash() -> None:
    body = b'{"records":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    segment = datadog(meta(), body=body)
    with pytest.raises(IsothermError) as raised:
        decoded(msgspec.json.Decoder().decode, segment)
    assert raised.value.code is Code.INVALID
    read(segment)


def test_a_thousand_nested_elements_are_walked_without_recursion() -> None:
    page = Page()
    adds, parent = [], 1
    document = page.document()
    parent = document["childNodes"][1]["childNodes"][1]["id"]
    for _ in range(3000):
        node = page.element("div")
        adds.append({"parentId": parent, "nextId": None, "node": node})
        parent = node["id"]
    segment = rrweb(meta(), snapshot(document), mutation(10, adds=adds), click(parent, 50))
    (recording,) = recordings_of([segment])
    assert len(recording.state_at(recording.end_ms).snapshot().nodes) > 3000
    (made,) = Trail(recording).clicks
    assert made.element == "" or made.element.endswith(">DIV")


def test_a_node_put_below_itself_is_refused() -> None:
    page = Page()
    outer = page.element("div", page.element("p", id="inner"), id="outer")
    document = page.document(outer)
    loop = {"parentId": page.ids["inner"], "nextId": None, "node": {**outer, "childNodes": []}}
    read(rrweb(meta(), snapshot(document), mutation(10, adds=[loop]), click(page.ids["inner"], 50)))


def test_wide_lists_in_reverse_take_seconds_not_hours() -> None:
    page = Page()
    document = page.document(page.element("ul", id="list"))
    nodes = [page.element("li") for _ in range(20_000)]
    following = [*(node["id"] for node in nodes[1:]), None]
    adds = [
        {"parentId": page.ids["list"], "nextId": after, "node": node}
        for node, after in zip(nodes, following, strict=True)
    ]
    started = time.process_time()
    read(rrweb(meta(), snapshot(document), mutation(10, adds=adds), click(nodes[9_999]["id"], 50)))
    assert time.process_time() - started < 20


def test_more_nodes_than_fit_are_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isotherm.replay.dom.tree.MAX_NODES", 50)
    page = Page()
    document = page.document(*(page.element("p") for _ in range(100)))
    (recording,) = recordings_of([rrweb(meta(), snapshot(document))])
    state = recording.state_at(recording.end_ms).snapshot()
    assert len(state.nodes) < 50
    assert not state.complete


def test_changes_of_v7_with_wild_numbers() -> None:
    wild = [[1, [5, 0]], [1, [None, "P"]], [1, [-(2**60), "P"]], [2, 10**30], [3, [0]], [13, [0]]]
    read(datadog(meta(), changes(0, *wild, full=True), changes(5, *wild, [99, 1], [], [[]])))
