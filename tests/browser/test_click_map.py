"""The click map in a real browser: the heat is where the API says, and can be pointed at."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.scenario import (
    ALPHA_AT,
    DATADOG,
    address,
    ask,
    called,
    first_placed,
    heat_alpha,
    middle,
    open_map,
    rows,
    zoom_of,
)


def test_a_newcomer_gets_from_the_front_door_to_the_heat(desktop: Page, served: str) -> None:
    desktop.goto(address(served))
    desktop.get_by_role("link", name="New heatmap").click()
    desktop.get_by_role("button", name=re.compile(f"^{re.escape(called(served))}")).first.click()
    desktop.get_by_role("list", name="Most visited pages").get_by_role("button").first.click()
    expect(desktop.get_by_test_id("sheet")).to_be_visible()
    expect(desktop.get_by_test_id("heat").locator("canvas").first).to_be_attached()
    expect(desktop.get_by_test_id("action-row").first).to_be_visible()


def test_heat_lies_on_the_element_that_was_clicked(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    zoom = zoom_of(desktop, served)
    frame = ask(served, "heat")
    cell = frame["schema"]["meta"]["custom"]["isotherm"]["cell_px"]
    hottest = max(rows(frame), key=lambda row: row["value"])
    x, y = ((hottest[axis] + cell / 2) * zoom for axis in ("x", "y"))
    desktop.get_by_test_id("sheet").evaluate(
        "(e, y) => e.parentElement.parentElement.scrollTo(0, y - 200)", y
    )
    expect(desktop.get_by_test_id("heat")).to_be_attached()
    desktop.wait_for_function(f"([x, y]) => ({ALPHA_AT})([x, y]) > 150", arg=[x, y])
    cold = next(
        spot
        for spot in ((10.0, y), (200.0, y), (300.0, y), (500.0, y), (700.0, y))
        if all(
            abs(row["x"] * zoom - spot[0]) > 80 or abs(row["y"] * zoom - y) > 80
            for row in rows(frame)
        )
    )
    assert heat_alpha(desktop, *cold) == 0


NO_WORKER = {
    "may not be started": "class { constructor() { throw new Error('barred by a policy') } }",
    "breaks down": """class {
      constructor() { setTimeout(() => this.onerror({ preventDefault() {} })) }
      postMessage() {}
      terminate() {}
    }""",
}
"""How browsers let a page know that it has no worker, by when they do."""


def test_heat_is_coloured_beside_the_page(desktop: Page, served: str) -> None:
    with desktop.expect_worker():
        open_map(desktop, served)
    _expect_heat(desktop, served)


@pytest.mark.parametrize("worker", NO_WORKER.values(), ids=NO_WORKER)
def test_heat_is_there_where_no_worker_may_be(desktop: Page, served: str, worker: str) -> None:
    desktop.add_init_script(f"globalThis.Worker = {worker}")
    open_map(desktop, served)
    _expect_heat(desktop, served)
    assert not desktop.workers


def _expect_heat(page: Page, base: str) -> None:
    row, zoom = first_placed(base), zoom_of(page, base)
    page.get_by_role("button", name=f"Show {row['action_name']} on the map").first.click()
    at = middle(row, zoom)
    page.wait_for_function(f"([x, y]) => ({ALPHA_AT})([x, y]) > 0", arg=[at["x"], at["y"]])


def test_pointing_names_the_element_and_its_clicks(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    row, zoom = first_placed(served), zoom_of(desktop, served)
    desktop.get_by_role("button", name=f"Show {row['action_name']} on the map").first.click()
    sheet = desktop.get_by_test_id("sheet")
    at = middle(row, zoom)
    sheet.hover(position=at)
    expect(desktop.get_by_test_id("spot-tip")).to_contain_text(row["action_name"])
    expect(desktop.get_by_test_id("spot-tip")).to_contain_text(f"{row['clicks']} click")
    sheet.click(position=at)
    card = desktop.get_by_test_id("pinned")
    expect(card).to_contain_text(row["action_name"])
    card.get_by_role("button", name="Copy name").click()
    assert desktop.evaluate("navigator.clipboard.readText()") == row["action_name"]
    card.get_by_role("button", name="More analysis").click()
    details = desktop.get_by_test_id("details")
    expect(details.get_by_role("heading", name=row["action_name"])).to_be_visible()
    expect(details.get_by_test_id("sessions").get_by_role("listitem").first).to_be_visible()
    desktop.go_back()
    expect(desktop.get_by_test_id("details")).to_have_count(0)


def test_spots_are_reached_and_left_by_keys_alone(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    most = rows(ask(served, "actions"))
    shown = desktop.get_by_role("region", name="Map of")
    shown.focus()
    desktop.keyboard.press("Enter")
    card = desktop.get_by_test_id("pinned")
    expect(card).to_be_focused()
    expect(card).to_contain_text(re.compile(r"[\d,]+ clicks? ·"))
    hottest = card.locator("strong").inner_text()
    assert hottest in {row["action_name"] for row in most}
    before = card.bounding_box()
    desktop.keyboard.press("Shift+ArrowDown")
    expect(card).to_be_focused()
    assert card.bounding_box() != before
    desktop.keyboard.press("Shift+ArrowUp")
    expect(card.locator("strong")).to_have_text(hottest)
    desktop.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(shown).to_be_focused()


def test_the_list_and_the_statistics_equal_the_api(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    expected = rows(ask(served, "actions"))
    shown = desktop.get_by_test_id("action-row")
    expect(shown).to_have_count(len(expected))
    for position in (0, 1, 2):
        row = expected[position]
        expect(shown.nth(position)).to_contain_text(row["action_name"])
        expect(shown.nth(position)).to_contain_text(str(row["clicks"]))
    stats = rows(ask(served, "page_stats"))[0]
    region = desktop.get_by_role("region", name="Statistics of the page").first
    expect(region).to_contain_text(f"{stats['clicks']:,.0f}")
    expect(region).to_contain_text(f"of {stats['pages']} pages")


def test_the_list_is_searched_and_sorted(desktop: Page, served: str) -> None:
    told = rows(ask(served, "actions"))
    open_map(desktop, served)
    listed = desktop.get_by_test_id("action-row")
    sort = desktop.get_by_role("radiogroup", name="Sort by")
    sort.get_by_role("radio", name="Rage").click()
    expect(desktop).to_have_url(re.compile("sort=rage"))
    most = max(told, key=lambda row: row["rage"])
    expect(listed.first).to_contain_text(most["action_name"])
    expect(listed.first).to_contain_text(f"{most['rage']:.0f} rage")
    wanted = "add to"
    desktop.get_by_role("textbox", name="Find an action").fill(wanted)
    found = [row for row in told if wanted in row["action_name"].lower()]
    expect(listed).to_have_count(len(found))
    desktop.get_by_role("textbox", name="Find an action").fill("nothing is called that")
    expect(desktop.get_by_text("No action matches.")).to_be_visible()


def test_a_row_lights_its_place_and_its_crosshair_scrolls_there(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    row = first_placed(served)
    shown = desktop.get_by_test_id("action-row").nth(row["rank"] - 1)
    shown.hover()
    expect(desktop.get_by_test_id("glow")).to_be_attached()
    shown.get_by_role("button", name=f"Show {row['action_name']}").click()
    expect(desktop.get_by_test_id("glow")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("choice", "query", "params"),
    [
        (("Signal", "Rage"), "signal=rage", {"signal": "rage"}),
        (("Window width", "< 768"), "width=-767", {"width": {"max": 767}}),
        (("Counted as", "Users"), "metric=users", {"metric": "users"}),
    ],
)
def test_scope_switches_change_numbers_and_survive_a_reload(
    desktop: Page, served: str, choice: tuple[str, str], query: str, params: dict[str, object]
) -> None:
    open_map(desktop, served)
    group, name = choice
    groups = desktop.get_by_role("radiogroup", name=group)
    chosen = groups.get_by_role("radio", name=name, exact=True)
    chosen.click()
    expect(desktop).to_have_url(re.compile(re.escape(query)))
    top = rows(ask(served, "actions", **params))[0]
    first = desktop.get_by_test_id("action-row").first
    expect(first).to_contain_text(str(top["clicks"]))
    desktop.reload()
    expect(chosen).to_be_checked()
    expect(first).to_contain_text(str(top["clicks"]))


def test_a_filter_is_added_and_removed(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    desktop.get_by_role("button", name="Filter by").click()
    desktop.get_by_role("textbox", name="Search fields").fill("browser")
    desktop.get_by_role("dialog").get_by_role("listitem").first.get_by_role("button").click()
    values = desktop.get_by_role("list", name=re.compile("Values of"))
    expect(values.get_by_role("listitem").first).to_be_visible()
    names = [text.split("\n")[0] for text in values.get_by_role("listitem").all_inner_texts()]
    for name in names[:2]:
        values.get_by_text(name, exact=True).click()
    desktop.get_by_role("button", name="Apply").click()
    expect(desktop).to_have_url(re.compile("filter=browser"))
    chosen = [{"key": "browser", "operator": "in", "values": names[:2]}]
    (top, *_) = rows(ask(served, "actions", filters=chosen))
    expect(desktop.get_by_test_id("action-row").first).to_contain_text(str(top["clicks"]))
    desktop.get_by_role("button", name=re.compile("Remove the filter")).click()
    expect(desktop).not_to_have_url(re.compile("filter="))


def test_a_row_that_is_opened_is_lit_and_in_sight_and_the_list_comes_back_there(
    desktop: Page, served: str
) -> None:
    lowest = max((row for row in rows(ask(served, "actions")) if row["placed"]),
                 key=lambda row: row["top"])  # fmt: skip
    open_map(desktop, served)
    row = desktop.get_by_test_id("action-row").nth(lowest["rank"] - 1)
    row.get_by_role("button", name=re.compile("More about")).first.click()
    expect(desktop.get_by_test_id("details")).to_be_visible()
    expect(desktop.get_by_test_id("glow")).to_be_in_viewport()
    desktop.get_by_role("button", name="Back to the list").click()
    expect(row).to_be_in_viewport()


def test_people_at_a_spot_are_counted_by_the_server(desktop: Page, served: str) -> None:
    row = first_placed(served)
    open_map(desktop, served, metric="sessions")
    zoom = zoom_of(desktop, served)
    at = middle(row, zoom)
    desktop.get_by_test_id("sheet").hover(position=at)
    x, y, reach = at["x"] / zoom, at["y"] / zoom, 28
    left, top = max(0, round(x - reach)), max(0, round(y - reach))
    area = {"left": left, "top": top, "width": round(x + reach) - left,
            "height": round(y + reach) - top}  # fmt: skip
    (zone,) = rows(ask(served, "zone", area=area))
    expect(desktop.get_by_test_id("spot-tip")).to_contain_text(f"{zone['sessions']} sessions")


def test_a_map_opens_at_its_top_at_every_zoom(desktop: Page, served: str) -> None:
    open_map(desktop, served, zoom="1.5")
    sheet = desktop.get_by_test_id("sheet").bounding_box()
    window = desktop.get_by_test_id("sheet").locator("xpath=../..").bounding_box()
    assert sheet is not None
    assert window is not None
    assert sheet["y"] == pytest.approx(window["y"], abs=1)


def test_a_map_without_heat_on_the_screen_leads_to_it(desktop: Page, served: str) -> None:
    open_map(desktop, served, signal="rage")
    way = desktop.get_by_role("button", name="Hottest spot below")
    way.click()
    expect(way).to_have_count(0)
    map_ = desktop.get_by_role("region", name="Map of /")
    assert map_.evaluate("node => node.scrollTop") > 0
    map_.evaluate("node => node.scrollTo(0, 0)")
    expect(way).to_be_visible()


def test_a_scope_without_anything_says_what_to_do(desktop: Page, served: str) -> None:
    desktop.goto(address(served, app=DATADOG, page="/", filter="env|%3D|nowhere"))
    empty = desktop.get_by_test_id("empty")
    expect(empty).to_contain_text("Nobody visited this page in this scope")
    empty.get_by_role("button", name="Remove filters").click()
    expect(desktop.get_by_test_id("sheet")).to_be_visible()


def test_zoom_keeps_the_heat_sharp_and_the_place(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    before = zoom_of(desktop, served)
    desktop.get_by_role("button", name="Zoom in").click()
    expect(desktop).to_have_url(re.compile("zoom="))
    desktop.wait_for_function(  # whole screen px per pixel, and enough of them for a click's reach
        "() => { const c = document.querySelector('[data-testid=heat] canvas');"
        " const px = c ? c.getBoundingClientRect().width / c.width : 0;"
        " return px >= 1 && px <= 4 && Math.abs(px - Math.round(px)) < 0.01; }"
    )
    assert zoom_of(desktop, served) > before
