"""A session's replay: who it was, what happened, and a player that opens at the chosen moment."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.scenario import DATADOG, address, ask, rows

LEAD_MS = 3000
"""A replay opens so long before its moment."""
READ_MS = 60_000
"""A recording is read when somebody opens it; on a busy machine that takes a while."""

FULL, CHANGE, RESIZED = 2, 3, 4
"""rrweb's names of events: a whole page, a change of it, and of changes that of the window."""


def recorded(base: str, device: str = "desktop") -> dict[str, Any]:
    """Return the recorded session with most clicks."""
    found = [row for row in rows(ask(base, "replays", limit=20)) if row["has_replay"]]
    return max((row for row in found if row["device"] == device), key=lambda row: row["clicks"])


def opened(page: Page, base: str, session: dict[str, Any], **more: str) -> Locator:
    page.goto(address(base, screen="replay", app=DATADOG, session=session["session"], **more))
    frame = page.get_by_test_id("player").locator("iframe")
    expect(frame).to_be_visible(timeout=READ_MS)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled()
    return frame


def seconds(page: Page) -> float:
    return float(page.get_by_role("slider", name="Position").input_value()) / 1000


def test_a_replay_shows_who_it_was_and_what_happened(desktop: Page, served: str) -> None:
    session = recorded(served)
    frame = opened(desktop, served, session)
    assert frame.get_attribute("sandbox") == "allow-same-origin"
    expect(frame.content_frame.locator("body")).to_contain_text("Kestrel")
    who = desktop.get_by_test_id("who")
    expect(who).to_contain_text(session["user_name"] or session["user"] or "Anonymous")
    expect(who).to_contain_text(session["browser"])
    moments = rows(ask(served, "moments", session=session["session"]))
    listed = desktop.get_by_role("list", name="What happened").get_by_role("button")
    expect(listed).to_have_count(len(moments))
    looks = desktop.get_by_test_id("time-line").locator("[data-look]")
    expect(looks).to_have_count(len(moments))
    rage = sum(moment["rage"] for moment in moments)
    expect(desktop.locator("[data-testid=time-line] [data-look=rage]")).to_have_count(rage)
    assert rage > 0


def test_a_replay_opens_three_seconds_before_its_moment(desktop: Page, served: str) -> None:
    session = recorded(served)
    moments = rows(ask(served, "moments", session=session["session"]))
    click = next(one for one in moments if one["rage"])
    opened(desktop, served, session, at=str(click["time"]))
    start = moments[0]["time"]
    opening = (click["time"] - LEAD_MS - start) / 1000
    assert seconds(desktop) == pytest.approx(opening, abs=1.5), "the recording begins with the page"
    button = desktop.get_by_role("list", name="What happened").get_by_role("button").last
    button.click()
    expect(desktop).to_have_url(re.compile(f"at={moments[-1]['time']}"))
    later = (moments[-1]["time"] - LEAD_MS - start) / 1000
    end = float(desktop.get_by_role("slider", name="Position").get_attribute("max") or 0) / 1000
    assert seconds(desktop) == pytest.approx(min(later, end), abs=1.5), (
        "not beyond what is recorded"
    )


