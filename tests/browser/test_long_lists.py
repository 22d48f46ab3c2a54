"""Hundreds of applications, thousands of pages and elements: cut lists say so, and show more."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.bench.many import APPLICATIONS, BUSY, ELEMENTS, PAGE, PAGES, made
from tests.browser.scenario import address
from tests.conftest import serve

LOADED_MS = 30_000
SHOWN = {"page": PAGE, "from": "now-24h"}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("many")
    made(folder)
    yield from serve(folder)


def test_the_elements_of_a_page_are_shown_on_demand(desktop: Page, many: str) -> None:
    desktop.goto(address(many, app=BUSY, **SHOWN))
    table = desktop.get_by_role("table", name="Actions")
    more = desktop.get_by_test_id("show-more")
    for shown in (100, 1_000):
        expect(more).to_contain_text(f"{shown:,} of {ELEMENTS:,} elements", timeout=LOADED_MS)
        expect(table).to_have_attribute("aria-rowcount", str(shown + 1))
        more.get_by_role("button", name="Show more").click()
    expect(table).to_have_attribute("aria-rowcount", str(ELEMENTS + 1), timeout=LOADED_MS)
    expect(more).to_have_count(0)
    rows = desktop.get_by_test_id("action-row")
    assert rows.count() < 120
    rows.first.evaluate(
        "(one) => { const list = one.closest('[role=group]'); list.scrollTop = list.scrollHeight; }"
    )
    expect(desktop.locator(f"[aria-rowindex='{ELEMENTS + 1}']")).to_be_visible()
    desktop.get_by_placeholder("Find an action").fill(f"Button {ELEMENTS - 1}")
    expect(rows).to_have_count(1)


def test_pages_and_applications_are_searched(desktop: Page, many: str) -> None:
    desktop.goto(address(many, app=BUSY, **SHOWN))
    desktop.get_by_role("button", name="Page:").click()
    dialog = desktop.get_by_role("dialog", name="Page:")
    expect(dialog).to_contain_text(f"60 of {PAGES:,} pages", timeout=LOADED_MS)
    dialog.get_by_role("button", name="Show more").click()
    expect(dialog).to_contain_text(f"480 of {PAGES:,} pages", timeout=LOADED_MS)
    entries = dialog.get_by_role("listitem")
    assert entries.count() < 120
    dialog.get_by_placeholder("Search pages").fill("19999")
    expect(entries).to_have_count(1, timeout=LOADED_MS)
    desktop.keyboard.press("Escape")

    desktop.get_by_role("button", name="Application:").click()
    search = desktop.get_by_placeholder(f"Search {APPLICATIONS} applications")
    expect(search).to_be_visible()
    applications = desktop.get_by_role("dialog", name="Application:").get_by_role("listitem")
    expect(applications.first).to_be_visible(timeout=LOADED_MS)
    assert applications.count() < 120
    search.fill("app-299")
    expect(applications).to_have_count(1)
