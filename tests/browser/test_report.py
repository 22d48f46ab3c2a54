"""A heatmap on paper, and pages of 20,000 px as one picture."""

import json
import re
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.accuracy.isotherm import Isotherm
from tests.bench.servers import running
from tests.browser.scenario import ask, open_map, rows
from tests.replay.events import Page as Document
from tests.replay.events import click, meta, snapshot

APPLICATION, HEIGHT, WIDTH = "tall", 20_000, 1_000


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_a_report_has_the_numbers_the_elements_and_the_map(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    desktop.evaluate("window.print = () => { window.printed = document.title; }")
    desktop.get_by_role("button", name="Download").click()
    desktop.get_by_role("button", name="Report to print").click()
    report = desktop.get_by_test_id("report")
    expect(report).to_be_attached()
    desktop.wait_for_function("() => window.printed")
    assert "Click map" in desktop.evaluate("window.printed")
    expected = rows(ask(served, "actions"))
    expect(report).to_contain_text(expected[0]["action_name"])
    expect(report).to_contain_text(f"{rows(ask(served, 'page_stats'))[0]['clicks']:,.0f}")
    link = report.get_by_role("link", name="Open this view", include_hidden=True)
    assert link.get_attribute("href") == desktop.url
    desktop.emulate_media(media="print")
    expect(report.get_by_role("heading", level=1)).to_be_visible()
    expect(desktop.get_by_test_id("sheet")).to_be_hidden()
    slices = desktop.get_by_test_id("report-sheet").count()
    assert slices >= 1
    assert sheets(desktop.pdf(prefer_css_page_size=True)) == slices + 1
    desktop.emulate_media(media="screen")
    desktop.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(report).to_have_count(0)
    expect(desktop.get_by_test_id("sheet")).to_be_visible()


@pytest.fixture(scope="module")
def tall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield a server with a page of 20,000 px whose last row was clicked."""
    page = Document()
    last = page.element("div", "Last", id="last", style=f"margin-top:{HEIGHT - 100}px;height:100px")
    document = page.document(page.element("style", "body{margin:0;overflow:hidden}"), last)
    events = [
        meta(size=(WIDTH, 800)),
        snapshot(document),
        *click(page.ids["last"], 2_000, at=(50, 50)),
    ]
    body = {"application": APPLICATION, "session": "s-1", "events": events}
    variables = {"ISOTHERM_SETTLE_S": "0.5"}
    folder = tmp_path_factory.mktemp("tall")
    with running(["isotherm", "serve", "--data", str(folder)], variables) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        json_type = {"Content-Type": "application/json"}
        connection.request("POST", "/intake/rrweb", json.dumps(body), json_type)
        assert connection.getresponse().status == 202
        connection.close()
        Isotherm(server.port).settle()
        yield f"http://127.0.0.1:{server.port}"


@pytest.mark.alone("Grafana prints its own pages")
def test_what_is_on_the_screen_is_printed_whole(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    desktop.emulate_media(media="print")
    desktop.set_viewport_size({"width": 718, "height": 1_000})
    expect(desktop.get_by_role("link", name="Skip to the content")).to_be_hidden()
    shown = desktop.get_by_test_id("sheet").bounding_box()
    last = desktop.get_by_test_id("action-row").last.bounding_box()
    assert shown is not None
    assert last is not None
    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= 718
    assert last["y"] > shown["y"] + shown["height"]  # the list stands below the map
    reach = desktop.evaluate("() => document.documentElement.scrollHeight")
    assert reach >= last["y"] + last["height"]


@pytest.mark.alone("the server has a fixture of its own")
def test_a_page_of_20000_px_is_one_picture_of_its_own_size(desktop: Page, tall: str) -> None:
    open_map(desktop, tall, app=APPLICATION)
    desktop.get_by_role("button", name="Download").click()
    with desktop.expect_download() as download:
        desktop.get_by_role("button", name="Picture of the map").click()
    picture = Image.open(Path(download.value.path()))
    assert picture.width == WIDTH
    assert picture.height > HEIGHT
