"""Placing: every click of a scope becomes a cell of a background, or a reason why not.

An action goes, in this order: by the box of its element (`model/element_matching.py` says which
that is) and the fraction inside it; by its page position, where the sender named no element and the
window is about as wide as the background's; to a reason. The sum of both is the number of clicks in
scope, always.

Two statements: one reads all actions narrowly (`compact_rows.py`) and places nearly all of them;
the other reads those left over, without element or fraction or on what has an inexact box, with all
columns.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from sqlglot import exp

from isotherm.model import Background, Unplaced
from isotherm.model.element_matching import Boxes
from isotherm.model.elements import read_element
from isotherm.model.geometry import Array, BoxTable, Grid, Ints, cells_of_fractions
from isotherm.query.context import Ask
from isotherm.query.placing.boxes import spots_of
from isotherm.query.placing.compact_rows import WHO, Facts, read_counts, read_narrow
from isotherm.query.placing.unboxed import Rest, place_rest
from isotherm.query.statement import Statement, condition
from isotherm.storage.ports import Columns, Computed, Engine

_UNBOXED = "fx IS NULL OR fy IS NULL OR element = 0"
_REST = """
SELECT target, element, kind, fx, fy, page_x, page_y, viewport_w, clicks, weight,
  clicks_exact{who}
FROM actions WHERE slot_scope
"""


class Placed(Struct, frozen=True, kw_only=True):
    """Where the clicks of a scope are. Arrays have one entry per placed action."""

    grid: Grid
    cells: Ints  # numbers in `grid`, never on its border; only for the metrics that need `who`
    who: Array  # ids of users or sessions
    counts: Array  # clicks per cell of `grid`, border 0
    unplaced: dict[Unplaced, float]  # clicks by reason, none of them 0
    facts: Facts

    @property
    def placed(self) -> float:
        """Clicks on the picture."""
        return float(self.counts.sum())

    @property
    def clicks(self) -> float:
        """Clicks in scope."""
        return self.placed + sum(self.unplaced.values())

    @property
    def coverage(self) -> float | None:
        """Share of the scope's clicks that are on the picture; None without clicks."""
        return self.placed / self.clicks if self.clicks else None


def rest_statement(ask: Ask[Any], metric: str, *extra: exp.Expression) -> Statement:
    """Read all columns that say where an action was, of those that satisfy `extra`."""
    template = _REST.format(who=WHO[metric])
    return ask.conditions.build(template, scope=ask.conditions.actions(*extra))


def left_over(ask: Ask[Any], metric: str = "clicks") -> Statement:
    """Read the actions that boxes and fractions alone do not place."""
    return rest_statement(ask, metric, condition(_UNBOXED))


def place(ask: Ask[Any], background: Background, cell_px: int, metric: str = "clicks") -> Placed:
    """Place a scope's clicks on a background; page positions are all there is without boxes."""
    grid = Grid.over(background.width, background.height, cell_px)
    if not background.boxes:
        facts, _ = read_counts(ask, "target", 1)
        everything = _rest(ask, background, grid, rest_statement(ask, metric))
        return _joined(grid, _Boxed.nothing(grid), _nobody(), everything, facts)
    boxes = ask.context.boxes(background)
    cells = cells_on(background, grid, boxes, ask.context.engine)
    facts, counts, people = _counted(ask, cells, grid, metric)
    with ask.context.timed("place"):
        boxed = _boxed(counts, boxes, grid, ask.context.engine)
    rest = Rest.empty()
    wanted = [_UNBOXED] if boxed.has_unboxed else []
    wanted += [f"target IN ({', '.join(map(str, boxed.inexact))})"] if boxed.inexact else []
    if wanted:
        statement = rest_statement(ask, metric, condition(" OR ".join(wanted)))
        rest = _rest(ask, background, grid, statement)
    with ask.context.timed("place"):
        return _joined(grid, boxed, people, rest, facts)


def cells_on(background: Background, grid: Grid, boxes: Boxes, engine: Engine) -> Computed:
    """Describe the column of each action's cell on a background, which never changes.

    Beyond the grid, at its size + the element's number, lie the actions whose element it does not
    show or whose box is inexact; at its size, those without selector or fraction.
    """

    def compute(columns: Columns) -> Array:
        target, fx, fy = _with_fraction(columns)
        texts = engine.terms("target")
        ids = np.flatnonzero(np.bincount(target, minlength=1)).tolist()
        named = [id_ for id_ in ids if read_element(texts.get(id_, "")).selector]
        spots = spots_of(boxes, texts, named)
        shown = {
            id_: spot.box
            for id_, spot in spots.items()
            if spot.box and not spot.why and not spot.box.inexact
        }
        size = max(ids, default=0) + 1
        cells = cells_of_fractions(BoxTable.of(shown, size), grid, target, fx, fy)
        if len(shown) < len(ids):
            aside = np.full(size, grid.size)
            aside[named] += np.array(named, np.int64)
            aside[list(shown)] = 0
            elsewhere = aside[target]
            np.copyto(cells, elsewhere, where=elsewhere > 0)
        return cells.astype(np.int32)

    name = f"{background.id} {grid.cell_px}"
    if background.origin == "wireframe":  # whose boxes are those of the scope
        digest = blake2b(msgspec.msgpack.encode(background.boxes), digest_size=12)
        name = f"{name} {digest.hexdigest()}"
    return Computed(name, ("target", "fx", "fy"), compute)


