"""What every engine must do: each event once, the latest view, replacing, forgetting, reading."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from sqlglot import parse_one

from isotherm.model import Source
from isotherm.model.deadline import answered_within
from isotherm.model.errors import Code, IsothermError
from isotherm.model.event_ids import event_hash, read_back, short, short_hash
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.store import Options
from isotherm.storage.ports import Columns, Recording


def ask(engine: Any, sql: str, **values: object) -> Columns:
    return engine.run(parse_one(sql, dialect="duckdb"), values)


def stored(event: Any) -> Any:
    """Return the event as it comes back: its id is a hash."""
    return msgspec.structs.replace(
        event, event_id=read_back(event_hash(event.application, event.event_id))
    )


def test_events_come_back_as_they_were(engine: Any, scenario: Any) -> None:
    click = scenario.click(
        "a", at=5, url="https://x/1", user_id="u", user_name="Ann", action_name="Buy",
        element="#buy", element_path="A.b", fx=65535, fy=0, element_w=30, element_h=20,
        page_x=12.0, page_y=3456.0, viewport_w=1440, viewport_h=900, clicks=5, clicks_exact=False,
        rage=True, dead=True, error=True, errors=2, loading_ms=12.0, weight=2.5,
        source=Source.REPLAY, facets={"env": "prod", "city": "Łódź"}, attributes={"plan": "pro"},
    )  # fmt: skip
    custom = scenario.click("b", kind="custom")
    error = scenario.error("e", message="boom", kind="TypeError", origin="source", viewport_w=390)
    view = scenario.view(
        7, time_spent_ms=12.0, depth_px=99.0, has_replay=True, depth_meaningful=False
    )
    segment = scenario.segment(
        "g", recording_id="r", index=3, records=9, full_snapshot=True, events=2
    )
    engine.append([click, custom, error, view, segment])
    assert engine.actions_of("shop", "s1") == [stored(custom), stored(click)]
    assert engine.actions_of("shop", "s1", "v1") == [stored(custom), stored(click)]
    assert engine.actions_of("shop", "s1", "v2") == []
    assert engine.errors_of("shop", "s1") == [stored(error)]
    assert engine.views_of("shop", "s1") == [view]
    assert engine.segments_of("shop", "s1") == [segment]
    ids = {"actions": "ab", "errors": "e", "replay_segments": "g"}
    numbers = {table: {event_hash("shop", name) for name in names} for table, names in ids.items()}
    assert engine.numbers_of("shop", ["s1", "s2"]) == {"s1": numbers}
    assert engine.numbers_of("shop", ["s2"]) == engine.numbers_of("other", ["s1"]) == {}
    assert engine.views_among("shop", ["s1", "s2"]) == [view]
    assert engine.views_among("shop", ["s2"]) == engine.views_among("other", ["s1"]) == []


def test_numbers_beyond_a_column_are_held_at_its_ends(engine: Any, scenario: Any) -> None:
    engine.append([scenario.click("a", viewport_w=10**12, clicks=-3, page_x=-1e30)])
    (action,) = engine.actions_of("shop", "s1")
    assert (action.viewport_w, action.clicks, action.page_x) == (65535, 0, -(2**31))


def test_an_event_counts_once_however_often_it_comes(engine: Any, scenario: Any) -> None:
    clicks = [scenario.click(str(i), at=i) for i in range(5)]
    first = engine.append([*clicks, clicks[0], scenario.error("e"), scenario.error("e")])
    assert (first.accepted, first.duplicates) == (6, (5, 7))
    engine.compact(least_rows=1)
    again = engine.append([clicks[2], scenario.click("5"), scenario.error("e")])
    assert (again.accepted, again.duplicates) == (1, (0, 2))
    assert ask(engine, "SELECT count(*) AS n FROM actions")["n"].tolist() == [6]
    assert engine.append(engine.actions_of("shop", "s1")).accepted == 0, "ids read back are known"


def test_two_events_whose_numbers_begin_alike_are_two(engine: Any, scenario: Any) -> None:
    both = [scenario.click("78419", at=7), scenario.click("132208", at=7)]
    numbers = [event_hash("shop", event.event_id) for event in both]
    assert short(numbers[0]) == short(numbers[1])
    assert engine.append(both).accepted == 2
    engine.compact(least_rows=1)
    assert engine.append([*both, *engine.actions_of("shop", "s1")]).accepted == 0


def test_an_event_of_before_numbers_were_long_counts_once(engine: Any, scenario: Any) -> None:
    old = [scenario.click(read_back(short_hash("shop", str(n))), at=n) for n in range(5)]
    assert engine.append(old).accepted == 5
    engine.compact(least_rows=1)
    assert engine.append([scenario.click(str(n), at=n) for n in range(6)]).accepted == 1
    assert engine.append([*old, scenario.click("#0000abcd")]).accepted == 1


@pytest.mark.thorough
def test_a_million_events_of_one_millisecond_count(
    engine: Any, scenario: Any, request: pytest.FixtureRequest
) -> None:
    """32 bits of hash took 129 of a million of these for others, and 4 of the first 200,000.

    The numbers are the same everywhere: one engine is asked about the million, the others about as
    many as are enough to tell 32 bits from more.
    """
    count = 1_000_000 if request.node.callspec.params["engine"] == "file" else 200_000
    for again in (False, True):
        accepted = 0
        for start in range(0, count, 20_000):
            events = [scenario.click(str(start + n)) for n in range(20_000)]
            accepted += engine.append(events).accepted
        assert accepted == (0 if again else count)
        engine.compact(least_rows=1)
    assert ask(engine, "SELECT count(*) AS n FROM actions")["n"].tolist() == [count]


def test_one_id_in_two_applications_is_two_events(engine: Any, scenario: Any) -> None:
    assert (
        engine.append([scenario.click("a"), scenario.click("a", application="blog")]).accepted == 2
    )


def test_a_wrong_clock_is_no_obstacle(engine: Any, scenario: Any) -> None:
    days = [scenario.click(str(i), at=-i * 86_400_000) for i in range(40)]
    assert engine.append(days).accepted == 40
    assert engine.append(days[::3]).accepted == 0


def test_the_highest_version_of_a_view_counts(engine: Any, scenario: Any) -> None:
    documents = [scenario.view(2, depth_px=20.0), scenario.view(8, depth_px=80.0), scenario.view(5)]
    told = engine.append(documents)
    assert (told.accepted, told.duplicates, told.outdated) == (2, (), (2,))
    engine.compact(least_rows=1)
    told = engine.append([scenario.view(8), scenario.view(3), scenario.view(13, depth_px=99.0)])
    assert (told.accepted, told.duplicates, told.outdated) == (1, (0,), (1,))
    (view,) = engine.views_of("shop", "s1")
    assert (view.version, view.depth_px) == (13, 99.0)


def test_a_view_of_another_application_is_another_one(engine: Any, scenario: Any) -> None:
    def other(document: Any) -> Any:
        return msgspec.structs.replace(document, application="other")

    def depths() -> list[list[float | None]]:
        return [[view.depth_px for view in engine.views_of(of, "s1")] for of in ("shop", "other")]

    told = engine.append([scenario.view(8, depth_px=1.0), other(scenario.view(2, depth_px=2.0))])
    assert told.accepted == 2
    engine.append([other(scenario.part(4, depth_px=4.0))])
    assert depths() == [[1.0], [4.0]]
    engine.compact(least_rows=1)
    engine.append([scenario.part(9, depth_px=9.0), other(scenario.part(5, depth_px=5.0))])
    assert depths() == [[9.0], [5.0]]
    engine.append([other(scenario.view(6, depth_px=6.0))])
    assert depths() == [[9.0], [6.0]]
    assert engine.append([scenario.part(9), other(scenario.view(6))]).accepted == 0


def test_erasing_a_user_leaves_the_same_view_of_another_application(
    engine: Any, scenario: Any
) -> None:
    def other(document: Any) -> Any:
        return msgspec.structs.replace(document, application="other")

    engine.append([scenario.view(1, user_id="u"), other(scenario.view(2, depth_px=2.0))])
    engine.append([scenario.part(4), other(scenario.part(4, depth_px=4.0))])
    assert engine.erase("shop", "u") == ["s1"]
    assert engine.views_of("shop", "s1") == []
    assert [view.depth_px for view in engine.views_of("other", "s1")] == [4.0]
    engine.append([other(scenario.part(3, time_spent_ms=30.0))])
    (view,) = engine.views_of("other", "s1")
    assert (view.version, view.depth_px, view.time_spent_ms) == (4, 4.0, 30.0)


def test_replacing_a_view_leaves_the_others_alone(engine: Any, scenario: Any) -> None:
    engine.append([scenario.click("a"), scenario.click("b", view_id="v2"), scenario.view(3)])
    engine.append([scenario.view(1, view_id="v2"), scenario.error("e"), scenario.segment("g")])
    engine.compact(least_rows=1)
    assert engine.pending_recordings() == [Recording("shop", "s1", "v1")]
    mine = [scenario.click("a", clicks=4), scenario.click("new", at=1, source=Source.REPLAY)]
    rows = {"actions": mine, "views": [scenario.view(3, depth_px=5.0)], "errors": []}
    engine.replace("shop", "s1", "v1", **rows)
    assert engine.pending_recordings() == [Recording("shop", "s1", "v1")], (
        "its recording is as due as before"
    )
    engine.replace("shop", "s1", "v1", **rows, marks_read=True)
    assert engine.actions_of("shop", "s1", "v1") == [stored(action) for action in mine]
    assert engine.actions_of("shop", "s1", "v2") == [stored(scenario.click("b", view_id="v2"))]
    assert {view.view_id: view.depth_px for view in engine.views_of("shop", "s1")} == {
        "v1": 5.0,
        "v2": None,
    }
    assert engine.errors_of("shop", "s1") == []
    assert engine.pending_recordings() == []
    assert engine.append([scenario.click("a")]).accepted == 0, "a resend changes nothing"


def test_a_recording_that_is_marked_is_read_again_though_nothing_is_new(
    engine: Any, scenario: Any
) -> None:
    """As after a quarantine: whoever reads recordings finds it, also after a restart."""
    one, never = Recording("shop", "s1", "v1"), Recording("shop", "s1", None)
    engine.append([scenario.segment("s")])
    engine.mark_read(one)
    engine.mark_unread([])
    assert engine.pending_recordings() == []
    engine.mark_unread([one, never])
    assert set(engine.pending_recordings()) == {one, never}
    assert engine.marks_of(one) == 1


def test_replacing_a_session_replaces_all_of_it(engine: Any, scenario: Any) -> None:
    engine.append(
        [
            scenario.click("a"),
            scenario.click("b", view_id="v2"),
            scenario.click("c", session_id="s2"),
        ]
    )
    engine.replace("shop", "s1", None, actions=[scenario.click("d")], views=[], errors=[])
    assert engine.actions_of("shop", "s1") == [stored(scenario.click("d"))]
    assert len(engine.actions_of("shop", "s2")) == 1


def test_what_concerns_a_recording_makes_it_pending(engine: Any, scenario: Any) -> None:
    assert engine.append([scenario.click("a"), scenario.view(1)]).pending == ()
    recording = Recording("shop", "s1", "v1")
    assert engine.append([scenario.segment("g")]).pending == (recording,)
    engine.mark_read(recording)
    assert engine.pending_recordings() == []
    assert engine.append([scenario.segment("g")]).pending == (), "a repeated segment tells nothing"
    assert engine.append([scenario.view(2)]).pending == (recording,)
    assert engine.append([scenario.click("z", view_id="other")]).pending == ()
    assert engine.pending_recordings() == [recording]
    assert engine.marks_of(recording) == 1
    engine.append([scenario.view(3)])
    assert engine.marks_of(recording) == engine.marks_of(Recording("shop", "s1", None)) == 2
    assert engine.marks_of(Recording("shop", "never seen", None)) == 0


def test_a_failing_batch_leaves_nothing_behind(engine: Any, scenario: Any) -> None:
    engine.append([scenario.click("a", element="#known")])
    with pytest.raises((ValueError, KeyError)):
        engine.append([scenario.click("b", element="#new"), scenario.click("c", kind="nonsense")])
    assert ask(engine, "SELECT count(*) AS n FROM actions")["n"].tolist() == [1]
    engine.append([scenario.click("d", element="#newer")])
    found = ask(
        engine,
        "SELECT t.text AS element FROM actions a JOIN terms t ON t.id = a.element "
        "AND t.kind = 'element' ORDER BY t.text",
    )
    assert found["element"].tolist() == ["#known", "#newer"]


def test_terms_are_found_by_text_by_id_and_by_pattern(engine: Any, scenario: Any) -> None:
    pages = [f"/p{i}" for i in range(12)]
    engine.append([scenario.click(page, page=page, facets={"env": "prod"}) for page in pages])
    known = engine.terms("page")
    assert sorted(known.values()) == sorted(pages)
    assert all(engine.term_id("page", text) == number for number, text in known.items())
    assert engine.term_id("page", "/nowhere") == 0
    assert {known[i] for i in engine.match_terms("page", "/p1.?")} == {"/p1", "/p10", "/p11"}
    assert engine.match_terms("env", "pro") == []
    assert 0 in engine.match_terms("env", ".*")
    with pytest.raises(IsothermError) as caught:
        engine.match_terms("page", "(")
    assert caught.value.code is Code.INVALID


def test_a_difference_names_a_user_once(engine: Any, scenario: Any) -> None:
    """Another difference of the view does not bring the name back."""
    engine.append([scenario.view(1, user_id="u"), scenario.part(4, user_name="Ann")])
    assert engine.views_of("shop", "s1")[0].user_name == "Ann"
    engine.append([scenario.click("a", user_id="u", user_name="Anna")])
    engine.append([scenario.part(3, errors=3), scenario.part(5, actions=5)])
    assert engine.views_of("shop", "s1")[0].user_name == "Anna"


def test_user_names_follow_their_latest_value(engine: Any, scenario: Any) -> None:
    engine.append([scenario.click("a", user_id="u", user_name="Ann")])
    engine.append(
        [scenario.click("b", user_id="u", user_name="Anna"), scenario.click("c", user_id="u")]
    )
    assert {action.user_name for action in engine.actions_of("shop", "s1")} == {"Anna"}


def test_columns_come_as_numpy(engine: Any, scenario: Any) -> None:
    engine.append([scenario.click("a", fx=7, element="#a"), scenario.click("b", at=1, clicks=3)])
    found = ask(
        engine,
        "SELECT time_ms, fx, clicks, rage, sum(clicks) OVER () AS total, 'x' AS text "
        "FROM actions WHERE application = $app AND time_ms >= $start ORDER BY time_ms",
        app=engine.term_id("application", "shop"),
        start=scenario.T0,
    )
    assert found["time_ms"].tolist() == [scenario.T0, scenario.T0 + 1]
    np.testing.assert_array_equal(found["fx"], [7, np.nan])
    assert found["clicks"].dtype == np.uint16
    assert found["rage"].dtype == np.bool_
    assert found["total"].tolist() == [4, 4]
    assert found["text"].tolist() == ["x", "x"]
    nothing = ask(engine, "SELECT fx, sum(clicks) AS n FROM actions WHERE clicks > 9 GROUP BY fx")
    assert {name: len(values) for name, values in nothing.items()} == {"fx": 0, "n": 0}


def test_old_rows_expire(engine: Any, scenario: Any) -> None:
    day = 86_400_000
    engine.append([scenario.click(str(i), at=i * day, view_id=f"v{i}") for i in range(10)])
    engine.compact(least_rows=1)
    engine.append(
        [scenario.click("new", at=1), scenario.view(1), scenario.view(2, view_id="w", at=9 * day)]
    )
    engine.expire({"actions": scenario.T0 + 4 * day, "views": scenario.T0 + day})
    assert [action.time_ms for action in engine.actions_of("shop", "s1")] == [
        scenario.T0 + i * day for i in range(4, 10)
    ]
    assert [view.view_id for view in engine.views_of("shop", "s1")] == ["w"]


def test_two_applications_may_call_different_people_by_one_id(engine: Any, scenario: Any) -> None:
    engine.append([scenario.click("a", user_id="u", user_name="Ann")])
    engine.append([scenario.click("b", user_id="u", user_name="Bob", application="blog")])
    names = [engine.actions_of(name, "s1")[0].user_name for name in ("shop", "blog")]
    assert names == ["Ann", "Bob"]


def test_a_user_is_erased(engine: Any, scenario: Any) -> None:
    engine.append(
        [scenario.click("a", user_id="u", user_name="Ann"), scenario.view(1, user_id="u")]
    )
    engine.compact(least_rows=1)
    engine.append(
        [scenario.click("b", user_id="v", session_id="s2"), scenario.segment("g", user_id="u")]
    )
    assert engine.sessions_of_user("shop", "u") == ["s1"]
    assert engine.sessions_of_user("shop", "nobody") == []
    assert engine.erase("shop", "u") == ["s1"]
    assert engine.sessions_of_user("shop", "u") == []
    assert engine.actions_of("shop", "s1") == engine.views_of("shop", "s1") == []
    assert engine.segments_of("shop", "s1") == []
    assert len(engine.actions_of("shop", "s2")) == 1
    assert ask(engine, "SELECT count(*) AS n FROM users")["n"].tolist() == [0]
    assert engine.term_id("user", "u") == 0


def test_nothing_is_left_of_a_user_who_was_named_late(engine: Any, scenario: Any) -> None:
    engine.append([scenario.view(1), scenario.click("a")])
    engine.append([scenario.view(2, page="/next", user_id="u")])
    named = {"actions": [scenario.click("a", user_id="u")], "errors": []}
    engine.replace("shop", "s1", "v1", views=engine.views_of("shop", "s1"), **named)
    assert engine.erase("shop", "u") == ["s1"]
    assert engine.actions_of("shop", "s1") == engine.views_of("shop", "s1") == []
    assert engine.terms("page") == {}


def test_the_rows_of_one_user_are_not_those_of_another(engine: Any, scenario: Any) -> None:
    engine.append([scenario.view(1, user_id="u"), scenario.click("a", user_id="u")])
    engine.append([scenario.view(2, user_id="ann")])
    assert engine.erase("shop", "u") == ["s1"]
    assert [view.user_id for view in engine.views_of("shop", "s1")] == ["ann"]
    assert engine.actions_of("shop", "s1") == []
    assert engine.erase("shop", "ann") == ["s1"]
    assert engine.views_of("shop", "s1") == []


def test_a_session_with_rows_of_nobody_is_told_when_a_user_is_erased(
    engine: Any, scenario: Any
) -> None:
    engine.append([scenario.view(1), scenario.view(1, view_id="v2", user_id="u")])
    assert engine.erase("shop", "u") == ["s1"]
    assert [view.view_id for view in engine.views_of("shop", "s1")] == ["v1"]


def test_a_store_is_asked_nothing_when_the_time_of_an_answer_is_over(engine: Any) -> None:
    with answered_within(0.0), pytest.raises(IsothermError) as caught:
        ask(engine, "SELECT 1 AS one")
    assert caught.value.code is Code.TOO_MUCH_DATA
    assert ask(engine, "SELECT 1 AS one")["one"].tolist() == [1]


def test_a_question_that_takes_too_long_ends(tmp_path: Path) -> None:
    engine = DuckDBEngine(tmp_path / "s.duckdb", Options(timeout_s=0.3))
    with pytest.raises(IsothermError) as caught:
        ask(
            engine, "SELECT sum(a.x * b.x) AS s FROM range(1000000) AS a(x), range(1000000) AS b(x)"
        )
    assert caught.value.code is Code.TOO_MUCH_DATA
    assert ask(engine, "SELECT 1 AS one")["one"].tolist() == [1], "the connection is fit for use"
    engine.close()
