"""What replays add to Datadog's and Guance's actions and views."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isotherm.model import Action, Source, View
from isotherm.replay.derive.derived import Derived
from isotherm.replay.derive.enrich import enrich
from isotherm.replay.derive.signal_rules import SignalRules
from isotherm.replay.recording import Recording
from tests.replay.conftest import WITH_VIEWS, session, truth
from tests.replay.events import START_MS, Page, click, datadog, incremental, meta, snapshot

RULES = SignalRules()


def enriched(name: str) -> Derived:
    stored = session(name)
    return enrich(stored.views, stored.actions, stored.segments, RULES)


@pytest.mark.parametrize("name", WITH_VIEWS)
def test_every_physical_click_is_counted_once(name: str) -> None:
    derived = enriched(name)
    assert sum(action.clicks for action in derived.actions) == len(truth(name)["clicks"])
    assert all(action.clicks_exact for action in derived.actions)


def test_the_full_datadog_session() -> None:
    derived = enriched("datadog/dd7-desktop-allow")
    assert len(derived.actions) == 32
    assert sum(action.clicks for action in derived.actions) == 39
    chains = {a.element: a.clicks for a in derived.actions if a.rage}
    assert chains == {"#dead-badge": 5, 'BUTTON[data-testid="stock-check"]': 4}
    assert not [action for action in derived.actions if action.source is Source.REPLAY]


@pytest.mark.parametrize("name", ["guance/guance-desktop", "guance/guance-mobile"])
def test_guance_loses_the_click_that_leaves_the_page(name: str) -> None:
    derived = enriched(name)
    (lost,) = [action for action in derived.actions if action.source is Source.REPLAY]
    assert lost.element == 'A[data-testid="full-nav-checkout"]'
    assert (lost.clicks, lost.rage, lost.dead, lost.page) == (1, False, False, "/")
    view = next(view for view in derived.views if view.view_id == lost.view_id)
    assert (lost.facets, lost.user_id) == (view.facets, view.user_id)


def test_an_sdk_without_frustrations_sends_no_dead_clicks_but_the_replay_has_them() -> None:
    derived = enriched("datadog/dd4-desktop-short")
    lost = {a.element: a.clicks for a in derived.actions if a.source is Source.REPLAY}
    assert len(session("datadog/dd4-desktop-short").actions) == 11
    assert lost["#dead-badge"] == 5
    assert len(lost) == 6


@pytest.mark.parametrize("name", ["datadog/dd4-desktop-short", "datadog/dd6-desktop-short"])
def test_a_depth_that_the_sdk_sampled_too_early_is_mended(name: str) -> None:
    before = {view.depth_px for view in session(name).views}
    after = {view.depth_px for view in enriched(name).views}
    assert before == {2399.0, 900.0}
    assert after == {2812.0, 900.0}


@pytest.mark.parametrize("name", WITH_VIEWS)
def test_depths_stay_what_the_sdk_measured_when_it_was_right(name: str) -> None:
    sent = {view.view_id: view.depth_px or 0 for view in session(name).views}
    for view in enriched(name).views:
        assert (view.depth_px or 0) >= sent[view.view_id]
        assert view.page_height_px is not None
        assert (view.depth_px or 0) <= view.page_height_px


@pytest.mark.thorough
@pytest.mark.parametrize("name", WITH_VIEWS)
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_order_repetition_and_earlier_evaluations_change_nothing(
    name: str, data: st.DataObject
) -> None:
    stored, whole = session(name), enriched(name)
    shuffled = data.draw(st.permutations([*stored.segments, *stored.segments]))
    early = shuffled[: data.draw(st.integers(0, len(shuffled)))]
    first = enrich(stored.views[::-1], stored.actions[::-1], early, RULES)
    again = enrich(first.views, first.actions, shuffled, RULES)
    assert again.actions == whole.actions
    assert {v.view_id: v for v in again.views} == {v.view_id: v for v in whole.views}


@pytest.mark.thorough
@pytest.mark.parametrize("name", WITH_VIEWS)
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_missing_segment_never_invents_clicks(name: str, data: st.DataObject) -> None:
    stored = session(name)
    gone = data.draw(st.sets(st.sampled_from(range(len(stored.segments)))))
    kept = [segment for at, segment in enumerate(stored.segments) if at not in gone]
    derived = enrich(stored.views, stored.actions, kept, RULES)
    sent = {action.event_id for action in stored.actions}
    assert sent <= {action.event_id for action in derived.actions}
    exact = [a.clicks for a in derived.actions if a.clicks_exact]
    bounds = [a for a in derived.actions if not a.clicks_exact]
    assert sum(exact) + len(bounds) <= len(truth(name)["clicks"])


def test_views_and_actions_without_replay_stay_as_they_are() -> None:
    stored = session("datadog/dd7-desktop-viewupdate")
    derived = enrich(stored.views, stored.actions, stored.segments, RULES)
    assert set(map(repr, derived.views)) == set(map(repr, stored.views))
    assert set(map(repr, derived.actions)) == set(map(repr, stored.actions))


def test_a_place_found_by_a_render_is_kept() -> None:
    stored, first = session("guance/guance-desktop"), enriched("guance/guance-desktop")
    placed = [
        msgspec.structs.replace(action, fx=1000, fy=2000, element_w=80, element_h=30)
        if action.source is Source.REPLAY
        else action
        for action in first.actions
    ]
    again = enrich(first.views, placed, stored.segments, RULES)
    assert again.actions == tuple(placed)


def view(**fields: Any) -> View:
    own = {"view_id": "v-1", "version": 3, "time_ms": START_MS, "application": "shop"}
    return View(**{**own, "session_id": "s-1", "page": "/", **fields})


def sdk_click(ms: int, **fields: Any) -> Action:
    own = {"event_id": f"a-{ms}", "time_ms": START_MS + ms, "application": "shop"}
    return Action(
        **{**own, "session_id": "s-1", "view_id": "v-1", "page": "/", "element": "#buy", **fields}
    )


def frustration(ms: int, kind: str, *records: int) -> dict[str, Any]:
    data = {"frustrationTypes": [kind], "recordIds": list(records)}
    return {"type": 9, "timestamp": START_MS + ms, "data": data}


def test_a_chain_that_the_sender_lists_is_counted_as_listed() -> None:
    page = Page()
    document = page.document(page.element("button", "Buy", id="buy"))
    buy = page.ids["buy"]
    slow = [one for at in range(4) for one in click(buy, 1000 + at * 1500)]
    for number, record in enumerate(slow, start=1):
        record["id"] = number
    segment = datadog(meta(), snapshot(document), slow, frustration(1002, "rage_click", 2, 5, 8))
    rage = sdk_click(1002, rage=True, clicks=3, clicks_exact=False)
    derived = enrich([view()], [rage], [segment], RULES)
    assert [(a.clicks, a.clicks_exact, a.source) for a in derived.actions] == [
        (3, True, Source.SDK),
        (1, True, Source.REPLAY),
    ]


@pytest.mark.parametrize(("element", "sources"), [("#buy", ["sdk"]), ("#pay", ["sdk", "replay"])])
def test_on_a_busy_machine_an_action_lags_behind_its_click(
    element: str, sources: list[str]
) -> None:
    """As a real SDK did by 207 ms; a click on another element so far off is another click."""
    page = Page()
    document = page.document(page.element("button", "Buy", id="buy"))
    segment = datadog(meta(), snapshot(document), click(page.ids["buy"], 1500))
    derived = enrich([view()], [sdk_click(1293, element=element)], [segment], RULES)
    assert [action.source.value for action in derived.actions] == sources


def test_each_action_has_the_click_that_is_nearest() -> None:
    page = Page()
    document = page.document(page.element("button", "Buy", id="buy"))
    clicks = [one for at in (1000, 1400, 1800) for one in click(page.ids["buy"], at)]
    sent = [sdk_click(1001), sdk_click(1797)]
    derived = enrich([view()], sent, [datadog(meta(), snapshot(document), clicks)], RULES)
    assert [(a.time_ms - START_MS, a.source.value) for a in derived.actions] == [
        (1001, "sdk"), (1402, "replay"), (1797, "sdk"),
    ]  # fmt: skip


def test_the_rest_of_a_chain_whose_start_is_missing_is_not_counted_again() -> None:
    page = Page()
    document = page.document(page.element("button", "Buy", id="buy"))
    buy = page.ids["buy"]
    rest = [one for at in range(3) for one in click(buy, 1300 + at * 200)]
    segments = [datadog(meta(), snapshot(document)), datadog(rest, index=2)]
    rage = sdk_click(1000, rage=True, clicks=3, clicks_exact=False)
    assert enrich([view()], [rage], segments, RULES).actions == (rage,)


def test_without_a_view_nothing_is_added_because_its_page_is_not_known() -> None:
    page = Page()
    document = page.document(page.element("button", "Buy", id="buy"))
    segment = datadog(meta(), snapshot(document), click(page.ids["buy"], 500))
    assert enrich([], [], [segment], RULES).actions == ()
    assert len(enrich([view()], [], [segment], RULES).actions) == 1


def test_in_an_app_shell_the_depth_is_the_scrollers() -> None:
    page = Page()
    rows = [page.element("div", f"row {number}") for number in range(40)]
    rows.append(page.element("button", "More", id="more"))
    bar = page.element("header", page.element("button", "Menu", id="menu"))
    shell = page.element("main", *rows, id="main")
    document = page.document(bar, shell)
    main = page.ids["main"]
    segment = datadog(
        meta(),
        snapshot(document),
        incremental(3, 1000, id=main, x=0, y=1200),
        click(page.ids["more"], 2000, at=(50, 400)),
        click(page.ids["menu"], 3000, at=(900, 30)),
    )
    sent = view(depth_px=800.0, page_height_px=800.0, depth_meaningful=False)
    derived = enrich([sent], [], [segment], RULES)
    (seen,) = derived.views
    assert (seen.depth_px, seen.page_height_px, seen.depth_meaningful) == (2000.0, None, True)
    places = {action.element: action.page_y for action in derived.actions}
    assert places == {"#more": 1600.0, "#menu": 30.0}  # the bar does not move with the content
    state = Recording.of_view([segment]).state_at(START_MS + 9000).snapshot()
    assert state.shell_scroller == main


def test_a_small_scroller_is_no_app_shell() -> None:
    page = Page()
    rows = [page.element("div", f"row {number}") for number in range(40)]
    box = page.element("div", page.element("p", "review"), id="box")
    document = page.document(box, *rows)
    segment = datadog(
        meta(), snapshot(document), incremental(3, 500, id=page.ids["box"], x=0, y=300)
    )
    (seen,) = enrich([view(depth_px=800.0)], [], [segment], RULES).views
    assert seen.depth_px == 800.0


def component() -> tuple[Page, Any]:
    """Return a page of one web component with a button, and a card with one of its own."""
    page = Page()
    inner = page.element("button", "Ask", id="ask")
    card = page.element("x-card", shadow(page, page.element("button", "Buy", id="buy")))
    host = page.element("x-shop", shadow(page, inner, card))
    return page, page.document(host)


def shadow(page: Page, *children: Any) -> dict[str, Any]:
    return {"type": 11, "isShadowRoot": True, "id": page.text("")["id"], "childNodes": [*children]}


def test_where_the_sender_names_the_host_the_recording_names_what_is_inside() -> None:
    page, document = component()
    both = [*click(page.ids["ask"], 1000), *click(page.ids["buy"], 3000)]
    segment = datadog(meta(), snapshot(document), both)
    place = {"fx": 9, "fy": 9, "element_w": 1000, "element_h": 8000}
    sent = [
        sdk_click(at, element="BODY>X-SHOP", action_name="x-shop", **place)
        for at in (1002 + 400, 3002 + 400)  # a busy machine
    ]
    derived = enrich([view()], sent, [segment], RULES)
    assert [(a.element, a.action_name, a.fx, a.element_h) for a in derived.actions] == [
        ("BODY>X-SHOP::shadow #ask", "Ask", None, None),
        ("BODY>X-SHOP::shadow X-CARD::shadow #buy", "Buy", None, None),
    ]
    assert all(a.fingerprint and a.page_x is not None for a in derived.actions)
    placed = [msgspec.structs.replace(action, fx=5, fy=6) for action in derived.actions]
    assert enrich(derived.views, placed, [segment], RULES).actions == tuple(placed)


def test_a_rage_chain_inside_a_component_is_counted_where_it_was() -> None:
    page, document = component()
    clicks = [one for at in range(5) for one in click(page.ids["buy"], 1000 + at * 200)]
    sent = sdk_click(1002, element="BODY>X-SHOP", rage=True, clicks=3, clicks_exact=False)
    segment = datadog(meta(), snapshot(document), clicks)
    (action,) = enrich([view()], [sent], [segment], RULES).actions
    assert (action.element, action.clicks) == ("BODY>X-SHOP::shadow X-CARD::shadow #buy", 5)


def two_buttons() -> tuple[Page, Any]:
    page = Page()
    buttons = [page.element("button", name, id=name) for name in ("buy", "pay")]
    return page, page.document(*buttons, *(page.element("p", "text") for _ in range(50)))


HOUR = 3_600_000


def test_a_clock_that_is_set_back_neither_doubles_clicks_nor_moves_them() -> None:
    """The actions' clock goes on, the recorder's is set back by an hour after two clicks."""
    page, document = two_buttons()
    buy, pay = page.ids["buy"], page.ids["pay"]
    before = [*click(buy, 1000), *click(pay, 3000)]
    after = [
        *click(buy, 4700 - HOUR),
        incremental(3, 6000 - HOUR, id=1, x=0, y=400),
        *click(pay, 7400 - HOUR),
        *[one for at in range(4) for one in click(buy, 9000 + at * 200 - HOUR)],
    ]
    timed = ((1002, "buy"), (3002, "pay"), (4702, "buy"), (7402, "pay"))
    sent = [sdk_click(at, element=f"#{name}") for at, name in timed]
    sent.append(sdk_click(9002, rage=True, clicks=3, clicks_exact=False))
    segments = [datadog(meta(), snapshot(document), before), datadog(after, index=1)]
    actions = enrich([view()], sent, segments, RULES).actions
    assert [a.clicks for a in actions] == [1, 1, 1, 1, 4]
    assert {a.source for a in actions} == {Source.SDK}
    assert [a.page_y for a in actions] == [20, 20, 20, 420, 420]


def test_a_clock_that_is_set_back_doubles_no_click_whose_document_never_came() -> None:
    """The first segment is missing, so no click of the recording has an element."""
    page, _ = two_buttons()
    buy, pay = page.ids["buy"], page.ids["pay"]
    after = [*click(buy, 1000 - HOUR), *click(pay, 3100 - HOUR), *click(buy, 4700 - HOUR)]
    timed = ((1002, "buy"), (3102, "pay"), (4702, "buy"))
    sent = [sdk_click(at, element=f"#{name}") for at, name in timed]
    actions = enrich([view()], sent, [datadog(after, index=1)], RULES).actions
    assert [(a.time_ms - START_MS, a.source, a.clicks) for a in actions] == [
        (at, Source.SDK, 1) for at, _ in timed
    ]


def test_an_element_whose_number_changed_under_the_pointer_is_the_recordings() -> None:
    """The sender names the element after what a hovering pointer put before it."""
    page = Page()
    rows = [page.element("button", "***") for _ in range(3)]
    document = page.document(page.element("div", *rows, id="list"))
    segment = datadog(meta(), snapshot(document), click(rows[0]["id"], 1000))
    own, other = "#list>BUTTON:nth-of-type(3)", "#list>A:nth-of-type(3)"
    found = [
        enrich([view()], [sdk_click(1002, element=key)], [segment], RULES).actions[0].fingerprint
        for key in (own, other)
    ]
    assert [bool(fingerprint) for fingerprint in found] == [True, False]


def test_a_machine_that_slept_does_not_double_its_clicks() -> None:
    """The actions' clock stands still while the machine sleeps; the recorder's does not."""
    page, document = two_buttons()
    late = [*click(page.ids["buy"], 1000 + HOUR), *click(page.ids["pay"], 3000 + HOUR)]
    sent = [sdk_click(1002, element="#buy"), sdk_click(3002, element="#pay")]
    segment = datadog(meta(), snapshot(document), late)
    assert [a.source for a in enrich([view()], sent, [segment], RULES).actions] == ["sdk", "sdk"]
    only = enrich([view()], sent[:1], [segment], RULES).actions
    assert sorted(a.source.value for a in only) == ["replay", "replay", "sdk"]


def test_one_record_of_another_time_is_no_clock_that_was_set() -> None:
    page, document = two_buttons()
    odd = incremental(3, 50 * HOUR, id=1, x=0, y=0)
    events = [*click(page.ids["buy"], 1000), odd, *click(page.ids["pay"], 3000)]
    sent = [sdk_click(1002, element="#buy"), sdk_click(3002, element="#pay")]
    actions = enrich([view()], sent, [datadog(meta(), snapshot(document), events)], RULES).actions
    assert [(a.source.value, a.clicks) for a in actions] == [("sdk", 1), ("sdk", 1)]
