"""Masked words take the room of the true ones, as far as clicks and the font tell."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from isotherm.model import FRACTION_MAX, Action, Background, Box, View
from isotherm.render.messages import Layout
from isotherm.replay.document import Document
from isotherm.replay.formats.records import FullSnapshot
from tests.render.test_recorded_visits import Pictured, pictured
from tests.replay.events import START_MS, Page, click, datadog, meta, snapshot

__all__ = ["pictured"]
pytestmark = pytest.mark.browser

CHIP = "padding:4px 8px;border:1px solid;margin-right:6px"
WORDS = {"a": "Illinois", "b": "Wyoming", "c": "WWW"}
PROSE = "It is still a little while till I will tell it. " * 8
Content = Callable[[Page, Callable[[str], str]], list[dict[str, Any]]]


def chips(page: Page, said: Callable[[str], str]) -> list[dict[str, Any]]:
    return [page.element("a", said(words), id=key, style=CHIP) for key, words in WORDS.items()]


def below_prose(page: Page, said: Callable[[str], str]) -> list[dict[str, Any]]:
    prose = page.element("p", said(PROSE), style="width:500px;margin:0")
    return [prose, page.element("button", "Go", id="a", style="width:90px;height:30px")]


def fixed(page: Page, said: Callable[[str], str]) -> list[dict[str, Any]]:
    return [page.element("button", said("Pay now"), id="a", style="width:200px;height:30px")]


def masked(words: str) -> str:
    return re.sub(r"\S", "x", words)


def truth(content: Content, render: Callable[..., Layout], *keys: str) -> dict[str, Box]:
    """Return where things stand with their true words."""
    page = Page()
    document = page.document(*content(page, str))
    state = Document.load([FullSnapshot(0, {"node": document}, rrweb=False)]).snapshot()
    asked = {"doctype": "html", "viewport_w": 1000, "viewport_h": 800}
    return render(msgspec.to_builtins(state) | asked, *(f"#{key}" for key in keys)).boxes


def recorded(
    content: Content, pictured: Pictured, clicked: dict[str, Box]
) -> tuple[list[Action], list[Background]]:
    """Return what comes of a masked session in which these were clicked in their middle."""
    page = Page()
    document = page.document(*content(page, masked))
    actions, records = [], []
    for number, (key, box) in enumerate(clicked.items(), 1):
        at = (box.left + box.width / 2, box.top + box.height / 2)
        records.append(click(page.ids[key.removeprefix("#")], 2000 * number, at=at))
        actions.append(
            Action(
                event_id=key,
                time_ms=START_MS + 2000 * number + 2,
                application="shop",
                session_id="s-1",
                view_id="v-1",
                page="/",
                element=key,
                viewport_w=1000,
                viewport_h=800,
                fx=FRACTION_MAX // 2,
                fy=FRACTION_MAX // 2,
                element_w=round(box.width),
                element_h=round(box.height),
            )
        )
    view = View(
        view_id="v-1", version=1, time_ms=START_MS, application="shop", session_id="s-1", page="/"
    )
    return pictured(view, *actions, datadog(meta(), snapshot(document), *records))


def at(box: Box) -> tuple[float, float, float]:
    return (box.left, box.top, box.width)


def test_what_was_clicked_has_its_width_and_its_place(
    render: Callable[..., Layout], pictured: Pictured
) -> None:
    """The masked words are 40 px narrower and wider; the last chip's place is told by its click."""
    true = truth(chips, render, *WORDS)
    _, (background,) = recorded(chips, pictured, {key: true[key] for key in ("#b", "#c")})
    for key in ("#b", "#c"):
        assert at(background.boxes[key]) == pytest.approx(at(true[key]), abs=1.5)
    assert background.measured is not None
    assert background.measured.verdict == "true"


def test_lines_break_so_that_what_is_below_is_where_it_was(
    render: Callable[..., Layout], pictured: Pictured
) -> None:
    true = truth(below_prose, render, "a")
    _, (background,) = recorded(below_prose, pictured, true)
    assert at(background.boxes["#a"]) == pytest.approx(at(true["#a"]), abs=1.5)


def test_a_width_that_the_page_gives_stays(
    render: Callable[..., Layout], pictured: Pictured
) -> None:
    """A size recorded while the button was something else changes nothing."""
    true = truth(fixed, render, "a")
    narrow = {key: Box(box.left, box.top, 150, box.height) for key, box in true.items()}
    _, (background,) = recorded(fixed, pictured, narrow)
    assert background.boxes["#a"].width == true["#a"].width == 200


@pytest.mark.parametrize(("language", "like"), [("en", "xxxxxxxx"), ("zh-CN", "文字内容文字内容")])
def test_stars_are_as_wide_as_letters_of_the_language(
    render: Callable[..., Layout], language: str, like: str
) -> None:
    page = Page()
    words = [
        page.element("b", text, id=key, lang=language)
        for key, text in (("stars", "********"), ("letters", like))
    ]
    document = Document.load([FullSnapshot(0, {"node": page.document(*words)}, rrweb=True)])
    state = msgspec.to_builtins(document.snapshot())
    boxes = render(state | {"viewport_w": 1000, "viewport_h": 800}, "#stars", "#letters").boxes
    assert boxes["#stars"].width == pytest.approx(boxes["#letters"].width, abs=1)
