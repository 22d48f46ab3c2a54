"""Top elements, the scroll map, keys, phones and screen readers."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PLUGIN
from tests.browser.scenario import ask, open_map, rows

AXE = PLUGIN / "node_modules/axe-core/axe.min.js"


def test_numbers_on_the_map_are_the_ranks_of_the_list(desktop: Page, served: str) -> None:
    open_map(desktop, served, map="elements")
    top = rows(ask(served, "actions"))[:10]
    expect(desktop.get_by_test_id("action-row")).to_have_count(len(top))
    markers = desktop.get_by_test_id("marker")
    expected = sorted(row["rank"] for row in top if row["placed"])
    assert sorted(int(text) for text in markers.all_inner_texts()) == expected
    boxes = [markers.nth(i).bounding_box() for i in range(len(expected))]
    centres = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box]
    for i, (x, y) in enumerate(centres):
        for other_x, other_y in centres[i + 1 :]:
            assert ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5 >= 22


def test_the_bar_is_dragged_and_moved_by_keys_and_kept(desktop: Page, served: str) -> None:
    open_map(desktop, served, map="scroll", depth="300")
    bar = desktop.get_by_role("slider", name="Depth bar")
    box = bar.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    desktop.mouse.move(middle, box["y"] + box["height"] / 2)
    desktop.mouse.down()
    desktop.mouse.move(middle, box["y"] + 160, steps=5)
    desktop.mouse.up()
    dragged = int(bar.get_attribute("aria-valuenow") or "0")
    assert dragged > 400
    bar.focus()
    desktop.keyboard.press("ArrowDown")
    expect(bar).to_have_attribute("aria-valuenow", str(dragged + 10))
    desktop.keyboard.press("Home")
    expect(bar).to_have_attribute("aria-valuetext", re.compile("100% of views"))
    desktop.keyboard.press("PageDown")
    desktop.reload()
    expect(bar).to_have_attribute("aria-valuenow", "200")


def test_the_bar_reads_what_the_api_says(desktop: Page, served: str) -> None:
    curve = rows(ask(served, "scroll"))
    point = curve[len(curve) // 2]
    open_map(desktop, served, map="scroll", depth=str(point["depth_px"]))
    share = f"{point['share'] * 100:.1f}".removesuffix(".0")
    bar = desktop.get_by_role("slider", name="Depth bar")
    expect(bar).to_contain_text(f"{share}% of views ({point['views']:.0f})")
    expect(desktop.get_by_test_id("curve")).to_be_visible()


def test_everything_can_be_reached_without_a_mouse(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    desktop.get_by_role("tab", name="Click map").focus()
    desktop.keyboard.press("ArrowRight")
    expect(desktop.get_by_role("tab", name="Top elements")).to_be_focused()
    expect(desktop).to_have_url(re.compile("map=elements"))
    desktop.get_by_role("button", name=re.compile("^Page: ")).focus()
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("textbox", name="Search pages")).to_be_focused()
    desktop.keyboard.press("Escape")
    expect(desktop.get_by_role("button", name=re.compile("^Page: "))).to_be_focused()
    desktop.get_by_test_id("action-row").first.get_by_role("button").first.focus()
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_test_id("details")).to_be_visible()


def test_a_phone_shows_the_map_and_pulls_up_the_rest(phone: Page, served: str) -> None:
    open_map(phone, served)
    expect(phone.get_by_test_id("sheet")).to_be_visible()
    sideways = phone.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert sideways <= 0
    expect(phone.get_by_test_id("action-row").first).to_be_hidden()
    phone.get_by_role("button", name="Show details").click()
    expect(phone.get_by_test_id("action-row").first).to_be_visible()
    phone.get_by_role("button", name="Show map").click()
    phone.get_by_test_id("sheet").tap(position={"x": 60, "y": 60})
    expect(phone.get_by_test_id("pinned")).to_be_visible()


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"map": "elements"},
        {"map": "scroll"},
        {"page": ""},
        {"number": "rage"},
        {"split": "browser"},
    ],
)
def test_axe_finds_nothing(desktop: Page, served: str, state: dict[str, str]) -> None:
    if state.get("page") == "":
        open_map(desktop, served)
        desktop.get_by_role("button", name=re.compile("^Page: ")).click()
        expect(desktop.get_by_role("list", name="Most visited pages")).to_be_visible()
    else:
        open_map(desktop, served, **state)
        expect(desktop.get_by_role("region", name="Statistics of the page").first).to_be_visible()
    assert violations(desktop, AXE) == []


def test_axe_finds_nothing_in_the_palette_and_the_sheet_of_keys(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    desktop.keyboard.press("/")
    expect(desktop.get_by_role("option").first).to_be_visible()
    assert violations(desktop, AXE) == []
    desktop.get_by_test_id("palette").get_by_role("combobox").fill("shortcuts")
    desktop.get_by_role("option", name="Keyboard shortcuts").click()
    expect(desktop.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert violations(desktop, AXE) == []


def test_axe_finds_nothing_where_a_zone_is_drawn(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    desktop.get_by_role("button", name="Draw a zone").click()
    expect(desktop.get_by_label("Width", exact=True)).to_be_visible()
    assert violations(desktop, AXE) == []


@pytest.mark.alone("Grafana has time controls of its own")
def test_a_phone_picks_a_time_range_by_its_name(phone: Page, served: str) -> None:
    open_map(phone, served)
    phone.get_by_role("button", name="Time range").tap()
    ranges = phone.get_by_role("dialog", name="Time range")
    expect(ranges).to_be_in_viewport(ratio=1)
    month = ranges.get_by_role("button", name="Last 30 days")
    expect(month).to_have_text("Last 30 days")
    shown = month.locator("span").last
    assert shown.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)") >= 12
    month.tap()
    expect(ranges).to_have_count(0)
    expect(phone).to_have_url(re.compile(r"from=now-30d"))
    expect(phone.get_by_role("button", name="Time range: Last 30 days")).to_be_visible()


def test_axe_finds_nothing_on_a_dark_phone(phone: Page, served: str) -> None:
    open_map(phone, served)
    phone.get_by_role("button", name="Show details").click()
    expect(phone.get_by_test_id("action-row").first).to_be_visible()
    assert violations(phone, AXE) == []


def violations(page: Page, axe: Path) -> list[str]:
    """Return what axe-core finds wrong, one line each."""
    page.evaluate(axe.read_text())  # an injected script element is against the page's policy
    found: list[str] = page.evaluate(  # in Grafana its own bars are around ours
        """async () => {
          const found = await axe.run(document.getElementById('pageContent') ?? document);
          return found.violations.flatMap((rule) => rule.nodes.map((node) =>
            `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
        }"""
    )
    return found
