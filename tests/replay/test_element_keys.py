"""Selectors: Datadog's rules on small pages, and that each finds its element alone."""

import pytest

from isotherm.replay.document import Document
from isotherm.replay.dom.element_keys import escape
from isotherm.replay.recording import Recording
from tests.replay.events import START_MS, Json, Page, meta, rrweb, snapshot


def loaded(document: Json) -> Document:
    return Recording.of_session([rrweb(meta(), snapshot(document))]).state_at(START_MS)


def test_a_stable_attribute_wins_over_an_id() -> None:
    page = Page()
    buy = page.element("button", id="buy", data_testid="hero-buy")
    assert loaded(page.document(buy)).element_key(buy["id"]) == 'BUTTON[data-testid="hero-buy"]'


def test_ids_and_classes_with_digits_count_as_generated() -> None:
    page = Page()
    first, second = (page.element("button", id=f"b-{n}9", **{"class": "c1"}) for n in range(2))
    box = page.element("div", first, second, id="box")
    document = loaded(page.document(box))
    assert document.element_key(second["id"]) == "#box>BUTTON:nth-of-type(2)"


def test_a_class_that_is_unique_among_the_siblings_is_enough() -> None:
    page = Page()
    picture, price = (page.element("div", **{"class": name}) for name in ("pic", "c0 price"))
    document = loaded(page.document(page.element("section", picture, price)))
    assert document.element_key(price["id"]) == "BODY>SECTION>DIV.price"


def test_an_ambiguous_attribute_is_narrowed_by_its_parents() -> None:
    page = Page()
    rows = []
    for name in ("one", "two"):
        button = page.element("button", data_testid="add")
        rows.append(page.element("li", button, id=name))
    document = loaded(page.document(page.element("ul", *rows)))
    button_id = rows[1]["childNodes"][0]["id"]
    assert document.element_key(button_id) == '#two>BUTTON[data-testid="add"]'


def test_siblings_that_only_look_alike_higher_up_need_a_position() -> None:
    page = Page()
    deep = [page.element("div", page.element("p", page.element("b"))) for _ in range(3)]
    deep[2]["childNodes"][0]["childNodes"] = []
    document = loaded(page.document(*deep))
    first_b = deep[0]["childNodes"][0]["childNodes"][0]["id"]
    third_p = deep[2]["childNodes"][0]["id"]
    assert document.element_key(first_b) == "BODY>DIV:nth-of-type(1)>P>B"
    assert document.element_key(third_p) == "BODY>DIV:nth-of-type(3)>P"


def test_a_text_stands_for_its_parent_and_the_root_has_no_key() -> None:
    page = Page()
    button = page.element("button", "Buy", id="buy")
    document = page.document(button)
    state = loaded(document)
    assert state.element_key(button["childNodes"][0]["id"]) == "#buy"
    assert state.element_key(document["childNodes"][1]["id"]) == ""
    assert state.element_key(4711) == ""


def test_svg_tags_keep_their_case() -> None:
    page = Page()
    path = {**page.element("linearGradient"), "isSVG": True}
    svg = {**page.element("svg", path, id="icon"), "isSVG": True}
    assert loaded(page.document(svg)).element_key(path["id"]) == "#icon>linearGradient"


def test_removed_elements_have_no_key_and_make_others_unique_again() -> None:
    page = Page()
    first, second = (page.element("b", id="twin") for _ in range(2))
    document = loaded(page.document(first, second))
    assert document.element_key(second["id"]) == "BODY>B:nth-of-type(2)"
    document.tree.remove(document.tree.nodes[first["id"]])
    assert document.element_key(second["id"]) == "#twin"
    assert document.element_key(first["id"]) == ""


@pytest.mark.parametrize(
    ("value", "escaped"),
    [
        ("plain-name_é", "plain-name_é"),
        ("w-1/2", "w-1\\/2"),
        ("9lives", "\\39 lives"),
        ("-9", "-\\39 "),
        ("-", "\\-"),
        ("a b:c", "a\\ b\\:c"),
        ("tab\t", "tab\\9 "),
        ("\0", "\ufffd"),
    ],
)
def test_escape_is_the_browsers(value: str, escaped: str) -> None:
    """The pairs are what `CSS.escape` of Chromium returns."""
    assert escape(value) == escaped
