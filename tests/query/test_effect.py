"""What a release changed, against what the story did: per session, by version, moment, facet."""

import random
from collections import defaultdict
from typing import Any

import pytest

from isotherm.model import Event
from isotherm.model.errors import Code, IsothermError
from isotherm.query.questions.effect import ONE_RELEASE
from tests.scenario import HOUR, NOON, Shop, cart, click, rows, visit

LATER = NOON + 2 * HOUR


def sessions(
    number: int, version: str, *, start: int = NOON, seed: int = 1, weight: float = 1.0,
    coupon: float = 0.4, dead: float = 0.05, slow: float = 1.0,
) -> list[Event]:  # fmt: skip
    """Return visits to the cart: half pay, some use a coupon, some click one of 15 other things."""
    chance = random.Random(f"{version} {seed}")
    told: list[Event] = []
    for one in range(number):
        facts: dict[str, Any] = {
            "session": f"{version}-{seed}-{one}",
            "t": start + one * 1000,
            "facets": {"version": version},
            "weight": weight,
        }
        told.append(visit(**facts))
        if chance.random() < 0.5:
            told.append(click("#pay", action_name="Pay", loading_ms=100.0, **facts))
        told += [
            click(f"#x{other}", action_name=f"X{other}", **facts)
            for other in range(15)
            if chance.random() < 0.1
        ]
        if chance.random() < coupon:
            for _ in range(chance.choice([1, 1, 3])):
                reacts = chance.lognormvariate(5, 0.5) * slow
                hurt = chance.random() < dead
                told.append(
                    click("#coupon", action_name="Apply coupon", dead=hurt, loading_ms=reacts,
                          **facts)
                )  # fmt: skip
    return told


def broken() -> list[Event]:
    return sessions(1500, "1.9.0") + sessions(
        1400, "1.10.0", start=LATER, coupon=0.2, dead=0.45, slow=2.0
    )


def per_session(told: list[Event], version: str) -> dict[str, float]:
    """Count the coupon again, in plain Python: reach, and dead clicks per session."""
    visitors, clicks = set(), defaultdict(list)
    for event in told:
        if event.facets["version"] == version:  # type: ignore[union-attr]
            visitors.add(event.session_id)  # type: ignore[union-attr]
            if getattr(event, "element", "") == "#coupon":
                clicks[event.session_id].append(event.dead)  # type: ignore[union-attr]
    dead = [sum(each) / len(each) for each in clicks.values()]
    return {"reach": len(clicks) / len(visitors), "dead": sum(dead) / len(dead)}


def _numbers(row: dict[str, Any]) -> list[float]:
    return [float(value) for value in row.values() if isinstance(value, int | float)]


def found(shop: Shop, **params: Any) -> dict[tuple[str, str], dict[str, Any]]:
    effect = shop.ask("effect", **params)[0]
    return {(row["element"], row["measure"]): row for row in rows(effect)}


def test_a_broken_button_is_found_with_the_numbers_of_the_story(shop: Shop) -> None:
    told = broken()
    shop.tells(*told)
    effect, words = shop.ask("effect")
    assert (effect.meta["before"], effect.meta["after"]) == ("1.9.0", "1.10.0"), "not by the text"
    assert (effect.meta["sessions_before"], effect.meta["sessions_after"]) == (1500, 1400)
    assert effect.meta["since"] == LATER
    by = {(row["element"], row["measure"]): row for row in rows(effect)}
    for version, side in (("1.9.0", "before"), ("1.10.0", "after")):
        truth = per_session(told, version)
        for measure, value in truth.items():
            assert by["#coupon", measure][side] == pytest.approx(value)
    standing = {key for key, row in by.items() if row["found"]}
    assert {one for one, _ in standing} == {"#coupon", ""}, "the button and its page, no other"
    assert {("#coupon", name) for name in ("reach", "dead", "p75_ms")} <= standing
    assert by["#coupon", "dead"]["ratio_low"] < 9 < by["#coupon", "dead"]["ratio_high"]
    assert by["#coupon", "reach"]["ratio_low"] < 0.5 < by["#coupon", "reach"]["ratio_high"]
    assert by["#coupon", "p75_ms"]["ratio_low"] < 2 < by["#coupon", "p75_ms"]["ratio_high"]
    assert by["#coupon", "reach"]["verdict"] == "less"
    assert by["#coupon", "dead"]["verdict"] == "worse"
    assert {row["verdict"] for row in by.values() if not row["found"]} == {"unclear"}
    said = next(row["text"] for row in rows(words) if row["element"] == "#coupon")
    assert said.startswith("'Apply coupon' is clicked in ")
    assert " % fewer sessions since 1.10.0, " in said
    assert " as many of its clicks are dead, and it takes " in said


