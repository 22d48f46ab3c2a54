"""Looking deeper: first and last clicks, split maps, an action in depth, depths, downloads."""

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser.scenario import (
    DATADOG,
    address,
    ask,
    called,
    first_placed,
    on_screen,
    open_map,
    rows,
)

HOUR_MS = 3_600_000


def busiest(base: str) -> dict[str, object]:
    """Return the most clicked action that has an element."""
    return next(row for row in rows(ask(base, "actions")) if row["element"])


@pytest.mark.parametrize(("choice", "signal"), [("First click", "first"), ("Last click", "last")])
def test_first_and_last_clicks_are_one_of_each_view(
    desktop: Page, served: str, choice: str, signal: str
) -> None:
    open_map(desktop, served)
    desktop.get_by_role("radio", name=choice, exact=True).click()
    expect(desktop).to_have_url(re.compile(f"signal={signal}"))
    expected = rows(ask(served, "actions", signal=signal))
    stats = rows(ask(served, "page_stats", signal=signal))[0]
    assert stats["clicks"] <= stats["views"]
    shown = desktop.get_by_test_id("action-row")
    expect(shown).to_have_count(len(expected))
    expect(shown.first).to_contain_text(expected[0]["action_name"])
    region = desktop.get_by_role("region", name="Statistics of the page").first
    expect(region).to_contain_text(f"{stats['clicks']:,.0f}")


