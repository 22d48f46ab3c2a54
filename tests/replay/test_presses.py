"""Presses that end in no click record of their own, or in one beside which others are recorded."""

from typing import Any

import pytest

from isotherm.replay.derive.clicks import Trail
from isotherm.replay.recording import Recording
from tests.replay.events import START_MS, Page, incremental, meta, mutation, rrweb, snapshot

UP, DOWN, CLICK, CONTEXT_MENU, TOUCH_START, TOUCH_END = 0, 1, 2, 3, 7, 9
BUTTON, MENU = 2, 3  # in the order in which they are made


def pointer(kind: int, ms: int, node: int = BUTTON, at: tuple[float, float] = (10, 20)) -> Any:
    return incremental(2, ms, type=kind, id=node, x=at[0], y=at[1])


def gone(ms: int, node: int = MENU) -> Any:
    return mutation(ms, removes=[{"parentId": 4, "id": node}])


def clicks(*events: Any) -> list[tuple[int, int]]:
    """Return node and time of press of each click."""
    page = Page()
    menu = page.element("div", page.element("button"))
    document = page.document(menu)
    parent = next(
        node["id"]
        for node in _walk(document)
        if any(child["id"] == menu["id"] for child in node.get("childNodes", []))
    )
    for one in events:
        for removal in one["data"].get("removes", []):
            removal["parentId"] = parent
    recording = Recording.of_session([rrweb(meta(), snapshot(document), *events)])
    return [(one.node, one.down_ms - START_MS) for one in Trail(recording).clicks]


def _walk(node: dict[str, Any]) -> Any:
    yield node
    for child in node.get("childNodes", []):
        yield from _walk(child)


PRESSED = (pointer(DOWN, 1000), pointer(UP, 1040))


def test_what_a_press_takes_away_was_clicked() -> None:
    """The browser has nothing left to give the click to."""
    assert clicks(*PRESSED, gone(1050)) == [(BUTTON, 1000)]
    assert clicks(pointer(DOWN, 1000), gone(1010), pointer(UP, 1040, MENU)) == [(BUTTON, 1000)]


def test_what_a_tap_takes_away_was_clicked_if_the_finger_did_not_stay() -> None:
    """A cell that becomes a field: the browser's mouse events find another node there."""
    down, up = pointer(TOUCH_START, 1000), pointer(TOUCH_END, 1060)
    assert clicks(down, up, gone(1070)) == [(BUTTON, 1000)]
    assert clicks(down, pointer(TOUCH_END, 1700), gone(1710)) == []


@pytest.mark.parametrize(
    "events",
    [
        PRESSED,  # nothing says that it was the button that clicks
        (*PRESSED, gone(1900)),
        (pointer(DOWN, 1000), pointer(UP, 1040, at=(300, 20)), gone(1050)),
        (pointer(DOWN, 1000), pointer(CONTEXT_MENU, 1001), pointer(UP, 1040), gone(1050)),
        (pointer(DOWN, 1000), gone(1050)),
    ],
    ids=["still there", "much later", "dragged", "other button", "not lifted"],
)
def test_other_presses_without_a_click_are_none(events: tuple[Any, ...]) -> None:
    assert clicks(*events) == []


def test_a_press_that_a_page_passes_on_does_not_hide_the_first() -> None:
    """Editors send what happens in their frame on to the document around it."""
    passed_on = [pointer(DOWN, 1001, MENU), pointer(UP, 1041, MENU)]
    events = (PRESSED[0], passed_on[0], PRESSED[1], passed_on[1], pointer(CLICK, 1042))
    assert clicks(*events) == [(BUTTON, 1000)]


def test_a_tap_beside_a_control_is_a_click_on_it_as_the_browser_says() -> None:
    tap = [
        pointer(TOUCH_START, 1_000, MENU, at=(50, 60)),
        pointer(TOUCH_END, 1_060, MENU, at=(50, 60)),
    ]
    near = pointer(CLICK, 1_070, BUTTON, at=(55, 70))
    emulated = [pointer(DOWN, 1_065, BUTTON, at=(55, 70)), pointer(UP, 1_066, BUTTON, at=(55, 70))]
    assert clicks(*tap, *emulated, near) == [(BUTTON, 1_000)]
    assert clicks(*tap, pointer(CLICK, 1_070, BUTTON, at=(250, 70))) == []
    assert clicks(*tap, pointer(CLICK, 1_070, BUTTON, at=(0, 0))) == []
    swipe = [
        pointer(TOUCH_START, 1_000, MENU, at=(50, 60)),
        pointer(TOUCH_END, 1_060, MENU, at=(50, 30)),
    ]
    assert clicks(*swipe, near) == []
