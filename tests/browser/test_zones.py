"""Zones: drawn on the map, written down, kept from an element, opened by an address, removed."""

import json
import re
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.scenario import DATADOG, ask, first_placed, open_map, rows, zoom_of


def kept(base: str) -> list[dict[str, Any]]:
    """Return the zones of the shop's front page."""
    address = f"{base}/api/v1/zones?application={DATADOG}&page=/"
    with urllib.request.urlopen(address, timeout=30) as answer:
        zones: list[dict[str, Any]] = json.load(answer)["zones"]
    return zones


def test_a_zone_is_drawn_named_and_counted(desktop: Page, served: str) -> None:
    element = first_placed(served)
    open_map(desktop, served)
    zoom = zoom_of(desktop, served)
    zones = desktop.get_by_test_id("zones")
    zones.get_by_role("button", name="Draw a zone").click()
    sheet = desktop.get_by_test_id("sheet").bounding_box()
    assert sheet is not None
    left, top = sheet["x"] + 20, sheet["y"] + 20
    desktop.mouse.move(left, top)
    desktop.mouse.down()
    desktop.mouse.move(left + 300 * zoom, top + 200 * zoom, steps=4)
    desktop.mouse.up()
    zones.get_by_label("Name", exact=True).fill("Corner")
    for side in ("Left", "Top", "Width", "Height"):
        assert int(zones.get_by_label(side).input_value()) > 0
    zones.get_by_label("Left").fill(str(int(element["left"])))
    zones.get_by_label("Top").fill(str(int(element["top"])))
    zones.get_by_label("Width").fill(str(int(element["width"])))
    zones.get_by_label("Height").fill(str(int(element["height"])))
    zones.get_by_role("button", name="Keep the zone").click()
    mark = desktop.get_by_test_id("zone-mark")
    expect(mark).to_have_text("Corner")
    zone = next(one for one in kept(served) if one["name"] == "Corner")
    expect(desktop).to_have_url(re.compile(f"zone={zone['id']}"))
    area = {side: zone[side] for side in ("left", "top", "width", "height")}
    told = rows(ask(served, "zone", area=area, background=zone["background"]))[0]
    assert told["clicks"] > 0
    row = zones.get_by_role("row", name=re.compile("^Corner"))
    expect(row).to_contain_text(f"{told['clicks']:,.0f}")
    numbers = zones.locator("dl")
    expect(numbers).to_contain_text(f"First clicks{told['first_clicks']:,.0f}")
    expect(numbers).to_contain_text(f"{told['exposed']:,.0f}")

    desktop.reload()
    expect(mark).to_have_text("Corner")
    zones.get_by_role("button", name="Remove Corner").click()
    expect(mark).to_have_count(0)
    zones.get_by_role("button", name="Undo").click()
    expect(mark).to_have_text("Corner")
    zones.get_by_role("button", name="Remove Corner").click()
    expect(mark).to_have_count(0)
    assert not [one for one in kept(served) if one["name"] == "Corner"]


def test_an_element_is_kept_as_a_zone(desktop: Page, served: str) -> None:
    element = first_placed(served)
    open_map(desktop, served, action=element["element"])
    details = desktop.get_by_test_id("details")
    details.get_by_role("button", name="Keep as a zone").press("Enter")
    expect(details).to_contain_text(f"Kept as the zone “{element['action_name']}”.")
    zone = next(one for one in kept(served) if one["element"] == element["element"])
    told = rows(ask(served, "zone", element=element["element"]))[0]
    zones = desktop.get_by_test_id("zones")
    show = details.get_by_role("button", name="Show the zone")
    expect(show).to_be_focused()
    show.press("Enter")
    expect(desktop).to_have_url(re.compile(f"zone={zone['id']}"))
    name = re.compile("^" + re.escape(element["action_name"]))
    expect(zones.get_by_role("row", name=name)).to_contain_text(f"{told['clicks']:,.0f}")
    open_map(desktop, served, action=element["element"])
    expect(show).to_be_visible()  # and it is not kept a second time
    expect(details.get_by_role("button", name="Keep as a zone")).to_have_count(0)
    open_map(desktop, served, zone=zone["id"])
    numbers = zones.locator("dl")
    expect(numbers).to_contain_text(f"Clicks{told['clicks']:,.0f}")
    expect(desktop.get_by_test_id("zone-mark")).to_have_text(element["action_name"])
    zones.get_by_role("button", name=f"Remove {element['action_name']}").click()
    expect(zones.get_by_role("row")).to_have_count(0)


def test_what_is_drawn_stays_on_its_page_and_away_from_other_lists(
    desktop: Page, served: str
) -> None:
    open_map(desktop, served)
    pen, form = desktop.get_by_test_id("zone-pen"), desktop.get_by_role("form", name="Draw a zone")
    desktop.get_by_role("button", name="Draw a zone").click()
    expect(pen).to_be_visible()
    desktop.get_by_test_id("action-row").first.get_by_role("button").first.click()
    expect(desktop.get_by_test_id("details")).to_be_visible()
    expect(pen).to_have_count(0)
    desktop.get_by_role("button", name="Back to the list").click()
    expect(pen).to_be_visible()
    form.get_by_label("Name", exact=True).fill("Of the front page")
    desktop.keyboard.press("Escape")
    desktop.get_by_role("button", name="Go to a page, an element or a screen").click()
    desktop.get_by_test_id("palette").get_by_role("combobox").fill("checkout")
    desktop.get_by_role("option").filter(has_text="/checkout").first.click()
    expect(desktop).to_have_url(re.compile("page=%2Fcheckout"))
    expect(desktop.get_by_test_id("zones")).to_be_visible()
    expect(form).to_have_count(0)
    expect(pen).to_have_count(0)


@pytest.mark.refused(503)
def test_zones_that_cannot_be_listed_are_asked_for_again(desktop: Page, served: str) -> None:
    def fail(route: Route) -> None:
        problem = {"error": {"code": "store_unavailable", "message": "The store does not answer"}}
        route.fulfill(status=503, json=problem)

    desktop.route("**/api/v1/zones**", fail)
    open_map(desktop, served)
    zones = desktop.get_by_test_id("zones")
    expect(zones.get_by_role("alert")).to_contain_text("The store does not answer")
    expect(zones.get_by_role("button", name="Draw a zone")).to_have_count(0)
    desktop.unroute("**/api/v1/zones**")
    zones.get_by_role("button", name="Try again").click()
    expect(zones.get_by_role("button", name="Draw a zone")).to_be_visible()
