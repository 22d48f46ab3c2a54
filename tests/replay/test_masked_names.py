"""Names that Datadog masks, and what the page is drawn with all the same."""

from typing import Any

from isotherm.replay.document import Document
from isotherm.replay.formats.records import FullSnapshot
from tests.replay.events import Page

Json = dict[str, Any]
MASKED = "***"


def drawn(page: Page, *body: Json) -> dict[str, str | None]:
    """Return the `name` that each element is drawn with, by its id attribute."""
    record = FullSnapshot(0, {"node": page.document(*body)}, rrweb=False)
    nodes = Document.load([record]).snapshot().nodes
    return {node.attrs["id"]: node.attrs.get("name") for node in nodes if "id" in node.attrs}


def shadow(page: Page, *slots: Json) -> Json:
    return page.element("x") | {"type": 11, "childNodes": list(slots)}


def slot(page: Page, name: str, **attrs: str) -> Json:
    return page.element("slot", id=name, name=MASKED, **attrs)


def test_slots_are_called_what_the_children_of_their_host_ask_for() -> None:
    """The order in which an item of Material Web asks, and the one in which its slots stand."""
    page = Page()
    asked = (
        "container",
        "start",
        "end",
        "overline",
        "headline",
        "supporting-text",
        "trailing-text",
    )
    stand = (
        "container",
        "start",
        "overline",
        "headline",
        "supporting-text",
        "trailing-text",
        "end",
    )
    children = [page.element("div", slot=name) for name in asked]
    item = page.element("item", shadow(page, *(slot(page, name) for name in stand)), *children)
    assert drawn(page, item) == {name: name for name in stand}


def test_a_slot_that_passes_on_has_the_name_that_it_is_put_into() -> None:
    page = Page()
    inner = page.element("inner", slot(page, "end", slot="end"), slot(page, "start", slot="start"))
    other = slot(page, "unasked", slot="badge")
    host = page.element("host", shadow(page, inner, other), page.element("b", slot="start"))
    assert drawn(page, host) == {"start": "start", "end": MASKED, "unasked": MASKED}


def test_each_component_has_slots_of_its_own() -> None:
    page = Page()
    inside = page.element("inner", shadow(page, slot(page, "icon")), page.element("i", slot="icon"))
    outer = shadow(page, page.element("p", slot(page, "title")), inside)
    host = page.element("outer", outer, page.element("h1", slot="title"))
    assert drawn(page, host) == {"icon": "icon", "title": "title"}


def test_what_excludes_others_of_its_name_stands_alone_where_all_have_the_same_stars() -> None:
    page = Page()
    radio = page.element("input", id="radio", type="radio", name=MASKED)
    plain = page.element("input", id="plain", type="radio", name="size")
    part = page.element("details", id="part", name=MASKED)
    assert drawn(page, radio, plain, part) == {"radio": None, "plain": "size", "part": None}
