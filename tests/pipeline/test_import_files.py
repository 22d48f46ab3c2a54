"""Files larger than a request: they go through the intake in parts that end where an event does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.import_files import (
    CHARACTERS,
    LARGEST_BYTES,
    import_datadog,
    import_line_protocol,
    import_rrweb,
)
from tests.scenario import NOON
from tests.storage.influxdb.events import everything

STACK = "at first (app.js:1)\\nview,app_id=shop,session_id=s2 x=1 2\\n  at last"
"""Line breaks as they are written, and what looks like a point between them."""


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    with Components(Settings({"data": str(tmp_path / "data"), "capture": False})) as made:
        yield made


def written(number: int) -> str:
    """Return a click and an error, which has line breaks in its stack."""
    known = f"app_id=shop,session_id=s1,view_id=v1,view_url=https://shop.example.test/cart,userid=u{number}"
    return (
        f"action,{known},action_id=a{number},action_type=click,action_name=Buy "
        f'duration=5i,note="{{\\"n\\":{number}}}" {NOON + number}\n'
        f"error,{known},error_id=e{number},error_type=TypeError "
        f'error_message="failed {number}",error_stack="{STACK}" {NOON + number}\n'
    ).replace("\\n", "\n")


def test_points_of_a_large_file_are_read_whole(components: Components, tmp_path: Path) -> None:
    pairs = 3 * CHARACTERS // len(written(1000))
    file = tmp_path / "large.rum.lp"
    file.write_text("".join(written(number) for number in range(pairs)))
    assert file.stat().st_size > 2 * CHARACTERS
    import_line_protocol(components, file, "")
    components.worker.flush(60)
    counts = components.counters.snapshot()
    assert (counts.accepted, dict(counts.dropped)) == (2 * pairs, {})
    rows = everything(components.engine)
    assert (len(rows["actions"]), len(rows["errors"])) == (pairs, pairs)


def recording(mutations: int, text: str) -> list[dict[str, Any]]:
    """Return the events of a page whose title is written so many times, one a second."""
    title = {"id": 3, "type": 3, "textContent": ""}
    page = {"id": 2, "type": 2, "tagName": "html", "attributes": {}, "childNodes": [title]}
    meta = {"href": "https://shop.example.test/cart", "width": 1440, "height": 900}
    node = {"id": 1, "type": 0, "childNodes": [page]}
    offset = {"left": 0, "top": 0}
    changes = [
        {"source": 0, "texts": [{"id": 3, "value": text}], "attributes": [], "removes": [],
         "adds": []}
        for _ in range(mutations)
    ]  # fmt: skip
    events = [(4, meta), (2, {"node": node, "initialOffset": offset}), *((3, c) for c in changes)]
    return [
        {"type": kind, "timestamp": NOON + 1000 * second, "data": data}
        for second, (kind, data) in enumerate(events)
    ]


def test_a_recording_larger_than_a_request_is_one_recording(
    components: Components, tmp_path: Path
) -> None:
    events = recording(mutations=30, text="x" * 1_000_000)
    file = tmp_path / "s1.events.json"
    file.write_text(json.dumps(events))
    assert file.stat().st_size > 3 * LARGEST_BYTES
    import_rrweb(components, file, "shop")
    components.worker.flush(60)
    segments = components.engine.segments_of("shop", "s1")
    assert {one.recording_id for one in segments} == {"s1"}
    assert sum(one.records for one in segments) == len(events)
    bodies = [part.body for part in components.replays.bodies("shop", "s1")]
    assert len(bodies) > 3
    assert max(map(len, bodies)) <= LARGEST_BYTES + 100
    assert [event for body in bodies for event in json.loads(body)] == events


def test_a_file_without_a_recording_is_refused(components: Components, tmp_path: Path) -> None:
    file = tmp_path / "s1.events.json"
    file.write_text('{"events": []}')
    with pytest.raises(IsothermError) as refused:
        import_rrweb(components, file, "shop")
    assert refused.value.code is Code.INVALID


def test_lines_that_are_long_are_sent_a_few_at_a_time(
    components: Components, tmp_path: Path
) -> None:
    """A hundred errors with stacks of 200 kB are more than the intake reads at once."""
    line: dict[str, Any] = {
        "type": "error", "date": NOON, "application": {"id": "shop"}, "session": {"id": "s1"},
        "view": {"id": "v1", "url": "https://shop.example.test/cart"},
        "error": {"message": "boom", "stack": "at x\n" * 40_000, "source": "source"},
    }  # fmt: skip
    file = tmp_path / "long.rum.ndjson"
    lines = []
    for number in range(100):
        error = line["error"] | {"id": f"e{number}"}
        lines.append(json.dumps(line | {"date": NOON + number, "error": error}))
    file.write_text("\n".join(lines))
    assert file.stat().st_size > 16 * 1024 * 1024
    import_datadog(components, file, "")
    components.worker.flush(60)
    assert components.counters.snapshot().accepted == 100
