"""The views behind a point of the scroll curve are those that the curve counts there."""

import pytest

from tests.scenario import MINUTE, NOON, Shop, picture, rows, visit

DEPTHS = (900, 950, 1400, 1500, 1900, 2000)


def day(shop: Shop) -> Shop:
    """Tell of six sessions, the later the deeper, on a page of 2000 px seen through 900."""
    visits = [
        visit(session=f"s{n}", t=NOON + n * MINUTE, depth=depth, height=2000)
        for n, depth in enumerate(DEPTHS)
    ]
    return shop.tells(*visits, visit(session="unknown")).shows(picture())


@pytest.mark.parametrize("past", [0, 900, 1400, 1500, 1990])
def test_views_past_a_depth_are_as_many_as_the_curve_says(shop: Shop, past: int) -> None:
    curve = rows(day(shop).ask("scroll")[0])
    (frame,) = shop.ask("replays", past_px=past, limit=100)
    expected = next(point["views"] for point in curve if point["depth_px"] == past)
    assert (frame.meta["views"], frame.meta["sessions"]) == (expected, expected)
    assert [one["session"] for one in rows(frame)] == [
        f"s{n}" for n in reversed(range(len(DEPTHS))) if DEPTHS[n] >= past
    ]


def test_the_limit_keeps_the_latest_and_the_count(shop: Shop) -> None:
    (frame,) = day(shop).ask("replays", past_px=1400, limit=2)
    assert [one["session"] for one in rows(frame)] == ["s5", "s4"]
    assert (frame.meta["views"], frame.meta["sessions"]) == (4, 4)


def test_views_that_never_scrolled(shop: Shop) -> None:
    (scroll,) = day(shop).ask("scroll")
    (frame,) = shop.ask("replays", unscrolled=True)
    assert [one["session"] for one in rows(frame)] == ["s0"]
    assert scroll.meta["never_scrolled_share"] == frame.meta["views"] / len(DEPTHS)


def test_depths_of_pages_of_another_height_are_compared_by_share(shop: Shop) -> None:
    shop.tells(
        visit(session="tall", depth=3000, height=4000),
        visit(session="same", depth=1400, height=2000),
    ).shows(picture())
    assert [one["session"] for one in rows(shop.ask("replays", past_px=1500)[0])] == ["tall"]


def test_nobody_got_there(shop: Shop) -> None:
    (frame,) = day(shop).ask("replays", past_px=5000)
    assert (rows(frame), frame.meta["views"], frame.meta["sessions"]) == ([], 0, 0)


def test_a_user_got_as_far_as_in_their_deepest_view(shop: Shop) -> None:
    shop.tells(
        visit(session="a", depth=1000, height=2000, user_id="ann"),
        visit(session="b", depth=1800, height=2000, user_id="ann"),
        visit(session="c", depth=1200, height=2000, user_id="bob"),
        visit(session="d", depth=2000, height=2000),
    ).shows(picture())
    users = {point["depth_px"]: point["users"] for point in rows(shop.ask("scroll")[0])}
    assert [users[depth] for depth in (0, 1000, 1210, 1800, 1810)] == [2, 2, 1, 1, 0]
