"""Long lists in Chromium: frames a second over 300 applications, 20,000 pages and 5,000 elements.

The busiest page has 5,000 elements in a picture with a box of each, and 50,000 cells of heat.
"""

import io
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from isotherm.app.stores import ENGINE_FILE
from isotherm.model import Action, Background, Box, Event, Measured, State, Tile, View
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.saved.backgrounds import StoredBackgrounds
from isotherm.storage.saved.db import open_database
from tests.bench.figures import Figure
from tests.bench.servers import isotherm
from tests.bench.work import Work

APPLICATIONS, PAGES, ELEMENTS, CLICKS = 300, 20_000, 5_000, 60_000
COLUMNS, CELL_W, CELL_H = 50, 28, 40
WIDTH, HEIGHT = COLUMNS * CELL_W, ELEMENTS // COLUMNS * CELL_H
BUSY, PAGE = "app-000", "/page/00000"
SCROLLED_S = 3
CATEGORIES = ["disabled-by-default-devtools.timeline.frame", "devtools.timeline.frame"]
SMOOTH = 0.9
"""Share of an empty page's frames: below, it is seen."""

SPEED = 6_000
"""Px a second: a long flick of a wheel or a finger."""

_SCROLL = """([selector, seconds, speed]) => new Promise((done) => {
  let one = document.querySelector(selector);
  while (one && one.scrollHeight <= one.clientHeight + 1) one = one.parentElement;
  const start = performance.now();
  const step = (now) => {
    const part = (now - start) / (seconds * 1000);
    const end = one.scrollHeight - one.clientHeight;
    const way = (speed * seconds * part) % (2 * end); // a short one is scrolled to and fro
    one.scrollTop = way < end ? way : 2 * end - way;
    part < 1 ? requestAnimationFrame(step) : done(one.scrollHeight);
  };
  requestAnimationFrame(step);
})"""
_BLANK = "<body style='margin:0'><div id=blank style='height:60000px'></div>"


def events(now_ms: int) -> Iterator[Event]:
    """Yield the visits and clicks of the installation, all of the last hour."""
    start = now_ms - 3_600_000
    places = [(f"app-{n:03}", "/") for n in range(1, APPLICATIONS)]
    places += [(BUSY, f"/page/{n:05}") for n in range(PAGES)]
    for n, (application, page) in enumerate(places):
        yield View(
            view_id=f"v{n}", version=1, time_ms=start + n, application=application,
            session_id=f"s{n}", page=page, viewport_w=1440, viewport_h=900, time_spent_ms=9_000,
        )  # fmt: skip
    for n in range(CLICKS):
        one = n % ELEMENTS
        yield Action(
            event_id=f"a{n}", view_id="v299", time_ms=start + n, application=BUSY,
            session_id="s299", page=PAGE, element=f"#e{one}", action_name=f"Button {one}",
            fx=n * 7_919 % 65_536, fy=n * 104_729 % 65_536, viewport_w=1440, viewport_h=900,
        )  # fmt: skip


