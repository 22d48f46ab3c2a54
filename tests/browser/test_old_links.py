"""Links that name what is not there any more: the page says so, and shows what there is."""

from playwright.sync_api import Page, expect

from tests.browser.scenario import DATADOG, address, called


def test_a_picture_that_was_deleted_makes_room_for_the_automatic_one(
    desktop: Page, served: str
) -> None:
    desktop.goto(address(served, app=DATADOG, page="/", background="0" * 32))
    expect(desktop.get_by_test_id("gone")).to_contain_text("picture in this link")
    expect(desktop.get_by_test_id("sheet")).to_be_visible()
    expect(desktop.get_by_role("alert")).to_have_count(0)
    assert "background=" not in desktop.url
    desktop.get_by_test_id("gone").get_by_role("button").click()
    expect(desktop.get_by_test_id("gone")).to_have_count(0)


def test_a_zone_that_was_deleted_is_told(desktop: Page, served: str) -> None:
    desktop.goto(address(served, app=DATADOG, page="/", zone="0" * 32))
    expect(desktop.get_by_test_id("gone")).to_contain_text("zone in this link")
    expect(desktop.get_by_test_id("sheet")).to_be_visible()
    assert "zone=" not in desktop.url


def test_an_application_that_nobody_knows_leads_to_those_there_are(
    desktop: Page, served: str
) -> None:
    desktop.goto(address(served, app="shop-of-last-year", page="/"))
    empty = desktop.get_by_test_id("empty")
    expect(empty).to_contain_text("Nobody has visited this page yet")
    expect(empty.locator("[data-verdict=likely]").first).to_contain_text("no application with this")
    empty.get_by_role("button", name="Choose another application").click()
    expect(desktop.get_by_text(called(served)).first).to_be_visible()
    expect(empty).to_have_count(0)


def test_nobody_scrolled_where_nobody_was(desktop: Page, served: str) -> None:
    desktop.goto(address(served, app=DATADOG, page="/never", map="scroll"))
    expect(desktop.get_by_test_id("empty")).to_contain_text("Nobody has visited this page yet")
    expect(desktop.get_by_test_id("wireframe")).to_have_count(0)
    expect(desktop.get_by_test_id("depth-bar")).to_have_count(0)


def test_a_release_is_not_compared_where_there_is_only_one(desktop: Page, served: str) -> None:
    day = {"from": "now-1m", "to": "now"}
    desktop.goto(address(served, app=DATADOG, page="/", colour="change", **day))
    expect(desktop.get_by_test_id("empty")).to_be_visible()
    expect(desktop.get_by_role("alert")).to_have_count(0)


def test_a_link_that_leads_nowhere_is_told_on_home(desktop: Page, served: str) -> None:
    told = desktop.get_by_test_id("nowhere")
    desktop.goto(address(served, screen="home", snapshot="long-ago"))
    expect(told).to_contain_text("leads to no snapshot")
    desktop.goto(address(served, screen="nonsense"))
    expect(told).to_contain_text("a page that Isotherm does not have")
    told.get_by_role("button").click()
    expect(told).to_have_count(0)
    assert "nonsense" not in desktop.url
