"""Depth on pages whose document is as high as the window and scrolls inside an element."""

from isotherm.model import Box
from tests.scenario import Shop, picture, rows, visit

BOXES = {"#x": Box(0, 0, 1, 1)}


def test_without_a_replay_the_depth_means_nothing(shop: Shop) -> None:
    shop.tells(visit(depth=768, height=768, window=768))
    frame = shop.ask("scroll")[0]
    assert rows(frame) == []
    assert (frame.meta["meaningless_views"], frame.meta["views"]) == (1, 0)
    assert "says nothing" in frame.meta["notices"][0]
    assert frame.meta["fold_px"] == 768


def test_who_never_scrolled_saw_the_first_screen_and_not_all(shop: Shop) -> None:
    unmoved = visit(session="a", depth=768, height=768, window=768, has_replay=True)
    scrolled = visit(session="b", depth=4000, window=768, has_replay=True)
    shop.tells(unmoved, scrolled).shows(picture(boxes=BOXES, size=(1440, 8000)))
    frame = shop.ask("scroll")[0]
    assert frame.meta["never_scrolled_share"] == 0.5
    by_depth = {row["depth_px"]: row["share"] for row in rows(frame)}
    assert (by_depth[760], by_depth[800], by_depth[4000], by_depth[4040]) == (1, 0.5, 0.5, 0)


def test_a_page_pictured_as_one_screen_is_short_and_was_seen_whole(shop: Shop) -> None:
    shop.tells(visit(depth=900, height=900, window=900))
    shop.shows(picture(boxes=BOXES, size=(1440, 900)))
    frame = shop.ask("scroll")[0]
    assert (frame.meta["meaningless_views"], frame.meta["views"]) == (0, 1)
    assert frame.meta["median_depth_px"] == 900
