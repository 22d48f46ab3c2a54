"""Style elements whose text Datadog masks, as it does at its level `mask` when the text changes."""

from typing import Any

from isotherm.replay.document import Document
from isotherm.replay.dom.page_state import StateNode
from isotherm.replay.formats.records import FullSnapshot, Mutation
from tests.replay.events import Page

BEFORE = ".hidden { position: absolute; }"
MASKED = "\nxxxxxxx x\n  xxxxxxxxx xxxxxxxxx\nx"


def changed(*words: str) -> StateNode:
    """Return a style element in which one text after the other took the place of the first."""
    page = Page()
    style = page.element("style", id="s")
    style["attributes"] |= {"_cssText": BEFORE}
    records: list[Any] = [FullSnapshot(0, {"node": page.document(style)}, rrweb=False)]
    for number, one in enumerate(words, 1):
        node = {"type": 3, "id": 100 + number, "textContent": one, "isStyle": True}
        removed = [{"id": 99 + number, "parentId": style["id"]}] if number > 1 else []
        data = {
            "adds": [{"parentId": style["id"], "nextId": None, "node": node}],
            "removes": removed,
            "texts": [],
            "attributes": [],
        }
        records.append(Mutation(number, data, rrweb=False))
    nodes = Document.load(records).snapshot().nodes
    return next(node for node in nodes if node.attrs.get("id") == "s")


def test_a_masked_style_is_what_it_was_before() -> None:
    style = changed(MASKED)
    assert [css.text for css in style.css] == [BEFORE]
    assert not style.missing_css


def test_one_that_can_be_read_again_says_so_itself() -> None:
    style = changed(MASKED, ".hidden { display: none; }")
    assert [css.text for css in style.css] == [".hidden { display: none; }"]


def test_one_that_was_never_read_is_missing() -> None:
    page = Page()
    style = page.element("style", MASKED, id="s")
    document = FullSnapshot(0, {"node": page.document(style)}, rrweb=False)
    (node,) = (n for n in Document.load([document]).snapshot().nodes if n.tag == "style")
    assert (node.css, node.missing_css) == ((), True)