def test_a_split_shows_one_map_per_value_and_they_scroll_as_one(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    desktop.get_by_role("button", name="Split the map by").click()
    desktop.get_by_role("textbox", name="Search fields").fill("browser")
    desktop.get_by_role("dialog").get_by_role("button", name="Browser", exact=True).click()
    expect(desktop).to_have_url(re.compile("split=browser"))
    maps = desktop.get_by_test_id("split-map")
    expect(maps.first).to_be_visible()
    for position in range(maps.count()):
        name = maps.nth(position).locator("strong").get_attribute("title")
        only = [{"key": "browser", "operator": "=", "value": name}]
        clicks = ask(served, "heat", filters=only)["schema"]["meta"]["custom"]["isotherm"]["clicks"]
        expect(maps.nth(position)).to_contain_text(f"{clicks:,.0f} click")
    desktop.get_by_role("button", name="Zoom in").click()
    tops = desktop.evaluate(
        """async () => {
          const windows = [...document.querySelectorAll('[data-testid=split-map] [role=region]')];
          windows[0].scrollTop = 120;
          await new Promise((done) => setTimeout(done, 300));
          return windows.map((one) => one.scrollTop);
        }"""
    )
    assert set(tops) == {120}
    desktop.get_by_role("button", name="Back to one map").click()
    expect(maps).to_have_count(0)


@pytest.mark.refused(503)
def test_a_split_whose_values_are_not_known_says_so_and_asks_again(
    desktop: Page, served: str
) -> None:
    def fail(route: Route) -> None:
        problem = {"error": {"code": "store_unavailable", "message": "The store does not answer"}}
        route.fulfill(status=503, json=problem)

    desktop.goto(address(served, app=DATADOG, page="/", split="browser"))
    maps = desktop.get_by_test_id("split-map")
    expect(maps.first).to_be_visible()
    desktop.route("**/facets/os/values**", fail)
    desktop.get_by_role("button", name="Split by Browser").click()
    desktop.get_by_role("textbox", name="Search fields").fill("system")
    desktop.get_by_role("dialog").get_by_role("button", name="Operating system", exact=True).click()
    expect(desktop).to_have_url(re.compile("split=os"))
    problem = desktop.get_by_test_id("split").get_by_role("alert")
    expect(problem).to_contain_text("The store does not answer")
    expect(maps).to_have_count(0)
    desktop.unroute("**/facets/os/values**")
    problem.get_by_role("button", name="Try again").click()
    expect(maps.first).to_be_visible()


def test_a_time_is_compared_with_the_one_before_element_by_element(
    desktop: Page, served: str
) -> None:
    starts = sorted(row["start"] for row in rows(ask(served, "replays", limit=100)))
    middle, end = starts[len(starts) // 2], starts[-1] + HOUR_MS
    spans = ((middle, end), (2 * middle - end, middle))
    open_map(desktop, served, **{"from": str(middle), "to": str(end)})
    desktop.get_by_role("button", name="Split the map by").click()
    desktop.get_by_role("button", name="Compare with the time before").click()
    expect(desktop).to_have_url(re.compile("split=period"))
    maps = desktop.get_by_test_id("split-map")
    told = [{row["element"]: row for row in rows(ask(served, "actions", span=at))} for at in spans]
    for position, span in enumerate(spans):
        clicks = ask(served, "heat", span=span)["schema"]["meta"]["custom"]["isotherm"]["clicks"]
        expect(maps.nth(position)).to_contain_text(f"{clicks:,.0f} click")
    expect(desktop.get_by_test_id("difference-map").get_by_test_id("tint").first).to_be_attached()
    listed = desktop.get_by_test_id("compare-row")
    expect(listed).to_have_count(len({*told[0], *told[1]} - {"", None}))
    element = listed.first.get_by_role("button").get_attribute("title")
    for column, of in enumerate(told, start=1):
        share = of[element]["share"] if element in of else 0
        shown = listed.first.get_by_role("cell").nth(column).inner_text()
        assert float(shown.rstrip("%")) == pytest.approx(100 * share, abs=0.051)
    listed.first.get_by_role("button").press("Enter")
    expect(desktop.get_by_test_id("details")).to_be_visible()


def test_an_action_tells_its_course_and_since_when(desktop: Page, served: str) -> None:
    raging = max(rows(ask(served, "actions")), key=lambda row: row["rage"])
    open_map(desktop, served, action=str(raging["element"]))
    details = desktop.get_by_test_id("details")
    action = rows(ask(served, "action", element=raging["element"]))[0]
    popularity = details.locator("dl")
    for number in (action["clicks"], action["sessions"]):
        expect(popularity).to_contain_text(f"{number:,.0f}")
    expect(popularity).to_contain_text(f"of {action['of']}")
    expect(details.get_by_test_id("since")).to_contain_text("First rage click:")
    replays = ask(served, "replays", element=raging["element"])
    sessions = details.get_by_test_id("sessions").get_by_role("listitem")
    expect(sessions).to_have_count(min(10, len(rows(replays))))
    expect(details.get_by_role("link", name="Play").first).to_be_visible()


def test_a_span_of_bars_is_zoomed_into_by_dragging_and_by_keys(desktop: Page, served: str) -> None:
    element = busiest(served)["element"]
    action = rows(ask(served, "action", element=element))[0]
    span = {
        "from": str(action["first_seen"] - HOUR_MS),
        "to": str(action["last_seen"] + HOUR_MS),
    }
    open_map(desktop, served, action=str(element), **span)
    bars = desktop.get_by_test_id("time-bars")
    bars.scroll_into_view_if_needed()
    box = bars.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    ends = desktop.locator("figcaption > span:not([aria-hidden])")
    whole = ends.all_inner_texts()
    desktop.mouse.move(box["x"] + box["width"] * 0.3, middle)
    desktop.mouse.down()
    desktop.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=5)
    desktop.mouse.up()
    expect(desktop).not_to_have_url(re.compile(f"from={span['from']}"))
    zoomed = parse_qs(urlparse(desktop.url).query)
    length = int(span["to"]) - int(span["from"])
    assert int(zoomed["to"][0]) - int(zoomed["from"][0]) == pytest.approx(length * 0.3, rel=0.15)
    desktop.go_back()
    expect(desktop).to_have_url(re.compile(f"from={span['from']}"))
    expect(ends).to_have_text(whole)
    bars.focus()
    desktop.keyboard.press("End")
    desktop.keyboard.press("Shift+ArrowLeft")
    desktop.keyboard.press("Enter")
    expect(desktop).to_have_url(re.compile(f"to={span['to']}"))
    expect(desktop).not_to_have_url(re.compile(f"from={span['from']}"))


def test_a_goal_is_chosen_and_the_share_is_the_funnels(desktop: Page, served: str) -> None:
    element = busiest(served)["element"]
    open_map(desktop, served, action=str(element))
    conversion = desktop.get_by_test_id("conversion")
    conversion.get_by_role("button", name="Choose a goal").click()
    goals = desktop.get_by_role("list", name="Actions").get_by_role("button")
    expect(goals.first).to_be_visible()
    key = goals.first.get_attribute("title")
    goals.first.click()
    expect(desktop).to_have_url(re.compile("target=element"))
    steps = rows(ask(served, "funnel", steps=[{"element": element}, {"element": key}]))
    expect(conversion).to_contain_text(f"{steps[0]['sessions']} session")
    expect(conversion).to_contain_text(f"{steps[1]['sessions']} reached the goal")
    conversion.get_by_role("button", name="Remove the goal").click()
    expect(desktop).not_to_have_url(re.compile("target="))


def test_views_behind_an_insight_are_as_many_as_the_curve_says(desktop: Page, served: str) -> None:
    open_map(desktop, served, map="scroll")
    insight = desktop.get_by_role("listitem").filter(has_text="got past 75% of the page")
    insight.get_by_role("button", name="Show the views").click()
    reached = desktop.get_by_test_id("reached")
    expect(reached).to_be_visible()
    depth = int(parse_qs(urlparse(desktop.url).query)["reached"][0])
    point = next(row for row in rows(ask(served, "scroll")) if row["depth_px"] == depth)
    expect(reached).to_contain_text(f"{point['views']:.0f} view")
    expected = rows(ask(served, "replays", past_px=depth, limit=50))
    expect(reached.get_by_test_id("sessions").get_by_role("listitem")).to_have_count(len(expected))
    desktop.reload()
    expect(reached).to_contain_text(f"{point['views']:.0f} view")
    desktop.go_back()
    expect(desktop.get_by_role("region", name="Insights")).to_be_visible()


def test_the_distribution_and_its_biggest_drop_are_told(desktop: Page, served: str) -> None:
    open_map(desktop, served, map="scroll")
    meta = ask(served, "scroll")["schema"]["meta"]["custom"]["isotherm"]
    drop = meta["biggest_drop"]
    share = f"{drop['share'] * 100:.1f}".removesuffix(".0")
    insights = desktop.get_by_role("region", name="Insights")
    expect(insights).to_contain_text(f"The biggest drop, {share}%")
    expect(insights).to_contain_text(f"{drop['from_px']:,} and {drop['to_px']:,} px")
    expect(desktop.get_by_test_id("sheet")).to_contain_text("Biggest drop")


def test_the_list_is_taken_along_as_a_table(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    desktop.get_by_role("button", name="Download").click()
    with desktop.expect_download() as download:
        desktop.get_by_role("button", name="List as a table").click()
    table = Path(download.value.path()).read_text("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(table)))
    expected = rows(ask(served, "actions"))
    assert [row["element"] for row in found] == [row["element"] for row in expected]
    assert [float(row["clicks"]) for row in found] == [row["clicks"] for row in expected]


@pytest.mark.parametrize("kind", ["clicks", "scroll"])
def test_the_map_is_taken_along_as_a_picture_with_its_heat(
    desktop: Page, served: str, kind: str
) -> None:
    open_map(desktop, served, map=kind)
    desktop.get_by_role("button", name="Download").click()
    with desktop.expect_download() as download:
        desktop.get_by_role("button", name="Picture of the map").click()
    picture = Image.open(download.value.path()).convert("RGB")
    canvas = ask(served, "heat")["schema"]["meta"]["custom"]["isotherm"]["canvas"]
    assert picture.width == canvas["width"]
    assert picture.height > canvas["height"]  # a line above says what it is, the legend is below
    if kind == "clicks":
        row = first_placed(served)
        head = picture.height - canvas["height"] - 46
        box = [row["left"], row["top"] + head, row["width"], row["height"]]
        middle = picture.getpixel((int(box[0] + box[2] / 2), int(box[1] + box[3] / 2)))
        assert max(middle) - min(middle) > 40  # coloured, where the page is grey or green


def test_switching_the_application_offers_its_five_most_visited_pages(
    desktop: Page, served: str
) -> None:
    open_map(desktop, served)
    desktop.get_by_role("button", name=re.compile("^Application: ")).click()
    desktop.get_by_role("button", name=re.compile(f"^{re.escape(called(served))}")).first.click()
    pages = desktop.get_by_role("list", name=f"Most visited pages of {called(served)}")
    expect(pages.get_by_role("button").first).to_be_visible()
    assert pages.get_by_role("button").count() <= 5
    name = pages.get_by_role("button").first.inner_text().split("\n")[0]
    pages.get_by_role("button").first.click()
    expect(desktop.get_by_role("button", name=f"Page: {name}")).to_be_visible()


def test_a_hidden_element_offers_the_background_that_shows_it(desktop: Page, served: str) -> None:
    hidden = next(
        row for row in rows(ask(served, "actions")) if not row["placed"] and row["shown_in"]
    )
    open_map(desktop, served)
    row = desktop.get_by_test_id("action-row").nth(hidden["rank"] - 1)
    row.get_by_role("button", name=re.compile("Element is not visible here")).click()
    expect(desktop).to_have_url(re.compile(f"background={re.escape(hidden['shown_in'])}"))
    expect(row.get_by_role("button", name=re.compile("^Show .* on the map"))).to_be_visible()


def test_custom_widths_count_only_once_confirmed(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    desktop.get_by_role("button", name="Window width: Custom").click()
    desktop.get_by_label("At least, px").fill("400")
    desktop.get_by_label("At most, px").fill("1500")
    expect(desktop).not_to_have_url(re.compile("width="))
    desktop.get_by_role("button", name="Apply").click()
    expect(desktop).to_have_url(re.compile("width=400-1500"))
    stats = rows(ask(served, "page_stats", width={"min": 400, "max": 1500}))[0]
    region = desktop.get_by_role("region", name="Statistics of the page").first
    expect(region).to_contain_text(f"{stats['clicks']:,.0f}")


def test_the_frame_of_the_minimap_is_dragged(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    box = desktop.get_by_test_id("minimap").bounding_box()
    assert box is not None
    desktop.mouse.move(box["x"] + box["width"] / 2, box["y"] + 4)
    desktop.mouse.down()
    desktop.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 4, steps=4)
    desktop.mouse.up()
    at_end = """() => {
      const map = document.querySelector('[data-testid=sheet]').parentElement.parentElement;
      return map.scrollTop > 0 && map.scrollTop + map.clientHeight >= map.scrollHeight - 2;
    }"""
    desktop.wait_for_function(at_end)


def test_few_clicks_say_how_many_more_views_are_needed(desktop: Page, served: str) -> None:
    stats = rows(ask(served, "page_stats"))[0]
    assert 0 < stats["clicks"] < 385
    more = -(-(385 - stats["clicks"]) * stats["views"] // stats["clicks"])
    open_map(desktop, served)
    expect(desktop.get_by_test_id("notices")).to_contain_text(f"about {more:,.0f} more views")


def test_an_empty_map_tells_causes_from_what_the_server_knows(desktop: Page, served: str) -> None:
    desktop.goto(address(served, app=DATADOG, page="/", filter="env|%3D|nowhere"))
    empty = desktop.get_by_test_id("empty")
    likely = empty.locator("[data-verdict=likely]")
    stats = rows(ask(served, "page_stats"))[0]
    expect(likely).to_have_count(1)
    expect(likely).to_contain_text(f"without them there are {stats['views']:.0f} views")
    expect(empty.get_by_role("link", name="What arrives, and what is missing")).to_have_attribute(
        "href", on_screen("health")
    )
    desktop.goto(address(served, app=DATADOG, page="/", **{"from": "0", "to": "1000"}))
    expect(likely).to_contain_text("There is nothing in this time range")
    desktop.goto(address(served, app=DATADOG, page="/no-such-page"))
    expect(likely).to_contain_text("The page has another name")


def test_a_slow_question_says_what_it_does_and_can_be_stopped(desktop: Page, served: str) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        asked = json.loads(route.request.post_data or "{}")["queries"][0]
        if asked["question"] == "heat" and not held:
            held.append(route)
        else:
            route.continue_()

    desktop.route("**/api/v1/query", hold)
    desktop.goto(address(served, app=DATADOG, page="/"))
    status = desktop.get_by_role("status").filter(has_text="Gathering the clicks of this page")
    status.get_by_role("button", name="Cancel").click()
    stopped = desktop.get_by_role("status").filter(has_text="You stopped this")
    stopped.get_by_role("button", name="Ask again").click()
    expect(desktop.get_by_test_id("sheet")).to_be_visible()


def test_what_rages_since_when_and_one_of_them_in_under_six_clicks(
    desktop: Page, served: str
) -> None:
    desktop.goto(address(served))
    first = desktop.get_by_role("list", name="Look here first").get_by_role("link")
    first.filter(has_text=called(served)).first.click()
    signals = desktop.get_by_role("radiogroup", name="Signal")
    signals.get_by_role("radio", name="Rage", exact=True).click()
    desktop.get_by_test_id("action-row").first.get_by_role("button").first.click()
    expect(desktop.get_by_test_id("since")).to_contain_text("First rage click:")
    desktop.get_by_test_id("details").get_by_role("link", name="Play").first.click()
    expect(desktop).to_have_url(on_screen("replay"))


def test_the_look_changes_colours_and_no_numbers(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    first = desktop.get_by_test_id("action-row").first
    before = first.inner_text()
    desktop.get_by_role("button", name="Look of the heat").click()
    desktop.get_by_label(re.compile("Viridis")).check()
    expect(desktop).to_have_url(re.compile("palette=viridis"))
    desktop.get_by_role("slider", name=re.compile("^Radius")).press("ArrowRight")
    expect(desktop).to_have_url(re.compile("radius=30"))
    assert first.inner_text() == before


def test_the_fold_line_says_how_many_clicks_are_below_it(desktop: Page, served: str) -> None:
    open_map(desktop, served)
    meta = ask(served, "heat")["schema"]["meta"]["custom"]["isotherm"]
    fold = desktop.get_by_test_id("fold")
    share = f"{meta['points_below_fold_share'] * 100:.1f}".removesuffix(".0")
    expect(fold).to_contain_text(f"Average fold · {meta['fold_px']:.0f} px")
    expect(fold).to_contain_text(f"{share}% of clicks below")
