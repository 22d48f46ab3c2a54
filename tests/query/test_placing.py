"""Placing, step by step: which like element is meant, what is shown, and why something is not."""

from collections import Counter
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from isotherm.model import Action, Box, Scope, Unplaced
from isotherm.model.elements import Element
from isotherm.model.geometry import Grid
from isotherm.query.placing.boxes import spot_of
from isotherm.query.placing.canvas import DEFAULT_SIZE_PX, common_width
from isotherm.query.placing.place import cells_on, targets_with_place
from isotherm.query.placing.unboxed import reason_codes, split_placed
from tests.query.reference import heat as by_hand
from tests.scenario import NOON, Shop, cart, cells, click, picture, rows, where


def test_a_key_without_a_picture_or_a_name_says_which_of_both(shop: Shop) -> None:
    context, shown = shop.context(), picture("p", {"#pay": Box(0, 0, 100, 50)})
    assert spot_of(context, None, Element("#pay")).why is Unplaced.NO_BACKGROUND
    assert spot_of(context, None, Element("")).why is Unplaced.NO_BACKGROUND
    assert spot_of(context, shown, Element("")).why is Unplaced.NO_ELEMENT
    assert spot_of(context, shown, Element("#gone")).why is Unplaced.GONE
    spot = spot_of(context, shown, Element("#pay"))
    assert (spot.why, spot.box) == (None, shown.boxes["#pay"])


def test_what_falls_outside_is_a_reason_and_everything_is_weighted() -> None:
    grid = Grid.over(80, 80, 8)
    inside = _inside(grid)
    columns: dict[str, Any] = {
        "clicks": np.array([2, 3, 5, 7], np.uint16),
        "weight": np.array([1.0, 2.5, 1.0, 4.0], np.float32),
    }
    places = np.array([inside, inside, 0, inside])  # 0 is on the border
    why = reason_codes(np.array([True, True, True, False]), Unplaced.HIDDEN)
    rest = split_placed(columns, places, why, grid)
    assert rest.cells.tolist() == [inside, inside]
    assert rest.clicks.tolist() == [2.0, 7.5]
    assert rest.unplaced == {Unplaced.OUTSIDE: 5.0, Unplaced.HIDDEN: 28.0}
    assert rest.who.tolist() == []
    with_who = split_placed({**columns, "who": np.array([9, 8, 7, 6], np.int32)}, places, why, grid)
    assert with_who.who.tolist() == [9, 8]


def _inside(grid: Grid) -> int:
    border = grid.is_border(np.arange(grid.size))
    return int(np.flatnonzero(~border)[0])


def test_the_common_width_is_that_of_most_known_positions() -> None:
    columns = {
        "page_x": np.array([1.0, 2.0, 3.0, np.nan, np.nan, np.nan]),
        "viewport_w": np.array([390, 1440, 390, 1440, 1440, 1440]),
    }
    assert common_width(columns) == 390
    nothing = {"page_x": np.array([np.nan, 5.0]), "viewport_w": np.array([800, 0])}
    assert common_width(nothing) == DEFAULT_SIZE_PX[0]


@pytest.mark.parametrize("metric", ["users", "sessions"])
def test_people_are_counted_once_in_each_cell(shop: Shop, metric: str) -> None:
    """Three clicks of one person on one spot are one; another spot of theirs counts again."""
    clicks = [
        click("#pay", session=session, user_id=f"u-{session}", at=at)
        for session, at in [
            ("s1", (0.1, 0.5)), ("s1", (0.1, 0.5)), ("s1", (0.9, 0.5)), ("s2", (0.1, 0.5)),
        ]
    ]  # fmt: skip
    shop.tells(*clicks).shows(picture("p", {"#pay": Box(0, 0, 400, 40)}))
    (heat,) = shop.ask("heat", cart(metric=metric))
    assert sorted(cells(heat).values()) == [1, 2]


def test_without_a_picture_clicks_on_an_element_of_untold_size_lie_at_their_page_points(
    shop: Shop,
) -> None:
    """A bar that moves along is drawn where it is highest; another width has its box only."""
    points = [(100.0, 50.0), (100.0, 1999.0), (300.0, 40_000.0)]
    bar = [click("#bar", page_x=x, page_y=y, session=f"s{y}") for x, y in points]
    buy = [click("#buy", page_x=x, page_y=700.0, session=f"b{x}") for x in (500.0, 520.0)]
    shop.tells(*bar, *buy, click("#bar", width=390, page_x=10.0, page_y=10.0))
    (heat,) = shop.ask("heat")
    assert cells(heat) == {
        (96, 48): 1, (96, 1992): 1, (296, 40_000): 1,
        (496, 696): 1, (520, 696): 1,
        (200, 48): 1,  # in the middle of the bar
    }  # fmt: skip
    assert heat.meta["unplaced"] == {}
    assert heat.meta["coverage"] == 1
    boxes = {row["element"]: row for row in rows(shop.ask("actions")[0])}
    sides = ("left", "top", "width", "height")
    assert [boxes["#bar"][side] for side in sides] == [88, 38, 224, 24]
    assert [boxes["#buy"][side] for side in sides] == [488, 688, 44, 24]


