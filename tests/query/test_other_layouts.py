"""Clicks known by a page position only, on a picture that lays the page out otherwise."""

import pytest

from isotherm.model import Box
from tests.scenario import Shop, cells, click, picture

BOXES = {"#send": Box(left=160, top=800, width=80, height=40)}


@pytest.mark.parametrize(
    ("page_point", "cell"),
    [((200, 880), (200, 840)), ((200, 700), (200, 800)), ((200, 812), (200, 808))],
    ids=["below its box", "above its box", "inside its box"],
)
def test_a_click_stays_on_its_element(
    shop: Shop, page_point: tuple[float, float], cell: tuple[float, float]
) -> None:
    x, y = page_point
    shop.tells(click("#send", at=None, page_x=x, page_y=y))
    frame = shop.shows(picture(boxes=BOXES)).ask("heat", cell=8)[0]
    assert cells(frame) == {cell: 1}
    assert frame.meta["unplaced"] == {}
