"""The instrument itself: a judge that cannot tell wrong from right would praise everything."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.accuracy.isotherm import Drawn
from tests.accuracy.judging import by_coordinates, judge, layout_of, number_at
from tests.accuracy.likeness import C1, C2, ssim


def element(number: int, text: str, *box: float, **more: Any) -> dict[str, Any]:
    """Return an element as `truth.js` notes it."""
    return {
        "number": str(number), "tag": "BUTTON", "text": text, "near": "", "path": f"BODY>{number}",
        "box": list(box), "inWindow": list(box[:2]), "inner": [0, 0], "fixed": False,
        "bar": "", "inBar": [0, 0],
    } | more  # fmt: skip


APPLE = element(1, "Apple", 0, 0, 300, 60)
CHERRY = element(2, "Cherry", 0, 60, 420, 140)
END = element(3, "End", 0, 200, 80, 30)
LAYOUT = [APPLE, CHERRY, END]


def on_picture(*elements: dict[str, Any], dy: float = 0) -> dict[str, dict[str, Any]]:
    """Return the boxes that a picture has."""
    return {
        one["text"]: dict(zip(("left", "top", "width", "height"), one["box"], strict=True))
        | {"visible": True, "top": one["box"][1] + dy}
        for one in elements
    }


def clicked(one: dict[str, Any], x: float, y: float) -> dict[str, Any]:
    """Return the truth of a click at a point of the page."""
    return one | {"page": [x, y], "document": [800, 600]}


def drawn(one: dict[str, Any], x: float, y: float, dy: float = 0) -> Drawn:
    """Return a click that is drawn on an element."""
    left, top, width, height = one["box"]
    return Drawn((x, y + dy), (left, top + dy, width, height), "", "")


def test_the_clicked_element_is_right_and_its_neighbour_is_not() -> None:
    layout, _ = layout_of([LAYOUT], on_picture(*LAYOUT))
    right = judge(clicked(CHERRY, 10, 70), drawn(CHERRY, 12, 70), layout)
    assert (right.verdict, right.error_px) == ("right", 2)
    wrong = judge(clicked(CHERRY, 10, 70), drawn(APPLE, 10, 20), layout)
    assert (wrong.verdict, wrong.on) == ("another", "button 'Apple'")


def test_an_element_around_the_clicked_one_is_another() -> None:
    inner = element(4, "In it", 10, 210, 30, 10, path="BODY>3>SPAN:0")
    layout, _ = layout_of([[*LAYOUT, inner]], on_picture(*LAYOUT))
    verdict = judge(clicked(inner, 12, 212), drawn(END, 12, 212), layout)
    assert (verdict.verdict, verdict.on) == ("another", "what is around it: button 'End'")


def test_a_shape_that_fills_the_clicked_drawing_is_as_good_as_it() -> None:
    """A disc gets its fill under the pointer: the truth names the drawing, the sender the disc."""
    disc = element(4, "", 1, 201, 78, 28, path="BODY>3>circle:0")
    layout, _ = layout_of([[*LAYOUT, disc]], on_picture(*LAYOUT))
    assert judge(clicked(END, 12, 212), drawn(disc, 12, 212), layout).verdict == "right"
    dot = element(5, "", 1, 201, 28, 28, path="BODY>3>circle:0")
    layout, _ = layout_of([[*LAYOUT, dot]], on_picture(*LAYOUT))
    assert judge(clicked(END, 12, 212), drawn(dot, 12, 212), layout).verdict == "another"


def test_a_picture_is_held_against_the_state_it_shows() -> None:
    """After sorting, the same place holds another card: there the truth depends on the state."""
    swapped = [APPLE | {"box": [0, 140, 300, 60]}, CHERRY | {"box": [0, 0, 420, 140]}, END]
    layout, number = layout_of([LAYOUT, swapped], on_picture(*swapped))
    assert number == 1
    verdict = judge(clicked(swapped[1], 5, 5), drawn(swapped[1], 5, 5), layout)
    assert verdict.verdict == "right"


def test_a_picture_of_a_click_shows_what_was_there_before_it() -> None:
    """The truth of a click is noted some moments before its events."""
    clicks = [{"at": 1_000}, {"at": 3_000}]
    assert [number_at(clicks, at) for at in (500, 1_099, 1_900, 3_300, 9_000)] == [0, 0, 1, 1, 1]


def test_a_picture_whose_photos_did_not_load_is_moved_back() -> None:
    layout, _ = layout_of([LAYOUT], on_picture(*LAYOUT, dy=-45))
    assert judge(clicked(END, 5, 205), drawn(END, 5, 205, dy=-45), layout).verdict == "right"
    assert judge(clicked(END, 5, 205), drawn(CHERRY, 5, 100, dy=-45), layout).verdict == "another"


def test_an_element_made_anew_is_the_same_and_one_with_another_text_is_not() -> None:
    layout, _ = layout_of([LAYOUT], on_picture(*LAYOUT))
    again, other = CHERRY | {"number": "9"}, CHERRY | {"number": "9", "text": "Row 502"}
    assert judge(clicked(again, 5, 70), drawn(CHERRY, 5, 70), layout).verdict == "right"
    assert judge(clicked(other, 5, 70), drawn(CHERRY, 5, 70), layout).verdict == "another"


BUY = element(5, "Buy", 0, 300, 60, 20, near="Apple Buy")


@pytest.mark.parametrize(
    ("now", "others", "verdict"),
    [
        (BUY | {"number": "9"}, [], "right"),
        (BUY | {"number": "9", "path": "MAIN>0"}, [], "right"),  # by its neighbourhood
        (BUY | {"number": "9", "near": "1 in the basket Buy"}, [], "right"),  # by its place
        (BUY | {"number": "9", "near": "Pear Buy", "path": "MAIN>0"}, [], "another"),
        # what merely stands at the place is another element
        (
            BUY | {"number": "9", "near": "Pear Buy"},
            [BUY | {"number": "10", "path": "BODY>6", "box": [0, 340, 60, 20]}],
            "another",
        ),
        (BUY | {"number": "9", "near": "Pear Buy", "box": [0, 310, 60, 20]}, [], "another"),
        # the clicked node itself has moved on
        (BUY | {"number": "9"}, [BUY | {"path": "BODY>6", "box": [0, 340, 60, 20]}], "another"),
    ],
)
def test_an_equal_element_counts_as_the_clicked_one_only_if_it_took_its_place(
    now: dict[str, Any], others: list[dict[str, Any]], verdict: str
) -> None:
    there = [*LAYOUT, now, *others]
    layout, _ = layout_of([there], on_picture(*there))
    left, top, *_ = now["box"]
    on = drawn(now, left + 5, top + 5)
    assert judge(clicked(BUY, 5, 305), on, layout).verdict == verdict


FIELD = element(7, "Search", 400, 0, 100, 30, near="Type to start", path="FORM>0")


@pytest.mark.parametrize(
    ("before", "more", "verdict"),
    [
        ({}, {}, "right"),  # this node stood where the clicked one did
        ({"box": [0, 0, 100, 30], "near": "Else"}, {}, "another"),  # it never did
        ({}, {"text": "Find"}, "another"),  # it is used for something else by now
    ],
)
def test_an_element_made_anew_stays_the_same_when_it_changes_its_place(
    before: dict[str, Any], more: dict[str, Any], verdict: str
) -> None:
    """A search field is wider while it is open, and so it is on the picture of the next visit."""
    closed = FIELD | {"number": "9"} | before
    opened = FIELD | {"number": "9", "box": [100, 0, 400, 30], "near": "12 found"} | more
    layout, number = layout_of([[*LAYOUT, closed], [*LAYOUT, opened]], on_picture(*LAYOUT, opened))
    assert number == 1
    found = judge(clicked(FIELD, 410, 10), drawn(opened, 140, 10), layout)
    assert (found.verdict, found.error_px) == (verdict, None)  # of another size: no px to compare


@pytest.mark.parametrize("near", ["", "2 of 3"])
def test_an_element_without_words_needs_its_neighbourhood_and_its_place(near: str) -> None:
    icon = element(6, "", 0, 300, 20, 20)
    now = icon | {"number": "9", "near": near}
    layout, _ = layout_of([[*LAYOUT, now]], on_picture(*LAYOUT))
    verdict = judge(clicked(icon, 5, 305), drawn(now, 5, 305), layout).verdict
    assert verdict == ("another" if near else "right")


def test_what_is_not_drawn_keeps_its_reason() -> None:
    layout, _ = layout_of([LAYOUT], on_picture(*LAYOUT))
    verdict = judge(clicked(END, 5, 205), Drawn(None, None, "covered", ""), layout)
    assert (verdict.verdict, verdict.reason) == ("not drawn", "covered")


def test_coordinates_are_right_only_where_nothing_moved() -> None:
    moved = END | {"box": [0, 500, 80, 30]}
    assert by_coordinates(clicked(END, 5, 205), LAYOUT).verdict == "right"
    assert by_coordinates(clicked(moved, 5, 505), LAYOUT).verdict == "not drawn"
    assert by_coordinates(clicked(END, 5, 70), LAYOUT).verdict == "another"


def test_likeness_is_the_published_formula() -> None:
    random = np.random.default_rng(7)
    a, b = (random.integers(0, 256, (12, 11)).astype(float) for _ in range(2))
    values = []
    for y in range(5):
        for x in range(4):
            p, q = a[y : y + 8, x : x + 8], b[y : y + 8, x : x + 8]
            both = ((p - p.mean()) * (q - q.mean())).mean()
            upper = (2 * p.mean() * q.mean() + C1) * (2 * both + C2)
            values.append(upper / ((p.mean() ** 2 + q.mean() ** 2 + C1) * (p.var() + q.var() + C2)))
    one, other = (Image.fromarray(array.astype(np.uint8)) for array in (a, b))
    assert ssim(one, other) == pytest.approx(np.mean(values), abs=1e-6)
    assert ssim(one, one) == pytest.approx(1)