KNOWN = picture(
    "known",
    {
        "#a": Box(10, 20, 300, 40), "#b": Box(100, 950, 200, 300), "#c": Box(0, 0, 9, 9, False),
        "#d": Box(1400, 500, 80, 60), "P;a": Box(500, 600, 50, 20),
    },
    size=(1440, 1000),
)  # fmt: skip


def every_kind_of_click() -> list[Action]:
    """Return a click of each kind: by element, path or page point, weighted, near, far and gone."""
    wholes = [
        {"on": key, "at": at, "width": width, "clicks": 1 + number}
        for number, key in enumerate(("#a", "#b", "#c", "#d", "#gone"))
        for at, width in [((0.0, 0.0), 1440), ((0.99, 0.97), 390), (None, 1440)]
    ]
    points = [
        {"on": key, "at": None, "page_x": x, "page_y": y, "width": width, "kind": kind}
        for key in ("#a", "")
        for x, y in [(12.0, 21.0), (313.0, 63.0), (315.0, 65.0), (-1.0, 30.0), (700.0, 999.0)]
        for width, kind in [(1440, "click"), (1456, "custom"), (1423, "click"), (1423, "custom")]
    ]
    paths = [{"on": "", "element_path": "P;a", "at": at} for at in ((0.5, 0.5), None)]
    facets = {"browser": "Chrome"}
    clicks = [
        click(**told, facets=facets, session=f"s{number % 7}", t=NOON + number)
        for number, told in enumerate([*wholes, *points, *paths])
    ]
    half = click("#a", facets=facets, session="s1", clicks=100)
    return [*clicks, replace(half, fx=None), replace(half, fy=None, event_id="other half")]


@pytest.mark.parametrize(
    "scope",
    [
        cart(),
        cart(where("browser", "=", "Chrome")),
        cart(where("browser", "=~", "C.*e")),
        cart(width_min=1000),
        cart(width_max=767),
    ],
    ids=["whole page", "by a filter", "by a pattern", "wide", "narrow"],
)
@pytest.mark.parametrize("sampled", [False, True])
def test_every_kind_of_click_is_where_a_person_would_put_it(
    shop: Shop, scope: Scope, *, sampled: bool
) -> None:
    """The reference places one click at a time; from memory and, by a pattern, by statements."""
    told = every_kind_of_click()
    if sampled:  # by one in three sessions
        told = [replace(one, weight=4.0 if one.session_id == "s1" else 1.0) for one in told]
    shop.tells(*told).shows(KNOWN)
    wide, narrow = scope.width_min or 0, scope.width_max or 9_999
    wanted = [one for one in told if wide <= one.viewport_w <= narrow]
    for cell in (8, 37):
        expected, unplaced = by_hand(wanted, KNOWN, cell)
        (heat,) = shop.ask("heat", scope, cell=cell)
        assert cells(heat) == {place: clicks for place, clicks in expected.items() if clicks}
        assert heat.meta["unplaced"] == {why.value: n for why, n in unplaced.items()}
        assert heat.meta["actions"] == sum(one.weight for one in wanted)
        assert heat.meta["estimated"] is any(one.weight != 1 for one in wanted)
        total = sum(expected.values()) + sum(unplaced.values())
        assert heat.meta["coverage"] == pytest.approx(sum(expected.values()) / total)
    people = msgspec.structs.replace(scope, metric="sessions")
    (heat,) = shop.ask("heat", people, cell=8)
    own = [[one for one in wanted if one.session_id == f"s{number}"] for number in range(7)]
    sessions: Counter[tuple[int, int]] = Counter()
    for told_of_one in own:
        sessions.update(set(by_hand(told_of_one, KNOWN, 8)[0]))
    assert cells(heat) == dict(sessions)


def test_a_click_whose_count_is_a_lower_bound_is_one_in_each_way_of_reading(shop: Shop) -> None:
    facets = {"browser": "Chrome"}
    shop.tells(click("#a", facets=facets), click("#b", clicks=3, clicks_exact=False, width=390))
    shop.shows(KNOWN)
    exact = [
        shop.ask("heat", scope)[0].meta["exact"]
        for scope in (
            cart(),
            cart(width_max=400),
            cart(where("browser", "=", "Chrome")),
            cart(where("browser", "=~", ".*")),
            cart(where("browser", "=~", "Chr.*")),
        )
    ]
    assert exact == [False, False, True, False, True]


