"""A fresh demo is looked at while it is loaded: the page says so, and fills without a reload."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from isotherm.app.demo.outfitters.shop import APPLICATION
from tests.conftest import environment, free_port, wait_until_alive

LOADED_MS = 240_000
STORY = (
    ("What changed with 2.4.0", "Apply coupon"),
    ("Check stores near you",),
    ("Waterproof",),
    ("variant A", "variant B", "Difference"),
)
"""What each link of the first page leads to."""


def test_the_page_of_a_fresh_demo_fills_while_it_is_looked_at(
    desktop: Page, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "log"
    command = [sys.executable, "-m", "isotherm", "demo", "--serve", "--port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*command, "--data", str(tmp_path / "data")], env=environment(), stdout=out, stderr=out
        )
        try:
            wait_until_alive(f"http://127.0.0.1:{port}", server, log)
            desktop.goto(f"http://127.0.0.1:{port}/")
            notice = desktop.get_by_test_id("demo")
            expect(notice).to_contain_text("The demo is loading")
            expect(notice.get_by_role("progressbar")).to_be_visible()
            tour = desktop.get_by_test_id("tour").get_by_role("link")
            expect(tour).to_have_count(4, timeout=LOADED_MS)
            pages = desktop.get_by_role("list", name=f"Pages of {APPLICATION}")
            expect(pages.locator("img").first).to_be_visible(timeout=LOADED_MS)
            home = desktop.url
            for stop, shown in enumerate(STORY):
                tour.nth(stop).click()
                for text in shown:
                    expect(desktop.get_by_text(text).first).to_be_visible(timeout=LOADED_MS)
                desktop.goto(home)
            desktop.goto("about:blank")  # which asks nothing of a server that ends
        finally:
            server.terminate()
            server.wait(60)
