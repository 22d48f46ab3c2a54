"""What the browser tests do again and again: ask the API, and open a page of the sample shop."""

import json
import re
import threading
import time
import urllib.request
from typing import Any, Self, TypeGuard
from urllib.parse import urlencode

from playwright.sync_api import Page, Position, expect

DATADOG = "6f1c2b1e-0000-4000-8000-00000000abcd"
"""The application of the recorded Datadog sessions."""

APP = "/a/isotherm-heatmap-app"
"""Where Grafana shows the app's pages."""

TOLD_S = 30
"""Until what was sent must be in the store."""

EVER = {"from": "0", "to": "now"}
"""The recordings keep their own times."""


class Site(str):
    """The address of a running Isotherm, and the Grafana that shows its pages; none: itself."""

    __slots__ = ("grafana", "source")
    grafana: str
    source: str

    def __new__(cls, base: str, grafana: str = "", source: str = "") -> Self:
        """Remember Grafana's address, and the uid of its data source for `base`."""
        site = super().__new__(cls, base)
        site.grafana, site.source = grafana, source
        return site


def in_grafana(base: str) -> TypeGuard["Site"]:
    """Say whether the pages of an Isotherm are looked at in Grafana."""
    return isinstance(base, Site) and bool(base.grafana)


def address(base: str, **state: str) -> str:
    """Return the address of a page in a given state, over all time."""
    query = {**EVER, **state}
    if not in_grafana(base):
        return f"{base}/?{urlencode(query)}"
    screen = query.pop("screen", "heatmap" if "app" in state else "home")
    path = APP if screen == "home" else f"{APP}/{screen}"
    return f"{base.grafana}{path}?{urlencode({**query, 'source': base.source})}"


def on_screen(name: str) -> re.Pattern[str]:
    """Return what addresses of a screen have in common: its name, as a key or as the path."""
    return re.compile(rf"[?&]screen={name}\b|{APP}/{name}\b")


def open_map(page: Page, base: str, **state: str) -> None:
    """Open a map of the shop's front page and wait until it is drawn."""
    page.goto(address(base, **{"app": DATADOG, "page": "/", **state}))
    expect(page.get_by_test_id("sheet")).to_be_visible()
    page.wait_for_load_state("networkidle")


def ask(
    base: str, question: str, span: tuple[int, int] = (0, 4_000_000_000_000), **params: Any
) -> dict[str, Any]:
    """Return the first frame of an answer about the shop's front page, over all time or a span."""
    query = {"refId": "A", "question": question, "application": DATADOG, "page": "/", **params}
    body = {"range": {"from": span[0], "to": span[1]}, "queries": [query]}
    request = urllib.request.Request(
        f"{base}/api/v1/query",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        result: dict[str, Any] = json.load(answer)["results"]["A"]
    frame: dict[str, Any] = result["frames"][0]
    return frame


def called(base: str, application: str = DATADOG) -> str:
    """Return the name that pickers and titles show for an application."""
    with urllib.request.urlopen(f"{base}/api/v1/applications?from=0", timeout=30) as answer:
        known = json.load(answer)["applications"]
    return next(str(one["name"]) for one in known if one["application"] == application)


def rows(frame: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a frame's rows by field name."""
    names = [field["name"] for field in frame["schema"]["fields"]]
    return [
        dict(zip(names, row, strict=True)) for row in zip(*frame["data"]["values"], strict=True)
    ]


def until_clicked(base: str, application: str, page: str, clicks: float) -> None:
    """Return when the clicks that were sent are counted."""

    def counted() -> float:
        [stats] = rows(ask(base, "page_stats", application=application, page=page))
        found: float = stats["clicks"]
        return found

    deadline = time.monotonic() + TOLD_S
    while time.monotonic() < deadline and counted() < clicks:
        threading.Event().wait(0.1)
    assert counted() == clicks


def first_placed(base: str) -> dict[str, Any]:
    """Return the most clicked element on the automatic background that one can aim at."""
    found = [row for row in rows(ask(base, "actions")) if row["placed"] and row["width"] < 300]
    return found[0]


ALPHA_AT = """([x, y]) => {
  const sheet = document.querySelector('[data-testid=sheet]').getBoundingClientRect();
  for (const canvas of document.querySelectorAll('[data-testid=heat] canvas')) {
    const box = canvas.getBoundingClientRect();
    const [left, top] = [sheet.left + x, sheet.top + y];
    if (top >= box.top && top < box.bottom && left >= box.left && left < box.right) {
      const scale = canvas.width / box.width;
      const copy = document.createElement('canvas'); // the browser warns when the original is read
      copy.width = copy.height = 1;
      const context = copy.getContext('2d', { willReadFrequently: true });
      const [fromLeft, fromTop] = [(left - box.left) * scale, (top - box.top) * scale];
      context.drawImage(canvas, -Math.floor(fromLeft), -Math.floor(fromTop));
      return context.getImageData(0, 0, 1, 1).data[3];
    }
  }
  return -1;
}"""


def heat_alpha(page: Page, x: float, y: float) -> int:
    """Return how opaque the heat is at a place of the map, 0..255; -1 where nothing is drawn."""
    alpha: int = page.evaluate(ALPHA_AT, [x, y])
    return alpha


def zoom_of(page: Page, base: str) -> float:
    """Return screen px per page px of the map on the screen."""
    box = page.get_by_test_id("sheet").bounding_box()
    canvas = ask(base, "heat")["schema"]["meta"]["custom"]["isotherm"]["canvas"]
    assert box is not None
    zoom: float = box["width"] / canvas["width"]
    return zoom


def middle(row: dict[str, Any], zoom: float) -> Position:
    """Return where on the map the middle of a placed element is."""
    return Position(
        x=(row["left"] + row["width"] / 2) * zoom,
        y=(row["top"] + row["height"] / 2) * zoom,
    )
