"""What an element is called."""

import pytest

from isotherm.replay.document import Document
from isotherm.replay.recording import Recording
from tests.replay.events import START_MS, Json, Page, meta, rrweb, snapshot


def loaded(document: Json) -> Document:
    return Recording.of_session([rrweb(meta(), snapshot(document))]).state_at(START_MS)


@pytest.mark.parametrize(
    ("tag", "words", "attributes", "label"),
    [
        ("button", " Add\n to  cart ", {}, "Add to cart"),
        ("button", "", {"aria_label": "Close"}, "Close"),
        ("a", "Read more", {"title": "About us"}, "About us"),
        ("img", "", {"alt": "Jacket"}, "Jacket"),
        ("input", "", {"placeholder": "Search"}, "Search"),
        ("input", "", {"type": "submit", "value": "Send"}, "Send"),
        ("b", "bold", {"data_dd_action_name": "Tagline"}, "Tagline"),
        ("button", "*** ****", {}, ""),
        ("button", "xxx xx", {}, ""),
        ("button", "x", {}, "x"),
        ("button", "xxx " * 25_000, {}, ""),
        ("p", "x" * 19_000 + "y", {}, "x" * 100 + " [...]"),
        ("p", "* xx " * 3_000 + "!", {}, "* xx " * 20 + " [...]"),
        ("p", "w" * 120, {}, "w" * 100 + " [...]"),
    ],
)
def test_labels(tag: str, words: str, attributes: dict[str, str], label: str) -> None:
    page = Page()
    node = page.element(tag, words, **attributes)
    assert loaded(page.document(node)).label(node["id"]) == label


def test_a_field_is_called_by_its_label() -> None:
    page = Page()
    field = page.element("input", id="mail")
    caption = page.element("label", "E-mail")
    caption["attributes"]["for"] = "mail"
    assert loaded(page.document(caption, field)).label(field["id"]) == "E-mail"


def test_a_wordless_element_is_called_by_what_is_around_it_up_to_the_form() -> None:
    page = Page()
    icon = page.element("i")
    row = page.element("div", icon, page.element("span", "Cart (2)"))
    assert (
        loaded(page.document(page.element("form", row), "far away")).label(icon["id"]) == "Cart (2)"
    )


def test_hidden_text_and_styles_are_no_words() -> None:
    page = Page()
    box = page.element(
        "div", page.element("style", "b {}"), page.element("b", "secret", hidden=True), "shown"
    )
    assert loaded(page.document(box)).label(box["id"]) == "shown"


def test_where_texts_are_masked_attributes_are_no_labels() -> None:
    """Recorders mask texts alone; the picture's `alt` is what its owner masked beside it."""
    page = Page()
    image = page.element("img", alt="Copper kettle of Ada")
    field = page.element("input", placeholder="Your address")
    named = page.element("button", "***", data_dd_action_name="Buy", aria_label="Buy it for Ada")
    document = loaded(page.document(page.element("p", "****** ******"), image, field, named))
    assert [document.label(node["id"]) for node in (image, field, named)] == ["", "", "Buy"]
