"""The heat on a page's picture."""

import pytest

from isotherm.model import Box
from isotherm.model.errors import Code, IsothermError
from tests.scenario import Shop, cart, cells, click, picture, visit

BUTTON = Box(100, 200, 80, 40)


def test_a_click_lies_at_its_fraction_of_the_box(shop: Shop) -> None:
    shop.tells(click("#pay", at=(0.25, 0.5))).shows(picture(boxes={"#pay": BUTTON}))
    frame = shop.ask("heat")[0]
    assert cells(frame) == {(120, 216): 1}  # the point is (120, 220)
    assert frame.meta["coverage"] == 1


def test_the_element_decides_whatever_the_window_was(shop: Shop) -> None:
    shop.tells(click(width=390, session="phone"), click(width=1440))
    shop.shows(picture(boxes={"#pay": BUTTON}))
    assert cells(shop.ask("heat")[0]) == {(136, 216): 2}


def test_a_rage_chain_counts_all_its_clicks(shop: Shop) -> None:
    shop.tells(click(clicks=5, rage=True)).shows(picture(boxes={"#pay": BUTTON}))
    meta = shop.ask("heat")[0].meta
    assert (meta["clicks"], meta["actions"], meta["exact"]) == (5, 1, True)


def test_a_lower_bound_is_said_to_be_one(shop: Shop) -> None:
    shop.tells(click(clicks=3, rage=True, clicks_exact=False))
    shop.shows(picture(boxes={"#pay": BUTTON}))
    meta = shop.ask("heat")[0].meta
    assert meta["exact"] is False
    assert "lower bound" in meta["notices"][0]


def test_sampled_sessions_are_weighted_and_said_to_be_estimates(shop: Shop) -> None:
    shop.tells(click(weight=5.0), click()).shows(picture(boxes={"#pay": BUTTON}))
    meta = shop.ask("heat")[0].meta
    assert (meta["clicks"], meta["estimated"], meta["exact"]) == (6, True, False)
    assert meta["actions"] == shop.ask("actions")[0].meta["actions"] == 6


def test_every_click_that_is_not_shown_has_its_reason(shop: Shop) -> None:
    shop.tells(
        click("#hidden"),
        click("#clipped"),
        click("#covered"),
        click("#gone"),
        click("", at=None),
        click("#pay", at=None),
        click("#below"),
        click("", at=None, kind="custom"),
    )
    shop.shows(
        picture(
            boxes={
                "#pay": BUTTON,
                "#hidden": Box(0, 0, 10, 10, visible=False),
                "#clipped": Box(0, 0, 10, 10, clipped=True),
                "#covered": Box(0, 0, 10, 10, occluded=True),
                "#below": Box(0, 2500, 10, 10),
            }
        )
    )
    assert shop.ask("heat")[0].meta["unplaced"] == {
        "clipped": 1,
        "covered": 1,
        "element_gone": 1,
        "hidden": 1,
        "no_position": 2,
        "no_selector": 1,
        "outside_picture": 1,
    }


def test_the_composed_path_is_the_key_without_a_selector(shop: Shop) -> None:
    shop.tells(click("", element_path="A;B")).shows(picture(boxes={"A;B": BUTTON}))
    assert cells(shop.ask("heat")[0]) == {(136, 216): 1}


def test_a_page_position_helps_where_no_element_is_known(shop: Shop) -> None:
    shop.tells(
        click("", at=None, page_x=50, page_y=60),
        click("", at=None, page_x=50, page_y=60, width=390),
    )
    shop.shows(picture(boxes={"#pay": BUTTON}))
    frame = shop.ask("heat")[0]
    assert cells(frame) == {(48, 56): 1}
    assert frame.meta["unplaced"] == {"no_selector": 1}  # another width is another layout


def test_without_a_picture_positions_lie_on_the_commonest_width(shop: Shop) -> None:
    shop.tells(
        click("", at=None, page_x=10, page_y=1200, width=1440),
        click("", at=None, page_x=10, page_y=1200, width=1440),
        click("", at=None, page_x=10, page_y=10, width=390),
        click("#pay"),
    )
    frame = shop.ask("heat")[0]
    assert cells(frame) == {(8, 1200): 2}
    assert frame.meta["canvas"] == {"width": 1440, "height": 1201}
    assert frame.meta["unplaced"] == {"no_background": 2}
    assert frame.meta["background"]["origin"] == "wireframe"


def test_the_picture_that_shows_most_clicks_is_taken(shop: Shop) -> None:
    shop.tells(click("#menu"), click("#menu"), click("#pay"))
    hidden = Box(0, 0, 10, 10, visible=False)
    shop.shows(
        picture("closed", {"#pay": BUTTON, "#menu": hidden}),
        picture("open", {"#pay": BUTTON, "#menu": BUTTON}),
    )
    assert shop.ask("heat")[0].meta["background"]["id"] == "open"
    chosen = shop.ask("heat", background="closed")[0].meta
    assert (chosen["background"]["id"], chosen["unplaced"]) == ("closed", {"hidden": 2})


def test_a_picture_of_another_page_is_refused(shop: Shop) -> None:
    shop.tells(click()).shows(picture("other", page="/done"))
    with pytest.raises(IsothermError) as refused:
        shop.ask("heat", background="other")
    assert (refused.value.code, refused.value.field) == (Code.INVALID, "background")


def test_the_fold_is_the_average_window(shop: Shop) -> None:
    shop.tells(
        visit(window=800, session="a"),
        visit(window=1000, session="b"),
        click("#pay"),
        click("#low"),
    )
    shop.shows(picture(boxes={"#pay": BUTTON, "#low": Box(0, 1500, 10, 10)}))
    meta = shop.ask("heat")[0].meta
    assert (meta["fold_px"], meta["points_below_fold_share"]) == (900, 0.5)


def test_a_scope_without_anything_is_empty_and_not_an_error(shop: Shop) -> None:
    frame = shop.ask("heat", cart(pages=("/nowhere",)))[0]
    assert cells(frame) == {}
    assert (frame.meta["clicks"], frame.meta["coverage"]) == (0, None)
