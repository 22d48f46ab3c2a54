"""What is counted from pages in memory is what the statements say: the same question both ways.

A filter by a pattern is answered by statements, and a pattern that matches everything lets all in.
"""

from math import isnan
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from isotherm.api.frames import frame_json
from isotherm.model import Box, Scope, Signal
from isotherm.query.context import Ask
from isotherm.query.frame import Frame
from isotherm.query.questions import QUESTIONS
from tests.metamorphic.traffic import PICTURES, SPAN, story
from tests.query.asking import variants
from tests.scenario import HOUR, Shop, cart, click, picture, where

ANYTHING = where("browser", "=~", ".*")
FILTERS = (
    where("browser", "=", "Chrome"),
    where("browser", "!=", "Chrome"),
    where("browser", "in", "Safari", ""),
    where("browser", "not in", "Safari", "never seen"),
    where("version", ">=", "1.10"),
    where("element", "=", "#pay"),
    where("element", "!=", "#pay"),
    where("user", "=", "ann"),
    where("user", "=", "never seen"),
    where("width", "<", "1000"),
    where("width", "!=", "1440"),
    where("width", "in", "390", "768"),
)


def scopes(random: Random) -> list[Scope]:
    """Return scopes of one page: each filter, and some at once with a band and a signal."""
    page = {"from_ms": SPAN[0], "to_ms": SPAN[1]}
    found = [cart(**page), *(cart(one, **page) for one in FILTERS)]
    for _ in range(4):
        ends: dict[str, Any] = {"width_min": random.choice((None, 400, 1_300))}
        ends["width_max"] = random.choice((None, 800, 1_440))
        signal = random.choice((None, Signal.RAGE, Signal.DEAD, Signal.ERROR, Signal.FIRST))
        start = SPAN[0] + random.randrange(5 * HOUR)
        filters = random.sample(FILTERS, random.randint(0, 3))
        span = {"from_ms": start, "to_ms": start + random.randrange(1, 8 * HOUR)}
        found.append(cart(*filters, signal=signal, **ends, **span))
    return found


def plain(frames: list[Frame]) -> list[Any]:
    """Return frames as values with numbers to nine digits: sums of weights differ beyond."""
    return [_rounded(frame_json(frame, "", "")) for frame in frames]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return None if isnan(value) else float(f"{value:.9g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(2))
def test_both_ways_tell_the_same(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    shop = Shop(tmp_path, ignore_rage=("#a",) if seed % 2 else ()).shows(*PICTURES)
    told = story(random, sessions=40)
    shop.tells(*told[: len(told) // 2])
    shop.engine.compact(least_rows=1)
    shop.tells(*told[len(told) // 2 :])  # rows of both kinds: sorted ones and recent ones
    for scope in scopes(random):
        narrowed = replace(scope, filters=(*scope.filters, ANYTHING))
        for name in ("heat", "actions", "friction", "scroll", "zone"):
            for params in variants(name):
                here, there = (shop.ask(name, one, **params) for one in (scope, narrowed))
                assert plain(here) == plain(there), (name, params, scope)
    shop.close()


def test_heat_with_filters_and_a_width_band_comes_from_memory(tmp_path: Path) -> None:
    """One of three clicks was made on a phone in Chrome."""
    shop = Shop(tmp_path).shows(picture(boxes={"#pay": Box(100, 100, 80, 40)}))
    shop.tells(
        click(width=390, session="a", facets={"browser": "Chrome"}),
        click(width=390, session="b", facets={"browser": "Safari"}),
        click(width=1440, session="c", facets={"browser": "Chrome"}),
    )
    context, heat = shop.context(), QUESTIONS["heat"]
    phone = cart(where("browser", "=", "Chrome"), width_max=400)
    [frame] = heat.answer(Ask.about(phone, heat.params(), context))
    assert frame.meta["clicks"] == 1
    assert all(isinstance(one, str) for one in context.statements), context.executed()
    shop.close()
