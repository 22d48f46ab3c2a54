"""One session, moment by moment: what a replay's time line shows."""

import pytest

from isotherm.model.errors import Code, IsothermError
from tests.scenario import HOUR, NOON, Shop, click, error, rows, visit


def test_a_session_is_told_in_order_whatever_the_range(shop: Shop) -> None:
    shop.tells(
        visit("/cart"), visit("/done", t=NOON + 20),
        click("#pay", t=NOON + 10, action_name="Pay", clicks=4, rage=True, dead=True),
        click("", t=NOON + 30, page="/done", kind="custom", action_name="purchased"),
        error("/done", t=NOON + 30, message="boom"),
        visit("/late", t=NOON + 20 * HOUR),
        visit("/cart", session="s2"), click("#menu", session="s2"),
    )  # fmt: skip
    (frame,) = shop.ask("moments", session="s1")
    told = rows(frame)
    assert [(one["time"] - NOON, one["kind"], one["label"]) for one in told] == [
        (0, "page", "/cart"),
        (10, "click", "Pay"),
        (20, "page", "/done"),
        (30, "custom", "purchased"),
        (30, "error", "boom"),
        (20 * HOUR, "page", "/late"),
    ]
    pay, failed = told[1], told[4]
    assert {name: pay[name] for name in ("element", "clicks", "rage", "dead", "error")} == {
        "element": "#pay", "clicks": 4, "rage": True, "dead": True, "error": False,
    }  # fmt: skip
    assert (failed["error"], failed["page"], failed["view"]) == (True, "/done", "s1/done")
    assert frame.meta["total"] == 6


def test_the_first_moments_come_first(shop: Shop) -> None:
    shop.tells(visit("/cart"), *(click(t=NOON + second) for second in range(5)))
    (frame,) = shop.ask("moments", session="s1", limit=2)
    assert [one["kind"] for one in rows(frame)] == ["page", "click"]
    assert frame.meta["total"] == 6


def test_a_session_must_be_named_and_may_be_unknown(shop: Shop) -> None:
    with pytest.raises(IsothermError, match="Name a session") as refused:
        shop.ask("moments")
    assert refused.value.code is Code.INVALID
    assert rows(shop.ask("moments", session="nobody")[0]) == []
