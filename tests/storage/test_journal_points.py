"""The points of the journal, read again by a reader that knows nothing of the writer."""

import math
from typing import Any

import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from isotherm.intake.senders.guance.line_protocol import Point, read_points
from isotherm.model import Event
from isotherm.model.event_ids import event_hash, read_back, short, short_hash
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.influxdb.checksum import SQL, stamp
from isotherm.storage.influxdb.line_protocol import (
    escaped,
    field_text,
    key_of,
    measurement_of,
    number_of,
    point,
    timestamp_ns,
    tombstone,
)
from isotherm.storage.influxdb.schema import Kind
from tests.storage.influxdb.events import (
    NOON_MS,
    click,
    error,
    long_task,
    part,
    resource,
    segment,
    view,
    vital,
)

HARD = st.text(st.sampled_from('a,= "\\\n\r\tä|'), max_size=12)
TAG = st.text(st.sampled_from('a,= "\n\tä|'), min_size=1, max_size=12)


def read(line: bytes) -> Point:
    [found] = read_points(line.decode())
    assert isinstance(found, Point), found
    return found


def test_a_click_is_one_point_with_its_tags_fields_and_time() -> None:
    facts: dict[str, Any] = {"rage": True, "clicks": 3, "clicks_exact": False, "page_x": 12.5}
    one = click("c", facets={"env": "prod", "browser": "Chrome"}, action_name='Say "hi"', **facts)
    found = read(point(one, {}))
    assert found.measurement == "rum_action"
    assert found.tags == {"application": "shop", "env": "prod", "page": "/"}
    assert found.time == NOON_MS * 1_000_000 + short(number_of(one)) % 1_000_000
    fields = found.fields
    assert fields["stamp"] == stamp(one, number_of(one))
    assert fields["event"] == number_of(one) == event_hash("shop", "c")
    assert (fields["clicks"], fields["rage_clicks"]) == (3, 3)
    assert (fields["dead_clicks"], fields["error_clicks"]) == (0, 0)
    assert (fields["clicks_exact"], fields["page_x"], fields["fx"]) == (False, 12.5, 1)
    assert (fields["browser"], fields["action_name"]) == ("Chrome", 'Say "hi"')
    assert (fields["live"], fields["event_id"], fields["weight"]) == (1, "c", 1)
    assert "page_y" not in fields
    assert "user_name" not in fields


def test_a_signal_without_clicks_counts_as_one() -> None:
    assert read(point(click("c", dead=True, clicks=0), {})).fields["dead_clicks"] == 1


@given(application=TAG, page=TAG, name=HARD, user=HARD)
@settings(max_examples=100)
def test_every_text_comes_back(application: str, page: str, name: str, user: str) -> None:
    """Tags cannot hold line breaks; they become spaces."""
    one = replace(click("c", action_name=name, user_id=user), application=application, page=page)
    found = read(point(one, {}))
    spaces = str.maketrans("\n\t", "  ")
    assert found.tags == {
        "application": application.translate(spaces), "page": page.translate(spaces)
    }  # fmt: skip
    assert found.fields.get("action_name", "") == name
    assert found.fields.get("user_id", "") == user


def test_a_tag_cannot_end_with_a_backslash() -> None:
    assert escaped("C:\\") == "C:\uff3c"
    assert escaped("a\\b\rc") == "a\\b\\ c"


def test_names_are_escaped_in_the_key() -> None:
    tags = {"b": "x y", "a": "", "c": "1=2,3"}
    assert key_of("rum_action", tags) == r"rum_action,b=x\ y,c=1\=2\,3"


def test_a_whole_point_replaces_every_text_of_an_earlier_one() -> None:
    whole = read(point(click("c", user_id=""), {}, whole=True)).fields
    plain = read(point(click("c", user_id=""), {})).fields
    assert whole["user_id"] == ""
    assert "user_id" not in plain
    assert set(plain) < set(whole)


def test_a_whole_point_names_the_numbers_that_the_event_has_not() -> None:
    one = click("c", fx=None, element_w=4, element_h=5, page_y=3.0)
    whole = read(point(one, {}, whole=True)).fields
    assert set(str(whole["absent"]).split()) == {"fx", "page_x", "loading_ms"}
    assert "absent" not in read(point(click("c", fx=None), {})).fields


def test_a_view_says_which_whole_document_differences_were_added_to() -> None:
    found = read(point(view("v", 9), {}, whole=True, base=3)).fields
    assert (found["document"], found["whole_document"]) == (9, 3)
    alone = read(point(view("v", 10), {}, whole=True)).fields
    assert "whole_document" in str(alone["absent"]).split()
    assert "whole_document" not in alone


def test_what_is_withdrawn_counts_in_no_sum_and_is_the_same_point() -> None:
    one = click("c", rage=True, clicks=4, errors=2)
    before, after = read(point(one, {})), read(tombstone(one, {}))
    assert (after.measurement, after.tags, after.time) == (
        before.measurement, before.tags, before.time,
    )  # fmt: skip
    assert set(after.fields.values()) == {0}
    summed = {"live", "stamp", "clicks", "rage_clicks", "dead_clicks", "error_clicks", "errors"}
    assert set(after.fields) == summed


