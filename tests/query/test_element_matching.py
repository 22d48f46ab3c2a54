"""A key is no identity: lists are sorted and filtered, menus follow each other at one place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from isotherm.model import Action, Background, Box
from isotherm.model.element_matching import Boxes, _common_end
from isotherm.model.elements import Element
from isotherm.model.fingerprints import Fingerprint, fact, kind_of, loose_words, words_of
from tests.scenario import Shop, cells, click, picture, rows

CARDS = {"Apple": (300, 60), "Banana": (360, 100), "Cherry": (420, 140), "Damson": (300, 60)}
FRUIT = list(CARDS)


def printed(words: str, tag: str = "div", **more: Any) -> str:
    """Return the fingerprint of an element that a recording showed."""
    known = {"alone": True, "alone_loosely": True, **more}
    facts = {
        name: fact(value) if isinstance(value, str) else value for name, value in known.items()
    }
    folded = words_of(words)
    return Fingerprint(
        kind=kind_of(tag), words=fact(folded), loose=fact(loose_words(folded)), **facts
    ).text


def item(place: int) -> str:
    return f"#list>LI:nth-of-type({place + 1})>DIV.card"


def listed(names: list[str], **more: Any) -> Background:
    """Return a picture of a list, every card 200 px below the one before."""
    boxes = {
        item(place): Box(0, 200 * place, *CARDS[name], print=printed(name))
        for place, name in enumerate(names)
    }
    return picture("-".join(names), boxes, **more)


def on_card(name: str, names: list[str], **more: Any) -> Action:
    """Return a click in the middle of a card, in the list as it was."""
    width, height = CARDS[name]
    facts = {"fingerprint": printed(name), "action_name": name, **more}
    return click(item(names.index(name)), element_w=width, element_h=height, **facts)


def middle(name: str, names: list[str], cell: int = 8) -> tuple[int, int]:
    width, height = CARDS[name]
    return (width // 2 // cell * cell, (200 * names.index(name) + height // 2) // cell * cell)


def test_cards_of_a_sorted_list_keep_their_clicks(shop: Shop) -> None:
    before, after = FRUIT[:3], FRUIT[2::-1]
    clicks = [on_card(name, order) for order in (before, after) for name in before]
    shop.tells(*clicks).shows(listed(before))
    (heat,) = shop.ask("heat")
    assert cells(heat) == {middle(name, before): 2 for name in before}
    assert heat.meta["coverage"] == 1
    (top,) = shop.ask("actions")
    assert sorted((row["action_name"], row["top"], row["clicks"]) for row in rows(top)) == [
        ("Apple", 0, 1), ("Apple", 0, 1), ("Banana", 200, 2), ("Cherry", 400, 1),
        ("Cherry", 400, 1),
    ]  # fmt: skip


def test_what_a_filter_took_away_is_not_drawn_on_what_stands_there_now(shop: Shop) -> None:
    clicks = [on_card(name, FRUIT) for name in ("Apple", "Banana", "Damson")]
    shop.tells(*clicks).shows(listed(["Apple", "Cherry"]))
    (heat,) = shop.ask("heat")
    assert cells(heat) == {middle("Apple", ["Apple", "Cherry"]): 1}
    assert heat.meta["unplaced"] == {"other_element": 1, "element_gone": 1}
    (top,) = shop.ask("actions")
    reasons = {row["action_name"]: row["reason"] for row in rows(top)}
    assert reasons == {"Apple": "", "Banana": "other_element", "Damson": "element_gone"}


def test_an_item_of_one_menu_is_not_drawn_on_another_menu(shop: Shop) -> None:
    key = "BODY>DIV>UL>LI:nth-of-type(2)"
    account = picture("account", {key: Box(900, 50, 120, 34, print=printed("Sign out", "li"))})
    choose = picture("choose", {key: Box(40, 270, 54, 34, print=printed("Two", "li"))})
    sign_out = click(key, fingerprint=printed("Sign out", "li"), action_name="Sign out")
    two = click(key, fingerprint=printed("Two", "li"), action_name="Two")
    shop.tells(sign_out, two, replace(two, event_id="again"))
    shop.shows(account, choose)
    (top,) = shop.ask("actions", background="account")
    shown = {row["action_name"]: (row["reason"], row["shown_in"]) for row in rows(top)}
    assert shown == {"Two": ("other_element", "choose"), "Sign out": ("", "account")}
    (heat,) = shop.ask("heat", background="account")
    assert cells(heat) == {(960, 64): 1}


COUNTING, NAMING = "MAIN>P:nth-of-type(2)", "MAIN>P.x"


@pytest.mark.parametrize(
    ("acted", "there", "kept"),
    [
        (printed("Cart (3)"), printed("Cart (4)"), {COUNTING, NAMING}),
        (printed("Row 2", alone_loosely=False), printed("Row 502"), {NAMING}),
        (printed("Play", around="volume"), printed("Pause", around="volume"), {NAMING}),
        (printed("One", around="first"), printed("Two", around="second"), set()),
        (printed("Buy", link="/apple"), printed("Buy", link="/banana"), set()),
        (printed("Buy", link="/apple"), printed("Order", link="/apple"), {COUNTING, NAMING}),
        (printed("Follow", mark="a"), printed("Following", mark="a"), {COUNTING, NAMING}),
        (printed("Follow", mark="a"), printed("Follow", mark="b"), set()),
        (printed("Buy", "button"), printed("Buy", "a"), set()),
        (printed("Edit", alone=False, around="A"), printed("Edit", around="B"), {NAMING}),
    ],
)
def test_which_is_the_same_element(acted: str, there: str, kept: set[str]) -> None:
    """Where a key names what it is about, another wording is less of a reason to doubt."""
    found = {
        key
        for key in (COUNTING, NAMING)
        if Boxes({key: Box(0, 0, 80, 20, print=there)})
        .find(Element(key, print=Fingerprint.read(acted)))
        .why
        is None
    }
    assert found == kept


def test_buttons_of_rows_follow_their_rows() -> None:
    def edit(row: str) -> str:
        return printed("Edit", "button", alone=False, around=row)

    def key(place: int) -> str:
        return f"#orders>TR:nth-of-type({place})>TD>BUTTON"

    there = Boxes(
        {
            key(1): Box(0, 0, 50, 20, print=edit("1003 Banana")),
            key(2): Box(0, 30, 50, 20, print=edit("1001 Apple")),
        }
    )
    apple = there.find(Element(key(1), print=Fingerprint.read(edit("1001 Apple"))))
    assert apple.box is not None
    assert apple.box.top == 30
    gone = there.find(Element(key(2), print=Fingerprint.read(edit("1002 Cherry"))))
    assert gone.why == "other_element"


def test_of_masked_sites_tag_and_size_decide(shop: Shop) -> None:
    def masked(tag: str = "div") -> str:
        return Fingerprint(kind=kind_of(tag)).text

    key = item(0)
    shop.shows(picture("masked", {key: Box(0, 0, 420, 140, print=masked())}))
    shop.tells(
        click(key, fingerprint=masked(), element_w=420, element_h=140),
        click(key, fingerprint=masked(), element_w=380, element_h=155),  # in other lines
        click(key, fingerprint=masked(), element_w=300, element_h=60),  # another card
        click(key, fingerprint=masked("img"), element_w=420, element_h=140),
    )
    (heat,) = shop.ask("heat")
    assert heat.meta["placed"] == 2
    assert heat.meta["unplaced"] == {"other_element": 2}


@pytest.mark.parametrize(
    ("acted", "there", "found"),
    [
        ((13.5, 22.6), (7, 21), True),  # `⋮`, and the `x` in its place
        ((13.5, 22.6), (7, 90), False),
        ((13.5, 22.6), (60, 21), False),
    ],
)
def test_a_letter_that_is_an_icon_has_another_width_when_it_is_masked(
    acted: tuple[float, float], there: tuple[float, float], found: bool
) -> None:
    key, masked = "TABLE>TR:nth-of-type(3)>TD>BUTTON>SPAN", Fingerprint(kind=kind_of("span"))
    boxes = Boxes({key: Box(0, 0, *there, print=masked.text)})
    clicked = Element(key, print=masked, width=acted[0], height=acted[1])
    assert (boxes.find(clicked).box is not None) == found


def test_without_recording_names_tell_elements_apart(shop: Shop) -> None:
    names = FRUIT[:3]
    clicks = [on_card(name, names[::-1], fingerprint="") for name in names]
    gone = on_card("Damson", ["Damson"], fingerprint="")
    shop.tells(*clicks, gone).shows(listed(names))
    (heat,) = shop.ask("heat")
    assert cells(heat) == {middle(name, names): 1 for name in names}
    assert heat.meta["unplaced"] == {"other_element": 1}


def test_a_name_of_the_senders_own_keeps_its_place_where_the_key_does_not_count(
    shop: Shop,
) -> None:
    shop.shows(picture("page", {"#pay": Box(0, 0, 80, 20, print=printed("Pay now", "button"))}))
    shop.tells(click("#pay", action_name="checkout_pay"))
    assert shop.ask("heat")[0].meta["placed"] == 1


def test_a_generated_id_is_no_place(shop: Shop) -> None:
    button = printed("Filter", "button")
    shop.shows(picture("page", {"#_rk_": Box(600, 40, 80, 20, print=button)}))
    shop.tells(click("#_rb_", fingerprint=button))
    assert cells(shop.ask("heat")[0]) == {(640, 48): 1}


def test_two_that_agree_are_none(shop: Shop) -> None:
    box = {f"#s{at}>B": Box(0, at * 30, 9, 9, print=printed("Help", "b")) for at in range(2)}
    shop.shows(picture("page", box))
    shop.tells(click("#gone>B", fingerprint=printed("Help", "b")))
    assert shop.ask("heat")[0].meta["unplaced"] == {"element_gone": 1}


orders = st.lists(st.sampled_from(FRUIT), min_size=1, unique=True)


def test_a_button_that_was_renamed_is_not_another_one_of_its_old_name() -> None:
    """It says "Collapse" after the click; another one beside it says "Expand" by then."""
    known = {
        name: printed(name, "button", alone=False, around="the sample")
        for name in ("Expand", "Collapse")
    }
    boxes = {
        "#one>BUTTON": Box(0, 0, 15, 15, print=known["Collapse"]),
        "#one>UL>BUTTON": Box(28, 90, 15, 15, print=known["Expand"]),
    }
    acted = printed("Expand", "button", alone=True, around="the sample")
    clicked = Element("#one>BUTTON", width=15, height=15, print=Fingerprint.read(acted))
    assert Boxes(boxes).find(clicked).box == boxes["#one>BUTTON"]


@pytest.mark.parametrize(
    ("acted", "matches", "drawn"),
    [
        ({"alone": False, "around": ""}, 1, True),
        ({"alone": False, "around": ""}, 3, False),  # it may have been any of them
        ({"alone": False, "around": "first row"}, 3, True),
        ({"alone": False, "around": "second row"}, 3, False),
        ({"alone": True, "around": ""}, 3, True),  # nothing else was called so
    ],
)
def test_a_key_that_several_elements_have_names_none(
    acted: dict[str, Any], matches: int, drawn: bool
) -> None:
    """The box of such a key is the first one's: buttons to expand parts of a sample, say."""
    there = printed("Expand", "button", alone=False, around="first row")
    box = Box(0, 0, 15, 15, print=there, matches=matches)
    clicked = Element(
        "#json>BUTTON",
        width=15,
        height=15,
        print=Fingerprint.read(printed("Expand", "button", **acted)),
    )
    assert (Boxes({"#json>BUTTON": box}).find(clicked).why is None) == drawn


