"""How many of a scope's clicks each picture can show, by the same rules as placing."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from isotherm.model import Background
from isotherm.model.elements import Element, read_element
from isotherm.model.geometry import Array, Grid
from isotherm.query.context import Ask
from isotherm.query.placing.compact_rows import read_counts
from isotherm.query.placing.place import left_over, rest_statement, targets_with_place
from isotherm.query.placing.unboxed import place_rest, shown_of_rest
from isotherm.storage.ports import Columns

_GRID_PX = 8  # of a grid that is only asked what lies outside


class Shown(Struct, frozen=True):
    """Which of a scope's clicks a picture shows."""

    clicks: float
    elements: Array  # for each element of `Clicks.elements`, whether it is shown
    rest: Array  # for each action left over


class Clicks(Struct, frozen=True, kw_only=True):
    """The clicks of a scope: by element, and those that its box and fraction do not place."""

    elements: Sequence[Element]
    counts: Array  # clicks of each element
    rest: Columns | None
    rest_clicks: Array

    @property
    def total(self) -> float:
        """All clicks of the scope."""
        return float(self.counts.sum() + self.rest_clicks.sum())

    def sum(self, elements: Array, rest: Array) -> float:
        """Add up the clicks of some elements and some of the rest."""
        return float(self.counts[elements].sum() + self.rest_clicks[rest].sum())


def clicks_of(ask: Ask[Any]) -> Clicks:
    """Read the clicks of a scope, once for all pictures."""
    engine = ask.context.engine
    placed = targets_with_place(engine)
    _, counts = read_counts(ask, placed.name, 1, placed)
    numbers = np.flatnonzero(counts[1:]) + 1
    texts = engine.terms("target")
    rest = ask.context.run(left_over(ask)) if counts[0] else None
    return Clicks(
        elements=[read_element(texts.get(number, "")) for number in numbers.tolist()],
        counts=counts[numbers],
        rest=rest,
        rest_clicks=np.empty(0) if rest is None else _weighted(rest),
    )


def shown_on(ask: Ask[Any], clicks: Clicks, background: Background) -> Shown:
    """Return which of the clicks a picture shows; of one without boxes, only how many."""
    grid = Grid.over(background.width, background.height, _GRID_PX)
    elements = np.zeros(len(clicks.elements), np.bool_)
    rest = np.zeros(len(clicks.rest_clicks), np.bool_)
    if not background.boxes:
        everything = ask.context.run(rest_statement(ask, "clicks"))
        with ask.context.timed("place"):
            placed = place_rest(ask.context, everything, background, grid)
        return Shown(float(placed.clicks.sum()), elements, rest)
    with ask.context.timed("place"):
        boxes = ask.context.boxes(background)
        for number, element in enumerate(clicks.elements):
            spot = boxes.find(element)
            box = spot.box
            elements[number] = (
                spot.why is None
                and box is not None
                and box.top + box.height / 2 < background.height
                and 0 <= box.left + box.width / 2 < background.width
            )
        if clicks.rest is not None:
            rest = shown_of_rest(ask.context, clicks.rest, background, grid)
        return Shown(clicks.sum(elements, rest), elements, rest)


def _weighted(columns: Columns) -> Array:
    weighted: Array = columns["clicks"] * columns["weight"].astype(np.float64)
    return weighted
