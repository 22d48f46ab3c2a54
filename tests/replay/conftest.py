"""Segments of the sample sessions, read straight from the stored requests."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from isotherm.model import Segment, SegmentFormat

SAMPLES = Path(__file__).parents[1] / "samples"
WITH_VIEWS = (
    "datadog/dd4-desktop-short",
    "datadog/dd6-desktop-short",
    "datadog/dd7-desktop-allow",
    "datadog/dd7-desktop-scrollclick",
    "datadog/dd7-mobile-allow",
    "guance/guance-desktop",
    "guance/guance-mobile",
)


@cache
def truth(session: str) -> dict[str, Any]:
    name = "rrweb/rrweb-desktop.truth.json" if session == "rrweb" else f"{session}/truth.json"
    content: dict[str, Any] = json.loads((SAMPLES / name).read_text())
    content["clicks"] = [click for click in content["clicks"] if not click.get("skipped")]
    return content


@cache
def segments(session: str) -> tuple[Segment, ...]:
    if session == "rrweb":
        return (_rrweb(),)
    if session.startswith("faro/"):
        found = (_faro(path) for path in sorted((SAMPLES / session).glob("*.faro.json")))
        return tuple(segment for segment in found if segment.time_ms)
    paths = sorted((SAMPLES / session).glob("*.replay.segment.json"))
    return tuple(_datadog(path) for path in paths)


def _datadog(path: Path) -> Segment:
    body = json.loads(path.read_bytes())
    view_id, index = body["view"]["id"], body["index_in_view"]
    return Segment(
        segment_id=f"{view_id}:{index}:{body['start']}",
        time_ms=body["start"],
        end_ms=body["end"],
        application="shop",
        session_id=body["session"]["id"],
        view_id=view_id,
        recording_id=view_id,
        index=index,
        format=SegmentFormat.DATADOG,
        full_snapshot=body["has_full_snapshot"],
        body=path.read_bytes(),
    )


def _rrweb() -> Segment:
    body = (SAMPLES / "rrweb/rrweb-desktop.events.json").read_bytes()
    times = [event["timestamp"] for event in json.loads(body)]
    return Segment(
        segment_id="rrweb:0",
        time_ms=min(times),
        end_ms=max(times),
        application="shop",
        session_id="rrweb-desktop",
        recording_id="rrweb-desktop",
        format=SegmentFormat.RRWEB,
        viewport_w=1440,
        viewport_h=900,
        facets={"env": "staging"},
        body=body,
    )


def _faro(path: Path) -> Segment:
    """Read one Faro request as the intake keeps it."""
    source = path.read_bytes()
    body = json.loads(source)
    meta = body["meta"]
    items = [*body.get("events", []), *body.get("exceptions", [])]
    times = [_epoch_ms(item["timestamp"]) for item in items] or [0]
    recorded = [
        item["attributes"]
        for item in body.get("events", [])
        if item["name"] == "faro.session_recording.event"
    ]
    return Segment(
        segment_id=f"{meta['session']['id']}:{path.name}",
        time_ms=min(times),
        end_ms=max(times),
        application="shop",
        session_id=meta["session"]["id"],
        recording_id=recorded[0]["recording_id"] if recorded else "",
        index=int(recorded[0]["seq"]) if recorded else 0,
        format=SegmentFormat.FARO,
        url=meta["page"]["url"],
        user_id=meta.get("user", {}).get("id", ""),
        viewport_w=int(meta["browser"]["viewportWidth"]),
        viewport_h=int(meta["browser"]["viewportHeight"]),
        facets={"env": meta["app"]["environment"]},
        body=source,
    )


def _epoch_ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