@given(at_click=orders, on_picture=orders, recorded=st.booleans(), data=st.data())
def test_no_click_lies_on_another_item(
    at_click: list[str], on_picture: list[str], recorded: bool, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(at_click))
    more = {} if recorded else {"fingerprint": ""}
    spot = Boxes(listed(on_picture).boxes).find(Element.of(on_card(name, at_click, **more)))
    if name in on_picture:
        assert spot.box is not None
        assert spot.box.top == 200 * on_picture.index(name)
    else:
        assert spot.why in {"other_element", "element_gone"}


def test_a_name_from_beside_an_element_speaks_for_it_while_it_stands_there(shop: Shop) -> None:
    """Senders without recordings call a picture by its heading; a recording, by the whole card."""
    card = "#grid>ARTICLE:nth-of-type(4)"
    boxes = {
        f"{card}>DIV.pic": Box(0, 0, 300, 120, print=printed("Moor Pack 129 Add to cart")),
        f"{card}>H3": Box(0, 120, 300, 40, print=printed("Moor Pack", "h3")),
    }
    shop.tells(
        click(f"{card}>DIV.pic", action_name="Moor Pack"),
        click(f"{card}>DIV.pic", action_name="Hill Pack"),
    )
    (heat,) = shop.shows(picture(boxes=boxes)).ask("heat")
    assert cells(heat) == {(144, 56): 1}
    assert heat.meta["unplaced"] == {"other_element": 1}


