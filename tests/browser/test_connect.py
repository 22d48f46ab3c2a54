"""An installation that nobody sends to yet: connect a site, and see its first click by itself."""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.scenario import until_clicked
from tests.conftest import serve

SITE = "https://new.example.test"
SOON_MS = 30_000
"""Until the page must have seen by itself what was sent."""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    yield from serve(tmp_path)


def send(base: str, *events: dict[str, Any], application: str = "new-shop") -> None:
    body = {"application": application, "session": "s-1", "events": events}
    request = urllib.request.Request(
        f"{base}/intake/events",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=10).close()


def visit(path: str) -> list[dict[str, Any]]:
    now = time.time_ns() // 1_000_000
    common = {"view": f"v-{path}", "url": f"{SITE}{path}", "viewport": [1440, 900]}
    return [
        {**common, "type": "view", "id": f"v-{path}", "time": now - 5_000, "revision": 1,
         "actions": 1, "spent": 4000, "depth": 900, "height": 2000},
        {**common, "type": "action", "id": f"a-{path}", "time": now - 3_000, "name": "Buy",
         "element": "#buy", "position": [5, 5], "size": [90, 30]},
    ]  # fmt: skip


def test_the_first_click_of_a_new_site_appears_by_itself(desktop: Page, empty: str) -> None:
    desktop.goto(f"{empty}/")
    connect = desktop.get_by_test_id("connect")
    expect(desktop.get_by_role("heading", level=1, name="Connect a site")).to_be_visible()
    connect.get_by_role("radio", name="Datadog browser SDK").check(force=True)
    connect.get_by_label("Name of the site").fill("new-shop")
    connect.get_by_label("Address of the site").fill(SITE)
    connect.get_by_role("button", name=f"Allow {SITE}").click()
    expect(connect).to_contain_text(f"{SITE} is allowed.")
    with urllib.request.urlopen(f"{empty}/api/v1/sites?application=new-shop", timeout=10) as answer:
        assert [site["site"] for site in json.load(answer)["sites"]] == ["new.example.test"]
    snippet = connect.locator("pre")
    expect(snippet).to_contain_text(f"proxy: '{empty}/intake/datadog'")
    expect(snippet).to_contain_text("applicationId: 'new-shop'")
    stage = connect.locator("[data-stage]")
    expect(stage).to_have_attribute("data-stage", "silent")
    connect.get_by_text("Nothing arrives?").click()
    expect(connect.locator("[data-verdict=likely]")).to_contain_text("only works on this machine")
    send(empty, *visit("/basket"))
    expect(stage).to_have_attribute("data-stage", "click", timeout=SOON_MS)
    expect(connect).to_contain_text("/basket")
    connect.get_by_role("link", name="Open its heatmap").click()
    expect(desktop).to_have_title("Click map · /basket · new-shop — Isotherm")
    desktop.goto("about:blank")  # which asks nothing of a server that ends


def test_a_second_site_does_not_get_the_clicks_of_the_first(desktop: Page, empty: str) -> None:
    send(empty, *visit("/front"), application="old-shop")
    until_clicked(empty, "old-shop", "/front", 1)  # it was there when the waiting begins
    desktop.goto(f"{empty}/")
    expect(desktop.get_by_role("heading", level=1, name="Where to look")).to_be_visible()
    desktop.goto(f"{empty}/?screen=connect")
    connect = desktop.get_by_test_id("connect")
    stage = connect.locator("[data-stage]")
    expect(stage).to_have_attribute("data-stage", "silent")
    send(empty, *visit("/other"), application="old-shop")
    send(empty, *visit("/basket"), application="name-of-its-own")
    expect(stage).to_have_attribute("data-stage", "click", timeout=SOON_MS)
    expect(connect).to_contain_text("/basket")
    connect.get_by_label("Name of the site").fill("old-shop")
    expect(connect.get_by_role("link", name="Open its heatmap")).to_have_attribute(
        "href", re.compile("app=old-shop"), timeout=SOON_MS
    )
    desktop.goto("about:blank")  # which asks nothing of a server that ends


def test_what_arrives_and_cannot_be_kept_is_told_with_its_reason(desktop: Page, empty: str) -> None:
    desktop.goto(f"{empty}/")
    stage = desktop.get_by_test_id("connect").locator("[data-stage]")
    expect(stage).to_have_attribute("data-stage", "silent")
    request = urllib.request.Request(f"{empty}/intake/datadog?ddsource=browser", data=b"nonsense")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=10)
    expect(stage).to_have_attribute("data-stage", "dropped", timeout=SOON_MS)
    expect(desktop.get_by_test_id("connect")).to_contain_text("could not be read")
    desktop.goto("about:blank")  # which asks nothing of a server that ends
