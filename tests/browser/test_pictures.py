"""Backgrounds: making, uploading, pinning and deleting the pictures that maps lie on."""

import io
import json
import re
import threading
import urllib.request
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.scenario import DATADOG, in_grafana, open_map

MAKING_MS = 120_000
"""Drawing a page takes a browser of its own; a busy machine is slow at it."""


def stored(base: str) -> dict[str, dict[str, Any]]:
    scope = urlencode({"application": DATADOG, "page": "/", "from": 0})
    with urllib.request.urlopen(f"{base}/api/v1/backgrounds?{scope}", timeout=30) as answer:
        return {one["id"]: one for one in json.load(answer)["backgrounds"]}


@pytest.fixture
def pictured(served: str) -> Iterator[str]:
    """Yield the running server; afterwards no uploaded or pinned picture stays behind."""
    yield served
    for one in stored(served).values():
        url = f"{served}/api/v1/backgrounds/{one['id']}"
        if one["origin"] != "replay":
            urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=10)
        elif one["pinned"]:
            urllib.request.urlopen(f"{url}/pin", json.dumps({"pinned": False}).encode(), timeout=10)


def automatic(base: str) -> str:
    scope = urlencode({"application": DATADOG, "page": "/", "from": 0})
    with urllib.request.urlopen(f"{base}/api/v1/backgrounds?{scope}", timeout=30) as answer:
        chosen: str = json.load(answer)["automatic"]
        return chosen


def choose(page: Page) -> Locator:
    bar = page.get_by_role("group", name="Background")
    page.mouse.move(0, 0)  # away from tooltips, which lie over the button in a small window
    bar.get_by_role("button", name="Choose background").click()
    return page.get_by_role("dialog", name="Choose background")


def picture(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "rebeccapurple").save(file, "PNG")
    return file.getvalue()


def test_the_automatic_choice_comes_first_and_other_states_are_walked(
    desktop: Page, pictured: str
) -> None:
    known, chosen = stored(pictured), automatic(pictured)
    open_map(desktop, pictured)
    bar = desktop.get_by_role("group", name="Background")
    expect(bar).to_contain_text("Automatic")
    expect(bar).to_contain_text(f"shows {round(known[chosen]['coverage'] * 100, 1):g}% of clicks")
    order = [chosen, *(one for one in known if one != chosen)]
    for at, background in enumerate(order[1:3], 1):
        entries = choose(desktop).get_by_role("list", name="Pictures of this page")
        expect(entries.get_by_role("listitem").first).to_contain_text("Automatic")
        entries.get_by_role("listitem").nth(at).locator("button").first.click()
        expect(desktop).to_have_url(re.compile(f"background={background}"))
        share = round(known[background]["coverage"] * 100, 1)
        expect(bar).to_contain_text(f"shows {share:g}% of clicks")
        expect(bar).to_contain_text("Chosen by you")
    desktop.go_back()
    expect(desktop).to_have_url(re.compile(f"background={order[1]}"))
    choose(desktop).get_by_role("button", name="Back to automatic").click()
    expect(bar).to_contain_text("Automatic")


def upload(page: Page, name: str) -> None:
    panel = choose(page)
    panel.get_by_role("button", name="New picture").click()
    panel.get_by_role("radio", name="Upload").click()
    file = {"name": "page.png", "mimeType": "image/png", "buffer": picture(1280, 2000)}
    panel.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
    width = panel.get_by_label("Window width that the picture shows")
    expect(width).to_have_value("1280")
    panel.get_by_label("What it shows").fill(name)
    panel.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_test_id("making")).to_contain_text("The new picture is ready.")


def test_an_uploaded_picture_is_shown_pinned_and_deleted(desktop: Page, pictured: str) -> None:
    before = set(stored(pictured))
    open_map(desktop, pictured)
    upload(desktop, "Sale banner")
    desktop.get_by_test_id("making").get_by_role("button", name="Show it").click()
    bar = desktop.get_by_role("group", name="Background")
    expect(bar).to_contain_text("Sale banner")
    expect(bar).to_contain_text("Chosen by you")
    [made] = set(stored(pictured)) - before
    expect(desktop).to_have_url(re.compile(f"background={made}"))
    panel = choose(desktop)
    panel.get_by_role("button", name=re.compile("^Pin Sale banner as everyone")).click()
    expect(panel.get_by_role("button", name="Unpin Sale banner")).to_be_visible()
    panel.get_by_role("button", name="Back to automatic").click()
    expect(bar).to_contain_text("Pinned")
    expect(bar).to_contain_text("Sale banner")
    panel = choose(desktop)
    panel.get_by_role("button", name="Delete Sale banner").click()
    panel.get_by_role("button", name="Keep").click()
    panel.get_by_role("button", name="Delete Sale banner").click()
    panel.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(panel.get_by_text("Sale banner")).to_have_count(0)
    expect(bar).to_contain_text("Automatic")
    assert set(stored(pictured)) == before


def test_what_cannot_be_uploaded_is_refused_before_it_is_sent(
    desktop: Page, pictured: str, tmp_path: Path
) -> None:
    open_map(desktop, pictured)
    sent: list[str] = []
    desktop.on("request", lambda request: sent.append(request.url))
    panel = choose(desktop)
    panel.get_by_role("button", name="New picture").click()
    panel.get_by_role("radio", name="Upload").click()
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.truncate(33 * 1024 * 1024)
    panel.locator("input[type=file]").set_input_files(large)
    most = 16 if in_grafana(pictured) else 32
    expect(panel.get_by_role("alert")).to_contain_text(f"at most {most} MB can be sent")
    expect(panel.get_by_role("button", name="Upload", exact=True)).to_be_disabled()
    text = tmp_path / "notices.txt"
    text.write_text("no picture")
    panel.locator("input[type=file]").set_input_files(text)
    expect(panel.get_by_role("alert")).to_contain_text("PNG, JPEG or WebP")
    assert not [url for url in sent if url.endswith("upload")]


def test_pictures_are_made_anew_from_replays(desktop: Page, pictured: str) -> None:
    open_map(desktop, pictured)
    panel = choose(desktop)
    panel.get_by_role("button", name="New picture").click()
    panel.get_by_role("button", name="Make pictures").click()
    status = desktop.get_by_test_id("making")
    expect(status.get_by_role("progressbar")).to_be_visible()
    expect(status).to_contain_text(re.compile("(is|are) ready\\.|already show"), timeout=MAKING_MS)
    expect(desktop.get_by_test_id("sheet").locator("img").first).to_be_visible()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[str]:
    """Yield the host of a small live page with a banner and a button that opens a menu."""
    (tmp_path / "index.html").write_text(
        "<title>Shop</title><style>body{margin:0;height:1500px;background:#fff}"
        "#banner{position:fixed;inset:0;background:#f00}"
        "#menu{display:none;height:300px;background:#00f}</style>"
        "<div id=banner></div>"
        "<button onclick=\"document.getElementById('menu').style.display='block'\">Open</button>"
        "<div id=menu></div>"
    )
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.refused(403)
def test_a_host_that_may_not_be_captured_is_named_with_the_setting(
    desktop: Page, pictured: str, shop: str
) -> None:
    open_map(desktop, pictured)
    panel = choose(desktop)
    panel.get_by_role("button", name="New picture").click()
    panel.get_by_role("radio", name="From its address").click()
    panel.get_by_label("Address", exact=False).first.fill(f"http://{shop}/")
    panel.get_by_role("button", name="Take the picture").click()
    status = desktop.get_by_test_id("making")
    expect(status).to_contain_text("capture", timeout=MAKING_MS)
    expect(status).to_contain_text("No picture was made.")
