"""`make screenshots`: take the pictures of the documentation from the demo.

Loads the demo into a folder of its own, opens each screen in Chromium and writes it to
`docs/images`.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from msgspec import Struct
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from isotherm.app.demo.outfitters.shop import APPLICATION
from tests.conftest import environment, serve

IMAGES = Path(__file__).parents[2] / "docs/images"
DESKTOP = (1440, 900)
PHONE = (390, 844)
LOAD_S = 1_800
QUALITY = 88


class Shot(Struct, frozen=True):
    """One picture: its file, the state in its address, and the window."""

    name: str
    state: dict[str, str]
    window: tuple[int, int] = DESKTOP
    dark: bool = False


def _page(page: str, **state: str) -> dict[str, str]:
    return {"app": APPLICATION, "page": page, "from": "now-30d", **state}


SHOTS = (
    Shot("home", {}),
    Shot("heatmap", _page("/")),
    Shot("heatmap-dark", _page("/stores"), dark=True),
    Shot("heatmap-phone", _page("/jackets/trail-jacket", width="-767"), PHONE),
    Shot("elements", _page("/jackets", map="elements")),
    Shot("scroll", _page("/journal/layering", map="scroll")),
    Shot("rage", _page("/jackets/trail-jacket", signal="rage")),
    Shot("release", _page("/cart", colour="change")),
    Shot("variant", _page("/", split="variant")),
    Shot("health", {"screen": "health"}),
)


def main() -> None:
    """Take all pictures."""
    chromium = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        command = [sys.executable, "-m", "isotherm", "demo", "--data", folder]
        subprocess.run(command, check=True, env=environment(), timeout=LOAD_S)
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
                _take(page, f"{base}/?{urlencode(shot.state)}", IMAGES / f"{shot.name}.webp")
                page.close()
                sys.stdout.write(f"docs/images/{shot.name}.webp\n")
        browser.close()


def _take(page: Page, url: str, file: Path) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.locator("main").wait_for()
    page.wait_for_timeout(2_000)  # pictures fade in, numbers come after the map
    taken = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    taken.save(file, quality=QUALITY)


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    main()
