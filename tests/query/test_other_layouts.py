"""Clicks known by a page position only, on a picture that lays the page out otherwise."""

import pytest

from isotherm.model import Box
from tests.scenario import Shop, cells, click, picture

BOXES = {"#send": Box(left=160, top=800, width=80, height=40)}


@pytest.mark.parametrize(
    ("page_point", "cell"),
    [
        ((200, 880), (200, 816)),
        ((200, 700), (200, 816)),
        ((200, 842), (200, 840)),
        ((200, 812), (200, 808)),
    ],
    ids=["far below its box", "far above its box", "at its edge", "inside its box"],
)
def test_a_click_stays_on_its_element(
    shop: Shop, page_point: tuple[float, float], cell: tuple[float, float]
) -> None:
    x, y = page_point
    shop.tells(click("#send", at=None, page_x=x, page_y=y))
    frame = shop.shows(picture(boxes=BOXES)).ask("heat", cell=8)[0]
    assert cells(frame) == {cell: 1}
    assert frame.meta["unplaced"] == {}


def test_a_click_on_the_ground_of_an_opened_scroller_stays_where_it_was_in_the_page(
    shop: Shop,
) -> None:
    """The scroller showed 500 px of its 13,500 px: half of its height is not half of the page."""
    ground = Box(left=200, top=0, width=800, height=13_500, grown=True)
    shop.tells(
        click("#main", at=(0.5, 0.5), page_x=600, page_y=250),
        click("#main", at=(0.5, 0.5), page_x=600, page_y=3_250),
        click("#send", at=(0.5, 0.5)),
    )
    shown = shop.shows(picture(boxes={**BOXES, "#main": ground}, size=(1440, 13_500)))
    frame = shown.ask("heat", cell=8)[0]
    assert cells(frame) == {(600, 248): 1, (600, 3_248): 1, (200, 816): 1}
    assert frame.meta["unplaced"] == {}
    sessions = shown.ask("heat", cell=8, metric="sessions")[0]
    assert cells(sessions).keys() == cells(frame).keys()