def test_a_twin_is_told_apart_by_a_tag_in_its_place() -> None:
    one = replace(click("c", facets={"env": "prod", "version": "1.2"}), page="/cart")
    key = b"rum_action,application=shop,env=prod,page=/cart,twin=2,version=1.2 "
    assert point(one, {}, twin=2).startswith(key)
    assert tombstone(one, {}, twin=2).startswith(key)
    assert b"twin" not in point(one, {})
    assert b"twin" not in tombstone(one, {})


def test_what_belongs_to_no_page_has_no_tag_of_one() -> None:
    assert read(point(segment("y"), {})).tags == {"application": "shop"}


def test_half_a_character_does_not_stop_the_others() -> None:
    one = click("c", action_name="Pay \ud83d now")
    assert read(point(one, {})).fields["action_name"] == "Pay ? now"
    assert b",page=/p?" in tombstone(replace(one, page="/p\ud83d"), {})


def test_a_field_keeps_the_type_that_the_server_has() -> None:
    types = {("rum_action", "clicks"): Kind.FLOAT, ("rum_action", "session_id"): Kind.TEXT}
    assert b",clicks=2.0," in point(click("c", clicks=2), types)
    assert b",clicks=2i," in point(click("c", clicks=2), {})
    assert b",clicks=0.0," in tombstone(click("c"), types)
    assert b",clicks=0i," in tombstone(click("c"), {})


@pytest.mark.parametrize(
    ("value", "kind", "written"),
    [
        (3, Kind.INTEGER, "3i"),
        (3.0, Kind.INTEGER, "3i"),
        (3.5, Kind.INTEGER, "3.5"),
        (3, Kind.FLOAT, "3.0"),
        (True, Kind.BOOLEAN, "true"),
        (False, Kind.BOOLEAN, "false"),
        (7, Kind.TEXT, '"7"'),
        ('a"b\\', Kind.FLOAT, '"a\\"b\\\\"'),
    ],
)
def test_values_are_written_by_kind(value: Any, kind: Kind, written: str) -> None:
    assert field_text(value, kind) == written


def test_numbers_that_are_none_are_left_out() -> None:
    assert "page_x" not in read(point(click("c", page_x=math.nan), {})).fields
    assert "page_x" not in read(point(click("c", page_x=math.inf), {})).fields


def test_an_event_read_back_keeps_the_id_that_the_point_has() -> None:
    again = replace(click("c"), event_id=read_back(number_of(click("c"))))
    assert "event_id" not in read(point(again, {})).fields
    assert number_of(again) == number_of(click("c"))


def test_each_kind_of_event_is_a_measurement_and_has_a_number_of_its_own() -> None:
    events: list[Event] = [
        click("a"), error("b"), resource("c"), long_task("d"), vital("x"), view("e", 1),
        part("e", 2), segment("y"),
    ]  # fmt: skip
    numbers = [number_of(one) for one in events]
    assert len(set(numbers)) == len(events)
    assert numbers[5:7] == [event_hash("shop", "e"), event_hash("shop", "e\0002")]
    assert numbers[7] == event_hash("shop", "y")
    assert {type(one).__name__: measurement_of(one).name for one in events} == {
        "Action": "rum_action", "PageError": "rum_error", "Resource": "rum_resource",
        "LongTask": "rum_long_task", "Vital": "rum_vital", "View": "rum_view",
        "ViewPart": "rum_view_part", "Segment": "rum_segment",
    }  # fmt: skip
    for one in events:
        assert read(point(one, {})).time == timestamp_ns(one.time_ms, number_of(one))


def test_causes_are_named_by_number_and_context_is_json() -> None:
    caused = resource("r", action_ids=("a", "b"))
    numbers = f"{short_hash('shop', 'a')} {short_hash('shop', 'b')}"
    assert read(point(caused, {})).fields["action_events"] == numbers
    one = click("c", attributes={"plan": "pro", "a": "1"})
    assert read(point(one, {})).fields["attributes"] == '{"a":"1","plan":"pro"}'
    changed = part("v", 2, errors=2, depth_px=None)
    assert read(point(changed, {})).fields["changed"] == '{"depth_px":null,"errors":2}'
    plain = read(point(click("c"), {})).fields
    assert plain.keys() & {"attributes", "browser", "os", "city"} == set()


EVENTS = [
    click("a"),
    click("b", clicks=70_000, rage=True, page_x=3.0),
    click("c", dead=True),
    click("d", error=True, clicks=2),
    view("v", 5),
    view("w", 7, time_spent_ms=1_234.6, errors=2, actions=3, frustrations=1),
    error("e"),
    resource("r"),
    long_task("l"),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_the_engine_computes_the_same_stamp(event: Any) -> None:
    """Python, when it writes a point, and SQL, over the engine's row."""
    engine = DuckDBEngine(None)
    engine.append([event])
    table = measurement_of(event).table
    statement = sqlglot.parse_one(f"SELECT {SQL[table]} AS stamp FROM {table}", dialect="duckdb")
    found = engine.run(statement, {})["stamp"]
    engine.close()
    assert found.tolist() == [stamp(event, number_of(event))]
