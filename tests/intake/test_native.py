"""Isotherm's own events: the documented examples, the schema, and the raw form of the script."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from isotherm.intake.senders.isotherm.json_schema import SCHEMA_FILE, schema_text
from isotherm.model import Action, PageError, Segment, SegmentFormat, View
from tests.intake.intake_under_test import Intake

DOCS = Path(__file__).parents[2] / "docs/events.md"
EXAMPLES = [
    json.loads(text.replace("…", ""))
    for text in re.findall(r"```json\n(.*?)```", DOCS.read_text(), re.DOTALL)
]
RAW, WHOLE = EXAMPLES


def validate(body: Any) -> None:
    jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text())).validate(body)


def test_the_schema_is_in_step_with_the_code() -> None:
    assert SCHEMA_FILE.read_text() == schema_text()


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_documented_examples_follow_the_schema_and_are_taken(
    example: Any, intake: Intake
) -> None:
    validate(example)
    assert intake.client.post("/intake/events", json=example).status_code == 202
    assert intake.events


@pytest.mark.parametrize(
    "wrong",
    [
        {"events": [{"type": "action", "id": "a"}]},
        {"events": [{"type": "dance"}]},
        {"view": "v", "records": [{"type": "click"}]},
    ],
)
def test_what_the_schema_refuses_is_refused(wrong: Any, intake: Intake) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validate(wrong)
    assert intake.client.post("/intake/events", json=wrong).status_code == 400


def test_complete_events_become_views_actions_and_errors(intake: Intake) -> None:
    intake.client.post("/intake/events", json=WHOLE)
    view, action, error = intake.events
    assert isinstance(view, View)
    assert isinstance(action, Action)
    assert isinstance(error, PageError)
    assert (view.page, view.version, view.depth_px, view.page_height_px) == ("/cart", 3, 1800, 2812)
    assert (action.view_id, action.element, action.action_name) == (view.view_id, "#menu", "Menu")
    assert (action.fx, action.fy) == (round(12.5 / 131 * 65535), round(8 / 44 * 65535))
    assert (action.page_x, action.page_y) == (89, 270)
    assert (action.rage, action.dead, action.error) == (True, True, True)
    assert (error.message, error.kind) == ("stock is undefined", "TypeError")
    assert {event.application for event in (view, action, error)} == {"shop"}
    assert {event.facets["env"] for event in (view, action, error)} == {"prod"}


def test_a_bare_array_is_taken_and_a_bad_event_is_dropped_alone(intake: Intake) -> None:
    around = {"application": "shop", "session": "s"}
    events = [event | around for event in WHOLE["events"]]
    events.insert(1, events[1] | {"time": "noon"})
    assert intake.client.post("/intake/events", json=events).status_code == 202
    assert len(intake.events) == 3
    assert intake.counters.snapshot().dropped == {"invalid": 1}


def test_the_inner_value_wins(intake: Intake) -> None:
    event = WHOLE["events"][0] | {"env": "staging", "user": {"id": "u-2"}, "page": "Basket"}
    whole = {"application": "shop", "session": "s", "env": "prod", "user": "u-1", "events": [event]}
    intake.client.post("/intake/events", json=whole)
    [view] = intake.events
    assert isinstance(view, View)
    assert (view.facets["env"], view.user_id, view.page) == ("staging", "u-2", "Basket")


def test_the_raw_form_is_kept_as_it_came(intake: Intake) -> None:
    intake.client.post("/intake/events", json=RAW)
    intake.client.post("/intake/events", json=RAW)
    first, second = intake.events
    assert first == second
    assert isinstance(first, Segment)
    assert json.loads(first.body) == RAW
    assert first.format is SegmentFormat.NATIVE
    assert first.segment_id == f"{RAW['view']}:0"
    assert (first.records, first.index, first.user_name) == (5, 0, "Ann")
    assert (first.time_ms, first.end_ms) == (1_795_364_500_000, 1_795_364_509_000)
