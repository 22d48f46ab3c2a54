"""Views, actions and errors of senders without views."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isotherm.model import Action, Segment, SegmentFormat, Source
from isotherm.replay.derive.derived import Derived
from isotherm.replay.derive.session import derive
from isotherm.replay.derive.signal_rules import SignalRules
from tests.replay.conftest import key_of, session, truth
from tests.replay.events import (
    START_MS,
    Page,
    click,
    event,
    incremental,
    meta,
    mutation,
    rrweb,
    scroll,
    snapshot,
)

RULES = SignalRules()
FARO = ("faro/faro-desktop", "faro/faro-desktop-scrollclick", "faro/faro-noreplay")


def derived(name: str) -> Derived:
    return derive(session(name).segments, RULES, key_of)


def signals(actions: tuple[Action, ...]) -> dict[str, tuple[int, bool, bool, bool]]:
    frustrated = [a for a in actions if a.rage or a.dead or a.error]
    return {f"{a.element}@{a.time_ms}": (a.clicks, a.rage, a.dead, a.error) for a in frustrated}


def test_a_faro_session_has_the_views_that_its_urls_say() -> None:
    views = derived("faro/faro-desktop").views
    assert [view.page for view in views] == ["/", "/checkout", "/", "/checkout.html"]
    starts = [n["at"] for n in truth("faro/faro-desktop")["navigations"] if n["kind"] != "hash"]
    for view, at in zip(views, starts, strict=True):
        assert at - 3000 <= view.time_ms <= at  # the driver waits for the page to be idle
    assert [view.depth_px for view in views] == [2812.0, 900.0, 900.0, 900.0]
    assert [view.actions for view in views] == [26, 3, 2, 1]
    assert {view.user_id for view in views} == {"u-11"}
    assert {view.facets["browser"] for view in views} == {"Chrome"}


@pytest.mark.parametrize("name", ["faro/faro-desktop", "rrweb"])
def test_every_physical_click_is_in_an_action(name: str) -> None:
    actions = derived(name).actions
    assert len(actions) == 32
    assert sum(action.clicks for action in actions) == len(truth(name)["clicks"]) == 39
    assert {action.source for action in actions} == {Source.REPLAY}


@pytest.mark.parametrize("name", ["faro/faro-desktop", "rrweb"])
def test_signals_are_those_that_datadog_gives_the_same_session(name: str) -> None:
    sdk = {
        (action.element, action.rage, action.dead)
        for action in session("datadog/dd7-desktop-allow").actions
        if (action.rage or action.dead) and "shadow" not in action.element
    }  # the shadow button is Datadog's one false dead click
    ours = {(a.element, a.rage, a.dead) for a in derived(name).actions if a.rage or a.dead}
    stock = 'BUTTON[data-testid="stock-check"]'
    if name == "rrweb":  # that button only makes a request, which rrweb does not record
        assert (stock, False, True) in ours
        ours = {one for one in ours if one[0] != stock} | {(stock, True, False)}
    assert ours == sdk


def test_a_faro_error_belongs_to_its_click_and_page() -> None:
    result = derived("faro/faro-desktop")
    (error,) = result.errors
    assert (error.kind, error.page) == ("TypeError", "/")
    (failed,) = [action for action in result.actions if action.error]
    assert (failed.element, failed.errors) == ('BUTTON[data-testid="stock-check"]', 1)
    assert failed.action_name == "stock-check"
    assert result.views[0].errors == 1


def test_faro_without_replay_has_views_and_named_actions() -> None:
    result = derived("faro/faro-noreplay")
    assert [view.page for view in result.views] == ["/", "/checkout"]
    assert [action.action_name for action in result.actions] == [
        "hero-buy",
        "open-size-guide",
        "stock-check",
        "stock-check",
        "place-order",
    ]
    assert [action.error for action in result.actions] == [False, False, True, False, False]
    assert all(action.page_x is None and action.fx is None for action in result.actions)
    assert not any(view.has_replay for view in result.views)
    assert {view.depth_px for view in result.views} == {None}


@pytest.mark.thorough
@pytest.mark.parametrize("name", [*FARO, "rrweb"])
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_order_and_repetition_change_nothing(name: str, data: st.DataObject) -> None:
    segments = session(name).segments
    shuffled = data.draw(st.permutations([*segments, *segments]))
    assert derive(shuffled, RULES, key_of) == derived(name)


@pytest.mark.thorough
@pytest.mark.parametrize("name", FARO)
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_missing_segments_never_invent_clicks(name: str, data: st.DataObject) -> None:
    segments = session(name).segments
    gone = data.draw(st.sets(st.sampled_from(range(len(segments)))))
    result = derive([s for at, s in enumerate(segments) if at not in gone], RULES, key_of)
    assert sum(action.clicks for action in result.actions) <= len(truth(name)["clicks"])
    assert {a.view_id for a in result.actions} <= {view.view_id for view in result.views}


def shop() -> tuple[Page, dict[str, Any]]:
    page = Page()
    buy = page.element("button", "Buy", id="buy")
    return page, page.document(buy, page.element("a", "Help", href="/help", id="help"))


def test_a_checkpoint_of_rrweb_is_no_new_view_but_a_load_is() -> None:
    _, document = shop()
    segment = rrweb(
        [meta(), snapshot(document), mutation(100)],
        [meta(500), snapshot(document, 500), mutation(600)],
        [event(0, 900, {}), meta(900), snapshot(document, 900), mutation(1000)],
    )
    views = derive([segment], RULES, key_of).views
    assert [view.time_ms - START_MS for view in views] == [0, 900]


def test_the_url_of_a_request_moves_rrweb_to_the_next_page() -> None:
    page, document = shop()
    first = rrweb(meta(), snapshot(document), click(page.ids["buy"], 100), url="https://shop.test/")
    second = rrweb(click(page.ids["buy"], 2000), url="https://shop.test/cart?step=2")
    result = derive([second, first], RULES, key_of)
    assert [(view.page, view.url) for view in result.views] == [
        ("/", "https://shop.test/"),
        ("/cart", "https://shop.test/cart"),
    ]
    assert [action.page for action in result.actions] == ["/", "/cart"]
    assert result.views[1].referrer == "https://shop.test/"


def test_an_event_that_came_in_two_requests_counts_once() -> None:
    page, document = shop()
    start, clicked = [meta(), snapshot(document)], click(page.ids["buy"], 100)
    result = derive([rrweb(start, clicked), rrweb(clicked, part=1)], RULES, key_of)
    assert sum(action.clicks for action in result.actions) == 1


def test_a_keyboard_activation_is_no_click() -> None:
    page, document = shop()
    enter = incremental(2, 900, type=2, id=page.ids["buy"], x=0, y=0)
    used = click(page.ids["buy"], 500)
    result = derive([rrweb(meta(), snapshot(document), used, enter)], RULES, key_of)
    assert [action.clicks for action in result.actions] == [1]


def test_masked_labels_give_way_to_the_key() -> None:
    page = Page()
    document = page.document(page.element("button", "*** ****", id="buy"))
    result = derive([rrweb(meta(), snapshot(document), click(2, 100))], RULES, key_of)
    assert [action.action_name for action in result.actions] == ["#buy"]


def test_a_scroll_of_the_page_before_is_not_the_next_pages_depth() -> None:
    _, document = shop()
    first = rrweb(meta(), snapshot(document), scroll(1, 1900, 1000), url="https://shop.test/")
    second = rrweb(scroll(1, 0, 2015), mutation(2010), url="https://shop.test/cart")
    assert [view.depth_px for view in derive([first, second], RULES, key_of).views] == [2700, 800]


def native(*records: dict[str, Any], seq: int = 0) -> Segment:
    body = {"application": "shop", "session": "s-1", "view": "v-7", "seq": seq}
    body |= {"url": "https://shop.test/cart?coupon=x", "viewport": [1000, 800]}
    stamped = [{**record, "t": START_MS + record["t"]} for record in records]
    return Segment(
        segment_id=f"v-7:{seq}",
        time_ms=stamped[0]["t"],
        end_ms=stamped[-1]["t"],
        application="shop",
        session_id="s-1",
        view_id="v-7",
        recording_id="v-7",
        index=seq,
        format=SegmentFormat.NATIVE,
        viewport_w=1000,
        viewport_h=800,
        body=msgspec.json.encode({**body, "records": stamped}),
    )


def native_click(t: int, *, active: bool = True, at: tuple[int, int] = (12, 8)) -> dict[str, Any]:
    x, y = at
    place = {"x": x, "y": y, "w": 120, "h": 40, "page_x": 100 + x, "page_y": 300 + y}
    return {"t": t, "type": "click", "element": "#menu", "label": "Menu", "active": active, **place}


def test_the_scripts_records_become_a_view_with_actions() -> None:
    first = native(
        {"t": 0, "type": "page", "depth": 800, "height": 2400},
        native_click(1000),
        {"t": 1050, "type": "error", "message": "stock is undefined", "kind": "TypeError"},
        {"t": 2000, "type": "scroll", "depth": 1700, "height": 2400},
    )
    rest = native(
        *(native_click(4000 + at * 150, active=False) for at in range(5)),
        {"t": 9000, "type": "end", "depth": 1700, "height": 2500, "spent": 9000},
        seq=1,
    )
    result = derive([rest, first, rest], RULES, key_of)
    (view,) = result.views
    assert (view.view_id, view.page, view.url) == ("v-7", "/cart", "https://shop.test/cart")
    assert (view.depth_px, view.page_height_px, view.time_spent_ms) == (1700, 2500, 9000)
    assert (view.actions, view.errors, view.has_replay) == (2, 1, False)
    failed, raged = result.actions
    assert (failed.clicks, failed.error, failed.dead, failed.rage) == (1, True, False, False)
    assert (raged.clicks, raged.error, raged.dead, raged.rage) == (5, False, True, True)
    assert (failed.fx, failed.fy) == (round(65535 * 12 / 120), round(65535 * 8 / 40))
    assert (failed.page_x, failed.page_y, failed.element_w) == (112, 308, 120)
    assert result.errors[0].message == "stock is undefined"
