"""A page of 100,000 px on the screen: its strips are loaded as they are reached."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
from playwright.sync_api import Page

from tests.accuracy.isotherm import Isotherm
from tests.bench.servers import running
from tests.browser.scenario import open_map
from tests.replay.events import Page as Document
from tests.replay.events import click, meta, scroll, snapshot

APPLICATION = "long"
ROW_PX, ROWS = 1_000, 100
VIEW_H = 800
STRIP_PX = 2_000


@pytest.fixture(scope="module")
def long_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield a server with one session that clicked the first and the last row of a long page."""
    page = Document()
    rows = [
        page.element("div", f"Row {n}", id=f"row{n}", style=f"height:{ROW_PX}px;width:400px")
        for n in range(ROWS)
    ]
    document = page.document(page.element("style", "body{margin:0}"), *rows)
    end = ROWS * ROW_PX - VIEW_H
    events = [
        meta(size=(1000, VIEW_H)),
        snapshot(document),
        *click(page.ids["row0"], 2_000, at=(200, 300)),
        scroll(1, end, 3_000),
        *click(page.ids["row99"], 4_000, at=(200, 500)),
    ]
    body = {"application": APPLICATION, "session": "s-1", "events": events}
    folder = tmp_path_factory.mktemp("long")
    variables = {"ISOTHERM_SETTLE_S": "0.5"}
    with running(["isotherm", "serve", "--data", str(folder)], variables) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        json_type = {"Content-Type": "application/json"}
        connection.request("POST", "/intake/rrweb", json.dumps(body), json_type)
        assert connection.getresponse().status == 202
        connection.close()
        Isotherm(server.port).settle()
        yield f"http://127.0.0.1:{server.port}"


# y on the page of the hottest point that is drawn now, and the strips that are shown: their tops
SEEN = """() => {
  const sheet = document.querySelector('[data-testid=sheet]');
  const zoom = sheet.clientWidth / 1000;
  const top = sheet.getBoundingClientRect().top;
  let [hottest, at] = [0, -1];
  for (const canvas of sheet.querySelectorAll('[data-testid=heat] canvas')) {
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    const box = canvas.getBoundingClientRect();
    for (let n = 3; n < data.length; n += 4) {
      if (data[n] <= hottest) continue;
      hottest = data[n];
      at = (box.top - top + (Math.floor(n / 4 / width) / height) * box.height) / zoom;
    }
  }
  const images = [...sheet.querySelectorAll('img')];
  const strips = images.filter((one) => one.complete && one.naturalWidth);
  return [at, strips.map((one) => Math.round((one.getBoundingClientRect().top - top) / zoom))];
}"""
TO_END = """(sheet) => {
  const map = sheet.parentElement.parentElement;
  map.scrollTop = map.scrollHeight;
}"""
NEAR_PX = 12


def test_a_page_of_100000_px_is_shown_whole(desktop: Page, long_page: str) -> None:
    open_map(desktop, long_page, app=APPLICATION)
    sheet = desktop.get_by_test_id("sheet")
    shape = sheet.evaluate("(one) => one.clientHeight / one.clientWidth")
    assert shape == pytest.approx(ROWS * ROW_PX / 1000, rel=0.001)
    desktop.wait_for_function(f"() => ({SEEN})()[0] >= 0 && ({SEEN})()[1].length > 0")
    at, strips = desktop.evaluate(SEEN)
    assert at == pytest.approx(300, abs=NEAR_PX)
    assert strips[0] == 0
    assert len(strips) < 10  # of 50
    sheet.evaluate(TO_END)
    last = ROWS * ROW_PX - STRIP_PX
    desktop.wait_for_function(f"() => ({SEEN})()[1].at(-1) >= {last} - 1")
    desktop.wait_for_function(f"() => ({SEEN})()[0] > {last}")
    at, strips = desktop.evaluate(SEEN)
    assert at == pytest.approx(ROWS * ROW_PX - VIEW_H + 500, abs=NEAR_PX)
    assert len(strips) < 10
    assert strips[-1] == pytest.approx(last, abs=1)