def test_moments_and_facets_tell_groups_apart_as_versions_do(shop: Shop) -> None:
    shop.tells(*broken())
    by_version = found(shop, before=["1.9.0"], after=["1.10.0"])
    by_moment = found(shop, at_ms=LATER)
    assert by_moment.keys() == by_version.keys()
    for key, row in by_moment.items():
        assert _numbers(row) == pytest.approx(_numbers(by_version[key]))
    turned = found(shop, before=["1.10.0"], after=["1.9.0"])
    assert turned["#coupon", "dead"]["verdict"] == "better"
    assert turned["#coupon", "reach"]["ratio"] == pytest.approx(
        1 / by_version["#coupon", "reach"]["ratio"]
    )


def test_two_halves_of_the_same_release_differ_in_nothing(shop: Shop) -> None:
    shop.tells(*sessions(700, "1.9.0"), *sessions(700, "1.9.0", start=LATER, seed=2))
    effect, words = shop.ask("effect", at_ms=LATER)
    assert effect.meta["hypotheses"] > 60
    assert effect.meta["found"] == 0
    assert rows(words) == []


def test_a_session_in_both_groups_is_in_neither(shop: Shop) -> None:
    shop.tells(*sessions(50, "1.9.0"), *sessions(50, "1.10.0", start=LATER))
    both = visit(session="1.9.0-1-0", t=LATER, view_id="again", facets={"version": "1.10.0"})
    shop.tells(both)
    meta = shop.ask("effect")[0].meta
    assert (meta["sessions_before"], meta["sessions_in_both"]) == (49, 1)
    assert meta["sessions_after"] == 50


def test_weights_of_sampling_add_no_evidence(shop: Shop) -> None:
    """A tenth of the sessions was sampled: each stands for ten, and is worth one."""
    shop.tells(*sessions(100, "1.9.0", weight=10.0), *sessions(100, "1.10.0", start=LATER))
    row = found(shop)["#pay", "reach"]
    assert (row["sessions_before"], row["sessions_after"]) == (100, 100)
    assert row["clicks_before"] > 5 * row["clicks_after"]


def test_no_change_can_be_told_from_nothing(shop: Shop) -> None:
    shop.tells(*sessions(5, "1.9.0"), *sessions(3, "1.10.0", start=LATER))
    rows_found = found(shop)
    assert not any(row["found"] for row in rows_found.values())
    assert max(row["evidence"] for row in rows_found.values()) < 20


def test_groups_that_nobody_is_in_are_compared_to_nothing(shop: Shop) -> None:
    shop.tells(*sessions(5, "1.9.0"))
    effect, words = shop.ask("effect", facet="browser", before=["Chrome"], after=["Firefox"])
    assert (rows(effect), rows(words), effect.meta["hypotheses"]) == ([], [], 0)


def test_groups_must_be_named(shop: Shop) -> None:
    shop.tells(*sessions(5, "1.9.0"))
    for params, field in (
        ({"after": ["1.9.0"]}, "before"),
        ({"facet": "browser"}, "before"),
        ({"facet": "browser", "before": ["Chrome"]}, "after"),
        ({"facet": "element", "before": ["a"], "after": ["b"]}, "facet"),
        ({"at_ms": 5}, "at_ms"),
    ):
        with pytest.raises(IsothermError) as refused:
            shop.ask("effect", **params)
        assert (refused.value.code, refused.value.field) == (Code.INVALID, field)


def test_with_one_release_there_is_nothing_to_compare_and_that_is_said(shop: Shop) -> None:
    """A panel that asks for the latest release is no error in a range without two."""
    for told in ([], sessions(5, "1.9.0")):
        effect, words = shop.tells(*told).ask("effect")
        assert (effect.meta["before"], effect.meta["after"], effect.meta["found"]) == ("", "", 0)
        assert effect.meta["notices"] == [ONE_RELEASE]
        assert rows(effect) == rows(words) == []
    effect, _ = shop.tells(*sessions(5, "1.10.0")).ask("effect")
    assert (effect.meta["before"], effect.meta["notices"]) == ("1.9.0", [])


def test_pages_are_compared_too(shop: Shop) -> None:
    """A third of the later sessions ask for help, of the earlier ones nobody."""
    told = broken()
    help_visits = [
        visit("/help", session=f"1.10.0-1-{one}", t=LATER, facets={"version": "1.10.0"})
        for one in range(0, 1400, 3)
    ]
    shop.tells(*told, *help_visits)
    effect, words = shop.ask("effect", scope=cart(pages=()))
    by = {(row["page"], row["element"], row["measure"]): row for row in rows(effect)}
    assert by["/cart", "", "reach"]["ratio"] == pytest.approx(1.0)
    help_page = by["/help", "", "reach"]
    assert (help_page["before"], help_page["found"]) == (0.0, True)
    assert help_page["after"] == pytest.approx(len(help_visits) / 1400)
    said = [row["text"] for row in rows(words) if row["page"] == "/help"]
    assert said == ["/help is visited in 33 % of the sessions since 1.10.0, before in none."]
