"""Which picture a scope is shown on, what the others show, and what there is without one."""

import base64
from typing import Any

import pytest

from isotherm.model import Box, Measured, State
from isotherm.query.context import Ask
from isotherm.query.pictures import described, listed
from isotherm.query.questions.heat import Params
from tests.scenario import NOON, Shop, cart, cells, click, picture, rows, visit, where

HIDDEN = Box(0, 0, 10, 10, visible=False)
PARTS = ("#header", "#menu", "#dialog", "#tab", "#drawer")
PHONE = {"width": 390}
BARE = Measured(verdict="unusable", clicks=9, apart=9)


def clicks(on: str, times: int, **more: Any) -> list[Any]:
    return [click(on, **more) for _ in range(times)]


def state(name: str, *visible: str, **more: Any) -> Any:
    """Return a picture on which these parts are to be seen, the others are not."""
    boxes = {part: Box(10, 10 + 50 * n, 80, 40) for n, part in enumerate(PARTS)}
    return picture(
        name,
        {part: box if part in visible else HIDDEN for part, box in boxes.items()},
        **more,
    )


@pytest.fixture
def states(shop: Shop) -> Shop:
    """Yield a page of five states: 30 clicks on it as found, 40, 9, 6 and 3 in the others."""
    counts = zip(PARTS, (30, 40, 9, 6, 3), strict=True)
    shop.tells(*(one for part, times in counts for one in clicks(part, times)))
    return shop.shows(
        state("initial", "#header"),
        state("menu", "#header", "#menu", state=State("menu", "Account"), seen_ms=NOON + 1),
        state("dialog", "#menu", "#dialog", state=State("dialog", "Sign in")),
        state("tab", "#header", "#dialog", "#tab", state=State("tab"), seen_ms=NOON + 2),
        state("drawer", "#drawer", state=State("after", "Open")),
    )


def chosen(frame: Any) -> str:
    name: str = frame.meta["background"]["id"]
    return name


def others(frame: Any) -> dict[str, float]:
    return {one["background"]["id"]: one["clicks"] for one in frame.meta["others"]}


def test_the_state_that_shows_most_is_taken_and_the_others_are_offered(states: Shop) -> None:
    [frame] = states.ask("heat")
    assert (chosen(frame), frame.meta["placed"]) == ("menu", 70)
    # the dialog's 9 clicks are on two pictures: they count for the one that adds most, once
    assert list(others(frame).items()) == [("tab", 15), ("drawer", 3)]
    assert frame.meta["placed"] + sum(others(frame).values()) == frame.meta["clicks"]
    assert frame.meta["others"][1]["background"]["state"] == {"kind": "after", "what": "Open"}


def test_every_picture_offers_what_it_does_not_show_itself(states: Shop) -> None:
    [frame] = states.ask("heat", background="tab")
    assert frame.meta["placed"] == 45
    assert others(frame) == {"menu": 40, "drawer": 3}


def test_the_choice_is_that_of_the_scope(states: Shop) -> None:
    """Whoever asks for the dialog's clicks sees the dialog."""
    dialog = cart(where("element", "=", "#dialog"))
    [frame] = states.ask("heat", dialog)
    assert (chosen(frame), frame.meta["coverage"], others(frame)) == ("tab", 1.0, {})
    [frame] = states.ask("heat", cart(where("element", "in", "#header", "#drawer")))
    assert (chosen(frame), others(frame)) == ("initial", {"drawer": 3})


def test_an_element_under_anothers_key_is_not_shown(shop: Shop) -> None:
    """The placing judges, not the box: this one is of another element."""
    size = {"element_w": 80, "element_h": 40}
    shop.tells(*clicks("#a", 5, **size), *clicks("#b", 4, **size))
    shop.shows(
        picture("other", {"#a": Box(0, 0, 600, 500), "#b": HIDDEN}, state=State("found")),
        picture("right", {"#a": HIDDEN, "#b": Box(0, 0, 80, 40)}, state=State("menu")),
    )
    [frame] = shop.ask("heat")
    assert (chosen(frame), frame.meta["placed"]) == ("right", 4)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (cart(), "desktop"),
        (cart(width_max=767), "phone"),
        (cart(where("browser", "=", "Safari")), "phone"),
        (cart(where("browser", "=", "Chrome")), "desktop"),
    ],
)
def test_the_picture_is_of_the_device_with_most_clicks(
    shop: Shop, scope: Any, expected: str
) -> None:
    shop.tells(
        *clicks("#header", 9, facets={"browser": "Chrome"}),
        *clicks("#header", 5, facets={"browser": "Safari"}, **PHONE),
        *clicks("#menu", 2, facets={"browser": "Safari"}, **PHONE),
    )
    shop.shows(
        state("desktop", "#header", state=State("found")),
        state("phone", "#header", "#menu", state=State("found"), size=(390, 2000)),
    )
    [frame] = shop.ask("heat", scope)
    assert chosen(frame) == expected


