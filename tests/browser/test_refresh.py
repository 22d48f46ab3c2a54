"""Auto-refresh: what comes in appears by itself, and nothing else on the screen moves."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.scenario import address, until_clicked
from tests.browser.test_minimal_site import send

SITE = "refreshed-site"
STEP_MS = 11_000


def told(base: str, number: int, now_ms: int) -> None:
    """Send one click on an element of its own."""
    common = {"view": "v-1", "url": "https://re.example.test/shop", "viewport": [1440, 900]}
    view = {**common, "type": "view", "id": "v-1", "time": now_ms - 40_000, "revision": number,
            "spent": 9000, "depth": 900, "height": 2000, "actions": number}  # fmt: skip
    click = {**common, "type": "action", "id": f"a-{number}", "time": now_ms - 30_000 + number,
             "name": f"Buy {number}", "element": f"#buy-{number}", "position": [5, 5],
             "size": [90, 30]}  # fmt: skip
    send(base, {"application": SITE, "session": "s-1", "events": [view, click]})
    until_clicked(base, SITE, "/shop", number)


@pytest.mark.alone("Grafana has a refresh picker of its own")
def test_new_clicks_appear_by_themselves(desktop: Page, served: str) -> None:
    desktop.clock.install()
    now_ms = int(desktop.evaluate("Date.now()"))
    told(served, 1, now_ms)
    desktop.goto(address(served, app=SITE, page="/shop"))
    expect(desktop.get_by_test_id("sheet")).to_be_visible()
    rows = desktop.get_by_test_id("action-row")
    expect(rows).to_have_count(1)
    desktop.get_by_role("button", name="Refresh automatically").click()
    desktop.get_by_role("radio", name="10 sec").click()
    expect(desktop).to_have_url(re.compile("refresh=10s"))
    told(served, 2, now_ms)

    asked: list[str] = []
    desktop.on("request", lambda request: asked.append(request.url))
    desktop.clock.run_for(3 * STEP_MS)  # the dialog is still open: nobody is disturbed
    assert [url for url in asked if "/query" in url] == []
    expect(rows).to_have_count(1)
    desktop.keyboard.press("Escape")
    desktop.clock.run_for(STEP_MS)
    expect(rows).to_have_count(2)
    assert [url for url in asked if "/query" in url]
    expect(desktop.get_by_test_id("age")).to_contain_text("Updated")

    rows.first.get_by_role("button").first.click()
    expect(desktop.get_by_test_id("details")).to_be_visible()
    told(served, 3, now_ms)
    desktop.clock.run_for(STEP_MS)
    statistics = desktop.get_by_role("region", name="Statistics of the page")
    expect(statistics.get_by_role("button", name=re.compile("^3 clicks"))).to_be_visible()
    expect(desktop.get_by_test_id("details")).to_be_visible()
    expect(desktop.get_by_test_id("skeleton")).to_have_count(0)