def test_a_replay_is_played_by_keys(desktop: Page, served: str) -> None:
    session = recorded(served)
    opened(desktop, served, session)
    desktop.get_by_test_id("player").focus()
    desktop.keyboard.press("ArrowRight")
    assert seconds(desktop) == pytest.approx(5, abs=0.6)
    desktop.keyboard.press(" ")
    expect(desktop.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    stage = desktop.get_by_role("region", name="Player")
    expect(stage.get_by_text(re.compile(r"^0:0[6-9] of "))).to_be_visible()
    desktop.keyboard.press("k")
    expect(desktop.get_by_role("button", name="Play", exact=True)).to_be_visible()
    stood = seconds(desktop)
    desktop.keyboard.press("p")
    assert seconds(desktop) < stood


def test_the_link_to_a_moment_opens_there(desktop: Page, served: str) -> None:
    session = recorded(served)
    opened(desktop, served, session, view=session["view"])
    desktop.get_by_role("button", name="Whole session").click()
    expect(desktop).not_to_have_url(re.compile("view="))
    moments = rows(ask(served, "moments", session=session["session"]))
    marks = desktop.get_by_test_id("time-line").locator("[data-look]")
    expect(marks).to_have_count(len(moments), timeout=READ_MS)
    expect(desktop.get_by_role("button", name="Play", exact=True)).to_be_enabled()
    desktop.get_by_test_id("player").focus()
    for _ in range(4):
        desktop.keyboard.press("ArrowRight")
    stood = seconds(desktop)
    desktop.get_by_role("button", name="Copy link to this moment").click()
    link = desktop.evaluate("navigator.clipboard.readText()")
    desktop.goto("about:blank")
    desktop.goto(link)
    expect(desktop.get_by_role("button", name="Play", exact=True)).to_be_enabled(timeout=READ_MS)
    assert seconds(desktop) == pytest.approx(stood, abs=1.1)
    assert seconds(desktop) > 0


FITTED = """() => {
  const frame = document.querySelector('[data-testid=player] iframe');
  const [width, height] = [Number(frame.width), Number(frame.height)];
  const room = frame.closest('section').clientWidth - (width < 600 ? 20 : 2);
  const scale = Math.min(1, room / width, Math.max(320, window.innerHeight - 320) / height);
  return Math.abs(frame.getBoundingClientRect().width / width - scale) < 0.01;
}"""
"""The recorded window is as large as its room and the height of the window allow."""


@pytest.mark.parametrize("device", ["mobile", "desktop"])
def test_the_recorded_window_is_as_large_as_its_room(
    desktop: Page, served: str, device: str
) -> None:
    opened(desktop, served, recorded(served, device))
    for size in ((1440, 900), (390, 844), (320, 1400), (1440, 700)):
        desktop.set_viewport_size({"width": size[0], "height": size[1]})
        desktop.wait_for_function(FITTED)


def test_a_replay_opens_at_the_size_that_its_window_had_then(desktop: Page, served: str) -> None:
    session = recorded(served)

    def shrunk(route: Route) -> None:
        """Let the recorded window become smaller a millisecond after its first picture."""
        answer = route.fetch()
        playback = answer.json()
        events = playback["events"]
        first = next(number for number, event in enumerate(events) if event["type"] == FULL)
        resized = {"source": RESIZED, "width": 500, "height": 700}
        at = events[first]["timestamp"] + 1
        events.insert(first + 1, {"type": CHANGE, "timestamp": at, "data": resized})
        route.fulfill(response=answer, json=playback)

    desktop.route("**/api/v1/replays/**", shrunk)
    opened(desktop, served, session, at=str(session["start"] + 6000))
    frame = desktop.get_by_test_id("player").locator("iframe")
    expect(frame).to_have_attribute("width", "500")
    expect(frame).to_have_attribute("height", "700")
    desktop.wait_for_function(FITTED)


@pytest.mark.refused(400)
@pytest.mark.parametrize("question", ["moments", "replays"])
def test_a_replay_plays_though_nothing_is_told_of_it(
    desktop: Page, served: str, question: str
) -> None:
    """An older server does not know all of these questions."""

    def refuse(route: Route) -> None:
        asked = json.loads(route.request.post_data or "{}")["queries"][0]["question"]
        if asked == question:
            problem = {"error": {"code": "invalid", "message": "There is no such question"}}
            route.fulfill(status=400, json=problem)
        else:
            route.continue_()

    session = recorded(served)
    desktop.route("**/api/v1/query", refuse)
    opened(desktop, served, session)
    expect(desktop.get_by_role("alert")).to_contain_text("There is no such question")
    who, listed = desktop.get_by_test_id("who"), desktop.get_by_role("list", name="What happened")
    moments = (
        0
        if question == "moments"
        else len(rows(ask(served, "moments", session=session["session"])))
    )
    expect(who).to_have_count(0 if question == "replays" else 1)
    expect(listed.get_by_role("button")).to_have_count(moments)
    desktop.get_by_test_id("player").focus()
    desktop.keyboard.press("ArrowRight")
    assert seconds(desktop) == pytest.approx(5, abs=0.6)
