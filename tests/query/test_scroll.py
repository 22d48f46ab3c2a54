"""How far down people get."""

import pytest

from isotherm.model import Box
from tests.scenario import Shop, picture, rows, visit


def told(shop: Shop, *depths: float | None, height: float = 2000) -> Shop:
    views = (
        visit(session=f"s{n}", depth=depth, height=height, window=500)
        for n, depth in enumerate(depths)
    )
    return shop.tells(*views).shows(picture(boxes={"#x": Box(0, 0, 1, 1)}, size=(1440, 2000)))


def test_each_row_is_the_share_that_saw_so_much(shop: Shop) -> None:
    frame = told(shop, 500, 1000, 1000, 2000).ask("scroll")[0]
    by_depth = {row["depth_px"]: row for row in rows(frame)}
    assert len(by_depth) == 200
    assert [by_depth[at]["views"] for at in (0, 500, 510, 1000, 1010, 1990)] == [4, 4, 3, 3, 1, 1]
    assert by_depth[1000]["share"] == 0.75
    assert by_depth[1000]["drop"] == 0.5
    assert frame.meta["biggest_drop"] == {"from_px": 1000, "to_px": 1010, "share": 0.5}
    assert frame.meta["percentiles"] == {"25": 2000, "50": 1000, "75": 1000, "90": 500}
    assert (frame.meta["median_depth_px"], frame.meta["fold_px"]) == (1000, 500)
    assert frame.meta["never_scrolled_share"] == 0.25


def test_views_without_a_depth_are_listed_and_in_no_share(shop: Shop) -> None:
    told(shop, 500, None)
    shop.tells(visit(session="shell", depth=900, depth_meaningful=False))
    frame = shop.ask("scroll")[0]
    meta = frame.meta
    assert (meta["views"], meta["unmeasured_views"], meta["meaningless_views"]) == (1, 1, 1)
    assert rows(frame)[0]["share"] == 1


def test_an_app_shell_says_that_depth_means_nothing(shop: Shop) -> None:
    shop.tells(visit(depth=900, depth_meaningful=False))
    frame = shop.ask("scroll")[0]
    assert rows(frame) == []
    assert "means" in frame.meta["notices"][0] or "says nothing" in frame.meta["notices"][0]


@pytest.mark.parametrize(
    ("own_height", "expected"),
    [(4000, 500), (2100, 1000), (1000, 2000)],
    ids=["twice as high", "nearly as high", "half as high"],
)
def test_depth_on_a_page_of_another_height_is_mapped(
    shop: Shop, own_height: float, expected: float
) -> None:
    frame = told(shop, 1000, height=own_height).ask("scroll")[0]
    assert frame.meta["median_depth_px"] == expected
    assert frame.meta["mapped_views"] == (0 if own_height == 2100 else 1)


def test_the_weight_of_a_view_counts(shop: Shop) -> None:
    shop.tells(visit(depth=100, weight=3.0), visit(session="b", depth=900))
    frame = shop.ask("scroll")[0]
    assert frame.meta["estimated"] is True
    assert rows(frame)[-1]["share"] == 0.25
