"""For every scope: grid and reasons add up to the clicks, and each cell is the reference's."""

from collections import Counter
from collections.abc import Iterator
from itertools import count

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isotherm.model import Action, Background, Box, Scope, Signal
from tests.query.reference import heat
from tests.scenario import HOUR, NOON, Shop, cart, cells, click, picture, where

pytestmark = pytest.mark.thorough

NUMBERS = count()
"""Each example has a page of its own, so that all of them can share one store."""

ELEMENTS = ("#a", "#b", "#c", "#d", "")
PATHS = ("", "P;a", "P;b")

boxes = st.builds(
    Box,
    left=st.floats(-50, 1500, width=32),
    top=st.floats(-50, 1100, width=32),
    width=st.floats(0, 400, width=32),
    height=st.floats(0, 300, width=32),
    visible=st.sampled_from((True, True, True, False)),
    clipped=st.sampled_from((False, False, True)),
    occluded=st.sampled_from((False, False, True)),
)
pictures = st.dictionaries(st.sampled_from((*ELEMENTS[:4], *PATHS[1:])), boxes).map(
    lambda known: picture("one", known, size=(1440, 1000))
)
fractions = st.tuples(st.floats(0, 1), st.floats(0, 1))


@st.composite
def actions(draw: st.DrawFn) -> Action:
    known = draw(st.booleans())
    return click(
        draw(st.sampled_from(ELEMENTS)),
        at=draw(st.none() | fractions),
        t=NOON + draw(st.integers(0, 13 * HOUR)),
        session=draw(st.sampled_from(("s1", "s2", "s3"))),
        width=draw(st.sampled_from((1440, 1430, 1280, 768, 390, 0))),
        page=draw(st.sampled_from(("/cart", "/cart", "/done"))),
        element_path=draw(st.sampled_from(PATHS)),
        clicks=draw(st.sampled_from((1, 1, 3, 7))),
        weight=draw(st.sampled_from((1.0, 1.0, 4.0))),
        kind=draw(st.sampled_from(("click", "click", "custom"))),
        rage=draw(st.booleans()),
        page_x=draw(st.integers(-10, 1600)) if known else None,
        page_y=draw(st.integers(-10, 1200)) if known else None,
        facets={"browser": draw(st.sampled_from(("Chrome", "Safari")))},
    )


scopes = st.builds(
    lambda band, signal, browser: cart(
        *([where("browser", "=", browser)] if browser else []),
        width_min=band[0],
        width_max=band[1],
        signal=signal,
    ),
    st.sampled_from(((None, None), (1281, None), (768, 1280), (None, 767))),
    st.sampled_from((None, None, Signal.RAGE)),
    st.sampled_from((None, None, "Chrome")),
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    opened = Shop(tmp_path_factory.mktemp("shop"))
    yield opened
    opened.close()


def stage(
    shop: Shop, told: list[Action], scope: Scope, *shown: Background
) -> tuple[list[Action], Scope]:
    """Put an example on a page of its own; return it as it is stored."""
    number = next(NUMBERS)
    own = [msgspec.structs.replace(one, page=f"{one.page}{number}") for one in told]
    page = f"/cart{number}"
    shop.tells(*own)
    shop.shows(*(msgspec.structs.replace(one, id=f"b{number}", page=page) for one in shown))
    return own, msgspec.structs.replace(scope, pages=(page,))


def in_scope(action: Action, scope: Scope) -> bool:
    low, high = scope.width_min, scope.width_max
    banded = low is not None or high is not None
    return (
        action.page in scope.pages
        and scope.from_ms <= action.time_ms < scope.to_ms
        and (not banded or (low or 1) <= action.viewport_w <= (high or 9999))
        and (scope.signal is None or action.rage)
        and all(action.facets["browser"] == one.values[0] for one in scope.filters)
    )


def relaxed(examples: int) -> settings:
    shared = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=examples, suppress_health_check=shared)


@relaxed(100)
@given(
    told=st.lists(actions(), max_size=25),
    shown=pictures,
    scope=scopes,
    cell=st.sampled_from((1, 8, 37)),
    settled=st.booleans(),
)
def test_the_grid_is_the_reference_and_nothing_is_lost(
    shop: Shop, told: list[Action], shown: Background, scope: Scope, cell: int, *, settled: bool
) -> None:
    told, scope = stage(shop, told, scope, shown)
    if settled:  # the page is read into memory first, for another range of time
        shop.engine.compact(least_rows=1)
        earlier = msgspec.structs.replace(scope, from_ms=0, to_ms=NOON + HOUR)
        shop.ask("heat", earlier, cell=cell)
    frame = shop.ask("heat", scope, cell=cell)[0]
    wanted = [action for action in told if in_scope(action, scope)]
    expected, unplaced = heat(wanted, shown, cell)
    assert cells(frame) == {place: clicks for place, clicks in expected.items() if clicks}
    assert frame.meta["unplaced"] == {why.value: n for why, n in unplaced.items() if n}
    clicks = sum(action.clicks * action.weight for action in wanted)
    assert frame.meta["clicks"] == pytest.approx(clicks)
    assert sum(cells(frame).values()) + sum(unplaced.values()) == pytest.approx(clicks)


@relaxed(30)
@given(st.lists(actions(), max_size=25), pictures, st.sampled_from(("users", "sessions")))
def test_a_cell_counts_each_session_once(
    shop: Shop, told: list[Action], shown: Background, metric: str
) -> None:
    told, scope = stage(shop, told, cart(metric=metric), shown)
    frame = shop.ask("heat", scope)[0]
    expected: Counter[tuple[int, int]] = Counter()
    sessions = {action.session_id for action in told} if metric == "sessions" else ()
    for session in sessions:
        own = [one for one in told if in_scope(one, scope) and one.session_id == session]
        expected.update(set(heat(own, shown, 8)[0]))
    assert cells(frame) == dict(expected)


@relaxed(30)
@given(st.lists(actions(), max_size=25))
def test_without_a_picture_all_clicks_are_accounted_for(shop: Shop, told: list[Action]) -> None:
    told, scope = stage(shop, told, cart())
    frame = shop.ask("heat", scope)[0]
    wanted = [action for action in told if in_scope(action, scope)]
    clicks = sum(action.clicks * action.weight for action in wanted)
    placed = sum(cells(frame).values())
    assert placed + sum(frame.meta["unplaced"].values()) == pytest.approx(clicks)