def picture(now_ms: int) -> Background:
    """Return a picture with a box for each element."""
    boxes = {
        f"#e{n}": Box(n % COLUMNS * CELL_W, n // COLUMNS * CELL_H, CELL_W - 2, CELL_H - 4)
        for n in range(ELEMENTS)
    }
    return Background(
        id="busy", application=BUSY, page=PAGE, state=State("found"), origin="replay",
        created_ms=now_ms, seen_ms=now_ms, width=WIDTH, height=HEIGHT, viewport_w=WIDTH,
        viewport_h=900, page_height=HEIGHT, boxes=boxes,
        tiles=(Tile(0, HEIGHT, "busy/0.webp"),), measured=Measured(verdict="true", clicks=1),
    )  # fmt: skip


def made(folder: Path) -> None:
    """Fill a data folder with the installation."""
    now_ms = time.time_ns() // 1_000_000
    folder.mkdir(parents=True, exist_ok=True)
    with closing(DuckDBEngine(folder / ENGINE_FILE)) as engine:
        engine.append(list(events(now_ms)))
    database = open_database("", folder, owner=True)
    out = io.BytesIO()
    Image.new("RGB", (WIDTH, HEIGHT), "white").save(out, "WEBP", lossless=True, method=0)
    StoredBackgrounds(database, "", folder).add(picture(now_ms), [out.getvalue()])
    database.dispose()


def measure(work: Work) -> list[Figure]:
    """Scroll each long list, and the map of the busiest page, beside an empty page."""
    folder = work.root / "many_rows"
    work.say("Making 300 applications, 20,000 pages and 5,000 elements ...")
    made(folder)
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with isotherm(folder) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            blank = _frames(browser, None, "#blank")
            seen = {
                name: _frames(browser, opened(browser, f"http://127.0.0.1:{server.port}"), selector)
                for name, (opened, selector) in LISTS.items()
            }
        finally:
            browser.close()
    return [
        Figure(f"frames while scrolling {name}", f"{ours:.1f} a second",
               f"an empty page: {blank:.1f}", ratio=ours / blank, least=SMOOTH)
        for name, ours in seen.items()
    ]  # fmt: skip


def _page(browser: Browser, base: str, **state: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{base}/?{urlencode({'from': 'now-24h', 'to': 'now', **state})}")
    return page


def _home(browser: Browser, base: str) -> Page:
    page = _page(browser, base, screen="home")
    page.get_by_role("heading", name=f"{APPLICATIONS} applications").wait_for()
    for shown in (120, APPLICATIONS):  # four times as many with each click
        page.get_by_role("button", name="Show more of the other").click()
        page.locator("main h3").nth(shown - 1).wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    return page


def _applications(browser: Browser, base: str) -> Page:
    page = _map(browser, base)
    page.get_by_role("button", name="Application:").click()
    page.get_by_placeholder(f"Search {APPLICATIONS} applications").wait_for()
    return page


def _pages(browser: Browser, base: str) -> Page:
    page = _map(browser, base)
    page.get_by_role("button", name="Page:").click()
    box = page.get_by_role("dialog", name="Page:")
    more = box.get_by_role("button", name="Show more")
    more.wait_for()
    while more.count():
        with page.expect_response(lambda answer: "/pages" in answer.url):
            more.click()
        box.locator("[data-testid=show-more] button[aria-disabled=false]").or_(
            box.get_by_text("10,000 of")
        ).first.wait_for()
    return page


def _map(browser: Browser, base: str) -> Page:
    page = _page(browser, base, app=BUSY, page=PAGE)
    page.get_by_test_id("action-row").first.wait_for()
    page.wait_for_load_state("networkidle")
    return page


def _elements(browser: Browser, base: str) -> Page:
    page = _map(browser, base)
    more = page.get_by_role("button", name="Show more")
    while more.count():
        with page.expect_response(lambda answer: "/query" in answer.url):
            more.click()
        page.wait_for_load_state("networkidle")
    return page


LISTS: dict[str, tuple[Callable[[Browser, str], Page], str]] = {
    "300 applications on Home": (_home, "main h2"),
    "a list of 300 applications": (_applications, "[data-testid=long-list]"),
    "a list of 10,000 of 20,000 pages": (_pages, "[data-testid=long-list]"),
    "5,000 elements": (_elements, "[data-testid=action-row]"),
    "a map of 5,000 elements and 50,000 cells": (_map, "[data-testid=sheet]"),
}
"""How each is opened, and what is inside of what scrolls."""


def _frames(browser: Browser, opened: Page | None, selector: str) -> float:
    """Return frames drawn a second while a list is scrolled, by a trace."""
    page = opened or browser.new_page(viewport={"width": 1440, "height": 900})
    if not opened:
        page.set_content(_BLANK)
    browser.start_tracing(page=page, categories=CATEGORIES)
    page.evaluate(_SCROLL, [selector, SCROLLED_S, SPEED])
    trace: dict[str, Any] = json.loads(browser.stop_tracing())
    page.context.close()
    drawn = sum(event.get("name") == "DrawFrame" for event in trace["traceEvents"])
    return drawn / SCROLLED_S
