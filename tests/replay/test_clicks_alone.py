"""rrweb recordings that hold clicks without presses: `sampling.mouseInteraction` of `Click`."""

from typing import Any

from isotherm.replay.derive.clicks import Trail
from isotherm.replay.recording import Recording
from tests.replay.events import START_MS, Page, click, incremental, meta, rrweb, snapshot

CLICK = 2


def alone(node: int, ms: int, at: tuple[float, float] = (10, 20)) -> dict[str, Any]:
    return incremental(2, ms, type=CLICK, id=node, x=at[0], y=at[1])


def times(*events: Any) -> list[int]:
    page = Page()
    label = page.element("label", page.element("input", type="checkbox"))
    recording = Recording.of_session([rrweb(meta(), snapshot(page.document(label)), *events)])
    return [one.click_ms - START_MS for one in Trail(recording).clicks]


INPUT, LABEL = 2, 3  # in the order in which they are made


def test_clicks_count_where_no_press_is_recorded() -> None:
    assert times(alone(LABEL, 1000), alone(LABEL, 1300)) == [1000, 1300]


def test_the_keyboard_and_the_echo_of_a_label_do_not() -> None:
    keyboard = alone(INPUT, 2000, at=(0, 0))
    assert times(alone(LABEL, 1000), alone(INPUT, 1001), keyboard) == [1000]


def test_a_click_without_its_press_does_not_count_where_presses_are_recorded() -> None:
    assert times(click(LABEL, 1000), alone(LABEL, 3000)) == [1002]
