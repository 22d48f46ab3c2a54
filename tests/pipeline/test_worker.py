"""The worker stores each event once, counts it once, and gives up on none silently."""

import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from isotherm.model import Source
from isotherm.storage.ports import Recording

pytestmark = pytest.mark.server

Build = Callable[..., Any]


def test_what_was_received_is_accepted_or_dropped(
    pipeline: Any, click: Build, view: Build, segment: Build
) -> None:
    pipeline.start()
    pipeline.send(click("a"), click("b"), view(2), view(5), segment(1, events=3))
    assert pipeline.worker.flush()
    pipeline.send(click("a"), view(5), view(3), segment(1, events=3), click("c"))
    assert pipeline.worker.flush()
    assert pipeline.balance() == (14, 8, {"duplicate": 5, "outdated": 1})
    assert len(pipeline.engine.actions_of("shop", "s1")) == 3
    assert pipeline.worker.state().last_error == ""


def test_a_view_with_a_replay_is_enriched_once_it_is_quiet(
    pipeline: Any, click: Build, view: Build, segment: Build
) -> None:
    pipeline.start()
    pipeline.send(click("a"), view(1), segment(1), segment(2))
    pipeline.send(click("b", view_id="without replay"))
    assert pipeline.worker.flush()
    assert {one.view_id: one.page_x for one in pipeline.engine.actions_of("shop", "s1")} == {
        "v1": 2.0,
        "without replay": None,
    }
    assert pipeline.told == [Recording("shop", "s1", "v1")]
    pipeline.send(click("late"))
    assert pipeline.worker.flush()
    assert [one.page_x for one in pipeline.engine.actions_of("shop", "s1", "v1")] == [2.0, 2.0]
    assert pipeline.engine.pending_recordings() == []


def test_a_session_without_views_is_derived_beside_what_was_sent_whole(
    pipeline: Any, click: Build, view: Build, segment: Build
) -> None:
    pipeline.start()
    pipeline.send(segment(1, format="faro", view_id=""), view(3), click("sent"))
    assert pipeline.worker.flush()
    pipeline.send(segment(2, format="faro", view_id=""))
    assert pipeline.worker.flush()
    actions = pipeline.engine.actions_of("shop", "s1")
    assert sorted((one.view_id, one.source) for one in actions) == [
        ("derived", Source.REPLAY),
        ("derived", Source.REPLAY),
        ("v1", Source.SDK),
    ]
    assert {one.view_id: one.actions for one in pipeline.engine.views_of("shop", "s1")} == {
        "derived": 2,
        "v1": 0,
    }
    assert pipeline.told == [Recording("shop", "s1", None)] * 2


def test_an_event_that_no_row_can_hold_goes_to_the_dead_letters(
    pipeline: Any, click: Build
) -> None:
    pipeline.start()
    good = [click(str(number)) for number in range(9)]
    pipeline.send(*good[:4], click("bad", kind="no such kind"), *good[4:])
    assert pipeline.worker.flush()
    assert pipeline.balance() == (10, 9, {"unstorable": 1})
    (letter,) = pipeline.spool.dead_letters()
    assert letter.event.event_id == "bad"
    assert "no such kind" in letter.reason
    assert pipeline.worker.state().dead == 1


def test_events_wait_while_a_store_is_away(pipeline: Any, click: Build, segment: Build) -> None:
    folder = pipeline.folder / "replays"
    folder.rmdir()
    folder.write_text("a file is in the way")
    pipeline.start()
    pipeline.send(click("a"), segment(1))
    deadline = time.monotonic() + 30
    while not pipeline.worker.state().last_error and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    state = pipeline.worker.state()
    assert state.pending == 2
    assert "Replay bodies cannot be written" in state.last_error
    folder.unlink()
    folder.mkdir()
    assert pipeline.worker.flush()
    assert pipeline.balance() == (2, 2, {})
    assert pipeline.worker.state().last_error == ""


def test_a_fault_without_words_is_told_with_type_place_and_what_to_do(
    pipeline: Any, click: Build
) -> None:
    broken = threading.Event()

    def maintain() -> None:
        if not broken.is_set():
            raise AssertionError

    pipeline.worker._maintain = maintain
    pipeline.start()
    pipeline.send(click("a"))
    deadline = time.monotonic() + 30
    while not pipeline.worker.state().last_error and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    said = pipeline.worker.state().last_error
    broken.set()
    assert re.match(r"AssertionError in worker\.py:\d+\. This is a bug in Isotherm", said), said
    assert "report" in said
    assert pipeline.worker.flush()
    assert pipeline.balance()[1] == 1


def test_what_a_crash_left_is_finished_after_a_restart(
    pipeline: Any, click: Build, view: Build, segment: Build
) -> None:
    events = [click("a"), view(1), segment(1)]
    pipeline.send(*events)
    pipeline.replays.put_all([events[2]])
    pipeline.engine.append(
        events
    )  # stored, but neither confirmed nor on_read: the process ends here
    pipeline.send(click("b"))
    pipeline.end()
    pipeline.begin()
    pipeline.start()
    assert pipeline.worker.flush()
    assert pipeline.balance() == (4, 1, {"duplicate": 3})
    assert [one.page_x for one in pipeline.engine.actions_of("shop", "s1")] == [1.0, 1.0]
    assert pipeline.told == [Recording("shop", "s1", "v1")]


@pytest.mark.parametrize("repeats", [1, 3])
def test_order_and_repeats_do_not_matter(
    pipeline: Any, click: Build, view: Build, segment: Build, repeats: int
) -> None:
    events = [click("a"), click("b"), view(1), view(7, depth_px=9.0), segment(1), segment(2)]
    pipeline.start()
    for _ in range(repeats):
        for event in reversed(events):
            pipeline.send(event)
            assert pipeline.worker.flush()
    assert [one.page_x for one in pipeline.engine.actions_of("shop", "s1")] == [2.0, 2.0]
    assert [(one.version, one.depth_px) for one in pipeline.engine.views_of("shop", "s1")] == [
        (7, 9.0)
    ]