def test_a_number_is_not_looked_for_in_another_region(shop: Shop) -> None:
    """Two tables of responses both say "200"; the one that was clicked is closed in the picture."""
    row = "TBODY>TR>TD.status"
    boxes = {f"#goods>{row}": Box(0, 0, 80, 300, print=printed("200", "td", around="ok"))}
    acted = printed("200", "td", around="ok")
    shop.tells(
        click(f"#orders>{row}", fingerprint=acted),
        click("#goods>TBODY>TR:nth-of-type(2)>TD.status", fingerprint=acted),
    )
    (heat,) = shop.shows(picture(boxes=boxes)).ask("heat")
    assert cells(heat) == {(40, 144): 1}
    assert heat.meta["unplaced"] == {"element_gone": 1}


def test_two_icons_that_lead_to_the_same_place_are_not_taken_for_each_other() -> None:
    """`href="#"` twice, and the text in them masked: the key says best which one it was."""
    known = Fingerprint(kind=kind_of("span"), link=fact("shop.example.test")).text
    boxes = {
        key: Box(left=20, top=top, width=13, height=25, print=known)
        for key, top in (("A.zoom-in>SPAN", 55), ("A.zoom-out>SPAN", 86))
    }
    for key, box in boxes.items():
        assert Boxes(boxes).find(Element(key, print=Fingerprint.read(known))).box == box


