"""The heatmap page in Chromium: until its first heat, and frames while it is scrolled."""

import json
import os
import shutil
import statistics
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.figures import Figure
from tests.bench.folders import PAGE
from tests.bench.generate import DAY_MS, Traffic
from tests.bench.servers import isotherm
from tests.bench.work import Work

ALLOWED_MS = 1500
OPENED = 5
SCROLLED_S = 3
CATEGORIES = ["disabled-by-default-devtools.timeline.frame", "devtools.timeline.frame"]

_PAINTED = """() => {
  const tile = document.querySelector('[data-testid=heat] canvas');
  return tile && tile.width > 400 ? performance.now() : null;
}"""
_SCROLL = """([selector, seconds]) => new Promise((done) => {
  const one = selector ? document.querySelector(selector).parentElement.parentElement
    : document.scrollingElement;
  const start = performance.now();
  const step = (now) => {
    const part = (now - start) / (seconds * 1000);
    one.scrollTop = (one.scrollHeight - one.clientHeight) * Math.min(1, part);
    part < 1 ? requestAnimationFrame(step) : done(one.scrollHeight);
  };
  requestAnimationFrame(step);
})"""
_BLANK = "<body style='margin:0'><div style='height:6080px;background:linear-gradient(red,blue)'>"


def measure(work: Work) -> list[Figure]:
    """Open and scroll the busiest page of the store, beside an empty page as long as it."""
    traffic = work.traffic
    folder = work.folder()
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with isotherm(folder) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            address = f"http://127.0.0.1:{server.port}/?{_state(traffic)}"
            opened = [_first_heat(browser, address) for _ in range(OPENED + 1)][1:]
            ours = _frames(browser, address, "[data-testid=sheet]")
            blank = _frames(browser, "about:blank", "")
        finally:
            browser.close()
    least, median = min(opened), statistics.median(opened)
    clicks = f"page of {traffic.actions:,} actions in the store"
    return [
        Figure(f"first heat on the screen, {clicks}", f"{least:,.0f} / {median:,.0f} ms",
               f"{ALLOWED_MS:,} ms", ratio=median / ALLOWED_MS, most=1.0),
        Figure("frames while scrolling 6,080 px", f"{ours:.1f} a second",
               f"an empty page as long: {blank:.1f}", ratio=ours / blank, least=0.95),
    ]  # fmt: skip


def _state(traffic: Traffic) -> str:
    end = traffic.start_ms + (traffic.days + 2) * DAY_MS
    state = {"app": traffic.application, "page": PAGE, "from": traffic.start_ms, "to": end}
    return urlencode(state)


def _opened(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(address, wait_until="commit")
    return page


def _first_heat(browser: Browser, address: str) -> float:
    """Return ms from the start of the navigation to a painted tile, without any cache."""
    page = _opened(browser, address)
    painted = page.wait_for_function(_PAINTED, polling="raf", timeout=60_000).json_value()
    page.context.close()
    return float(painted)


def _frames(browser: Browser, address: str, selector: str) -> float:
    """Return frames drawn a second while the page is scrolled from end to end, by a trace."""
    page = _opened(browser, address)
    if selector:
        page.wait_for_function(_PAINTED, polling="raf", timeout=60_000)
        page.wait_for_load_state("networkidle")
    else:
        page.set_content(_BLANK)
    browser.start_tracing(page=page, categories=CATEGORIES)
    page.evaluate(_SCROLL, [selector, SCROLLED_S])
    trace: dict[str, Any] = json.loads(browser.stop_tracing())
    page.context.close()
    drawn = sum(event.get("name") == "DrawFrame" for event in trace["traceEvents"])
    return drawn / SCROLLED_S
