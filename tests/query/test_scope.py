"""Which actions and views a scope takes in."""

import pytest

from isotherm.model import Filter, Scope, Signal
from isotherm.model.errors import Code, IsothermError
from isotherm.query.catalogue import facets
from tests.scenario import HOUR, MINUTE, NOON, Shop, cart, click, error, rows, visit, where


def clicks(shop: Shop, *filters: Filter, **more: object) -> float:
    counted: float = shop.ask("heat", cart(*filters, **more))[0].meta["clicks"]
    return counted


def views(shop: Shop, *filters: Filter) -> float:
    counted: float = rows(shop.ask("page_stats", cart(*filters))[0])[0]["views"]
    return counted


@pytest.fixture(scope="module")
def told(shared_shop: Shop) -> Shop:
    chrome = {"facets": {"browser": "Chrome", "version": "1.9.0"}, "attributes": {"plan": "gold"}}
    safari = {"facets": {"browser": "Safari", "version": "1.10.0"}, "attributes": {"seats": "12"}}
    return shared_shop.tells(
        visit(session="a", user_id="ann", **chrome),
        click("#pay", session="a", user_id="ann", **chrome),
        visit(session="b", **safari),
        click("#menu", session="b", **safari),
        click("#menu", session="b", **safari),
        visit(session="c"),
        click("#pay", session="c", rage=True, clicks=4),
    )


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([], 7),
        ([where("browser", "=", "Chrome")], 1),
        ([where("browser", "!=", "Chrome")], 6),
        ([where("browser", "in", "Chrome", "Safari")], 3),
        ([where("browser", "not in", "Chrome", "Safari")], 4),
        ([where("browser", "in")], 0),
        ([where("browser", "=", "")], 4),
        ([where("browser", "!=", "")], 3),
        ([where("browser", "=", "Lynx")], 0),
        ([where("browser", "!=", "Lynx")], 7),
        ([where("browser", "=~", "Chr.*")], 1),
        ([where("browser", "=~", "Chr")], 0),
        ([where("browser", "=~", ".*")], 7),
        ([where("browser", "!~", "C.*|S.*")], 4),
        ([where("user", "=", "ann")], 1),
        ([where("plan", "=", "gold")], 1),
        ([where("plan", "!=", "gold")], 6),
        ([where("plan", "in", "gold", "")], 7),
        ([where("plan", "=~", "g.*")], 1),
        ([where("plan", "!~", "g.*")], 6),
        ([where("seats", ">=", "10")], 2),
        ([where("seats", "<", "10")], 0),
        ([where("version", ">=", "1.9.0")], 3),
        ([where("version", ">", "1.9.0")], 2),
        ([where("version", "<", "1.10")], 1),
        ([where("element", "=", "#menu")], 2),
        ([where("element", "!=", "#menu")], 5),
        ([where("browser", "=", "Safari"), where("element", "=", "#pay")], 0),
        ([where('it\'s "odd" / ~', "=", "x")], 0),
    ],
)
def test_filters(told: Shop, filters: list[Filter], expected: int) -> None:
    assert clicks(told, *filters) == expected


def test_a_filter_on_an_element_keeps_the_views_with_it(told: Shop) -> None:
    assert views(told, where("element", "=", "#pay")) == 2
    assert views(told, where("element", "=", "#nothing")) == 0


@pytest.mark.parametrize(
    ("one", "part"),
    [
        (where("browser", "=~", "("), "regular expression"),
        (where("plan", "=~", "[z-a]"), "regular expression"),
        (where("seats", ">", "many"), "number"),
        (where("width", "=", "wide"), "number"),
        (where("width", "=~", "1.*"), "number"),
        (where("browser", "="), "no value"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(told: Shop, one: Filter, part: str) -> None:
    with pytest.raises(IsothermError) as refused:
        clicks(told, one)
    assert (refused.value.code, refused.value.field) == (Code.INVALID, f"filters.{one.key}")
    assert part in refused.value.message


def test_a_regular_expression_cannot_take_long(told: Shop) -> None:
    assert clicks(told, where("browser", "=~", "(a+)+" * 20 + "$")) == 0


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1281, None, 1), (768, 1280, 2), (None, 767, 1), (None, None, 5), (390, 390, 1)],
)
def test_width_bands_take_both_ends_in(
    shop: Shop, low: int | None, high: int | None, expected: int
) -> None:
    shop.tells(*(click(width=width) for width in (1281, 1280, 768, 390, 0)))
    assert clicks(shop, width_min=low, width_max=high) == expected


def test_the_range_takes_its_start_in_and_its_end_not(shop: Shop) -> None:
    shop.tells(*(click(t=t) for t in (NOON - 1, NOON, NOON + HOUR - 1, NOON + HOUR)))
    assert clicks(shop, to_ms=NOON + HOUR) == 2


def test_pages_are_one_several_or_all(shop: Shop) -> None:
    shop.tells(*(click(page=page) for page in ("/cart", "/done", "/done", "/help")))
    assert clicks(shop, pages=("/done",)) == 2
    assert clicks(shop, pages=("/done", "/cart")) == 3
    assert clicks(shop, pages=()) == 4
    assert clicks(shop, pages=("/never",)) == 0


def test_another_application_is_never_counted(told: Shop) -> None:
    scope = Scope(application="bank", from_ms=NOON, to_ms=NOON + HOUR, pages=("/cart",))
    assert told.ask("heat", scope)[0].meta["clicks"] == 0


def test_a_signal_takes_only_its_actions(told: Shop) -> None:
    assert clicks(told, signal=Signal.RAGE) == 4
    assert clicks(told, signal=Signal.DEAD) == 0


def test_rage_on_ignored_elements_is_none(told: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "ignore_rage", ("#pay", "#never-seen"))
    assert clicks(told, signal=Signal.RAGE) == 0
    assert clicks(told) == 7
    stats = rows(told.ask("page_stats")[0])[0]
    assert (stats["rage_clicks"], stats["rage_actions"], stats["rage_ratio"]) == (0, 0, 0)


def errors(shop: Shop, *filters: Filter, **more: object) -> float:
    counted: float = rows(shop.ask("page_stats", cart(*filters, **more))[0])[0]["page_errors"]
    return counted


def test_an_error_has_the_address_of_its_view(shop: Shop) -> None:
    one, other = "https://shop.example/cart?a", "https://shop.example/cart?b"
    shop.tells(
        visit(session="a", url=one),
        error(session="a", t=NOON + MINUTE),
        visit(session="b", url=other),
        error(session="b", t=NOON + MINUTE),
        error(session="b", t=NOON + MINUTE),
    )
    assert errors(shop, where("url", "=", one)) == 1
    assert errors(shop, where("url", "!=", one)) == 2
    assert errors(shop, where("url", "=~", ".*[?]b")) == 2
    assert errors(shop, where("url", "=", other), from_ms=NOON + 1) == 2
    over_time = shop.ask("timeseries", cart(where("url", "=", one)), measure="errors")[0]
    assert sum(over_time.values[1]) == 1
    with pytest.raises(IsothermError, match="cannot be split by url") as refused:
        shop.ask("timeseries", measure="errors", by="url")
    assert refused.value.code is Code.INVALID


QUESTIONS = ("heat", "actions", "scroll", "page_stats", "pages", "replays", "timeseries")


@pytest.mark.thorough
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_facet_that_is_offered_can_be_filtered_by(told: Shop, question: str) -> None:
    offered = [facet.key for facet in facets(told.context(), cart())]
    assert {"url", "element", "plan"} <= set(offered)
    for key in offered:
        told.ask(question, cart(where(key, "=", "12")))