def test_an_icon_that_comes_before_a_text_is_not_taken_for_it() -> None:
    """A chip shows a mark when it is chosen: two spans then, and both are called by its text."""
    known = printed("Fast", "span", alone=False, alone_loosely=False)
    icon, text = (Box(left, 0, width, 12, print=known) for left, width in ((0, 20), (22, 60)))
    chip = "LABEL>SPAN"
    numbered = {f"{chip}:nth-of-type({at})": box for at, box in enumerate((icon, text), 1)}
    clicked = Element(chip, print=Fingerprint.read(printed("Fast", "span")))
    assert Boxes({chip: replace(icon, matches=2), **numbered}).find(clicked).box is None
    assert Boxes({chip: text}).find(clicked).box == text


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


HOME = "MAIN>DIV.form>DIV.bar>BUTTON"
OTHER = Box(0, 0, 300, 90, print=printed("Delete everything", "button"))


def save(key: str, words: str = "Save") -> Element:
    """Return a button that was clicked under a key."""
    return Element(key, width=80, height=20, print=Fingerprint.read(printed(words, "button")))


def button(words: str = "Save", **more: Any) -> Box:
    return Box(0, 0, 80, 20, print=printed(words, "button"), **more)


NEAR, FAR = "MAIN>DIV.page>DIV.bar>BUTTON", "MAIN>P>BUTTON"


