"""Rage, dead and error: the definitions, at their edges."""

import pytest

from isotherm.replay.derive.clicks import Click
from isotherm.replay.derive.signal_rules import SignalRules
from isotherm.replay.derive.signals import Activity, Chain, chains_of

RULES = SignalRules()


def at(ms: int, node: int = 7, x: float = 50, y: float = 50, *, alone: bool = False) -> Click:
    return Click(
        down_ms=ms - 4,
        up_ms=ms,
        click_ms=ms + 1,
        node=node,
        element=f"#n{node}",
        label="",
        client_x=x,
        client_y=y,
        page_x=x,
        page_y=y,
        viewport_w=1000,
        viewport_h=800,
        reacts_alone=alone,
    )


def chains(*clicks: Click, rules: SignalRules = RULES, **activity: object) -> list[Chain]:
    return chains_of(clicks, Activity(**activity), rules)  # type: ignore[arg-type]


def sizes(found: list[Chain]) -> list[tuple[int, bool]]:
    return [(len(chain.clicks), chain.rage) for chain in found]


def test_three_fast_clicks_on_one_spot_are_one_rage_chain() -> None:
    assert sizes(chains(at(1000), at(1300), at(1700))) == [(3, True)]


def test_two_fast_clicks_stay_two_actions() -> None:
    assert sizes(chains(at(1000), at(1300))) == [(1, False), (1, False)]


@pytest.mark.parametrize(
    ("clicks", "expected"),
    [
        ([at(1000), at(1500), at(2000)], [(3, True)]),  # exactly one second
        ([at(1000), at(1500), at(2001)], [(1, False)] * 3),
        ([at(1000), at(1400), at(1800), at(2800)], [(4, True)]),  # a slow end belongs to it
        ([at(1000), at(1400), at(1800), at(2801)], [(3, True), (1, False)]),
        ([at(1000), at(1100, node=8), at(1200)], [(1, False)] * 3),
        ([at(1000), at(1100, x=150), at(1200)], [(3, True)]),  # 100 px is still near
        ([at(1000), at(1100, x=151), at(1200)], [(1, False)] * 3),
    ],
)
def test_edges_of_a_chain(clicks: list[Click], expected: list[tuple[int, bool]]) -> None:
    assert sizes(chains(*clicks)) == expected


def test_the_parameters_are_settings() -> None:
    rules = SignalRules(rage_clicks=2, rage_window_ms=200, rage_distance_px=10)
    assert sizes(chains(at(1000), at(1150), at(1400), rules=rules)) == [(2, True), (1, False)]


@pytest.mark.parametrize("kind", ["scrolls", "selections"])
def test_scrolling_or_selecting_is_no_rage(kind: str) -> None:
    found = chains(at(1000), at(1300), at(1700), **{kind: (1350,)})
    assert sizes(found) == [(1, False)] * 3


def test_none_of_the_clicks_that_select_a_word_is_dead() -> None:
    """Datadog's rule: the first click of a double click has selected nothing itself."""
    assert [chain.dead for chain in chains(at(1000), at(1200), selections=(1205,))] == [False] * 2
    assert [chain.dead for chain in chains(at(1000), at(2500), selections=(2505,))] == [True, False]


@pytest.mark.parametrize("kind", ["changes", "inputs", "scrolls", "selections"])
def test_a_click_is_dead_when_nothing_follows(kind: str) -> None:
    assert chains(at(1000))[0].dead
    assert not chains(at(1000), **{kind: (1090,)})[0].dead
    assert chains(at(1000), **{kind: (1200,)})[0].dead
    assert chains(at(1000), **{kind: (900,)})[0].dead


def test_what_reacts_alone_leaves_or_fails_is_not_dead() -> None:
    assert not chains(at(1000, alone=True))[0].dead
    assert not chains(at(1000), loads=(2500,))[0].dead
    assert not chains(at(1000), busy=((990, 1100),))[0].dead
    failed = chains(at(1000), errors=(1004,))[0]
    assert (failed.dead, failed.error, failed.errors) == (False, True, 1)


def test_a_click_that_only_called_the_server_is_not_dead() -> None:
    assert not chains(at(1000), requests=((1030, 2500),))[0].dead
    assert chains(at(1000), requests=((900, 2500),))[0].dead  # it was under way before
    assert chains(at(1000), requests=((1400, 1500),))[0].dead


def test_an_action_is_open_while_its_request_is() -> None:
    asked = {"requests": ((1030, 2500), (2550, 2600))}
    assert chains(at(1000), errors=(2700,), **asked)[0].error
    assert not chains(at(1000), errors=(2800,), **asked)[0].error


def test_an_error_counts_while_the_action_is_open() -> None:
    steps = tuple(range(1050, 2000, 100))  # something goes on until 1950
    assert chains(at(1000), changes=steps, errors=(2050,))[0].error
    assert not chains(at(1000), changes=steps, errors=(2400,))[0].error
    assert not chains(at(1000), errors=(1400,))[0].error
    endless = tuple(range(1050, 30_000, 100))
    assert not chains(at(1000), changes=endless, errors=(12_000,))[0].error


def test_a_chain_is_dead_if_any_of_its_clicks_was() -> None:
    (chain,) = chains(at(1000), at(1300), at(1700), changes=(1010, 1310))
    assert (chain.rage, chain.dead) == (True, True)
