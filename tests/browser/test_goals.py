"""Visitors who reached a goal and those who did not: by the words on the screen."""

import re

from playwright.sync_api import Page, expect

from tests.browser.scenario import ask, first_placed, open_map

CHECKOUT = "/checkout"


def clicks(base: str, operator: str, device: str = "") -> float:
    filters = [{"key": "reached_page", "operator": operator, "value": CHECKOUT}]
    if device:
        filters.append({"key": "device", "operator": "=", "value": device})
    frame = ask(base, "heat", filters=filters)
    counted: float = frame["schema"]["meta"]["custom"]["isotherm"]["clicks"]
    return counted


def test_the_heat_of_desktop_visitors_who_did_not_get_to_the_checkout(
    desktop: Page, served: str
) -> None:
    assert 0 < clicks(served, "!=") < clicks(served, "=") + clicks(served, "!=")
    open_map(desktop, served)
    for field, value, left_out in (("Device", "desktop", False), ("Reached page", CHECKOUT, True)):
        desktop.get_by_role("button", name="Filter by").click()
        desktop.get_by_role("button", name=field, exact=True).click()
        if left_out:
            desktop.get_by_role("radio", name="did not reach").click()
        desktop.get_by_text(value, exact=True).last.click()
        desktop.get_by_role("button", name="Apply 1 value").click()
    chip = desktop.get_by_text(f"Visitors: did not reach {CHECKOUT}")
    expect(chip).to_be_visible()
    number = f"{clicks(served, '!=', 'desktop'):,.0f}"
    statistics = desktop.get_by_role("region", name="Statistics of the page")
    expect(statistics.get_by_role("button", name=re.compile(f"^{number} clicks"))).to_be_visible()
    desktop.reload()
    expect(chip).to_be_visible()


def test_a_map_is_split_by_a_goal_with_the_lift_of_each_element(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    desktop.get_by_role("button", name="Split the map by").click()
    desktop.get_by_role("button", name="Who reached a goal, and who did not").click()
    goals = desktop.get_by_role("list", name="Pages", exact=True)
    goals.get_by_role("button", name=re.compile(rf"^\{CHECKOUT} \d")).click()
    maps = desktop.get_by_test_id("split-map")
    expect(maps).to_have_count(2)
    expect(maps.nth(0)).to_contain_text(f"Reached it{clicks(served, '='):,.0f} clicks")
    expect(maps.nth(1)).to_contain_text(f"Did not{clicks(served, '!='):,.0f} clicks")
    lifts = desktop.get_by_role("columnheader", name="Lift")
    expect(lifts).to_be_visible()
    factor = re.compile("[0-9]\N{MULTIPLICATION SIGN}")
    expect(desktop.get_by_test_id("compare-row").filter(has_text=factor).first).to_be_visible()


def test_the_split_starts_with_its_fields_again(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    split = desktop.get_by_role("button", name="Split the map by")
    goals = desktop.get_by_role("list", name="Pages", exact=True)
    device = desktop.get_by_role("dialog").get_by_role("button", name="Device", exact=True)
    split.click()
    desktop.get_by_role("button", name="Who reached a goal, and who did not").click()
    expect(goals).to_be_visible()
    desktop.keyboard.press("Escape")
    expect(goals).to_have_count(0)
    split.click()
    expect(device).to_be_visible()
    expect(goals).to_have_count(0)


def test_a_conversion_leads_to_those_who_did_not_get_there(desktop: Page, served: str) -> None:
    element = first_placed(served)["element"]
    open_map(desktop, served, action=element, target="page|%2Fcheckout")
    desktop.get_by_role("button", name="Map of those who did not").click()
    expect(desktop.get_by_text(f"Visitors: did not reach {CHECKOUT}")).to_be_visible()
    expect(desktop.get_by_test_id("details")).to_have_count(0)
