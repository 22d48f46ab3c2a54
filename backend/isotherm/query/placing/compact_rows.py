"""Reading all actions of a scope, as little of each as placing by element needs.

The usual scope, a page and a time range, comes from memory in parts. Any other is one statement;
every column of a million rows costs about as much as counting it, so it reads four, and weights
only where a session was sampled.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from isotherm.query.context import Ask
from isotherm.query.counting import Array, Tally, added
from isotherm.query.statement import Statement
from isotherm.query.whole_page import rows_of_page, sums_of_page
from isotherm.storage.ports import Columns, Computed, Summed

_NARROW = "SELECT target, fx, fy, clicks{more} FROM actions WHERE slot_scope"
_FACTS = """
SELECT coalesce(sum(weight), 0) AS actions, coalesce(min(clicks_exact), TRUE) AS exact,
  coalesce(min(weight), 1) AS least, coalesce(max(weight), 1) AS most
FROM actions WHERE slot_scope
"""
_KNOWN = 3  # numbers that the facts are made of
_COUNTED = ("clicks", "weight", "clicks_exact")
_OF_PAGE = ("target", "fx", "fy", *_COUNTED)
_WHO_COLUMN = {"users": "user", "sessions": "session"}
WHO = {"clicks": "", "users": ', "user" AS who', "sessions": ", session AS who"}
"""Metric -> the column whose different values are counted."""


class Facts(Struct, frozen=True):
    """What is known about all actions of a scope."""

    actions: float  # weighted by the sample rate
    exact: bool  # all clicks were counted, none is a lower bound
    sampled: bool  # a weight is not 1


class Narrow(Struct, frozen=True):
    """The actions in parts; each part has `target`, `fx`, `fy`, `clicks`, and what was asked for.

    `weight` is there if a session was sampled, `who` (users or sessions) for those metrics.
    """

    parts: Sequence[Columns]
    facts: Facts

    def counts(self, by: str, size: int) -> Array:
        """Return the clicks per number in a column, shape (at least `size`,)."""
        sampled = self.facts.sampled
        return added(
            [
                np.zeros(size),
                *(_tally(part, sampled).per_cell(part[by], size) for part in self.parts),
            ]
        )


def facts_statement(ask: Ask[Any]) -> Statement:
    """Ask what is known about all actions."""
    return ask.conditions.build(_FACTS, scope=ask.conditions.actions())


def narrow_statement(ask: Ask[Any], metric: str, *, sampled: bool = False) -> Statement:
    """Read all actions, with their weights if any session was sampled."""
    more = WHO[metric] + (", weight" if sampled else "")
    return ask.conditions.build(_NARROW.format(more=more), scope=ask.conditions.actions())


def read_facts(columns: Columns) -> Facts:
    """Read the row of facts."""
    return Facts(
        actions=float(columns["actions"][0]),
        exact=bool(columns["exact"][0]),
        sampled=bool(columns["least"][0] != 1 or columns["most"][0] != 1),
    )


def read_narrow(ask: Ask[Any], metric: str, computed: Computed) -> Narrow:
    """Read a scope's actions and who did them, from memory if it is a whole page."""
    who = _WHO_COLUMN[metric]
    parts = rows_of_page(ask, "actions", (*_OF_PAGE, who), computed)
    if parts is None:
        return _run(ask, metric, computed)
    with ask.context.timed("place"):
        return Narrow(
            [{**part, "who": part[who]} for part in parts],
            _facts(added([np.zeros(_KNOWN), *map(_known, parts)])),
        )


def read_counts(
    ask: Ask[Any], by: str, size: int, computed: Computed | None = None
) -> tuple[Facts, Array]:
    """Count a scope's clicks per number in a column, shape (at least `size`,).

    Of a page in memory most are counted already.
    """
    needs = _COUNTED if computed else (by, *_COUNTED)

    def add(columns: Columns) -> Array:
        known = _known(columns)
        tally = _tally(columns, sampled=_facts(known).sampled)
        return np.concatenate((known, tally.per_cell(columns[by], size)))

    sums = sums_of_page(ask, "actions", Summed(f"clicks by {by}", needs, add, computed))
    if sums is None:
        narrow = _run(ask, "clicks", computed)
        with ask.context.timed("place"):
            return narrow.facts, narrow.counts(by, size)
    with ask.context.timed("place"):
        counts = added([np.zeros(_KNOWN + size), sums])
        return _facts(counts[:_KNOWN]), counts[_KNOWN:]


def _run(ask: Ask[Any], metric: str, computed: Computed | None) -> Narrow:
    """Run the statements; a second time with weights in the rare case that they matter."""
    waiting = ask.context.concurrently(facts_statement(ask), read_facts)
    columns = ask.context.run(narrow_statement(ask, metric))
    with ask.context.timed("sql"):
        facts = waiting.result()
    if facts.sampled:
        columns = ask.context.run(narrow_statement(ask, metric, sampled=True))
    if computed is not None:
        with ask.context.timed("place"):
            columns[computed.name] = computed.compute(columns)
    return Narrow([columns], facts)


def _known(columns: Columns) -> Array:
    """Return what facts are made of, shape (`_KNOWN`,); that of several parts is the sum."""
    weight = columns["weight"]
    inexact = len(weight) - np.count_nonzero(columns["clicks_exact"])
    actions = weight.sum(dtype=np.float64)
    return np.array([actions, inexact, np.count_nonzero(weight != 1)], np.float64)


def _facts(known: Array) -> Facts:
    actions, inexact, weighted = known.tolist()
    return Facts(actions, exact=not inexact, sampled=bool(weighted))


def _tally(columns: Columns, sampled: bool) -> Tally:
    return Tally(columns["clicks"], columns["weight"] if sampled else None)
