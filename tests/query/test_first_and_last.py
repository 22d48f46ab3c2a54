"""First and last clicks: one click of each view, whatever it did in between."""

from isotherm.model import Box, Filter, Signal
from tests.scenario import HOUR, NOON, Shop, cart, click, picture, rows, visit

FIRST, LAST = cart(signal=Signal.FIRST), cart(signal=Signal.LAST)


def day(shop: Shop) -> Shop:
    """Tell of three views: three clicks; a rage chain; a custom action before a click."""
    return shop.tells(
        visit(session="a"),
        click("#menu", session="a", t=NOON),
        click("#size", session="a", t=NOON + 10),
        click("#pay", session="a", t=NOON + 20),
        visit(session="b"),
        click("#pay", session="b", t=NOON, rage=True, clicks=4),
        visit(session="c"),
        click("", at=None, kind="custom", action_name="loaded", session="c", t=NOON),
        click("#size", session="c", t=NOON + 5),
    )


def test_only_the_first_click_of_each_view_counts_and_as_one(shop: Shop) -> None:
    frame = day(shop).ask("actions", FIRST)[0]
    assert {one["element"]: one["clicks"] for one in rows(frame)} == {
        "#menu": 1, "#pay": 1, "#size": 1,
    }  # fmt: skip
    assert (frame.meta["clicks"], frame.meta["exact"]) == (3, True)


def test_only_the_last_click_of_each_view_counts(shop: Shop) -> None:
    found = rows(day(shop).ask("actions", LAST)[0])
    assert {one["element"]: one["clicks"] for one in found} == {"#pay": 2, "#size": 1}
    assert sum(one["share"] for one in found) == 1


def test_the_map_has_one_click_per_view_with_clicks(shop: Shop) -> None:
    boxes = {"#menu": Box(0, 0, 80, 80), "#size": Box(200, 0, 80, 80), "#pay": Box(400, 0, 80, 80)}
    day(shop).shows(picture(boxes=boxes))
    (frame,) = shop.ask("heat", FIRST)
    assert sum(frame.values[2]) == frame.meta["placed"] == 3
    assert {int(x) // 200 for x in frame.values[0]} == {0, 1, 2}
    (stats,) = rows(shop.ask("page_stats", LAST)[0])
    assert (stats["clicks"], stats["actions"], stats["rage_clicks"]) == (3, 3, 1)


def test_filters_narrow_what_was_first_and_do_not_choose_another_first(shop: Shop) -> None:
    scope = cart(Filter("element", "=", ("#size",)), signal=Signal.FIRST)
    assert [one["clicks"] for one in rows(day(shop).ask("actions", scope)[0])] == [1]


def test_a_view_is_looked_at_whole_where_the_range_cuts_it(shop: Shop) -> None:
    shop.tells(
        click("#menu", session="a", t=NOON - HOUR),
        click("#pay", session="a", t=NOON + HOUR),
    )
    assert rows(shop.ask("actions", cart(from_ms=NOON, signal=Signal.FIRST))[0]) == []
    (last,) = rows(shop.ask("actions", cart(from_ms=NOON, signal=Signal.LAST))[0])
    assert last["element"] == "#pay"


def test_sessions_details_and_curves_follow_the_first_click(shop: Shop) -> None:
    day(shop)
    found = rows(shop.ask("replays", FIRST, element="#pay")[0])
    assert [(one["session"], one["clicks"]) for one in found] == [("b", 1)]
    (row,) = rows(shop.ask("action", FIRST, element="#pay")[0])
    assert (row["clicks"], row["of"], row["rage"]) == (1, 3, 1)
    (series,) = shop.ask("timeseries", FIRST, measure="clicks")
    assert sum(series.values[1]) == 3


def test_a_signal_says_where_a_funnel_starts_and_not_how_it_goes_on(shop: Shop) -> None:
    steps = [{"element": "#menu"}, {"element": "#pay"}]
    found = rows(day(shop).ask("funnel", FIRST, steps=steps)[0])
    assert [one["sessions"] for one in found] == [1, 1]