@pytest.mark.parametrize(
    ("others", "found"),
    [
        ({NEAR: button()}, NEAR),
        ({FAR: button(), NEAR: button()}, NEAR),
        ({NEAR: button(), "MAIN>B>DIV.bar>BUTTON": button()}, ""),
        ({FAR: button(), NEAR: button(visible=False)}, FAR),
        ({NEAR: button(visible=False)}, NEAR),
        ({FAR: button(), "MAIN>B>P>BUTTON": button(), NEAR: button()}, NEAR),
        ({NEAR: button("Cancel")}, ""),
    ],
)
def test_of_several_that_agree_the_one_with_the_most_alike_key_is_meant(
    others: dict[str, Box], found: str
) -> None:
    """What cannot be seen counts only where nothing else agrees."""
    boxes = {HOME: OTHER, **others}
    assert Boxes(boxes).find(save(HOME)).box == boxes.get(found)


@pytest.mark.parametrize(("key", "found"), [("MAIN>P>BUTTON", True), ("FOOTER>P>BUTTON", False)])
def test_a_number_is_found_again_in_its_own_region_only(key: str, found: bool) -> None:
    boxes = {HOME: OTHER, key: button("3")}
    assert (Boxes(boxes).find(save(HOME, "3")).box is not None) == found


@pytest.mark.parametrize(
    ("acted", "there", "found"),
    [
        ({"words": "", "mark": "m"}, [{"words": "", "mark": "m"}], True),
        ({"words": "", "mark": "m"}, [{"words": "", "mark": "n"}], False),
        ({"words": "Save", "mark": "m"}, [{"words": "Save"}], True),
        ({"words": "Save", "mark": "m"}, [{"words": "Store", "mark": "m"}], True),
        ({"words": "", "row": "r"}, [{"words": "", "row": "r"}], True),
        ({"words": "", "row": "r", "link": "/a"}, [{"words": "", "link": "/a"}], False),
        ({"words": "Save", "row": "r"}, [{"words": "Save"}], True),
        ({"words": "", "link": "/a"}, [{"words": "", "link": "/a"}], True),
        ({"words": "", "link": "/a"}, [{"words": "", "link": "/b"}], False),
        ({"words": "", "link": "/a"}, [{"words": ""}], False),
        (
            {"words": "Edit", "alone": False, "around": "A"},
            [{"words": "Edit", "around": "A"}],
            True,
        ),
        (
            {"words": "Edit", "alone": False, "around": "A"},
            [{"words": "Edit", "around": "B"}],
            False,
        ),
        ({"words": "Edit", "alone": False, "around": "A"}, [{"words": "Edit"}], True),
        ({"words": "Edit", "around": "A"}, [{"words": "Edit", "around": "B"}], True),
        ({"words": "3", "around": "A"}, [{"words": "3", "around": "B"}], False),
        ({"words": "Cart (3)"}, [{"words": "Cart (4)"}], True),
        ({"words": "Cart (3)"}, [{"words": "Cart (4)"}, {"words": "Cart (5)"}], False),
        ({"words": "Cart (3)", "alone_loosely": False}, [{"words": "Cart (4)"}], False),
        ({"words": "Cart (3)", "long": True}, [{"words": "Cart (4)"}], False),
        ({"words": "Cart (3)"}, [{"words": "Basket (3)"}], False),
    ],
)
def test_what_moved_is_known_again_by_what_names_it(
    acted: dict[str, Any], there: list[dict[str, Any]], found: bool
) -> None:
    """By its own id; without words by its row or link; else by its words, in its surroundings."""
    keys = (NEAR, FAR)
    boxes = {
        key: Box(0, 0, 80, 20, print=printed(tag="a", **facts))
        for key, facts in zip(keys, there, strict=False)
    }
    element = Element(HOME, width=80, height=20, print=Fingerprint.read(printed(tag="a", **acted)))
    spot = Boxes({HOME: OTHER, **boxes}).find(element)
    assert spot.box == (boxes[NEAR] if found else None)
