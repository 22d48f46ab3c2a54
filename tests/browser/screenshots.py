"""`make screenshots`: take the pictures of the documentation from the recorded sessions.

Starts Isotherm with the sample sessions in a folder of its own, opens each screen in Chromium and
writes it to `docs/images`. The same data gives the same pictures.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.scenario import address, open_map
from tests.conftest import environment, serve

IMAGES = Path(__file__).parents[2] / "docs/images"
DESKTOP = (1440, 900)
PHONE = (390, 844)


class Shot(Struct, frozen=True):
    """One picture: its file, how its screen is opened, and the window."""

    name: str
    open: Callable[[Page, str], None]
    window: tuple[int, int] = DESKTOP
    dark: bool = False


def _home(page: Page, base: str) -> None:
    page.goto(address(base, screen="home"))
    page.wait_for_load_state("networkidle")


def _health(page: Page, base: str) -> None:
    page.goto(address(base, screen="health"))
    page.wait_for_load_state("networkidle")


def _map(page: Page, base: str) -> None:
    open_map(page, base)


def _elements(page: Page, base: str) -> None:
    open_map(page, base, map="elements")


def _scroll(page: Page, base: str) -> None:
    open_map(page, base, map="scroll")


SHOTS = (
    Shot("heatmap", _map),
    Shot("heatmap-dark", _map, dark=True),
    Shot("heatmap-phone", _map, PHONE),
    Shot("elements", _elements),
    Shot("scroll", _scroll),
    Shot("home", _home),
    Shot("health", _health),
)


def main() -> None:
    """Take all pictures."""
    chromium = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        command = [sys.executable, "-m", "isotherm", "demo", "--as-recorded", "--generated", "0"]
        subprocess.run([*command, "--data", folder], check=True, env=environment(), timeout=900)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for base in serve(Path(folder)):
            for shot in SHOTS:
                width, height = shot.window
                page = browser.new_page(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if shot.dark else "light",
                    reduced_motion="reduce",
                    locale="en-GB",
                    timezone_id="UTC",
                )
                shot.open(page, base)
                expect(page.locator("body")).not_to_be_empty()
                page.screenshot(path=IMAGES / f"{shot.name}.png", animations="disabled")
                page.close()
                sys.stdout.write(f"docs/images/{shot.name}.png\n")
        browser.close()


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    main()
