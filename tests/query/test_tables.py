"""The questions whose answer is a table: actions, one action, statistics, pages, sessions."""

import pytest

from isotherm.model import Box
from isotherm.model.errors import Code, IsothermError
from tests.scenario import (
    HOUR,
    MINUTE,
    NOON,
    NOW,
    Shop,
    cart,
    click,
    error,
    picture,
    rows,
    visit,
)

HIDDEN = Box(0, 0, 10, 10, visible=False)


def test_actions_are_ranked_by_clicks_with_their_share(shop: Shop) -> None:
    shop.tells(
        click("#pay", action_name="Pay", session="a", user_id="ann", loading_ms=100.0),
        click("#pay", action_name="Pay", session="b", user_id="bob", loading_ms=300.0),
        click("#pay", action_name="Buy", session="b", user_id="bob", rage=True, clicks=4),
        click("#menu", action_name="Menu", session="b", user_id="bob", dead=True),
        click("", at=None, action_name="Somewhere", t=NOON + 1),
    )
    first, *others = rows(shop.ask("actions")[0])
    assert first["action_name"] == "Pay"
    facts = ("rank", "element", "clicks", "users", "sessions", "rage", "dead")
    assert [first[name] for name in facts] == [1, "#pay", 6, 2, 2, 4, 0]
    assert first["share"] == 6 / 8
    assert first["median_loading_ms"] == 200
    assert [(one["element"], one["clicks"]) for one in others] == [("#menu", 1), ("", 1)]


def test_actions_by_name_put_elements_together(shop: Shop) -> None:
    shop.tells(
        click("#one", action_name="Add"),
        click("#two", action_name="Add"),
        click("#three", action_name="Pay"),
    )
    found = rows(shop.ask("actions", by="action_name")[0])
    assert [(one["action_name"], one["clicks"]) for one in found] == [("Add", 2), ("Pay", 1)]


def test_the_limit_cuts_rows_and_not_the_denominator(shop: Shop) -> None:
    shop.tells(*(click(f"#e{n}", t=NOON + n) for n in range(10)))
    frame = shop.ask("actions", limit=3)[0]
    assert len(rows(frame)) == 3
    assert (frame.meta["clicks"], frame.meta["total"]) == (10, 10)
    assert rows(frame)[0]["share"] == 0.1


def test_an_action_says_where_it_is_or_which_picture_shows_it(shop: Shop) -> None:
    shop.tells(click("#pay"), click("#pay"), click("#menu"), click("#gone"))
    shop.shows(
        picture("closed", {"#pay": Box(10, 20, 30, 40), "#menu": HIDDEN}, pinned=True),
        picture("open", {"#menu": Box(0, 0, 50, 50)}),
    )
    shop.backgrounds.pin("closed")
    found = {one["element"]: one for one in rows(shop.ask("actions")[0])}
    place = ("placed", "reason", "shown_in", "left", "top", "width", "height")
    assert [found["#pay"][name] for name in place] == [True, "", "closed", 10, 20, 30, 40]
    assert [found["#menu"][name] for name in place[:3]] == [False, "hidden", "open"]
    assert [found["#gone"][name] for name in place] == [
        False, "element_gone", "", None, None, None, None,
    ]  # fmt: skip


def test_one_action_with_its_rank_conversion_and_what_came_next(shop: Shop) -> None:
    shop.tells(
        click("#a", session="a", t=NOON),
        click("#b", session="a", t=NOON + 10, action_name="Next"),
        visit("/done", session="a", t=NOON + 20),
        click("#a", session="b", t=NOON),
        visit("/done", session="b", t=NOON),
        click("#b", session="c", t=NOON + 1, action_name="Next"),
        click("#b", session="c", t=NOON + 5, action_name="Next"),
        visit("/done", session="d", t=NOON - 1),
        click("#a", session="d", t=NOON),
    )
    action, after = shop.ask("action", element="#a", target="/done")
    (row,) = rows(action)
    assert [row[name] for name in ("rank", "of", "clicks", "sessions")] == [1, 2, 3, 3]
    assert row["conversion"] == 2 / 3
    assert (row["first_seen"], row["last_seen"]) == (NOON, NOON)
    steps = [(one["kind"], one["label"], one["sessions"]) for one in rows(after)]
    assert sorted(steps) == [("action", "Next", 1), ("page", "/done", 1)]


