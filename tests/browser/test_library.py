"""Home, saving, sharing, health and replay, as a person meets them."""

import io
import json
import re
import urllib.request
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from urllib3 import encode_multipart_formdata

from tests.browser.conftest import NAME
from tests.browser.scenario import DATADOG, address, ask, called, in_grafana, open_map, rows
from tests.conftest import serve

SCREENS = {"Home": "home", "Shared snapshots": "shares"}


@pytest.fixture
def own(served: str) -> Iterator[str]:
    """Yield the running server, and forget what a test has saved and shared on it."""
    yield served
    request = urllib.request.Request(
        f"{served}/api/v1/applications/{DATADOG}/name",
        data=b'{"name": ""}',
        headers={"content-type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=10).close()
    for kind in ("heatmaps", "shares"):
        with urllib.request.urlopen(f"{served}/api/v1/{kind}", timeout=10) as answer:
            for one in json.load(answer)[kind]:
                url = f"{served}/api/v1/{kind}/{one['id']}"
                urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=10)


def save(page: Page, base: str, name: str, **state: str) -> None:
    open_map(page, base, **state)
    page.get_by_role("button", name="Save this heatmap").click()
    form = page.get_by_role("dialog", name="Save this heatmap")
    form.get_by_label(re.compile("^Name")).fill(name)
    if not in_grafana(base):  # which knows who saves
        form.get_by_label("Your name").fill("Ana")
    form.get_by_role("button", name="Save heatmap", exact=True).click()
    expect(form.get_by_text("Saved. You find it")).to_be_visible()


def go(page: Page, base: str, way: str) -> None:
    """Follow a link of the navigation; in Grafana that is Grafana's, and may be folded away."""
    if in_grafana(base):
        page.goto(address(base, screen=SCREENS[way]))
    else:
        page.get_by_role("link", name=way).click()


def share(page: Page, name: str, password: str = "", *, locked: bool = True) -> str:
    """Share a saved heatmap from its card; return the snapshot's address."""
    page.get_by_role("button", name=f"Share {name}").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Password (optional)").fill(password)
    if not locked:
        dialog.locator("label[for=snapshot-locked]").last.click()
    dialog.get_by_role("button", name="Make the link").click()
    link = dialog.get_by_label("Link to the snapshot")
    expect(link).to_have_value(re.compile(r"/s/[\w-]{20,}$"), timeout=30_000)
    return link.input_value()


def test_home_offers_pages_while_nothing_is_saved(desktop: Page, own: str) -> None:
    desktop.goto(address(own))
    first = desktop.get_by_role("list", name="Look here first").get_by_role("link").first
    expect(first).to_contain_text("rage clicks")
    expect(first.get_by_test_id("card-map").locator("img").first).to_be_visible()
    pages = desktop.get_by_role("list", name=f"Pages of {called(own)}").get_by_role("link")
    desktop.get_by_label("Search applications and pages").fill("checkout")
    expect(pages.filter(has_not_text="checkout")).to_have_count(0)
    pages.first.click()
    expect(desktop.get_by_test_id("sheet")).to_be_visible()
    expect(desktop).to_have_title(re.compile(r"Click map · /checkout.* — Isotherm"))


def test_an_application_is_named_in_the_page(desktop: Page, own: str) -> None:
    desktop.goto(address(own))
    before = called(own)
    desktop.get_by_role("button", name=f"Name {before} otherwise").click()
    dialog = desktop.get_by_role("dialog")
    dialog.get_by_label("Name").fill("The shop")
    dialog.get_by_role("button", name="Rename").click()
    expect(desktop.get_by_role("list", name="Pages of The shop")).to_be_visible()
    assert called(own) == "The shop"


def test_new_heatmap_asks_for_application_then_page(desktop: Page, own: str) -> None:
    desktop.goto(address(own))
    desktop.get_by_role("link", name="New heatmap").click()
    desktop.get_by_role("button", name=re.compile(f"^{re.escape(called(own))}")).first.click()
    desktop.get_by_role("list", name="Most visited pages").get_by_role("button").first.click()
    expect(desktop.get_by_role("tab", name="Click map")).to_have_attribute("aria-selected", "true")
    desktop.go_back()
    expect(desktop.get_by_role("heading", name="Choose a page")).to_be_visible()


def test_a_saved_heatmap_comes_back_with_its_filters(desktop: Page, own: str) -> None:
    save(desktop, own, "Front page, Chrome", filter="browser|=|Chrome", signal="rage")
    go(desktop, own, "Home")
    card = desktop.get_by_role("article", name="Front page, Chrome")
    author = f"by {NAME}" if in_grafana(own) else "by Ana"
    for words in (author, "Browser is Chrome", "Rage", "Click map", called(own)):
        expect(card).to_contain_text(words)
    expect(card.get_by_test_id("card-map").locator("canvas")).to_be_attached()
    card.get_by_role("link").click()
    expect(desktop.get_by_text("Browser is Chrome")).to_be_visible()
    expect(desktop.get_by_role("radio", name="Rage")).to_be_checked()


def test_saved_heatmaps_are_found_sorted_and_copied(desktop: Page, own: str) -> None:
    save(desktop, own, "Zebra")
    save(desktop, own, "Aardvark", map="scroll")
    go(desktop, own, "Home")
    cards = desktop.get_by_role("article")
    desktop.get_by_role("radio", name="Name").click()
    expect(cards.first).to_contain_text("Aardvark")
    desktop.get_by_label("Search applications and pages").fill("zeb")
    expect(cards).to_have_count(1)
    expect(desktop).to_have_url(re.compile("find=zeb"))
    desktop.get_by_role("button", name="Copy link: Zebra").click()
    copied = desktop.evaluate("navigator.clipboard.readText()")
    desktop.goto(copied)
    expect(desktop.get_by_test_id("sheet")).to_be_visible()


def test_a_deletion_can_be_undone(desktop: Page, own: str) -> None:
    save(desktop, own, "Oops")
    go(desktop, own, "Home")
    desktop.get_by_role("button", name="Delete Oops").click()
    expect(desktop.get_by_role("article")).to_have_count(0)
    desktop.get_by_role("button", name="Undo", exact=True).click()
    expect(desktop.get_by_role("article", name="Oops")).to_be_visible()


def test_a_snapshot_shows_the_numbers_and_changes_nothing(desktop: Page, own: str) -> None:
    save(desktop, own, "Front")
    go(desktop, own, "Home")
    link = share(desktop, "Front")
    desktop.goto(link)
    expect(desktop.get_by_test_id("sheet")).to_be_visible()
    expect(desktop.get_by_text("Snapshot").first).to_be_visible()
    first = rows(ask(own, "actions"))[0]
    expect(desktop.get_by_test_id("action-row").first).to_contain_text(str(int(first["clicks"])))
    for gone in ("Save this heatmap", "Share", "Choose background", "Refresh", "Filter", "Custom"):
        expect(desktop.get_by_role("button", name=gone, exact=True)).to_have_count(0)
    expect(desktop.get_by_role("button", name=re.compile("^Application"))).to_have_count(0)
    desktop.get_by_role("button", name=re.compile("^More about")).first.click()
    expect(desktop.get_by_test_id("details")).to_be_visible()
    expect(desktop.get_by_test_id("sessions")).to_have_count(0)
    picture = desktop.get_by_test_id("sheet").locator("img").first
    expect(picture).to_have_attribute("src", re.compile("^blob:"))
    desktop.get_by_role("tab", name="Scroll map").click()
    expect(desktop.get_by_role("slider")).to_be_visible()


class Silent(SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def wiki(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the page of another site, to be written, and its address."""
    page = tmp_path / "wiki.html"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(tmp_path)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield page, f"http://localhost:{server.server_port}/wiki.html"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_snapshot_is_embedded_in_another_site(
    desktop: Page, own: str, wiki: tuple[Path, str]
) -> None:
    save(desktop, own, "For the wiki")
    go(desktop, own, "Home")
    share(desktop, "For the wiki")
    html = desktop.get_by_role("dialog").get_by_label("Embed").input_value()
    page, address_of_it = wiki
    page.write_text(f"<link rel=icon href=data:,>{html}")
    desktop.goto(address_of_it)
    frame = desktop.frame_locator("iframe[title='For the wiki']")
    expect(frame.get_by_test_id("sheet").locator("img").first).to_be_visible()


def test_a_snapshot_with_password_asks_for_it(desktop: Page, own: str, chromium: Browser) -> None:
    save(desktop, own, "Secret")
    go(desktop, own, "Home")
    link = share(desktop, "Secret", "abcd1234", locked=False)
    visitor = chromium.new_page()  # the browser itself logs each refusal
    visitor.goto(link)
    visitor.get_by_label("Password").fill("wrong000")
    visitor.get_by_role("button", name="Open").click()
    expect(visitor.get_by_text("The password is wrong.")).to_be_visible()
    visitor.get_by_label("Password").fill("abcd1234")
    visitor.get_by_role("button", name="Open").click()
    expect(visitor.get_by_role("radiogroup", name="Time range")).to_be_visible()
    visitor.close()


def test_a_snapshot_keeps_its_picture_when_the_page_loses_it(desktop: Page, own: str) -> None:
    purple = io.BytesIO()
    Image.new("RGB", (1280, 1600), "rebeccapurple").save(purple, "PNG")
    form = encode_multipart_formdata(
        {
            "application": DATADOG,
            "page": "/",
            "viewport_w": "1280",
            "picture": ("a.png", purple.getvalue()),
        }
    )
    request = urllib.request.Request(
        f"{own}/api/v1/backgrounds/upload", form[0], {"Content-Type": form[1]}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        picture = json.load(answer)["background"]["id"]
    save(desktop, own, "Purple", background=picture)
    go(desktop, own, "Home")
    link = share(desktop, "Purple")
    address_of_it = f"{own}/api/v1/backgrounds/{picture}"
    urllib.request.urlopen(urllib.request.Request(address_of_it, method="DELETE"), timeout=10)
    desktop.goto(link)
    shown = desktop.get_by_test_id("sheet").locator("img").first
    expect(shown).to_have_js_property("naturalWidth", 1280)


def test_a_revoked_snapshot_is_gone(desktop: Page, own: str, chromium: Browser) -> None:
    save(desktop, own, "Short-lived")
    go(desktop, own, "Home")
    link = share(desktop, "Short-lived")
    desktop.get_by_role("dialog").get_by_role("button", name="Done").click()
    go(desktop, own, "Shared snapshots")
    desktop.get_by_role("button", name="Revoke the snapshot of Short-lived").click()
    asked = desktop.get_by_role("alertdialog", name="Revoke the snapshot of Short-lived")
    asked.get_by_role("button", name="Revoke").click()  # it cannot be undone
    expect(desktop.get_by_text("no longer works")).to_be_visible()
    visitor = chromium.new_page()  # the browser itself logs the refusal
    visitor.goto(link)
    expect(visitor.get_by_text("This snapshot no longer exists")).to_be_visible()
    visitor.close()


def test_health_says_what_arrived_and_fills_in_the_address(desktop: Page, tmp_path: Path) -> None:
    for base in serve(tmp_path):
        visit = {
            "application": "x", "session": "s", "view": "v", "seq": 0,
            "url": "https://x.test/", "viewport": [1440, 900],
            "records": [{"t": 1_795_364_500_000, "type": "page", "depth": 900, "height": 2812}],
        }  # fmt: skip
        urllib.request.urlopen(f"{base}/intake/events", json.dumps(visit).encode(), timeout=10)
        desktop.goto(f"{base}/?screen=health")
        arrivals = desktop.get_by_role("table", name="What arrives")
        expect(arrivals.get_by_role("row").nth(1)).to_contain_text("events")
        expect(desktop.get_by_text(f'src="{base}/intake/isotherm.js"')).to_be_visible()
        expect(desktop.get_by_role("table", name="Parts of the server")).to_contain_text("works")


def test_health_shows_how_much_is_placed(desktop: Page, served: str) -> None:
    desktop.goto(address(served, screen="health", app=DATADOG))
    coverage = ask(served, "heat", cell=64)["schema"]["meta"]["custom"]["isotherm"]["coverage"]
    row = desktop.get_by_role("row").filter(has=desktop.get_by_role("link", name="/", exact=True))
    expect(row).to_contain_text(f"{coverage * 100:.1f}".removesuffix(".0"))


def test_health_tells_which_addresses_became_a_page(desktop: Page, served: str) -> None:
    desktop.goto(address(served, screen="health", app=DATADOG))
    desktop.get_by_role("button", name="Addresses of /", exact=True).click()
    query = {"application": DATADOG, "page": "/", "from": 0, "to": 4_000_000_000_000}
    url = f"{served}/api/v1/facets/url/values?{urlencode(query)}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        most, views = json.load(answer)["values"][0].values()
    listed = desktop.get_by_role("list", name="Addresses of /")
    expect(listed.get_by_role("listitem").first).to_have_text(re.compile(f"{most}{views:.0f} view"))
    listed.get_by_role("link", name=most, exact=True).click()
    expect(desktop.get_by_text(f"Address is {most}", exact=True)).to_be_visible()
    counted = desktop.get_by_role("region", name="Statistics of the page")
    expect(counted).to_contain_text(f"{views:.0f} view")
    expect(desktop.get_by_test_id("sheet")).to_be_visible()


@pytest.mark.refused(404)
def test_what_another_tab_deleted_is_told_and_leaves_the_list(desktop: Page, own: str) -> None:
    save(desktop, own, "Seen in two tabs")
    go(desktop, own, "Home")
    card = desktop.get_by_role("article", name="Seen in two tabs")
    expect(card).to_be_visible()
    with urllib.request.urlopen(f"{own}/api/v1/heatmaps", timeout=10) as answer:
        heatmap = json.load(answer)["heatmaps"][0]
    kept = f"{own}/api/v1/heatmaps/{heatmap['id']}"
    urllib.request.urlopen(urllib.request.Request(kept, method="DELETE"), timeout=10)
    desktop.get_by_role("button", name="Rename Seen in two tabs").click()
    asked = desktop.get_by_role("dialog", name="Rename this heatmap")
    asked.get_by_role("textbox").fill("Another name")
    asked.get_by_role("button", name="Rename", exact=True).click()
    expect(asked.get_by_role("alert")).to_contain_text("This was not done. There is no such saved")
    expect(card).to_have_count(0)
    asked.get_by_role("button", name="Cancel").click()
    expect(desktop.get_by_role("alert")).to_have_count(0)
