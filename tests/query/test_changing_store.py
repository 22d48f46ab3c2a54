"""Data that arrives or leaves between two reads of an answer harms it nowhere."""

from contextlib import suppress
from typing import Any, cast

import msgspec
import pytest
from msgspec.structs import replace

from isotherm.model.errors import IsothermError
from isotherm.query import catalogue
from isotherm.query.context import Ask, Context
from isotherm.query.overview import Asked, overview
from isotherm.query.questions import QUESTIONS
from isotherm.storage.ports import Engine
from tests.query.asking import variants
from tests.query.changing_store import Arriving, Leaving
from tests.scenario import HOUR, NOON, Shop, call, cart, click, error, long_task, visit

pytestmark = pytest.mark.parametrize("shop", ["duckdb"], indirect=True)
"""What reads twice is the question, whatever the store; ClickHouse takes single events slowly."""


def told(shop: Shop) -> Shop:
    for number, version in enumerate(("1.0", "1.1")):
        facts: dict[str, Any] = {"session": f"s{number}", "facets": {"version": version}}
        at = NOON + number * HOUR
        shop.tells(
            visit(t=at, depth=900, height=2000, inp_ms=300.0, inp_element="#pay", **facts),
            click(t=at + 10, action_name="Pay", loading_ms=20.0, **facts),
            click("#pay", t=at + 20, clicks=3, rage=True, page_x=50.0, page_y=70.0, **facts),
        )
    return shop


def arriving(shop: Shop) -> tuple[Context, Arriving]:
    engine = Arriving(told(shop))
    return replace(shop.context(), engine=cast("Engine", engine)), engine


@pytest.mark.thorough
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered_while_data_arrives(question: str, shop: Shop) -> None:
    kind = QUESTIONS[question]
    context, engine = arriving(shop)
    unanswered = [msgspec.json.encode(params) for params in variants(question)]
    for pages in (("/cart",), ()):
        for params in variants(question):
            asked = msgspec.convert(params, kind.params)
            try:
                kind.answer(Ask.about(cart(pages=pages), asked, context))
            except IsothermError:  # a zone is of one page
                continue
            if (told := msgspec.json.encode(params)) in unanswered:
                unanswered.remove(told)
    assert not set(unanswered), "each choice goes with some scope"
    assert engine.arrived


@pytest.mark.thorough
def test_the_overview_names_an_application_that_arrives_while_it_reads(shop: Shop) -> None:
    context, engine = arriving(shop)
    for order in ("attention", "views"):
        for search in ("", "shop", "new"):
            answer = overview(
                context,
                Asked(from_ms=NOON, to_ms=NOON + 14 * HOUR, order=order, search=search),  # type: ignore[arg-type]
                {},
            )
            for one in answer["applications"]:
                assert one["name"] == one["application"]
                assert one["application"]
    assert engine.arrived > 10


@pytest.mark.thorough
def test_lists_are_whole_while_data_arrives(shop: Shop) -> None:
    context, _ = arriving(shop)
    for _ in range(3):
        found = catalogue.applications(context, NOON, NOON + HOUR)
        assert all(row["name"] == row["application"] for row in found)
    keys = [facet.key for facet in catalogue.facets(context, cart())]
    for key in keys:
        catalogue.values(context, cart(), key)


@pytest.mark.thorough
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered_while_a_user_is_erased(question: str, shop: Shop) -> None:
    kind = QUESTIONS[question]
    asked = msgspec.convert(next(iter(variants(question))), kind.params)
    for reads in range(1, 6):
        for number, version in enumerate(("1.0", "1.1")):
            facts: dict[str, Any] = {"session": f"s{number}", "user_id": "ann"}
            facts["facets"] = {"version": version}
            clicks = [click("#pay", t=NOON + n, action_name="Pay", **facts) for n in (1, 2)]
            shop.tells(
                visit(depth=900, height=2000, inp_ms=300.0, inp_element="#pay", **facts), *clicks,
                call(*clicks, user_id="ann"), error(action_ids=(clicks[0].event_id,), **facts),
                long_task(*clicks, script="a.js", function="f", script_ms=90.0, user_id="ann"),
            )  # fmt: skip
        engine = cast("Engine", Leaving(shop, "ann", reads))
        with suppress(IsothermError):  # what it was about is gone, which the answer may say
            kind.answer(Ask.about(cart(), asked, replace(shop.context(), engine=engine)))
        shop.engine.erase("shop", "ann")


@pytest.mark.thorough
def test_applications_are_listed_while_a_user_is_erased(shop: Shop) -> None:
    for reads in range(1, 4):
        facets = {"version": "1.0", "service": "checkout"}
        shop.tells(visit(user_id="ann", facets=facets), click(user_id="ann", facets=facets))
        engine = cast("Engine", Leaving(shop, "ann", reads))
        found = catalogue.applications(replace(shop.context(), engine=engine), NOON, NOON + HOUR)
        assert all(row["application"] for row in found)
        shop.engine.erase("shop", "ann")
