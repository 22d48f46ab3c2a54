"""The script that sites paste, in a real Chromium on the sample shop."""

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, send_from_directory
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from isotherm.intake.drops import Counters
from isotherm.intake.options import Options
from isotherm.intake.routes import intake_blueprint
from isotherm.intake.steps import Steps
from isotherm.model import Event, Segment, SegmentFormat
from tests.intake.intake_under_test import SAMPLES, truth

SITE = SAMPLES / "site"
SCRIPT = Path(__file__).parents[2] / "backend/isotherm/intake/senders/isotherm/isotherm.js"
WAIT_S = 5


class Shop:
    """The sample shop with the script pasted in, and the intake it sends to."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.arrived = threading.Condition()
        self.paste = ""
        steps = Steps(Options())
        app = Flask("shop-under-test")
        app.register_blueprint(intake_blueprint(steps, self.append, Counters(), steps.options))
        app.add_url_rule("/", view_func=lambda: self.page("index.html"))
        app.add_url_rule("/checkout", endpoint="spa", view_func=lambda: self.page("index.html"))
        app.add_url_rule(
            "/checkout.html", endpoint="checkout", view_func=lambda: self.page("checkout.html")
        )
        app.add_url_rule(
            "/<path:file>", endpoint="file", view_func=lambda file: send_from_directory(SITE, file)
        )
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def page(self, name: str) -> Response:
        html = (SITE / name).read_text()
        return Response(html.replace('<script src="/rum.js"></script>', self.paste))

    def append(self, events: list[Event]) -> None:
        with self.arrived:
            self.segments += [event for event in events if isinstance(event, Segment)]
            self.arrived.notify_all()

    def records(self, kind: str) -> list[dict[str, Any]]:
        bodies = sorted(
            (json.loads(segment.body) for segment in self.segments),
            key=lambda body: body["records"][0]["t"],
        )
        return [
            record | {"view": body["view"], "url": body["url"]}
            for body in bodies
            for record in body["records"]
            if record["type"] == kind
        ]

    def wait_for(self, kind: str, count: int) -> list[dict[str, Any]]:
        with self.arrived:
            self.arrived.wait_for(lambda: len(self.records(kind)) >= count, WAIT_S)
        assert len(self.records(kind)) == count
        return self.records(kind)


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()
    shop.paste = (
        '<script async src="/intake/isotherm.js" data-application="shop" data-env="prod"'
        ' data-user="u-1" data-user-name="Ann"></script>'
    )
    serving = threading.Thread(target=shop.server.serve_forever)
    serving.start()
    yield shop
    shop.server.shutdown()
    serving.join()


@pytest.fixture
def page(chromium: Browser, shop: Shop) -> Iterator[Page]:
    yield from opened(chromium, shop, clock=False)


@pytest.fixture
def timed(chromium: Browser, shop: Shop) -> Iterator[Page]:
    """Yield a page whose time a test can let pass."""
    yield from opened(chromium, shop, clock=True)


def opened(chromium: Browser, shop: Shop, *, clock: bool) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    if clock:
        page.clock.install()
    page.goto(shop.url + "/?utm_source=mail")
    page.wait_for_function("document.querySelector('[src$=\"isotherm.js\"]')")
    page.wait_for_load_state()
    yield page
    context.close()


def leave(page: Page) -> None:
    page.goto("about:blank")


def test_it_is_small() -> None:
    assert len(SCRIPT.read_bytes()) < 3_000


@pytest.mark.server
def test_it_is_made_of_its_source() -> None:
    root = SCRIPT.parents[5]
    esbuild = root / "grafana-plugin/node_modules/.bin/esbuild"
    if not esbuild.exists():
        pytest.skip("esbuild is not installed")
    source = SCRIPT.parent / "script/isotherm.src.js"
    command = [str(esbuild), "--minify", "--target=es2021", str(source)]
    made = subprocess.run(command, check=True, capture_output=True, cwd=root).stdout
    assert made == SCRIPT.read_bytes()


def click_all(page: Page, selectors: list[str]) -> None:
    for selector in selectors:
        page.locator(selector).first.click()


def test_clicks_have_the_selectors_and_places_of_datadogs_sdk(page: Page, shop: Shop) -> None:
    sent = {
        json.loads(line)["action"]["target"]["name"]: json.loads(line)["_dd"]["action"]
        for body in sorted((SAMPLES / "datadog/dd7-desktop-allow").glob("*.rum.ndjson"))
        for line in body.read_text().split("\n")
        if '"type":"action"' in line
    }
    wanted = {
        "Add to cart": "[data-testid=hero-buy]",
        "Size guide": "#open-modal",
        "Got it": "[data-testid=modal-ok]",
        "jacket picture": ".art-inner",
        "Trail Jacket, rebuilt": ".hero h1",
        "Menu": "#menu-toggle",
        "Orders": "[data-action=orders]",
        "Compare": "#btn-9f3a1c",
        "Ask an expert": "#shadow-host button",
    }
    click_all(page, list(wanted.values()))
    leave(page)
    clicks = shop.wait_for("click", len(wanted))
    assert [click["label"] for click in clicks] == list(wanted)
    for click in clicks:
        if click["label"] == "Add to cart":
            continue  # several elements have this name
        datadog = sent[click["label"]]["target"]
        assert click["element"] == datadog["selector"]
        # Texts are a few px wider or narrower in the fonts of another machine.
        assert click["w"] == pytest.approx(datadog["width"], abs=6)
        assert click["h"] == pytest.approx(datadog["height"], abs=6)
    assert clicks[0]["element"] == 'BUTTON[data-testid="hero-buy"]'


def test_every_element_of_the_truth_has_the_key_that_datadog_gave(page: Page, shop: Shop) -> None:
    """The same clicks as in the recorded session, at the same places of the page."""
    recorded = [
        click for click in truth("datadog/dd7-desktop-allow")["clicks"] if click["path"] == "/"
    ]
    at_rest = [
        click for click in recorded if click["label"].startswith(("card", "broken", "footer"))
    ]
    for click in at_rest:
        page.locator(click["author_selector"]).nth(click["nth"]).scroll_into_view_if_needed()
        page.locator(click["author_selector"]).nth(click["nth"]).click()
    leave(page)
    clicks = shop.wait_for("click", len(at_rest))
    sent = {
        json.loads(line)["_dd"]["action"]["target"]["selector"]
        for body in (SAMPLES / "datadog/dd7-desktop-allow").glob("*.rum.ndjson")
        for line in body.read_text().split("\n")
        if '"type":"action"' in line
    }
    assert {click["element"] for click in clicks} <= sent


def test_a_click_knows_its_place_on_the_page(page: Page, shop: Shop) -> None:
    page.mouse.wheel(0, 1_000)
    page.wait_for_function("window.scrollY == 1000")
    box = page.locator(".helpful").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 12, box["y"] + 7)
    leave(page)
    [click] = shop.wait_for("click", 1)
    assert (click["x"], click["y"]) == pytest.approx((12, 7), abs=0.6)
    assert (click["page_x"], click["page_y"]) == pytest.approx(
        (box["x"] + 12, box["y"] + 7 + 1_000), abs=0.6
    )


def test_reactions_tell_dead_clicks_from_others(page: Page, shop: Shop) -> None:
    active = {
        "[data-testid=hero-buy]": True,  # changes the cart
        ".hero h1": False,
        "#email": True,  # a field
        "#btn-9f3a1c": False,  # a button without handler
        "#shadow-host button": True,  # changes inside a shadow root
        "#dead-badge": False,
        "#weekly": True,  # a checkbox
        "#opener": True,  # opens a popover, which changes nothing in the document
    }
    page.evaluate(
        "document.querySelector('#trouble').insertAdjacentHTML('beforeend',"
        " '<button id=opener popovertarget=tip>?</button><p popover id=tip>Tip</p>')"
    )
    for selector in active:
        page.locator(selector).first.click()
        page.evaluate("new Promise(done => setTimeout(done, 250))")  # reactions end after 100 ms
    leave(page)
    clicks = shop.wait_for("click", len(active))
    assert {
        selector: click["active"] for selector, click in zip(active, clicks, strict=True)
    } == active


def test_keys_and_label_echoes_are_no_clicks(page: Page, shop: Shop) -> None:
    page.locator("#open-modal").focus()
    page.keyboard.press("Enter")
    page.locator("[data-testid=modal-ok]").focus()
    page.keyboard.press("Enter")
    page.locator("label[for=email]").click()
    leave(page)
    [click] = shop.wait_for("click", 1)
    assert click["label"] == "Email"


def test_a_change_of_route_is_a_new_view(page: Page, shop: Shop) -> None:
    page.locator("a[href='#features']").click()  # an anchor is not
    page.locator("#spa-checkout").click()
    page.locator("#back-to-shop").click()
    page.locator("[data-testid=full-nav-checkout]").click()
    page.wait_for_url("**/checkout.html")
    page.wait_for_load_state()
    leave(page)
    pages = shop.wait_for("page", 4)
    places = [view["url"].removeprefix(shop.url) for view in pages]
    assert places == ["/?utm_source=mail", "/checkout", "/", "/checkout.html"]
    assert len({view["view"] for view in pages}) == 4
    assert len({segment.session_id for segment in shop.segments}) == 1
    clicks = shop.wait_for("click", 4)
    assert [click["view"] for click in clicks] == [
        pages[0]["view"],
        pages[0]["view"],
        pages[1]["view"],
        pages[2]["view"],
    ]
    assert all(click["active"] for click in clicks)


def test_depth_height_and_time_are_measured(timed: Page, shop: Shop) -> None:
    timed.clock.fast_forward(100)
    timed.mouse.wheel(0, 600)
    timed.wait_for_function("window.scrollY == 600")
    timed.mouse.wheel(0, -600)
    timed.wait_for_function("window.scrollY == 0")
    leave(timed)
    [end] = shop.wait_for("end", 1)
    assert (end["depth"], end["height"]) == (1_500, 2_812)
    [start] = shop.records("page")
    assert (start["depth"], start["height"]) == (900, 2_812)
    assert 0 < end["spent"] <= end["t"] - start["t"] + 100


def test_selecting_a_word_is_a_reaction(page: Page, shop: Shop) -> None:
    page.locator(".hero h1").dblclick(position={"x": 40, "y": 20})
    leave(page)
    assert [click["active"] for click in shop.wait_for("click", 2)] == [False, True]


def test_a_route_is_measured_when_it_is_there(timed: Page, shop: Shop) -> None:
    """The address changes before the document does: what was seen belongs to the page before."""
    timed.evaluate(
        """document.addEventListener('click', () => {
          history.pushState({}, '', '/short')
          setTimeout(() => { document.body.innerHTML = '<p>Short</p>'; scrollTo(0, 0) }, 400)
        })"""
    )
    timed.clock.fast_forward(100)
    timed.mouse.wheel(0, 1_000)
    timed.wait_for_function("window.scrollY == 1000")
    timed.mouse.click(700, 300)
    timed.wait_for_function("document.body.textContent == 'Short'")
    timed.clock.fast_forward(1_000)
    leave(timed)
    pages, ends = shop.wait_for("page", 2), shop.wait_for("end", 2)
    assert [end["depth"] for end in ends] == [1_900, 900]
    assert [(start["depth"], start["height"]) for start in pages] == [(900, 2_812), (900, 900)]


def test_errors_are_sent_with_their_kind(page: Page, shop: Shop) -> None:
    page.locator("#broken-btn").click()
    page.evaluate("Promise.reject(new RangeError('too far')) && 0")
    page.evaluate("setTimeout(() => { throw 'a text' }) && 0")
    page.evaluate("new Promise(done => setTimeout(done, 50))")
    leave(page)
    errors = shop.wait_for("error", 3)
    assert [error.get("kind") for error in errors] == ["TypeError", "RangeError", None]
    assert "reading 'count'" in errors[0]["message"]


def test_a_session_says_who_and_where(page: Page, shop: Shop) -> None:
    leave(page)
    shop.wait_for("end", 1)
    [segment] = shop.segments
    assert segment.format is SegmentFormat.NATIVE
    assert (segment.application, segment.user_id, segment.user_name) == ("shop", "u-1", "Ann")
    assert (segment.viewport_w, segment.viewport_h) == (1440, 900)
    assert segment.facets["env"] == "prod"
    assert segment.facets["device"] == "desktop"
    assert segment.url == shop.url + "/"  # the query is not kept in the row


def test_nothing_that_is_typed_is_sent(page: Page, shop: Shop) -> None:
    page.locator("#email").fill("ann@example.test")
    page.locator("#email").click()
    page.locator("#size").select_option("L")
    leave(page)
    shop.wait_for("end", 1)
    assert not any(b"ann@" in segment.body for segment in shop.segments)


def test_a_sample_of_none_sends_nothing(chromium: Browser, shop: Shop) -> None:
    shop.paste = shop.paste.replace("data-env", 'data-sample="0.000001" data-env')
    page = chromium.new_page()
    page.goto(shop.url)
    page.locator("#open-modal").click()
    leave(page)
    page.close()
    assert shop.segments == []
