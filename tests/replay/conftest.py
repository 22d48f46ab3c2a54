"""The sample sessions as the intake hands them on, and what truly happened in them."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from isotherm.intake.options import Options
from isotherm.intake.pages import page_key
from isotherm.intake.requests import IntakeRequest
from isotherm.intake.steps import Steps
from isotherm.model import Action, PageError, Segment, SegmentFormat, View
from isotherm.pipeline.recorded_requests import read_requests

SAMPLES = Path(__file__).parents[1] / "samples"
AT_REST = (
    "datadog/dd4-desktop-short",
    "datadog/dd6-desktop-short",
    "datadog/dd7-desktop-allow",
    "datadog/dd7-mobile-allow",
    "guance/guance-desktop",
    "guance/guance-mobile",
)
WITH_VIEWS = (*AT_REST, "datadog/dd7-desktop-scrollclick")
WITHOUT_VIEWS = ("faro/faro-desktop", "rrweb")


class Session(NamedTuple):
    """A session's events; of each view the last version."""

    views: tuple[View, ...]
    actions: tuple[Action, ...]
    errors: tuple[PageError, ...]
    segments: tuple[Segment, ...]


def key_of(url: str, name: str) -> str:
    return page_key(url, name)


@cache
def truth(session: str) -> dict[str, Any]:
    name = "rrweb/rrweb-desktop.truth.json" if session == "rrweb" else f"{session}/truth.json"
    content: dict[str, Any] = json.loads((SAMPLES / name).read_text())
    content["clicks"] = [click for click in content["clicks"] if not click.get("skipped")]
    return content


@cache
def session(name: str) -> Session:
    """Return the events of `datadog/dd7-desktop-allow`, ..., or of the plain rrweb recording."""
    if name == "rrweb":
        return Session((), (), (), (_rrweb(),))
    steps = Steps(Options())
    views: dict[str, View] = {}
    actions: list[Action] = []
    errors: list[PageError] = []
    segments: list[Segment] = []
    for stored in read_requests(SAMPLES / name / "requests.json"):
        request = IntakeRequest.of_path(
            stored.path,
            query=stored.query,
            headers=stored.headers,
            body=stored.body,
            remote="203.0.113.7",
        )
        for event in steps.run(request).events:
            match event:
                case View():
                    known = views.get(event.view_id)
                    if known is None or known.version < event.version:
                        views[event.view_id] = event
                case Action():
                    actions.append(event)
                case PageError():
                    errors.append(event)
                case Segment():
                    segments.append(event)
    return Session(tuple(views.values()), tuple(actions), tuple(errors), tuple(segments))


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