def test_a_picture_without_boxes_shows_what_has_a_page_point(shop: Shop) -> None:
    """Nothing says where an element was, so its fraction is no place, and nothing is `gone`."""
    shop.tells(
        click("#a", at=(0.5, 0.5), clicks=2), click("#a", page_x=50.0, page_y=60.0),
        click("#a", page_x=50.0, page_y=60.0, width=390, clicks=4),
        click("", at=None, clicks=8), click("", at=None, kind="custom", clicks=16),
        click("", at=None, page_x=50.0, page_y=5_000.0, clicks=32, weight=2.0),
    ).shows(picture("bare", {}))  # fmt: skip
    (heat,) = shop.ask("heat", background="bare")
    assert cells(heat) == {(48, 56): 1}
    assert heat.meta["unplaced"] == {"no_position": 22, "no_selector": 8, "outside_picture": 64}
    assert (heat.meta["clicks"], heat.meta["actions"]) == (95, 7)
    assert (heat.meta["estimated"], heat.meta["exact"]) == (True, False)


def test_several_pages_lie_on_one_canvas_by_their_page_points(shop: Shop) -> None:
    """1440 px is the commonest window of clicks with a point; the lowest one ends the canvas."""
    both = ("/cart", "/done")
    point: dict[str, Any] = {"on": "", "at": None, "session": "s1"}
    shop.tells(
        click(**point, page_x=10.0, page_y=1_200.0, user_id="u"),
        click(**point, page_x=10.0, page_y=1_203.0, page="/done", clicks=3, user_id="u"),
        click(**point, page_x=1_439.0, page_y=0.0, width=1_450, clicks=2),
        click(**point, page_x=10.0, page_y=10.0, width=390, clicks=5),
        click(**{**point, "session": "s2"}, page_x=10.0, page_y=1_200.0, user_id="w"),
        click("#pay", clicks=7),
        click(**point, page_x=10.0, clicks=11),
        click(**point, page_y=10.0, clicks=13),
        click(**point, page_x=1_500.0, page_y=10.0, clicks=17),
    )
    (heat,) = shop.ask("heat", cart(pages=both))
    assert cells(heat) == {(8, 1_200): 5, (1_432, 0): 2}
    assert heat.meta["canvas"] == {"width": 1_440, "height": 1_204}
    assert heat.meta["unplaced"] == {"no_background": 36, "outside_picture": 17}
    assert (heat.meta["clicks"], heat.meta["actions"]) == (60, 9)
    assert (heat.meta["estimated"], heat.meta["exact"]) == (False, True)
    (people,) = shop.ask("heat", cart(pages=both, metric="users"))
    assert cells(people)[8, 1_200] == 2


def test_a_canvas_is_as_high_as_a_window_and_no_higher_than_a_picture(shop: Shop) -> None:
    pages = ("/cart", "/done")
    shop.tells(click("", at=None, page_x=10.0, page_y=20.0, width=800, weight=3.0))
    (heat,) = shop.ask("heat", cart(pages=pages))
    assert heat.meta["canvas"] == {"width": 800, "height": 900}
    assert (heat.meta["estimated"], heat.meta["actions"]) == (True, 3)
    low = {"on": "", "at": None, "page_x": 10.0, "width": 800, "clicks_exact": False}
    shop.tells(click(**low, page_y=29_999.0), click(**low, page_y=30_000.0, clicks=2))
    (heat,) = shop.ask("heat", cart(pages=pages))
    assert heat.meta["canvas"] == {"width": 800, "height": 30_000}
    assert cells(heat) == {(8, 16): 3, (8, 29_992): 1}
    assert heat.meta["unplaced"] == {"outside_picture": 2}
    assert heat.meta["exact"] is False
    (nothing,) = shop.ask("heat", cart(pages=("/never", "/ever")))
    assert nothing.meta["canvas"] == {"width": 1_440, "height": 900}
    assert (cells(nothing), nothing.meta["unplaced"]) == ({}, {})


def test_what_another_picture_adds_is_what_placing_on_it_shows(shop: Shop) -> None:
    """`#b` hangs over the right edge by its middle, `#d` is below the cut: neither is an offer."""
    inside = {
        "#a": Box(10, 20, 300, 40), "#b": Box(1_400, 20, 81, 40), "#d": Box(0, 990, 10, 21),
        "P;a": Box(500, 600, 50, 20),
    }  # fmt: skip
    own = picture("own", {"#x": Box(0, 0, 10, 10)}, size=(1440, 1000))
    other = picture("other", inside, size=(1440, 1000), created_ms=NOON + 1)
    shop.tells(
        click("#x", clicks=50), click("#a", clicks=3), click("#b", clicks=5), click("#d"),
        click("#a", at=None, page_x=20.0, page_y=30.0, clicks=7, weight=2.0),
        click("#a", at=None, clicks=11), click("", element_path="P;a", clicks=13),
        click("", at=None, page_x=1_500.0, page_y=30.0, clicks=100),
    ).shows(own, other)  # fmt: skip
    for scope in (cart(), cart(width_min=1000)):
        (heat,) = shop.ask("heat", scope, background="own")
        adds = [(one["background"]["id"], one["clicks"]) for one in heat.meta["others"]]
        assert adds == [("other", 3 + 14 + 13)]


