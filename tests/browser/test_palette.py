"""Going anywhere by name and by single keys, and opening a number to see what it counts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.scenario import DATADOG, address, ask, in_grafana, open_map, rows


def test_what_has_a_name_is_one_field_away(desktop: Page, served: str) -> None:
    element = next(row for row in rows(ask(served, "actions")) if row["element"])
    open_map(desktop, served)
    desktop.get_by_role("button", name="Go to a page, an element or a screen").click()
    field = desktop.get_by_test_id("palette").get_by_role("combobox")
    expect(field).to_be_focused()
    field.fill(element["action_name"])
    found = desktop.get_by_role("option", name=element["action_name"]).first
    expect(found).to_contain_text(f"{element['clicks']:,.0f} click")
    desktop.keyboard.press("Enter")
    expect(desktop).to_have_url(re.compile("action="))
    expect(desktop.get_by_test_id("details")).to_contain_text(element["action_name"])
    desktop.keyboard.press("Escape")
    expect(desktop).not_to_have_url(re.compile("action="))

    desktop.keyboard.press("/")
    field.fill("checkout")
    page = desktop.get_by_role("option").filter(has_text="/checkout").first
    expect(page).to_contain_text("view")
    page.click()
    expect(desktop).to_have_url(re.compile("page=%2Fcheckout"))
    expect(desktop.get_by_test_id("palette")).to_have_count(0)


FIRST_IS_READ_OUT = """() => {
  const field = document.querySelector('[data-testid=palette] [role=combobox]');
  const first = document.querySelector('[data-testid=palette] [role=option]');
  return first !== null && first.ariaSelected === 'true' &&
    first.id === field.getAttribute('aria-activedescendant');
}"""
"""Whether what a screen reader says while somebody writes is the entry that Enter opens."""


def test_what_enter_opens_is_the_first_entry_and_is_read_out(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    desktop.keyboard.press("/")
    palette = desktop.get_by_test_id("palette")
    for written in ("Add", "Checkout", ""):
        palette.get_by_role("combobox").fill(written)
        expect(palette.get_by_role("option").first).to_contain_text(written)
        desktop.wait_for_function(FIRST_IS_READ_OUT)


def test_an_element_is_shown_where_elements_are(desktop: Page, served: str) -> None:
    element = next(row for row in rows(ask(served, "actions")) if row["element"])
    open_map(desktop, served, map="scroll")
    desktop.keyboard.press("/")
    desktop.get_by_test_id("palette").get_by_role("combobox").fill(element["action_name"])
    found = desktop.get_by_role("option", name=element["action_name"]).first
    expect(found).to_contain_text("click")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_test_id("details")).to_contain_text(element["action_name"])
    expect(desktop).not_to_have_url(re.compile("map="))


@pytest.mark.alone("Home inside Grafana has Grafana's own search")
def test_away_from_a_map_it_is_said_where_elements_are_found(desktop: Page, served: str) -> None:
    desktop.goto(address(served))
    desktop.get_by_role("button", name="Go to a page, an element or a screen").click()
    palette = desktop.get_by_test_id("palette")
    palette.get_by_role("combobox").fill("Add to cart")
    expect(palette).to_contain_text("Elements are found on the map of their page")


def test_single_keys_do_what_the_sheet_says_and_can_be_switched_off(
    desktop: Page, served: str
) -> None:
    open_map(desktop, served)
    desktop.keyboard.press("3")
    expect(desktop.get_by_role("tab", name="Scroll map")).to_have_attribute("aria-selected", "true")
    desktop.keyboard.press("1")
    desktop.keyboard.press("w")
    expect(desktop).to_have_url(re.compile("zoom=page"))
    desktop.keyboard.press("/")
    desktop.get_by_test_id("palette").get_by_role("combobox").fill("shortcuts")
    desktop.get_by_role("option", name="Keyboard shortcuts").click()
    sheet = desktop.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.get_by_role("row", name="Ctrl K")).to_have_count(0 if in_grafana(served) else 1)
    sheet.get_by_role("checkbox", name="Use single keys").uncheck(force=True)
    desktop.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    desktop.keyboard.press("3")
    desktop.get_by_role("button", name="Fit width").click()
    expect(desktop).not_to_have_url(re.compile("map=scroll"))


def test_a_number_opens_to_its_meaning_the_time_before_and_its_sessions(
    desktop: Page, served: str
) -> None:
    ever = rows(ask(served, "page_stats"))[0]
    sessions = rows(ask(served, "replays", signal="rage", limit=5))
    open_map(desktop, served)
    tile = desktop.get_by_role("region", name="Statistics of the page").get_by_role(
        "button", name="rage clicks"
    )
    tile.focus()
    desktop.keyboard.press("Enter")
    expect(desktop).to_have_url(re.compile("number=rage"))
    number = desktop.get_by_test_id("number")
    expect(number).to_contain_text(f"{ever['rage_clicks']:,.0f} of {ever['clicks']:,.0f}")
    expect(number).to_contain_text("quick, repeated clicks")
    expect(number.get_by_role("listitem")).to_have_count(len(sessions))
    tile.click()
    expect(number).to_have_count(0)


def test_numbers_are_compared_with_the_time_before(desktop: Page, served: str) -> None:
    sessions = rows(ask(served, "replays", limit=100))
    starts = sorted(session["start"] for session in sessions)
    middle, end = starts[len(starts) // 2], starts[-1] + 3_600_000
    span = {"from": str(middle), "to": str(end)}
    desktop.goto(address(served, app=DATADOG, page="/", number="clicks", **span))
    number = desktop.get_by_test_id("number")
    now, before = (
        clicks_between(served, start, stop)
        for start, stop in ((middle, end), (2 * middle - end, middle))
    )
    assert now
    assert before
    expect(number).to_contain_text(f"{now:,.0f}")
    expect(number).to_contain_text(f"in the equally long time before: {before:,.0f}")


def clicks_between(base: str, start: int, stop: int) -> float:
    clicks: float = rows(ask(base, "page_stats", span=(start, stop)))[0]["clicks"]
    return clicks
