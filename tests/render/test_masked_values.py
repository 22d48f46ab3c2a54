"""Masked `data-*` attributes say again what style sheets need, as far as clicks and roles tell."""

from typing import Any

import pytest

from isotherm.model import FRACTION_MAX, Action, Background, View
from tests.render.test_recorded_visits import Pictured, pictured
from tests.replay.events import START_MS, Page, click, datadog, meta, mutation, snapshot

__all__ = ["pictured"]
pytestmark = pytest.mark.browser

STARS = "***"
ICONS = ".icon{display:none;width:24px;height:24px}"
THEMES = "".join(f'[data-theme="{name}"] .{name}{{display:block}}' for name in ("light", "dark"))
SIZES = 'button{padding:0;border:0;width:80px}[data-size="lg"] button{width:240px}'
STATES = '[data-state="closed"]{display:none}[data-state="open"]{display:block}'


def styled(page: Page, css: str, *body: dict[str, Any]) -> dict[str, Any]:
    style = page.element("style", css)
    style["attributes"]["_cssText"] = css
    return page.document(style, *body)


def recorded(
    pictured: Pictured, document: dict[str, Any], ids: dict[str, int], *clicks: tuple[str, int]
) -> list[Background]:
    """Return the pictures of a masked visit; `clicks` are elements and their recorded widths."""
    actions, records = [], []
    for number, (key, width) in enumerate(clicks, 1):
        records.append(click(ids[key], 2000 * number, at=(10, 10)))
        records.append([mutation(2000 * number + 50, attributes=[])])
        actions.append(
            Action(
                event_id=f"{key} {number}",
                time_ms=START_MS + 2000 * number + 2,
                application="shop",
                session_id="s-1",
                view_id="v-1",
                page="/",
                element=f"#{key}",
                viewport_w=1000,
                viewport_h=800,
                fx=FRACTION_MAX // 2,
                fy=FRACTION_MAX // 2,
                element_w=width,
                element_h=24,
            )
        )
    view = View(
        view_id="v-1", version=1, time_ms=START_MS, application="shop", session_id="s-1", page="/"
    )
    return pictured(view, *actions, datadog(meta(), snapshot(document), *records))[1]


def seen(pictures: list[Background], key: str) -> list[bool]:
    return sorted(item.boxes[key].visible for item in pictures)


def test_a_theme_that_was_changed_has_a_picture_before_and_after(pictured: Pictured) -> None:
    """Masked, both documents are the same; each has an icon that only one theme shows."""
    page = Page()
    icons = [
        page.element("b", id=name, **{"class": f"icon {name}"}, style="background:red")
        for name in ("light", "dark")
    ]
    document = styled(page, ICONS + THEMES, page.element("main", *icons, data_theme=STARS))
    pictures = recorded(pictured, document, page.ids, ("dark", 24), ("light", 24))
    assert seen(pictures, "#dark") == seen(pictures, "#light") == [False, True]


def test_a_value_is_the_one_with_which_the_clicked_element_had_its_size(pictured: Pictured) -> None:
    page = Page()
    buttons = [
        page.element(
            "p", page.element("button", "Go", id=name, style="height:24px"), data_size=STARS
        )
        for name in ("large", "usual")
    ]
    document = styled(page, SIZES, *buttons)
    (picture,) = recorded(pictured, document, page.ids, ("large", 240), ("usual", 80))
    assert [picture.boxes[key].width for key in ("#large", "#usual")] == [240, 80]


def test_roles_say_what_is_open(pictured: Pictured) -> None:
    page = Page()
    parts = [
        page.element("div", "x", id=name, aria_expanded=said, data_state=STARS, style="height:24px")
        for name, said in (("opened", "true"), ("shut", "false"))
    ]
    document = styled(page, STATES, *parts, page.element("button", "Go", id="go"))
    (picture,) = recorded(pictured, document, page.ids, ("go", 0))
    assert picture.boxes["#opened"].visible
    assert not picture.boxes["#shut"].visible
