"""Hundreds of applications, thousands of pages and elements: cut lists say so, and show more."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.bench.long_lists import APPLICATIONS, BUSY, ELEMENTS, PAGE, PAGES, made
from tests.browser.scenario import address
from tests.conftest import serve

LOADED_MS = 30_000
SHOWN = {"page": PAGE, "from": "now-24h"}


IN_SIGHT = """() => {
  const list = document.querySelector('table[aria-rowcount]').closest('[role=group]');
  const box = list.getBoundingClientRect();
  const seen = [...document.querySelectorAll('[data-testid=action-row]')].filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return bottom > box.top && top < box.bottom;
  });
  return seen.length > 5;
}"""


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
    with desktop.expect_download(timeout=LOADED_MS) as download:
        desktop.get_by_role("button", name="Download").click()
        desktop.get_by_role("button", name="List as a table").click()
    table_text = Path(download.value.path()).read_text("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(table_text)))) == ELEMENTS
    desktop.get_by_placeholder("Find an action").fill(f"Button {ELEMENTS - 1}")
    expect(rows).to_have_count(1)


def test_a_list_that_is_pushed_down_has_no_hole(desktop: Page, many: str) -> None:
    desktop.goto(address(many, app=BUSY, **SHOWN))
    more = desktop.get_by_test_id("show-more")
    expect(more).to_contain_text(f"100 of {ELEMENTS:,}", timeout=LOADED_MS)
    more.get_by_role("button", name="Show more").click()
    table = desktop.get_by_role("table", name="Actions")
    expect(table).to_have_attribute("aria-rowcount", "1001", timeout=LOADED_MS)
    # what stands above the list grows by much more than is drawn beyond the window
    desktop.get_by_role("region", name="Statistics of the page").evaluate(
        "(one) => { one.style.paddingBottom = '3000px'; }"
    )
    table.evaluate(
        "(one) => { const list = one.closest('[role=group]');"
        " list.scrollTop += one.getBoundingClientRect().top - list.getBoundingClientRect().top; }"
    )
    desktop.wait_for_function(IN_SIGHT)


def test_pages_and_applications_are_searched(desktop: Page, many: str) -> None:
    desktop.goto(address(many, app=BUSY, **SHOWN))
    desktop.get_by_role("button", name="Page:").click()
    dialog = desktop.get_by_role("dialog", name="Page:")
    expect(dialog).to_contain_text(f"60 of {PAGES:,} pages", timeout=LOADED_MS)
    dialog.get_by_role("button", name="Show more").click()
    expect(dialog).to_contain_text(f"600 of {PAGES:,} pages", timeout=LOADED_MS)
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
