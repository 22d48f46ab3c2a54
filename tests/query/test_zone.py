"""Areas of a page: people are counted over the area, never added up from its parts."""

import pytest

from isotherm.model import Box, Signal
from isotherm.model.errors import IsothermError
from tests.scenario import HOUR, MINUTE, NOON, Shop, cart, click, picture, rows, visit

BUY, MENU = "#buy", "#menu"
BUTTON = {"left": 600, "top": 1400, "width": 200, "height": 40}
WHOLE = {"left": 0, "top": 0, "width": 1440, "height": 2000}


def day(shop: Shop) -> Shop:
    """Ann clicks four times in two places, Bob once; Cy never gets down to the button."""
    boxes = {BUY: Box(600, 1400, 200, 40), MENU: Box(0, 0, 80, 40)}
    return shop.tells(
        visit(session="a", depth=1900, height=2000, user_id="ann"),
        *(
            click(BUY, at=(x, 0.5), t=NOON + n, session="a", user_id="ann", rage=n == 3)
            for n, x in ((1, 0.1), (2, 0.5), (3, 0.9))
        ),
        click(MENU, at=(0.5, 0.5), t=NOON + 4, session="a", user_id="ann"),
        visit(session="b", depth=2000, height=2000, t=NOON + MINUTE, user_id="bob"),
        click(BUY, at=(0.5, 0.5), t=NOON + MINUTE + 1, session="b", user_id="bob", clicks=2),
        visit(session="c", depth=900, height=2000, t=NOON + 2 * MINUTE, user_id="cy"),
        visit(session="d", depth=1500, height=2000, t=NOON + 3 * MINUTE),
    ).shows(picture(boxes=boxes))


def test_who_clicks_in_several_cells_is_one_user(shop: Shop) -> None:
    (heat,) = day(shop).ask("heat", cart(metric="users"))
    assert sum(heat.values[2]) == 5  # the sum of the cells says nothing about people
    (frame,) = shop.ask("zone", area=WHOLE)
    (zone,) = rows(frame)
    assert (zone["users"], zone["sessions"], zone["clicks"]) == (2, 2, 6)


def test_a_rectangle_has_what_lies_in_it(shop: Shop) -> None:
    (frame,) = day(shop).ask("zone", zone="Left half", area={**BUTTON, "width": 101})
    (zone,) = rows(frame)
    assert zone["zone"] == "Left half"
    assert (zone["clicks"], zone["rage"]) == (4, 0)  # not the rage click at 780 px
    assert (zone["users"], zone["first_clicks"]) == (2, 2)
    assert zone["share"] == pytest.approx(4 / 6)


@pytest.mark.parametrize("area", [{"element": BUY}, {"area": BUTTON}])
def test_the_share_is_of_those_who_could_see_it(shop: Shop, area: dict[str, object]) -> None:
    (frame,) = day(shop).ask("zone", **area)
    (zone,) = rows(frame)
    assert (zone["exposed"], zone["clicked"]) == (3, 2)  # ann, bob, and d without a name
    assert zone["click_rate"] == pytest.approx(2 / 3)
    assert (zone["rage"], zone["first_clicks"]) == (1, 2)


def test_an_alert_rule_gets_one_number_with_labels(shop: Shop) -> None:
    (frame,) = day(shop).ask("zone", element=BUY, number="rage", zone="Buy")
    assert frame.shape.name == "zone_value"
    assert rows(frame) == [{"application": "shop", "page": "/cart", "zone": "Buy", "value": 1}]


def test_without_a_picture_page_positions_are_counted(shop: Shop) -> None:
    shop.tells(
        visit(session="a", depth=900, height=2000),
        click("", at=None, page_x=100, page_y=120, session="a", t=NOON + 1),
        click("", at=None, page_x=700, page_y=120, session="a", t=NOON + 2),
    )
    (zone,) = rows(shop.ask("zone", area={"left": 90, "top": 100, "width": 50, "height": 50})[0])
    assert (zone["clicks"], zone["sessions"], zone["exposed"]) == (1, 1, 1)


@pytest.mark.parametrize("area", [{}, {"area": {"left": 5, "top": 5, "width": 10}}])
def test_no_area_is_refused(shop: Shop, area: dict[str, object]) -> None:
    with pytest.raises(IsothermError, match="Choose an area"):
        day(shop).ask("zone", **area)


def test_a_rate_has_all_clicks_below_the_line_whatever_is_looked_at(shop: Shop) -> None:
    day(shop)
    rage = cart(signal=Signal.RAGE)
    (stats,) = rows(shop.ask("page_stats", rage)[0])
    assert (stats["clicks"], stats["rage_ratio"]) == (1, pytest.approx(1 / 6))
    (series,) = shop.ask("timeseries", rage, measure="rage_ratio", intervalMs=12 * HOUR)
    assert max(series.values[1]) == pytest.approx(1 / 6)