def test_an_action_nobody_did_has_no_row(shop: Shop) -> None:
    assert [rows(frame) for frame in shop.ask("action", element="#never")] == [[], []]


def test_an_action_without_a_name_is_refused(shop: Shop) -> None:
    with pytest.raises(IsothermError) as refused:
        shop.ask("action")
    assert (refused.value.code, refused.value.field) == (Code.INVALID, "element")


def test_the_statistics_of_a_page(shop: Shop) -> None:
    shop.tells(
        visit(session="a", spent_ms=10_000, user_id="ann"),
        visit("/done", session="a", t=NOON + MINUTE),
        visit(session="b", spent_ms=30_000, user_id="ann"),
        visit("/help", session="c"),
        click(session="a", rage=True, clicks=3),
        click(session="b", dead=True, error=True),
        error(session="b"),
        error("/help", session="c"),
    )
    (row,) = rows(shop.ask("page_stats")[0])
    assert row == {
        "actions": 2, "clicks": 4, "rage_clicks": 3, "dead_clicks": 1, "error_clicks": 1,
        "rage_actions": 1, "dead_actions": 1, "error_actions": 1, "views": 2,
        "recorded_views": 0, "users": 1, "sessions": 2, "page_rank": 1, "pages": 3,
        "average_time_ms": 20_000, "session_end_ratio": 0.5, "page_errors": 1,
        "coverage": None, "rage_ratio": 0.75,
    }  # fmt: skip


def test_a_session_that_may_go_on_is_in_no_end_ratio(shop: Shop) -> None:
    shop.now_ms = NOON + 20 * MINUTE
    shop.tells(
        visit(session="over", t=NOON, spent_ms=1000),
        visit(session="looks", t=NOON, spent_ms=10 * MINUTE),
        visit(session="clicks", t=NOON, spent_ms=1000),
        click(session="clicks", t=NOON + 6 * MINUTE),
    )
    frame = shop.ask("page_stats")[0]
    assert rows(frame)[0]["session_end_ratio"] == 1
    assert frame.meta["open_sessions"] == 2


def test_a_session_that_went_on_after_the_range_did_not_end_here(shop: Shop) -> None:
    shop.tells(visit(t=NOON), visit("/done", t=NOON + HOUR))
    scope = cart(to_ms=NOON + MINUTE)
    assert rows(shop.ask("page_stats", scope)[0])[0]["session_end_ratio"] == 0


def test_a_page_nobody_saw_has_zeros_and_no_shares(shop: Shop) -> None:
    (row,) = rows(shop.ask("page_stats")[0])
    assert (row["clicks"], row["views"], row["page_rank"]) == (0, 0, None)
    assert (row["session_end_ratio"], row["average_time_ms"]) == (None, None)


def test_pages_by_visits_or_rage(shop: Shop) -> None:
    shop.tells(
        visit("/cart", session="a"),
        visit("/cart", session="b"),
        visit("/done", session="a"),
        click(page="/done", rage=True, clicks=5),
        click(page="/click-only"),
    ).shows(picture("b1", page="/done"))
    scope = cart(pages=())
    found = rows(shop.ask("pages", scope)[0])
    assert [(one["page"], one["views"]) for one in found] == [
        ("/cart", 2), ("/done", 1), ("/click-only", 0),
    ]  # fmt: skip
    assert [one["background"] for one in found] == ["", "b1", ""]
    assert rows(shop.ask("pages", scope, order="rage")[0])[0]["page"] == "/done"
    assert [one["page"] for one in rows(shop.ask("pages", scope, search="ON")[0])] == [
        "/done", "/click-only",
    ]  # fmt: skip