def targets_with_place(engine: Engine) -> Computed:
    """Describe the column of each action's element, 0 where boxes and fractions do not place it."""

    def compute(columns: Columns) -> Array:
        target, _, _ = _with_fraction(columns)
        texts = engine.terms("target")
        ids = np.flatnonzero(np.bincount(target, minlength=1))
        named = np.zeros(int(ids.max(initial=0)) + 1, np.int32)
        for number in ids.tolist():
            named[number] = number if read_element(texts.get(number, "")).selector else 0
        found: Array = named[target]
        return found

    return Computed("target with place", ("target", "fx", "fy"), compute)


def _with_fraction(columns: Columns) -> tuple[Array, Array, Array]:
    """Return element and fractions of each action, all 0 where the fractions are not known."""
    target, fx, fy = columns["target"], columns["fx"], columns["fy"]
    if fx.dtype.kind == "f" or fy.dtype.kind == "f":  # some are NULL
        known = np.isfinite(fx) & np.isfinite(fy)
        target = np.where(known, target, 0)
        fx, fy = np.where(known, fx, 0), np.where(known, fy, 0)
    return target, fx, fy


class _Boxed(Struct, frozen=True):
    """Clicks placed by boxes."""

    counts: Array  # clicks per cell of the grid, border 0
    unplaced: Mapping[Unplaced, float]
    has_unboxed: bool  # there are actions without element or fraction
    inexact: Sequence[int] = ()  # numbers of elements whose box says too little

    @classmethod
    def nothing(cls, grid: Grid) -> "_Boxed":
        """Return the placing of no action."""
        return cls(np.zeros(grid.size), {}, has_unboxed=False)


_People = tuple[Ints, Array]
"""The cell of each placed action and the id of who acted; only for metrics that count people."""


def _counted(
    ask: Ask[Any], cells: Computed, grid: Grid, metric: str
) -> tuple[Facts, Array, _People]:
    """Return what is known of the actions, the clicks by cell and, if asked for, who clicked."""
    size = grid.size + 1
    if metric == "clicks":
        return *read_counts(ask, cells.name, size, cells), _nobody()
    narrow = read_narrow(ask, metric, cells)
    with ask.context.timed("place"):
        people = _people(narrow.parts, cells.name, grid)
        return narrow.facts, narrow.counts(cells.name, size), people


def _boxed(counts: Array, boxes: Boxes, grid: Grid, engine: Engine) -> _Boxed:
    """Tell clicks inside the picture from those beyond the grid and on its border, by reason."""
    inside, aside = counts[: grid.size], counts[grid.size :]
    unplaced: dict[Unplaced, float] = {}
    numbers = (np.flatnonzero(aside[1:]) + 1).tolist()
    inexact: list[int] = []
    texts = engine.terms("target") if numbers else {}  # which some stores are asked for
    for number, spot in spots_of(boxes, texts, numbers).items():
        if spot.box and not spot.why:
            inexact.append(number)
            continue
        why = spot.why or Unplaced.GONE
        unplaced[why] = unplaced.get(why, 0.0) + float(aside[number])
    placed = np.zeros_like(inside)
    grid.inner(placed)[...] = grid.inner(inside)
    outside = float((inside - placed).sum())
    if outside:
        unplaced[Unplaced.OUTSIDE] = outside
    return _Boxed(placed, unplaced, bool(aside[0]), inexact)


def _people(parts: Sequence[Columns], cells: str, grid: Grid) -> _People:
    found = [_nobody()]
    for part in parts:
        shown = part[cells] < grid.size
        shown[shown] = ~grid.is_border(part[cells][shown])
        found.append((part[cells][shown].astype(np.intp), part["who"][shown]))
    chosen, who = zip(*found, strict=True)
    return np.concatenate(chosen), np.concatenate(who)


def _nobody() -> _People:
    return np.empty(0, np.intp), np.empty(0, np.int32)


def _rest(ask: Ask[Any], background: Background, grid: Grid, statement: Statement) -> Rest:
    columns = ask.context.run(statement)
    with ask.context.timed("place"):
        return place_rest(ask.context, columns, background, grid)


def _joined(grid: Grid, boxed: _Boxed, people: _People, rest: Rest, facts: Facts) -> Placed:
    """Put both ways of placing together."""
    counts, unplaced = boxed.counts, dict(boxed.unplaced)
    if len(rest.cells):
        counts += np.bincount(rest.cells, weights=rest.clicks, minlength=grid.size)
    for why, clicks in rest.unplaced.items():
        unplaced[why] = unplaced.get(why, 0.0) + clicks
    return Placed(
        grid=grid,
        cells=np.concatenate((people[0], rest.cells)),
        who=np.concatenate((people[1], rest.who)),
        counts=counts,
        unplaced={why: clicks for why, clicks in unplaced.items() if clicks},
        facts=facts,
    )
