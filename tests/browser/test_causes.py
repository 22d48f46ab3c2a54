"""Behind one element: the errors that its clicks caused, as the API tells them."""

import re

from playwright.sync_api import Page, expect

from tests.browser.scenario import ask, on_screen, open_map, rows


def with_error(base: str) -> dict[str, object]:
    """Return an element whose clicks caused an error."""
    for action in rows(ask(base, "actions", signal="error")):
        if action["element"] and rows(ask(base, "errors", element=action["element"])):
            return action
    raise LookupError("no recorded click caused an error")


def test_the_errors_behind_an_element_have_a_stack_and_a_replay(desktop: Page, served: str) -> None:
    element = with_error(served)["element"]
    known = rows(ask(served, "errors", element=element))
    open_map(desktop, served, action=str(element))
    listed = desktop.get_by_test_id("errors-behind").get_by_role("listitem")
    expect(listed).to_have_count(min(5, len(known)))
    first = known[0]
    expect(listed.first).to_contain_text(first["message"])
    expect(listed.first).to_contain_text(
        re.compile(rf"{first['errors']:g} errors? in {first['sessions']} sessions?\b")
    )
    stacked = next(place for place, row in enumerate(known) if row["frames"])
    listed.nth(stacked).get_by_text("Stack").click()
    expect(listed.nth(stacked).locator("pre")).to_have_text(known[stacked]["frames"])
    watched = next(place for place, row in enumerate(known) if row["has_replay"])
    listed.nth(watched).get_by_role("link", name="Watch the last one").click()
    expect(desktop).to_have_url(on_screen("replay"))
    expect(desktop).to_have_url(re.compile(f"at={known[watched]['last']}"))
    expect(desktop.get_by_test_id("player").locator("iframe")).to_be_visible(timeout=60_000)
