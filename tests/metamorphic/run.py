"""One seed: a story, told to two stores in different order, and what must hold of the answers."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from isotherm.api.frames import frame_json
from isotherm.model import Event
from isotherm.model.errors import IsothermError
from isotherm.query.questions import QUESTIONS
from tests.metamorphic.relations import check_agreement, check_parts, scopes
from tests.metamorphic.traffic import PICTURES, story
from tests.query.asking import variants
from tests.scenario import Shop
from tests.storage.clickhouse.chdb_process import emptied

ROUNDS = 3
"""Scopes per story for each relation."""


def ask_one(seed: int, folder: Path, clickhouse: str = "") -> int:
    """Check one story; return how many questions were asked."""
    random = Random(seed)
    told = story(random)
    asked = 0
    with closing(_shop(folder / "a", clickhouse, "whole")) as first:
        _tell(random, first, [told])
        for _ in range(ROUNDS):
            asked += sum(1 for _ in check_parts(random, first))
            asked += sum(1 for _ in check_agreement(random, first))
        with closing(_shop(folder / "b", clickhouse, "mixed")) as second:
            _tell(random, second, _mixed(random, told, 4 if clickhouse else 12))
            asked += _check_order(random, first, second)
    return asked


def _shop(folder: Path, clickhouse: str, name: str) -> Shop:
    folder.mkdir()
    database = emptied(f"{clickhouse}/metamorphic_{name}") if clickhouse else ""
    return Shop(folder, clickhouse=database).shows(*PICTURES)


def _tell(random: Random, shop: Shop, batches: Sequence[Sequence[Event]]) -> None:
    for batch in batches:
        shop.tells(*batch)
        if hasattr(shop.engine, "compact") and random.random() < 0.3:
            shop.engine.compact(least_rows=1)


def _mixed(random: Random, told: list[Event], batches: int) -> list[list[Event]]:
    """Return the events in another order, in batches, some of them sent again."""
    again = told + random.sample(told, len(told) // 5)
    random.shuffle(again)
    ends = sorted(random.randrange(len(again)) for _ in range(batches - 1))
    return [again[low:high] for low, high in zip([0, *ends], [*ends, len(again)], strict=True)]


def _check_order(random: Random, first: Shop, second: Shop) -> int:
    """Ask both stores everything there is about a random scope; the answers are the same bytes."""
    asked = 0
    for question in QUESTIONS:
        for params in variants(question):
            scope = scopes(random)
            answers = [_answer(shop, question, scope, params) for shop in (first, second)]
            assert answers[0] == answers[1], (question, params, scope, _apart(*answers))
            asked += 2
    return asked


def _answer(shop: Shop, question: str, scope: Any, params: dict[str, Any]) -> bytes:
    try:
        frames = shop.ask(question, scope, **params)
    except IsothermError as refused:  # a zone is of one page
        return str(refused).encode()
    return msgspec.json.encode([frame_json(frame, question, "A") for frame in frames])


def _apart(first: bytes, second: bytes) -> tuple[bytes, bytes]:
    """Return where two answers begin to differ."""
    at = next((n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), 0)
    return first[max(0, at - 80) : at + 60], second[max(0, at - 80) : at + 60]
