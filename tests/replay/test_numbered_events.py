"""Plain rrweb events that a site numbers (`seq`): their order does not hang on the clock."""

from typing import Any

import pytest

from isotherm.model import Segment
from isotherm.replay.formats.records import PageUrl, Pointer, RecordsLost, Scroll
from isotherm.replay.recording import Recording
from tests.replay.events import Page, click, event, meta, rrweb, scroll, snapshot

HOUR = 3_600_000
LIST, ITEM = "https://shop.test/list", "https://shop.test/item"


def visit_with_a_clock_set_back(*, numbered: bool) -> list[list[dict[str, Any]]]:
    """Return two batches: the clock is set back by an hour between them, then the page turns."""
    page = Page()
    button = page.element("button", "Buy", id="buy")
    first = [meta(0, LIST), snapshot(page.document(button), 10), *click(button["id"], 1000)]
    turned = event(3, 5000 - HOUR, {"source": 1, "positions": []}) | {"url": ITEM}
    second = [scroll(1, 40, 3000 - HOUR), turned, *click(button["id"], 6000 - HOUR)]
    first[0]["url"] = LIST
    for number, one in enumerate([*first, *second]):
        if numbered:
            one["seq"] = number
    return [first, second]


def recorded(*batches: list[dict[str, Any]]) -> Recording:
    segments: list[Segment] = [rrweb(one, part=part) for part, one in enumerate(batches)]
    return Recording.of_session(segments)


def told(recording: Recording) -> list[str]:
    kinds = (PageUrl, Pointer, Scroll, RecordsLost)
    return [type(record).__name__ for record in recording.records if isinstance(record, kinds)]


IN_ORDER = ["PageUrl", *["Pointer"] * 3, "Scroll", "PageUrl", *["Pointer"] * 3]


@pytest.mark.parametrize("turned", [False, True])
def test_what_came_after_the_clock_was_set_back_comes_after(*, turned: bool) -> None:
    batches = visit_with_a_clock_set_back(numbered=True)
    recording = recorded(*reversed(batches) if turned else batches)
    assert told(recording) == IN_ORDER
    assert [visit.url for visit in recording.visits] == [LIST, ITEM]
    times = [record.time_ms for record in recording.records]
    assert times == sorted(times)


def test_a_batch_that_came_twice_counts_once_and_one_that_never_came_is_told() -> None:
    first, second = visit_with_a_clock_set_back(numbered=True)
    assert told(recorded(first, second, first)) == IN_ORDER
    assert told(recorded(first, second[1:])) == [
        "PageUrl", *["Pointer"] * 3, "RecordsLost", "PageUrl", *["Pointer"] * 3,
    ]  # fmt: skip


def test_numbers_that_begin_again_in_the_same_recording_order_nothing() -> None:
    """Two documents under one recording: then time has to do."""
    first, second = visit_with_a_clock_set_back(numbered=True)
    for number, one in enumerate(second):
        one["seq"], one["timestamp"] = number, one["timestamp"] + HOUR
    assert told(recorded(second, first)) == IN_ORDER
