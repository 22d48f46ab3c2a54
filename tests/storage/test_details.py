"""Requests, long tasks and vitals around the actions, and what errors and views say since then."""

from typing import Any

from msgspec.structs import replace
from sqlglot import parse_one

from isotherm.model.event_ids import as_read_back
from isotherm.storage import tables

DAY_MS = 86_400_000
TRACE = "0af7651916cd43dd8448eb211c80319c"


def told(scenario: Any) -> list[Any]:
    """Return one event of each kind that says all that its kind can say."""
    return [
        scenario.resource(
            "r", kind="fetch", method="POST", host="api.shop.test:8443", path="/orders/?",
            status=503, duration_ms=1234.0, size=2**31, trace_id=TRACE, action_ids=("a", "b"),
            user_id="u", weight=2.5, viewport_w=390, facets={"env": "prod"},
            attributes={"plan": "pro"},
        ),
        scenario.long_task(
            "l", kind="frame", duration_ms=310.0, blocking_ms=260.0, scripts=3,
            script="shop.test/app.js", function="buy", position=2414, invoker="BUTTON#buy.onclick",
            script_ms=290.0, layout_ms=40.0, action_ids=("a",),
        ),
        scenario.vital(
            "v", name="checkout", kind="operation_step", value=0.5, detail="end error",
            operation="basket-1", action_ids=("a",),
        ),
    ]  # fmt: skip


def test_details_come_back_as_they_were(engine: Any, scenario: Any) -> None:
    details = told(scenario)
    bare = [
        scenario.resource("r2", at=1),
        scenario.long_task("l2", at=1),
        scenario.vital("v2", at=1),
    ]
    engine.append([*details, *bare])
    expected = [as_read_back(one) for pair in zip(details, bare, strict=True) for one in pair]
    assert engine.details_of("shop", "s1") == expected
    engine.compact(least_rows=1)
    while engine.compact(least_rows=1):
        pass
    assert engine.details_of("shop", "s1") == expected


def test_what_errors_and_views_say_of_causes_comes_back(engine: Any, scenario: Any) -> None:
    error = scenario.error(
        "e", frames="buy @ shop.test/app.js:24:28", fingerprint="buying", handling="unhandled",
        method="GET", host="shop.test", path="/api/stock", status=503, trace_id=TRACE,
        action_ids=("a", "never sent"),
    )  # fmt: skip
    view = scenario.view(
        3, loading_ms=900.0, first_byte_ms=17.0, fcp_ms=104.0, lcp_ms=104.0, lcp_element="#form",
        inp_ms=8.0, inp_at_ms=2978.0, inp_element="BUTTON.order", cls=0.25, cls_at_ms=12.0,
        cls_element="#ad",
    )  # fmt: skip
    engine.append([error, view])
    engine.compact(least_rows=1)
    assert engine.errors_of("shop", "s1") == [as_read_back(error)]
    assert engine.views_of("shop", "s1") == [view]


def test_a_detail_counts_once_however_often_it_comes(engine: Any, scenario: Any) -> None:
    details = told(scenario)
    assert engine.append([*details, *details]).duplicates == (3, 4, 5)
    engine.compact(least_rows=1)
    assert engine.append(details).accepted == 0
    assert engine.append(engine.details_of("shop", "s1")).accepted == 0, "ids read back are known"


def test_a_request_is_found_by_the_click_that_caused_it(engine: Any, scenario: Any) -> None:
    engine.append([scenario.click("a"), scenario.click("z", at=1), *told(scenario)])
    statement = """SELECT a.time_ms - $start AS at, r.status FROM actions a JOIN resources r
        ON a.application = r.application AND a.session = r.session
        AND list_contains(r.actions, (a.event % 4294967296)::UINTEGER)"""
    found = engine.run(parse_one(statement, dialect="duckdb"), {"start": scenario.T0})
    assert (found["at"].tolist(), found["status"].tolist()) == ([0], [503])


def test_details_do_not_make_a_recording_worth_reading_again(engine: Any, scenario: Any) -> None:
    engine.append([scenario.view(1), scenario.segment("g")])
    for recording in engine.pending_recordings():
        engine.mark_read(recording)
    assert engine.append(told(scenario)).pending == ()


def test_details_expire_by_themselves_and_their_texts_with_them(engine: Any, scenario: Any) -> None:
    old = [replace(one, time_ms=one.time_ms - 9 * DAY_MS) for one in told(scenario)]
    engine.append([scenario.click("a", at=-9 * DAY_MS), *old])
    engine.compact(least_rows=1)
    engine.append([scenario.resource("new", path="/new", host="shop.test")])
    engine.expire({table.name: scenario.T0 - DAY_MS for table in tables.DETAILS})
    assert [one.path for one in engine.details_of("shop", "s1")] == ["/new"]
    assert len(engine.actions_of("shop", "s1")) == 1
    assert set(engine.terms("path").values()) == {"/new"}
    assert engine.term_id("invoker", "BUTTON#buy.onclick") == 0
    assert engine.term_id("env", "prod") != 0, "texts that others use, too, stay"
    engine.append([scenario.resource("again", at=1, path="/orders/?")])
    assert [one.path for one in engine.details_of("shop", "s1")] == ["/new", "/orders/?"]


def test_a_user_is_erased_with_all_details(engine: Any, scenario: Any) -> None:
    mine = [replace(one, user_id="u") for one in told(scenario)]
    engine.append(
        [*mine, scenario.resource("other", user_id="v", session_id="s2", host="shop.test")]
    )
    engine.compact(least_rows=1)
    assert engine.erase("shop", "u") == ["s1"]
    assert engine.details_of("shop", "s1") == []
    assert len(engine.details_of("shop", "s2")) == 1
    assert engine.term_id("invoker", "BUTTON#buy.onclick") == 0
