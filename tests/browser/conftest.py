"""A browser that opens the stand-alone page, and fails a test when the page complains."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

PROJECT = Path(__file__).parents[2]
PLUGIN = PROJECT / "grafana-plugin"
BUNDLE = PROJECT / "backend/isotherm/static/index.html"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session", autouse=True)
def bundle() -> None:
    """Build the page when it is not there."""
    if not BUNDLE.exists():
        subprocess.run(["node", "esbuild.mjs"], cwd=PLUGIN, check=True, timeout=300)


@pytest.fixture
def desktop(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Yield a page of desktop size, in light colours."""
    refused = tuple(mark.args[0] for mark in request.node.iter_markers("refused"))
    yield from opened(chromium, DESKTOP, touch=False, colours="light", refused=refused)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """Yield a page of phone size with touch, in dark colours."""
    yield from opened(chromium, PHONE, touch=True, colours="dark")


def opened(
    browser: Browser,
    size: dict[str, int],
    *,
    touch: bool,
    colours: str,
    locale: str = "en-US",
    refused: tuple[int, ...] = (),
) -> Iterator[Page]:
    """Yield a page in a context of its own; afterwards fail for anything it complained about.

    What the server refuses with a status of `refused` is noted by the browser, and no fault.
    """
    expected = tuple(f"server responded with a status of {status} " for status in refused)
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        known = any(words in message.text for words in expected)
        if message.type in {"error", "warning"} and not known:
            complaints.append(f"{message.type}: {message.text}")

    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        has_touch=touch,
        color_scheme="dark" if colours == "dark" else "light",
        timezone_id="UTC",
        locale=locale,
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
    yield page
    context.close()
    assert complaints == []
