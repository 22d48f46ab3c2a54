"""Behind one element: the errors and requests that its clicks caused, as the API tells them."""

import json
import re
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from isotherm.pipeline.recorded_requests import read_requests
from tests.browser.scenario import DATADOG, ask, on_screen, open_map, rows, until_clicked
from tests.conftest import TRACES

TRACED = Path(__file__).parents[1] / "intake" / "traced" / "datadog-1.0.0"


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


@pytest.mark.alone("Grafana's own tracing data source has the traces there")
def test_a_request_leads_to_its_trace(desktop: Page, served: str) -> None:
    """The server of the site saw the same id in `traceparent`."""
    for sent in read_requests(TRACED / "requests.json"):
        body = sent.body.replace(DATADOG.encode(), b"traced")
        answer = requests.post(
            f"{served}{sent.path}?{sent.query}", data=body, headers=sent.headers, timeout=60
        )
        assert answer.status_code == 202
    truth = json.loads((TRACED / "truth.json").read_text())
    until_clicked(served, "traced", "/", len(truth["clicks"]))
    calls = truth["calls"]
    [trace] = [one["traceparent"][3:35] for one in calls if one["path"].startswith("/api/orders")]
    open_map(desktop, served, app="traced", action="#order")
    link = desktop.get_by_test_id("requests").get_by_role("link", name="Open the trace")
    expect(link).to_have_attribute("href", TRACES.replace("{trace}", trace))
    expect(link).to_have_text(f"{trace.lstrip('0')[:8]}…")