def test_clicks_without_an_element_count_where_their_window_is(shop: Shop) -> None:
    """They lie at their page points, which only a picture of that width has."""
    point = {"at": None, "page_x": 100, "page_y": 100}
    shop.tells(*clicks("", 3, width=1440, **point), *clicks("", 2, width=1500, **point))
    shop.shows(
        picture("wide", {"#a": HIDDEN}, size=(1500, 900), seen_ms=NOON + 1),
        picture("usual", {"#a": HIDDEN}, size=(1440, 900)),
    )
    [frame] = shop.ask("heat")
    assert (chosen(frame), frame.meta["placed"], others(frame)) == ("usual", 3, {"wide": 2})


def test_a_picture_that_does_not_look_like_the_page_is_neither_taken_nor_offered(
    shop: Shop,
) -> None:
    shop.tells(*clicks("#header", 9), *clicks("#menu", 1))
    shop.shows(
        state("bare", *PARTS, measured=BARE),
        state("styled", "#menu", state=State("found")),
    )
    [frame] = shop.ask("heat")
    assert (chosen(frame), others(frame)) == ("styled", {})
    found, automatic = listed(Ask.about(cart(), Params(), shop.context()))
    assert automatic is not None
    assert automatic.id == "styled"
    assert {one.background.id: one.coverage for one in found} == {"bare": 1.0, "styled": 0.1}
    said = described(found[0].background)
    assert said is not None
    assert {one["verdict"] for one in [said["measured"]]} <= {"unusable", "true"}


def test_without_a_usable_picture_clicks_lie_on_a_wireframe(shop: Shop) -> None:
    """A recording says where on the page the button was clicked, the sender where in it."""
    sized = {"element_w": 200, "element_h": 40, "action_name": "Pay <now> & here"}
    shop.tells(
        *clicks("#pay", 3, at=(0.25, 0.5), page_x=650.0, page_y=1220.0, **sized),
        click("#pay", at=(0.75, 0.5), page_x=750.0, page_y=1220.0, **sized),
        click("#logo", at=None, page_x=40.0, page_y=30.0),
        click("#logo", at=None, page_x=80.0, page_y=50.0),
        click("", at=None, page_x=700.0, page_y=400.0),
        click("#elsewhere"),
        visit(height=3000.0, depth=900.0),
    )
    shop.shows(picture("bare", {"#pay": Box(8, 8, 60, 18)}, measured=BARE))
    [frame] = shop.ask("heat")
    background = frame.meta["background"]
    assert (background["origin"], background["id"]) == ("wireframe", "wireframe")
    assert cells(frame) == {
        (648, 1216): 3, (744, 1216): 1, (40, 24): 1, (80, 48): 1, (696, 400): 1,
    }  # fmt: skip
    assert frame.meta["unplaced"] == {"no_background": 1}
    assert frame.meta["coverage"] == 7 / 8
    assert frame.meta["canvas"] == {"width": 1440, "height": 3000}
    by_element = {row["element"]: row for row in rows(shop.ask("actions")[0])}
    pay = by_element["#pay"]
    assert [pay[side] for side in ("left", "top", "width", "height")] == pytest.approx(
        [600, 1200, 200, 40], abs=0.1
    )
    drawn = base64.b64decode(background["tiles"][0]["url"].partition(",")[2]).decode()
    assert "Pay &lt;now&gt; &amp; here" in drawn


def test_elements_whose_place_is_not_known_stand_below_the_page(shop: Shop) -> None:
    """Without a replay the sender tells the element's size and the place in it, and no more."""
    shop.tells(*clicks("#pay", 2, element_w=200, element_h=40))
    [frame] = shop.ask("heat")
    background = frame.meta["background"]
    assert (background["page_height"], frame.meta["coverage"]) == (900, 1.0)
    assert all(y > 900 for _, y in cells(frame))
    assert frame.meta["canvas"]["height"] > 940
    assert background["notices"] == ["elements below the page, whose place on it is not known: 1"]


def test_two_elements_under_one_key_have_two_boxes_on_a_wireframe(shop: Shop) -> None:
    one = {"element_w": 80, "element_h": 40, "action_name": "Apple"}
    two = {"element_w": 80, "element_h": 40, "action_name": "Banana"}
    key = "li:nth-of-type(1)"
    shop.tells(
        click(key, page_x=140.0, page_y=120.0, **one),
        click(key, page_x=140.0, page_y=320.0, **two),
    )
    [frame] = shop.ask("heat")
    assert set(cells(frame)) == {(136, 120), (136, 320)}


def test_the_scroll_map_lies_on_the_wireframe(shop: Shop) -> None:
    shop.tells(click("#pay"), visit(height=3000.0, depth=900.0), visit(session="b", depth=4000.0))
    [frame] = shop.ask("scroll")
    assert frame.meta["background"]["origin"] == "wireframe"
    assert frame.meta["background"]["height"] >= frame.meta["page_height_px"]


def test_several_pages_have_no_background(shop: Shop) -> None:
    shop.tells(click("#pay"), click("#pay", page="/done"))
    [frame] = shop.ask("heat", cart(pages=("/cart", "/done")))
    assert frame.meta["background"] is None
    assert frame.meta["others"] == []
