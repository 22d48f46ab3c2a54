"""A session's replay: who it was, what happened, and a player that opens at the chosen moment."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.scenario import DATADOG, address, ask, rows

LEAD_MS = 3000
"""A replay opens so long before its moment."""
READ_MS = 60_000
"""A recording is read when somebody opens it; on a busy machine that takes a while."""


def recorded(base: str) -> dict[str, Any]:
    """Return the recorded session with most clicks."""
    found = [row for row in rows(ask(base, "replays", limit=20)) if row["has_replay"]]
    return max(found, key=lambda row: row["clicks"])


def opened(page: Page, base: str, session: dict[str, Any], **more: str) -> Locator:
    page.goto(address(base, screen="replay", app=DATADOG, session=session["session"], **more))
    frame = page.get_by_test_id("player").locator("iframe")
    expect(frame).to_be_visible(timeout=READ_MS)
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
    expect(desktop.get_by_test_id("player").locator("iframe")).to_be_visible(timeout=READ_MS)
    assert seconds(desktop) == pytest.approx(stood, abs=1.1)
