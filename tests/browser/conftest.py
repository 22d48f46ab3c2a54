"""A browser that opens the pages, and fails a test when they complain.

All tests run on the stand-alone page; and in Grafana, too, if GRAFANA_URL names one that has the
plugin and may reach this machine. GRAFANA_USER (default admin:admin) is an administrator there.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser.scenario import Site, in_grafana

PROJECT = Path(__file__).parents[2]
PLUGIN = PROJECT / "grafana-plugin"
BUNDLE = PROJECT / "backend/isotherm/static/index.html"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
GRAFANA = os.environ.get("GRAFANA_URL", "").rstrip("/")
NAME, _, WORD = os.environ.get("GRAFANA_USER", "admin:admin").partition(":")

expect.set_options(timeout=20_000)
"""A busy machine, and Grafana, take their time; what is there is found at once."""


@pytest.fixture(scope="session", params=["alone", "grafana"] if GRAFANA else ["alone"])
def served(served: str, request: pytest.FixtureRequest) -> Iterator[Site]:
    """Yield the running Isotherm: with its own pages, then with those in Grafana."""
    if request.param == "alone":
        yield Site(served)
        return
    source = {"name": f"Isotherm {served}", "type": "isotherm-rum-datasource", "access": "proxy"}
    sources, login = f"{GRAFANA}/api/datasources", (NAME, WORD)
    made = requests.post(sources, json={**source, "url": served}, auth=login, timeout=60)
    made.raise_for_status()
    uid = made.json()["datasource"]["uid"]
    yield Site(served, GRAFANA, uid)
    requests.delete(f"{sources}/uid/{uid}", auth=login, timeout=60).raise_for_status()


@pytest.fixture(autouse=True)
def place(request: pytest.FixtureRequest) -> None:
    """Leave out what one of the two places has not."""
    there = "served" in request.fixturenames and in_grafana(request.getfixturevalue("served"))
    alone, inside = (request.node.get_closest_marker(name) for name in ("alone", "inside"))
    if alone and there:
        pytest.skip(f"not in Grafana: {alone.args[0]}")
    if inside and not GRAFANA:
        pytest.skip("not run: GRAFANA_URL is not set")
    if inside and not there:
        pytest.skip(f"only in Grafana: {inside.args[0]}")


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
        # in Grafana what others say is not ours
        ours = not message.page or not message.page.url.startswith(GRAFANA or "-")
        ours = ours or "isotherm" in message.location["url"]
        if message.type in {"error", "warning"} and ours and not known:
            complaints.append(f"{message.type}: {message.text}")

    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        has_touch=touch,
        color_scheme="dark" if colours == "dark" else "light",
        timezone_id="UTC",
        locale=locale,
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    if GRAFANA:  # the context keeps its cookie, which only Grafana gets
        login = {"user": NAME, "password": WORD}
        assert context.request.post(f"{GRAFANA}/login", data=login).ok
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
    yield page
    context.close()
    assert complaints == []
