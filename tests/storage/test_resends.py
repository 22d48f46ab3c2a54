"""What was rewritten, withdrawn or erased does not come back with a resend or a late document."""

from typing import Any

import msgspec
from sqlglot import parse_one


def count(engine: Any, table: str) -> int:
    found = engine.run(parse_one(f"SELECT count(*) AS n FROM {table}", dialect="duckdb"))
    return int(found["n"][0])


def test_a_resent_event_is_known_after_it_moved_to_another_page(engine: Any, scenario: Any) -> None:
    engine.append([scenario.click("a")])
    for page in ("/other", "/", "/third"):
        moved = [scenario.click("a", page=page)]
        engine.replace("shop", "s1", "v1", actions=moved, views=[], errors=[])
        assert engine.append([scenario.click("a")]).accepted == 0
        assert [action.page for action in engine.actions_of("shop", "s1")] == [page]
    assert count(engine, "actions") == 1


def test_a_view_that_moves_between_pages_and_months_stays_one(engine: Any, scenario: Any) -> None:
    month = 40 * 86_400_000
    for version, page in enumerate(("/a", "/b", "/a", "/c", "/b")):
        document = scenario.view(version, page=page, at=version % 2 * month)
        engine.append([document])
        engine.append([document])
        assert count(engine, "views") == 1
    engine.append([scenario.part(9, page="/a"), scenario.part(7, page="/late")])
    assert [view.page for view in engine.views_of("shop", "s1")] == ["/a"]


def test_what_a_recording_told_of_a_view_outlives_a_resend(engine: Any, scenario: Any) -> None:
    sent = [scenario.view(1, depth_px=1.0), scenario.part(2, depth_px=7.0)]
    engine.append(sent)
    seen = [scenario.view(2, depth_px=99.0)]
    engine.replace("shop", "s1", "v1", actions=[], views=seen, errors=[], marks_read=True)
    assert engine.append(sent).accepted == 0
    assert engine.views_of("shop", "s1") == seen
    engine.append([scenario.part(3, errors=4)])
    assert [view.errors for view in engine.views_of("shop", "s1")] == [4]


def test_nothing_of_an_action_stays_that_was_replaced_by_less(engine: Any, scenario: Any) -> None:
    engine.append([scenario.click("a", fx=3, loading_ms=5.0, user_id="u")])
    less = [scenario.click("a")]
    engine.replace("shop", "s1", "v1", actions=less, views=[], errors=[])
    (action,) = engine.actions_of("shop", "s1")
    assert msgspec.structs.replace(action, event_id="a") == less[0]


def test_a_difference_that_names_an_erased_user_is_gone_before_its_view_comes(
    engine: Any, scenario: Any
) -> None:
    told = {"user_id": "u", "user_name": "Ann", "url": "https://shop.test/ann"}
    for others in ([], [scenario.click("a", user_id="u")]):
        engine.append([scenario.part(4, **told), *others])
        engine.erase("shop", "u")
        engine.append([scenario.view(1)])
        assert engine.views_of("shop", "s1") == [scenario.view(1)]
        engine.replace("shop", "s1", "v1", actions=[], views=[], errors=[])


def test_earlier_documents_of_an_erased_user_are_gone_from_the_view_of_another(
    engine: Any, scenario: Any
) -> None:
    named = scenario.view(1, user_id="u", url="https://shop.test/ann")
    engine.append([named, scenario.part(5, user_id="v", url="https://shop.test/")])
    engine.erase("shop", "u")
    (before,) = engine.views_of("shop", "s1")
    assert (before.user_id, before.url) == ("v", "https://shop.test/")
    engine.append([scenario.part(6, depth_px=9.0)])
    (view,) = engine.views_of("shop", "s1")
    assert view == msgspec.structs.replace(before, version=6, depth_px=9.0)


def test_an_expired_view_does_not_come_back_with_a_difference(engine: Any, scenario: Any) -> None:
    engine.append([scenario.view(1), scenario.part(2, depth_px=7.0)])
    engine.expire({"views": scenario.T0 + 1})
    engine.append([scenario.part(6, depth_px=9.0)])
    assert engine.views_of("shop", "s1") == []
