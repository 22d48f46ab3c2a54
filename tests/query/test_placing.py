"""Placing, step by step: which like element is meant, what is shown, and why something is not."""

from typing import Any

import numpy as np
import pytest

from isotherm.model import Box, Unplaced
from isotherm.model.element_matching import _common_end
from isotherm.model.elements import Element
from isotherm.model.geometry import Grid
from isotherm.query.placing.boxes import spot_of
from isotherm.query.placing.canvas import DEFAULT_SIZE_PX, common_width
from isotherm.query.placing.unboxed import reason_codes, split_placed
from tests.scenario import Shop, cart, cells, click, picture, rows

MENU = "BODY>NAV.menu>A.item"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (MENU, 3),
        ("BODY>FOOTER>A.item", 1),
        ("NAV.menu>A.item", 2),
        ("MAIN>BODY>NAV.menu>A.item", 3),
        ("BODY>NAV.menu>A.other", 0),
        ("", 0),
    ],
)
def test_steps_of_selectors_are_compared_from_the_end(other: str, same: int) -> None:
    assert _common_end(MENU, other) == same
    assert _common_end(other, MENU) == same


def test_a_key_without_a_picture_or_a_name_says_which_of_both(shop: Shop) -> None:
    context, shown = shop.context(), picture("p", {"#pay": Box(0, 0, 100, 50)})
    assert spot_of(context, None, Element("#pay")).why is Unplaced.NO_BACKGROUND
    assert spot_of(context, None, Element("")).why is Unplaced.NO_BACKGROUND
    assert spot_of(context, shown, Element("")).why is Unplaced.NO_ELEMENT
    assert spot_of(context, shown, Element("#gone")).why is Unplaced.GONE
    spot = spot_of(context, shown, Element("#pay"))
    assert (spot.why, spot.box) == (None, shown.boxes["#pay"])


def test_what_falls_outside_is_a_reason_and_everything_is_weighted() -> None:
    grid = Grid.over(80, 80, 8)
    inside = _inside(grid)
    columns: dict[str, Any] = {
        "clicks": np.array([2, 3, 5, 7], np.uint16),
        "weight": np.array([1.0, 2.5, 1.0, 4.0], np.float32),
    }
    places = np.array([inside, inside, 0, inside])  # 0 is on the border
    why = reason_codes(np.array([True, True, True, False]), Unplaced.HIDDEN)
    rest = split_placed(columns, places, why, grid)
    assert rest.cells.tolist() == [inside, inside]
    assert rest.clicks.tolist() == [2.0, 7.5]
    assert rest.unplaced == {Unplaced.OUTSIDE: 5.0, Unplaced.HIDDEN: 28.0}
    assert rest.who.tolist() == []
    with_who = split_placed({**columns, "who": np.array([9, 8, 7, 6], np.int32)}, places, why, grid)
    assert with_who.who.tolist() == [9, 8]


def _inside(grid: Grid) -> int:
    border = grid.is_border(np.arange(grid.size))
    return int(np.flatnonzero(~border)[0])


def test_the_common_width_is_that_of_most_known_positions() -> None:
    columns = {
        "page_x": np.array([1.0, 2.0, 3.0, np.nan, np.nan, np.nan]),
        "viewport_w": np.array([390, 1440, 390, 1440, 1440, 1440]),
    }
    assert common_width(columns) == 390
    nothing = {"page_x": np.array([np.nan, 5.0]), "viewport_w": np.array([800, 0])}
    assert common_width(nothing) == DEFAULT_SIZE_PX[0]


@pytest.mark.parametrize("metric", ["users", "sessions"])
def test_people_are_counted_once_in_each_cell(shop: Shop, metric: str) -> None:
    """Three clicks of one person on one spot are one; another spot of theirs counts again."""
    clicks = [
        click("#pay", session=session, user_id=f"u-{session}", at=at)
        for session, at in [
            ("s1", (0.1, 0.5)), ("s1", (0.1, 0.5)), ("s1", (0.9, 0.5)), ("s2", (0.1, 0.5)),
        ]
    ]  # fmt: skip
    shop.tells(*clicks).shows(picture("p", {"#pay": Box(0, 0, 400, 40)}))
    (heat,) = shop.ask("heat", cart(metric=metric))
    assert sorted(cells(heat).values()) == [1, 2]


def test_without_a_picture_clicks_on_an_element_of_untold_size_lie_at_their_page_points(
    shop: Shop,
) -> None:
    """A bar that moves along is drawn where it is highest; another width has its box only."""
    points = [(100.0, 50.0), (100.0, 1999.0), (300.0, 40_000.0)]
    bar = [click("#bar", page_x=x, page_y=y, session=f"s{y}") for x, y in points]
    buy = [click("#buy", page_x=x, page_y=700.0, session=f"b{x}") for x in (500.0, 520.0)]
    shop.tells(*bar, *buy, click("#bar", width=390, page_x=10.0, page_y=10.0))
    (heat,) = shop.ask("heat")
    assert cells(heat) == {
        (96, 48): 1, (96, 1992): 1, (296, 40_000): 1,
        (496, 696): 1, (520, 696): 1,
        (200, 48): 1,  # in the middle of the bar
    }  # fmt: skip
    assert heat.meta["unplaced"] == {}
    assert heat.meta["coverage"] == 1
    boxes = {row["element"]: row for row in rows(shop.ask("actions")[0])}
    sides = ("left", "top", "width", "height")
    assert [boxes["#bar"][side] for side in sides] == [88, 38, 224, 24]
    assert [boxes["#buy"][side] for side in sides] == [488, 688, 44, 24]