def test_the_latest_sessions_come_first(shop: Shop) -> None:
    facets = {"facets": {"browser": "Chrome", "os": "Linux", "device": "desktop"}}
    shop.tells(
        visit(session="old", t=NOON, spent_ms=1000),
        visit(session="new", t=NOON + HOUR, spent_ms=2000, user_id="u", user_name="Una", **facets),
        click("#pay", session="new", t=NOON + HOUR + 500, rage=True, clicks=3),
        visit("/done", session="new", t=NOON + HOUR + 5000, spent_ms=1000, has_replay=True),
    )
    first, second = rows(shop.ask("replays")[0])
    assert (first["session"], second["session"]) == ("new", "old")
    assert (first["start"], first["end"], first["duration_ms"]) == (
        NOON + HOUR, NOON + HOUR + 6000, 6000,
    )  # fmt: skip
    assert (first["user"], first["user_name"], first["browser"], first["os"]) == (
        "u", "Una", "Chrome", "Linux",
    )  # fmt: skip
    assert (first["clicks"], first["rage"], first["has_replay"], first["at"]) == (3, 3, True, None)
    (only,) = rows(shop.ask("replays", element="#pay")[0])
    assert (only["view"], only["at"]) == ("new/cart", NOON + HOUR + 500)
    assert only["link"] == "api/v1/replays/new/new%2Fcart?application=shop"


def test_a_funnel_counts_sessions_in_order(shop: Shop) -> None:
    shop.tells(
        visit("/cart", session="all", t=NOON),
        click("#pay", session="all", t=NOON + 1000),
        visit("/done", session="all", t=NOON + 3000),
        visit("/cart", session="two", t=NOON),
        click("#pay", session="two", t=NOON + 3000),
        visit("/done", session="backwards", t=NOON),
        visit("/cart", session="backwards", t=NOON + 1000),
    )
    steps = [{"page": "/cart"}, {"element": "#pay"}, {"page": "/done"}]
    found = rows(shop.ask("funnel", cart(pages=()), steps=steps)[0])
    assert [one["sessions"] for one in found] == [3, 2, 1]
    assert [one["share"] for one in found] == [1, 2 / 3, 1 / 3]
    assert [one["share_of_previous"] for one in found] == [None, 2 / 3, 1 / 2]
    assert [one["median_time_ms"] for one in found] == [None, 2000, 2000]


def test_a_page_twice_in_a_funnel_means_two_visits(shop: Shop) -> None:
    shop.tells(visit(t=NOON), visit(t=NOON + 5, view_id="again"), visit(session="once"))
    steps = [{"page": "/cart"}, {"page": "/cart"}]
    found = rows(shop.ask("funnel", cart(pages=()), steps=steps)[0])
    assert [one["sessions"] for one in found] == [2, 1]


def test_a_step_without_anything_is_refused(shop: Shop) -> None:
    with pytest.raises(IsothermError) as refused:
        shop.ask("funnel", steps=[{"page": "/cart"}, {}])
    assert refused.value.field == "steps"


def test_a_version_is_annotated_when_it_is_first_seen(shop: Shop) -> None:
    shop.tells(
        visit(t=NOON - HOUR, session="a", facets={"version": "1.0"}),
        visit(t=NOON + HOUR, session="b", facets={"version": "1.0"}),
        visit(t=NOON + HOUR, session="c", facets={"version": "1.1"}),
        visit(t=NOON + 2 * HOUR, session="d", facets={"version": "1.1"}),
    )
    (only,) = rows(shop.ask("annotations")[0])
    assert (only["time"], only["title"], only["time_end"]) == (NOON + HOUR, "Version 1.1", None)


def test_rage_in_numbers_is_one_burst(shop: Shop) -> None:
    at = [0, 1, 2, 3, 4, 20, 60, 61, 62, 63]
    shop.tells(*(click(t=NOON + n * MINUTE, session=f"s{n}", rage=True) for n in at))
    (only,) = rows(shop.ask("annotations", burst_actions=5)[0])
    assert (only["time"], only["time_end"]) == (NOON, NOON + 4 * MINUTE)
    assert only["text"] == "5 rage actions in 5 sessions"
    assert only["time"] < NOW
