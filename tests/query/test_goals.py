"""Visitors who reached a goal, and those who did not: what the whole session did, anywhere."""

import pytest
from msgspec.structs import replace

from isotherm.model import Filter
from isotherm.model.errors import IsothermError
from isotherm.query import catalogue
from tests.scenario import HOUR, NOON, Shop, cart, click, rows, visit, where


@pytest.fixture
def bought(shop: Shop) -> Shop:
    """Ann and Bob buy, Cleo leaves, Dan bought in another shop only."""
    return shop.tells(
        *(visit(session=who) for who in ("ann", "bob", "cleo", "dan")),
        click("#pay", session="ann"),
        click("#pay", session="bob", rage=True, clicks=3),
        click("#menu", session="cleo"),
        click("#menu", session="dan"),
        visit(page="/thanks", session="ann", t=NOON + 1000),
        visit(page="/thanks", session="bob", t=NOON + 2000),
        replace(visit(page="/thanks", session="dan"), application="other"),
        click("#invoice", page="/thanks", session="bob", t=NOON + 3000),
    )


@pytest.mark.parametrize(
    ("one", "clicks", "views"),
    [
        (where("reached_page", "=", "/thanks"), 4, 2),
        (where("reached_page", "!=", "/thanks"), 2, 2),
        (where("reached_page", "in", "/thanks", "/help"), 4, 2),
        (where("reached_page", "not in", "/thanks", "/cart"), 0, 0),
        (where("reached_page", "=", "/never"), 0, 0),
        (where("reached_page", "!=", "/never"), 6, 4),
        (where("reached_page", "=~", "/th.*"), 4, 2),
        (where("reached_element", "=", "#invoice"), 3, 1),
        (where("reached_element", "!=", "#invoice"), 3, 3),
        (where("reached_element", "=", "#menu"), 2, 2),
    ],
)
def test_a_goal_tells_sessions_apart(
    bought: Shop, one: Filter, clicks: float, views: float
) -> None:
    assert bought.ask("heat", cart(one))[0].meta["clicks"] == clicks
    assert rows(bought.ask("page_stats", cart(one))[0])[0]["views"] == views


def test_those_who_reached_it_and_those_who_did_not_are_all(bought: Shop) -> None:
    parts = [
        bought.ask("heat", cart(where("reached_page", operator, "/thanks")))[0].meta["clicks"]
        for operator in ("=", "!=")
    ]
    assert sum(parts) == bought.ask("heat", cart())[0].meta["clicks"]


def test_a_goal_reached_after_the_range_counts(bought: Shop) -> None:
    early = cart(where("reached_page", "=", "/thanks"), to_ms=NOON + 500)
    assert rows(bought.ask("page_stats", early)[0])[0]["views"] == 2


def test_filters_and_goals_hold_together(bought: Shop) -> None:
    both = cart(where("reached_page", "=", "/thanks"), where("element", "=", "#pay"))
    assert bought.ask("heat", both)[0].meta["clicks"] == 4


def test_goals_have_no_order(bought: Shop) -> None:
    with pytest.raises(IsothermError, match="no order"):
        bought.ask("heat", cart(where("reached_page", ">", "/thanks")))


def test_what_differs_between_both_is_compared(bought: Shop) -> None:
    """The comparison of groups takes a goal as it takes a version."""
    params = {"facet": "reached_element", "before": ["#menu"], "after": ["#pay"]}
    found = bought.ask("effect", cart(), **params)[0]
    assert (found.meta["sessions_before"], found.meta["sessions_after"]) == (2, 2)


def test_any_page_and_element_can_be_a_goal(bought: Shop) -> None:
    scope = cart(to_ms=NOON + HOUR)
    pages = catalogue.values(bought.context(), scope, "reached_page")
    assert {row["value"]: row["count"] for row in pages} == {"/cart": 4, "/thanks": 2}
    elements = catalogue.values(bought.context(), scope, "reached_element", search="inv")
    assert elements == [{"value": "#invoice", "count": 1}]


def test_a_goal_that_is_chosen_does_not_limit_its_other_values(bought: Shop) -> None:
    scope = cart(where("reached_page", "=", "/thanks"), to_ms=NOON + HOUR)
    pages = catalogue.values(bought.context(), scope, "reached_page")
    assert {row["value"]: row["count"] for row in pages} == {"/cart": 4, "/thanks": 2}
