"""A site that is not recorded and names nobody: what is said where there is nothing to show."""

import json
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.scenario import address, until_clicked
from tests.conftest import serve

BARE = "bare-site"


@pytest.fixture(scope="module")
def bare(served: str) -> str:
    """Send two visits without replay and user to the running server: one clicks, one does not."""
    now = time.time_ns() // 1_000_000
    common = {"viewport": [1440, 900], "revision": 1, "spent": 9000, "depth": 900, "height": 2000}
    shop, help_page = "https://bare.example.test/shop", "https://bare.example.test/help"
    click = {
        "type": "action", "id": "a-1", "view": "v-1", "time": now - 30_000, "url": shop,
        "name": "Buy", "element": "#buy", "position": [5, 5], "size": [90, 30],
        "viewport": [1440, 900],
    }  # fmt: skip
    events = [
        {"type": "view", "id": "v-1", "time": now - 40_000, "url": shop, "actions": 1, **common},
        {"type": "view", "id": "v-2", "time": now - 20_000, "url": help_page, **common},
        click,
    ]
    send(served, {"application": BARE, "session": "s-1", "events": events})
    until_clicked(served, BARE, "/shop", 1)
    return served


def send(base: str, body: dict[str, Any]) -> None:
    request = urllib.request.Request(
        f"{base}/intake/events",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=10).close()


def test_a_page_that_was_never_recorded_is_a_wireframe(desktop: Page, bare: str) -> None:
    desktop.goto(address(bare, app=BARE, page="/shop"))
    notice = desktop.get_by_test_id("wireframe")
    expect(notice).to_contain_text("This is a wireframe")
    notice.get_by_text("How to get a picture").click()
    expect(notice.locator("[data-verdict=likely]")).to_contain_text("Sessions are not recorded")
    expect(notice).to_contain_text("0 of 1 view have a replay")


def test_a_phone_asks_for_no_picture_where_there_is_a_wireframe(phone: Page, bare: str) -> None:
    phone.goto(address(bare, app=BARE, page="/shop"))
    expect(phone.get_by_test_id("wireframe")).to_be_visible()
    phone.wait_for_load_state("networkidle")  # the fixture fails for what the browser complains of


def test_a_page_with_views_and_no_action_has_not_enough_data(desktop: Page, bare: str) -> None:
    desktop.goto(address(bare, app=BARE, page="/help"))
    empty = desktop.get_by_test_id("empty")
    title = "Not enough data to generate a heatmap"
    expect(empty.get_by_role("heading", name=title)).to_be_visible()
    likely, not_so = (empty.locator(f"[data-verdict={one}]") for one in ("likely", "ruledOut"))
    expect(likely).to_contain_text("Nobody has clicked on this page")
    expect(likely).to_contain_text("1 click on other pages")
    expect(not_so.filter(has_text="RUM actions are not enabled")).to_be_visible()
    expect(not_so.filter(has_text="4.20.0")).to_be_visible()


def test_where_no_user_is_set_it_is_said(desktop: Page, bare: str) -> None:
    desktop.goto(address(bare, app=BARE, page="/shop", action="#buy"))
    expect(desktop.get_by_test_id("details")).to_contain_text("The site sets no user")
    expect(desktop.get_by_text("no users known")).to_be_visible()


def test_rage_on_an_ignored_element_is_none(desktop: Page, tmp_path: Path) -> None:
    """A carousel's arrow is clicked again and again, and nobody is angry."""
    now, shop = time.time_ns() // 1_000_000, "https://bare.example.test/shop"
    common = {"url": shop, "viewport": [1440, 900]}
    click = {"type": "action", "view": "v-1", "signals": ["rage"], "clicks": 4, **common}
    events = [
        {"type": "view", "id": "v-1", "time": now - 9_000, "revision": 1, "actions": 2, **common},
        {**click, "id": "a-1", "time": now - 8_000, "name": "Next", "element": "#next"},
        {**click, "id": "a-2", "time": now - 4_000, "name": "Buy", "element": "#buy"},
    ]
    for base in serve(tmp_path, ISOTHERM_IGNORE_RAGE="#next"):
        send(base, {"application": BARE, "session": "s-1", "events": events})
        until_clicked(base, BARE, "/shop", 8)
        desktop.goto(address(base, app=BARE, page="/shop"))
        listed = desktop.get_by_role("table", name="Actions").get_by_role("row")
        expect(listed.filter(has_text="Buy")).to_contain_text("4 rage")
        expect(listed.filter(has_text="Next")).not_to_contain_text("rage")
        desktop.goto("about:blank")  # which asks nothing of a server that ends
