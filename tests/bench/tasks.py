"""`python -m tests.bench.tasks URL`: five tasks of a newcomer, in seconds and clicks.

URL is a running demo (`make run`). The tasks are walked as fast as the page allows, so seconds
are those of the page and not of a person; clicks and fields are what a person needs as well.
"""

import json
import os
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect, sync_playwright

SLOW_MS = 60_000


class Walk:
    """A person at the page: presses and writes, which is counted."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base, self.clicks, self.fields = page, base, 0, 0

    def press(self, what: Locator) -> None:
        """Press something once it is there."""
        what.click()
        self.clicks += 1

    def button(self, name: str, *, exact: bool = True) -> None:
        """Press a button by its name."""
        self.press(self.page.get_by_role("button", name=name, exact=exact).last)

    def write(self, label: str, words: str) -> None:
        """Fill in a field."""
        self.page.get_by_label(label).fill(words)
        self.fields += 1


def connect(walk: Walk) -> None:
    """Connect a site, until its first click is told."""
    walk.press(walk.page.get_by_role("link", name="Connect a site"))
    name = f"shop {time.time_ns()}"
    walk.write("Name of the site", name)
    walk.press(walk.page.get_by_role("button", name="Copy", exact=True))
    _first_click(walk.base, name)
    expect(walk.page.locator("[data-stage=click]")).to_be_visible()


def worst_page(walk: Walk) -> None:
    """Find the worst page of the week: the first that Home names, opened."""
    tile = walk.page.get_by_role("region", name="Look here first").get_by_role("link").first
    walk.press(tile)
    expect(walk.page.get_by_test_id("sheet")).to_be_visible()
    expect(walk.page.get_by_test_id("action-row").first).to_be_visible()


def broken_by(walk: Walk) -> None:
    """Say which release broke a button: it is a sentence."""
    walk.press(walk.page.get_by_text("Which release broke a button?"))
    expect(walk.page.get_by_test_id("headline")).to_contain_text("Since 2.4.0, “Apply coupon”")


def phones(walk: Walk) -> None:
    """Show the heat of phone visitors who did not buy, as a link to send."""
    walk.press(walk.page.get_by_role("region", name="Look here first").get_by_role("link").first)
    walk.press(walk.page.get_by_text("< 768", exact=True))
    walk.button("Filter by")
    walk.button("Reached page")
    walk.press(walk.page.get_by_text("did not reach", exact=False).first)
    walk.press(walk.page.get_by_text("/checkout", exact=True).last)
    walk.button("Apply 1 value")
    expect(walk.page.get_by_text("Visitors: did not reach /checkout")).to_be_visible()
    walk.button("Share")
    walk.button("Copy link")
    expect(walk.page.get_by_test_id("sheet")).to_be_visible()


def zone(walk: Walk) -> None:
    """Keep a button as a zone, which an alert in Grafana is set on."""
    walk.press(walk.page.get_by_role("region", name="Look here first").get_by_role("link").first)
    walk.press(walk.page.get_by_test_id("action-row").first.get_by_role("button").first)
    walk.button("Keep as a zone")
    expect(walk.page.get_by_test_id("details")).to_contain_text("Kept as the zone")
    walk.button("Show the zone")
    walk.page.get_by_role("button", name="Remove", exact=False).last.click()  # for the next time


TASKS: tuple[Callable[[Walk], None], ...] = (connect, worst_page, broken_by, phones, zone)


def _first_click(base: str, application: str) -> None:
    now = time.time_ns() // 1_000_000
    url = "https://new.example.test/"
    common = {"view": "v", "url": url, "viewport": [1440, 900]}
    size = {"position": [5, 5], "size": [90, 30]}
    events = [
        {**common, "type": "view", "id": "v", "revision": 1, "time": now - 5_000, "actions": 1},
        {
            **common,
            **size,
            "type": "action",
            "id": "a",
            "time": now,
            "name": "Buy",
            "element": "#b",
        },
    ]
    body = {"application": application, "session": "s-1", "events": events}
    request = urllib.request.Request(
        f"{base}/intake/events",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=30).close()


def main(base: str) -> None:
    """Walk all tasks, each from Home, and write a line of a table for each."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for task in TASKS:
            context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            context.set_default_timeout(SLOW_MS)
            expect.set_options(timeout=SLOW_MS)
            walk = Walk(context.new_page(), base)
            begun = time.perf_counter()
            walk.page.goto(f"{base}/")
            task(walk)
            took = time.perf_counter() - begun
            line = (
                f"| {(task.__doc__ or '').strip()} | {walk.clicks} | {walk.fields} | {took:.1f} s |"
            )
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
