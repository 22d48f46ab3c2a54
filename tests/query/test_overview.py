"""Where to look: pages with most rage first, numbers of the period before, trends, names."""

from msgspec.structs import replace

from isotherm.query import catalogue
from isotherm.query.application_names import names_of
from isotherm.query.overview import BUCKETS, Asked, overview
from tests.scenario import NOON, Shop, click, picture, visit

HOUR = 3_600_000
DATADOG = "6f1c2b1e-0000-4000-8000-00000000abcd"
RANGE = Asked(from_ms=NOON, to_ms=NOON + 14 * HOUR)


def test_the_page_with_most_rage_comes_first_and_says_what_changed(shop: Shop) -> None:
    shop.tells(
        visit(page="/", t=NOON, has_replay=True),
        visit(page="/", t=NOON + HOUR, session="s2"),
        visit(page="/", t=NOON - HOUR, session="s0", facets={"version": "1.0"}),
        visit(page="/pay", t=NOON + HOUR, session="s2", facets={"version": "1.1"}),
        click("#menu", page="/", t=NOON + 1),
        click("#pay", page="/pay", t=NOON + HOUR, clicks=3, rage=True),
        click("#pay", page="/pay", t=NOON - HOUR, session="s0"),
    )
    shop.shows(picture("initial", {}, page="/pay"))
    answer = overview(shop.context(), RANGE, {})
    (application,) = answer["applications"]
    assert [row["page"] for row in application["pages"]] == ["/pay", "/"]
    pay, home = application["pages"]
    assert (pay["clicks"], pay["clicks_before"]) == (3, 1)
    assert (pay["rage"], pay["rage_before"]) == (3, 0)
    assert pay["trend"] == [0, 3] + [0] * (BUCKETS - 2)
    assert pay["background"]
    assert (home["views"], home["views_before"], home["recorded_views"]) == (2, 1, 1)
    assert home["background"] is None
    assert (application["views"], application["clicks"]) == (3, 4)
    assert application["release"] == {"version": "1.1", "since_ms": NOON + HOUR}
    by_views = overview(
        shop.context(), Asked(from_ms=NOON, to_ms=NOON + HOUR * 14, order="views"), {}
    )
    assert [row["page"] for row in by_views["applications"][0]["pages"]] == ["/", "/pay"]


def test_applications_and_pages_are_found_by_a_part_of_their_name(shop: Shop) -> None:
    for number, application in enumerate((DATADOG, "docs")):
        shop.tells(
            replace(visit(page="/a", session=f"a{number}"), application=application),
            replace(visit(page="/b", session=f"b{number}"), application=application),
        )
    names = {DATADOG: "Kestrel shop", "docs": "docs"}

    def found(search: str) -> list[tuple[str, list[str]]]:
        asked = Asked(from_ms=NOON - HOUR, to_ms=NOON + HOUR, search=search)
        answer = overview(shop.context(), asked, names)
        return [
            (one["name"], [page["page"] for page in one["pages"]]) for one in answer["applications"]
        ]

    assert found("KESTREL") == [("Kestrel shop", ["/a", "/b"])]
    assert sorted(found("/b")) == [("Kestrel shop", ["/b"]), ("docs", ["/b"])]
    assert found("nothing of the kind") == []


def test_an_application_is_called_as_its_sender_names_it(shop: Shop) -> None:
    shop.tells(
        replace(visit(facets={"service": "checkout"}), application=DATADOG),
        visit(facets={"service": "web"}, session="s2"),
    )
    span = (NOON - HOUR, NOON + HOUR)
    called = {
        row["application"]: row["name"] for row in catalogue.applications(shop.context(), *span)
    }
    assert called == {DATADOG: "checkout", "shop": "shop"}
    given = catalogue.applications(shop.context(), *span, {DATADOG: "The shop"})
    assert {row["name"] for row in given} == {"The shop", "shop"}


def test_names_that_are_shared_are_told_apart() -> None:
    other = "7" + DATADOG[1:]
    services = {DATADOG: "shop", other: "shop"}
    names = names_of([DATADOG, other, "shop"], services, {})
    assert names == {DATADOG: "shop (6f1c2b1e)", other: "shop (7f1c2b1e)", "shop": "shop"}
    assert names_of([DATADOG, other], services, {other: "shop"})[other] == "shop"
