"""What was read meets what came meanwhile: nothing is lost, nothing is counted twice."""

from collections.abc import Callable
from typing import Any

import pytest

from isotherm.model.faults import reported, worded
from isotherm.pipeline.readers.messages import DerivedRows
from isotherm.pipeline.write_back import Rows, merged
from isotherm.storage.ports import Recording

Build = Callable[..., Any]
VIEW = Recording("shop", "s1", "v1")


def test_rows_as_they_were_become_what_was_read(click: Build, view: Build) -> None:
    before = Rows(1, [click("a")], [view(1)], [])
    told = DerivedRows(1, (click("a", page_x=5.0), click("lost")), (view(1, depth_px=9.0),))
    after = merged(VIEW, before, before, told)
    assert after is not None
    assert (list(after.actions), list(after.views)) == (list(told.actions), list(told.views))


def test_what_came_meanwhile_stays_as_it_was_sent(click: Build, view: Build) -> None:
    before = Rows(1, [click("a")], [view(1)], [])
    now = Rows(2, [click("a"), click("new")], [view(4, actions=2)], [])
    told = DerivedRows(1, (click("a", page_x=5.0),), (view(1, depth_px=9.0),))
    after = merged(VIEW, before, now, told)
    assert after is not None
    assert list(after.actions) == [click("a", page_x=5.0), click("new")]
    assert list(after.views) == [view(4, actions=2)]


def test_rows_that_were_changed_or_deleted_are_read_again(click: Build, view: Build) -> None:
    before = Rows(2, [click("a"), click("b")], [view(1)], [])
    told = DerivedRows(1, (click("a"), click("b")), (view(1),))
    placed = Rows(2, [click("a", fx=3), click("b")], [view(1)], [])
    assert merged(VIEW, before, placed, told) is None
    assert merged(VIEW, before, Rows(2, [click("a")], [view(1)], []), told) is None
    assert merged(VIEW, before, Rows(0, [], [], []), told) is None, "the session was deleted"


def test_a_fault_without_words_still_says_what_and_where() -> None:
    def fail() -> None:
        raise TypeError

    with pytest.raises(TypeError) as caught:
        fail()
    assert worded(caught.value).startswith("TypeError in test_write_back.py:")
    assert "Please report it" in reported(caught.value)
    assert worded(KeyError()) == "KeyError"
