"""Texts made to make a reader slow: ten times the text takes some ten times the time."""

import gc
import time
from collections.abc import Callable

import pytest

from isotherm.replay.document import Document
from isotherm.replay.dom.fingerprints import fingerprints_of
from isotherm.replay.dom.page_state import Css, PageState, StateNode
from isotherm.replay.dom.stylesheets import Sheet
from isotherm.replay.playback.diff import Screen
from isotherm.replay.playback.nodes import DOCUMENT, PlayNode, play_nodes
from isotherm.replay.recording import Recording
from tests.replay.events import Page, changes, datadog, incremental, meta, rrweb, snapshot

pytestmark = [pytest.mark.thorough, pytest.mark.measures]

UNITS = [
    "{", "}", "(", "[", ";", "@", "\\", '"', "/*", "/**/", "<!--", "--", "url(", "url(#", "url('",
    "@media{", "@font-face{", "@import ", "a{b:c}", "a{(}", "a{'", "a\\\n", "'\n", "a,", "a ", ":",
    "::a", "a{b:c;", "a{}/**/", "&a{", "--x:{", "[a]", "\u00e9", "url(\\", " ", "\n",
]  # fmt: skip


def grows_linearly(work: Callable[[int], object], size: int = 2_000) -> bool:
    """Whether ten times the size takes less than forty times the time (quadratic: a hundred)."""

    def seconds(times: int) -> float:
        gc.collect()
        started = time.process_time()
        work(times)
        return time.process_time() - started

    small = min(seconds(size) for _ in range(3))
    return seconds(size * 10) <= 40 * small + 0.2


def edited(css: str) -> str:
    """Edit a sheet in all the ways there are."""
    sheet = Sheet(css)
    sheet.insert_rule(css, [0])
    sheet.set_declaration([0], "color", "red")
    sheet.insert_rule(".a { }", [0, 0])
    sheet.delete_rule([0])
    return sheet.text


@pytest.mark.parametrize("word", ["xxxxxx", "Offers", ""])
def test_what_all_elements_of_a_document_are(word: str) -> None:
    """Where texts are masked none is ever found, however far one looks around."""

    def work(size: int) -> object:
        page = Page()
        rows = [page.element("p", page.element("button", word)) for _ in range(size)]
        recording = Recording.of_session(
            [rrweb(meta(), snapshot(page.document(page.element("div", *rows))))]
        )
        document = recording.state_at(recording.end_ms)
        return fingerprints_of(document.tree, list(document.tree.nodes), "https://shop.test/")

    assert grows_linearly(work, 300)


@pytest.mark.parametrize("unit", UNITS)
def test_style_sheets(unit: str) -> None:
    assert grows_linearly(lambda size: edited(unit * size))
    assert grows_linearly(lambda size: edited(f"a{{ {unit * size}"))


@pytest.mark.parametrize("unit", UNITS)
def test_style_sheets_for_players(unit: str) -> None:
    html = StateNode(1, -1, "html", False, {}, "", (), False, (0.0, 0.0), None, None, None, None)

    def work(size: int) -> object:
        css = (Css(unit * size, "", False),)
        return play_nodes(PageState(None, "", 1, 1, (html,), css, (0.0, 0.0)))

    assert grows_linearly(work)


def test_a_sheet_that_gets_rule_after_rule() -> None:
    def work(size: int) -> Document:
        page = Page()
        style = page.element("style")
        rules = [
            incremental(
                8, 10 + at, id=style["id"], adds=[{"rule": f".c{at}{{top:0}}", "index": at}]
            )
            for at in range(size)
        ]
        return Recording.of_session(
            [rrweb(meta(), snapshot(page.document(style)), *rules)]
        ).state_at(2**40 * 2)

    state = work(100).snapshot()
    (css,) = next(node.css for node in state.nodes if node.tag == "style")
    assert css.text == "\n".join(f".c{at}{{top:0}}" for at in range(100))
    assert grows_linearly(work, 1_000)


def test_a_deep_page_is_played_without_recursion() -> None:
    nodes = [
        PlayNode(
            at,
            at - 1 if at else DOCUMENT,
            "html" if at == 0 else "div",
            False,
            False,
            False,
            "",
            {},
        )
        for at in range(5_000)
    ]
    screen = Screen()
    whole = screen.whole(nodes, None)
    depth = 0
    while whole["childNodes"]:
        whole, depth = whole["childNodes"][0], depth + 1
    assert depth == 5_000
    moved = [
        nodes[0],
        *(
            PlayNode(**{f: getattr(n, f) for f in n.__struct_fields__} | {"tag": "p"})
            for n in nodes[1:]
        ),
    ]
    change = next(screen.change(moved))
    assert len(change["adds"]) == 4_999


def test_a_string_that_a_small_body_names_a_thousand_times_is_cut() -> None:
    """Datadog v7 refers to strings by number; what it draws stays within bounds."""
    strings = [0, "#document", "HTML", "BODY", "#text", "x" * 1_000_000]
    nodes = [1, [None, 0], [1, 1], [1, 2], *([at + 1, 3, 4] for at in range(1_000))]
    (recording,) = (Recording.of_view([datadog(meta(), changes(0, strings, nodes, full=True))]),)
    state = recording.state_at(recording.end_ms).snapshot()
    assert 90 <= len(state.nodes) <= 110
    assert not state.complete
