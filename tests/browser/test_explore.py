"""From a map into Grafana's Explore: the question about what was pointed at, and its answer."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.scenario import ask, first_placed, middle, open_map, rows, zoom_of

pytestmark = pytest.mark.inside("the stand-alone page has no Explore")


def explored(page: Page, link: Locator, question: str) -> list[dict[str, Any]]:
    """Follow a link into Explore; return the rows that it gets for a question, and shows."""

    def about(response: Response) -> bool:
        asked = response.request.post_data or ""
        return "/api/ds/query" in response.url and f'"question":"{question}"' in asked

    with page.expect_response(about) as answered:
        link.click()
    assert "/explore?" in page.url
    answers = answered.value.json()["results"]
    assert [one["error"] for one in answers.values() if "error" in one] == []
    table = page.get_by_role("table").or_(page.get_by_role("grid"))  # a grid from Grafana 13 on
    expect(table.first).to_be_visible()
    return rows(answers["A"]["frames"][0])


def from_the_list(page: Page, row: dict[str, Any], _: str) -> Locator:
    return page.get_by_test_id("action-row").get_by_label(f"Open {row['action_name']} in Explore")


def from_the_pinned_spot(page: Page, row: dict[str, Any], base: str) -> Locator:
    page.get_by_role("button", name=f"Show {row['action_name']} on the map").first.click()
    page.get_by_test_id("sheet").click(position=middle(row, zoom_of(page, base)))
    return page.get_by_test_id("pinned").get_by_label(f"Open {row['action_name']} in Explore")


def from_the_details(page: Page, row: dict[str, Any], _: str) -> Locator:
    page.get_by_test_id("action-row").filter(has_text=row["action_name"]).first.get_by_role(
        "button"
    ).first.click()
    return page.get_by_test_id("details").get_by_label(f"Open {row['action_name']} in Explore")


@pytest.mark.parametrize("way", [from_the_list, from_the_pinned_spot, from_the_details])
def test_an_element_is_opened_with_the_sessions_that_clicked_it(
    desktop: Page, served: str, way: Callable[[Page, dict[str, Any], str], Locator]
) -> None:
    open_map(desktop, served)
    row = first_placed(served)
    found = explored(desktop, way(desktop, row, served).first, "replays")
    told = rows(ask(served, "replays", element=row["element"], limit=100))
    assert [one["session"] for one in found] == [one["session"] for one in told]


def test_a_session_is_opened_with_what_it_did(desktop: Page, served: str) -> None:
    row = first_placed(served)
    open_map(desktop, served, action=row["element"])
    latest = rows(ask(served, "replays", element=row["element"], limit=10))[0]
    link = desktop.get_by_test_id("sessions").get_by_label("in Explore").first
    found = explored(desktop, link, "actions")
    only = [{"key": "session", "operator": "=", "value": latest["session"]}]
    told = rows(ask(served, "actions", page="", filters=only, limit=100))
    assert sum(one["clicks"] for one in found) == sum(one["clicks"] for one in told)


def test_the_views_behind_a_depth_are_opened(desktop: Page, served: str) -> None:
    open_map(desktop, served, map="scroll", reached="1000")
    found = explored(
        desktop, desktop.get_by_test_id("reached").get_by_label("Open").first, "replays"
    )
    told = rows(ask(served, "replays", past_px=1000, limit=100))
    assert told
    assert {one["session"] for one in found} == {one["session"] for one in told}