def test_drawn_boxes_show_page_points_of_windows_like_the_pictures_only(shop: Shop) -> None:
    drawn = picture("drawn", {"#bar": Box(100, 50, 200, 24, drawn=True)})
    shop.tells(
        click("#bar", page_x=700.0, page_y=800.0),
        click("#bar", page_x=700.0, page_y=900.0, width=1_424, clicks=2),
        click("#bar", page_x=700.0, page_y=900.0, width=390, clicks=3),
        click("#bar", page_x=700.0, clicks=5), click("#bar", page_y=700.0, clicks=7),
    ).shows(drawn)  # fmt: skip
    (heat,) = shop.ask("heat", cell=4)
    assert cells(heat) == {(700, 800): 1, (700, 900): 2, (200, 60): 15}
    grown = picture("grown", {"#bar": Box(100, 50, 200, 1_000, grown=True)}, page="/done")
    shop.tells(
        click("#bar", page="/done", page_x=700.0, page_y=800.0, at=(0.25, 0.5)),
        click("#bar", page="/done", page_x=700.0, page_y=1_060.0, clicks=2, at=(0.25, 0.5)),
        click("#bar", page="/done", page_x=700.0, clicks=4, at=(0.25, 0.25)),
    ).shows(grown)
    (heat,) = shop.ask("heat", cart(pages=("/done",)), cell=4)
    assert cells(heat) == {(148, 800): 1, (148, 548): 2, (148, 300): 4}


def test_fractions_place_an_action_only_where_both_are_known(shop: Shop) -> None:
    shop.tells(click("#a"))
    [number] = [number for number, text in shop.engine.terms("target").items() if "#a" in text]
    placed = targets_with_place(shop.engine)
    target, known = np.full(4, number), np.array([0, 1, 2, 3], np.uint16)
    partly, less = np.array([0.0, np.nan, 2.0, np.nan]), np.array([0.0, 1.0, np.nan, np.nan])
    for fx, fy, with_place in (
        (known, known, [number] * 4),
        (partly, less, [number, 0, 0, 0]),
        (partly, known, [number, 0, number, 0]),
        (known, less, [number, number, 0, 0]),
    ):
        found = placed.compute({"target": target, "fx": fx, "fy": fy})
        assert found.tolist() == with_place
    nothing = np.empty(0, np.int64)
    assert placed.compute({"target": nothing, "fx": nothing, "fy": nothing}).tolist() == []


def test_wireframes_of_other_boxes_share_no_cells(shop: Shop) -> None:
    """A wireframe has the same id for every scope; pictures never change."""
    context, grid = shop.context(), Grid.over(1440, 2000, 8)

    def name(origin: str, left: float) -> str:
        shown = picture("same", {"#a": Box(left, 0, 50, 20)}, origin=origin)
        return cells_on(shown, grid, context.boxes(shown), shop.engine).name

    assert name("wireframe", 10) == name("wireframe", 10)
    assert name("wireframe", 10) != name("wireframe", 20)
    assert name("replay", 10) == name("replay", 20)


def test_clicks_left_out_for_the_same_reason_are_added_up(shop: Shop) -> None:
    hidden = {key: Box(0, 0, 10, 10, visible=False) for key in ("#a", "#b")}
    shop.tells(click("#a", clicks=2), click("#b", clicks=5), click("#c", clicks=11))
    shop.shows(picture("p", hidden))
    (heat,) = shop.ask("heat")
    assert (heat.meta["clicks"], heat.meta["placed"]) == (18, 0)
    assert heat.meta["unplaced"] == {"hidden": 7, "element_gone": 11}


def test_where_nobody_clicked_a_picture_shows_nothing(shop: Shop) -> None:
    """With boxes and without; another picture adds nothing, too."""
    own, other = picture("own", {}), picture("other", {"#a": Box(0, 0, 10, 10)})
    shop.shows(own, other)
    for name in ("own", "other"):
        (heat,) = shop.ask("heat", background=name)
        assert (heat.meta["clicks"], heat.meta["placed"], heat.meta["others"]) == (0, 0, [])
        assert cells(heat) == {}
