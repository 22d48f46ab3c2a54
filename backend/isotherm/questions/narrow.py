"""Reading all actions of a scope, as little of each as placing by element needs.

Every column of a million rows costs about as much as counting it, so the usual case reads four:
no weights where no session was sampled, no NULLs where every action has its fraction.
"""

from typing import Any

import numpy as np
from msgspec import Struct

from isotherm.geometry import Array
from isotherm.ports import Columns
from isotherm.questions.context import Ask, Context
from isotherm.questions.counting import Tally
from isotherm.questions.statement import Statement

_NARROW = "SELECT element, fx, fy, clicks{more} FROM actions WHERE slot_scope"
_FACTS = """
SELECT count(*) AS actions, coalesce(min(clicks_exact), TRUE) AS exact,
  coalesce(min(weight), 1) AS least, coalesce(max(weight), 1) AS most
FROM actions WHERE slot_scope
"""
WHO = {"clicks": "", "users": ', "user" AS who', "sessions": ", session AS who"}
"""Metric -> the column whose different values are counted."""


class Facts(Struct, frozen=True):
    """What is known about all actions of a scope."""

    actions: int
    exact: bool  # all clicks were counted, none is a lower bound
    sampled: bool  # a weight is not 1


class Narrow(Struct, frozen=True):
    """The actions; arrays have one entry per action."""

    element: Array  # id of the element's key; 0 where it or the fraction is missing
    fx: Array
    fy: Array
    who: Array | None  # ids of users or sessions, for those metrics
    tally: Tally
    facts: Facts
    by_element: Array  # clicks per id, all actions
    placeable: Array  # clicks per id, of actions with a fraction; [0] is 0

    @property
    def complete(self) -> bool:
        """Every action has an element and a fraction."""
        return bool((self.by_element == self.placeable).all())


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
        actions=int(columns["actions"][0]),
        exact=bool(columns["exact"][0]),
        sampled=bool(columns["least"][0] != 1 or columns["most"][0] != 1),
    )


def read_narrow(ask: Ask[Any], metric: str = "clicks") -> Narrow:
    """Read a scope's actions; a second time with weights in the rare case that they matter."""
    waiting = ask.context.beside(facts_statement(ask), read_facts)
    columns = ask.context.run(narrow_statement(ask, metric))
    with ask.context.timed("sql"):
        facts = waiting.result()
    if facts.sampled:
        columns = ask.context.run(narrow_statement(ask, metric, sampled=True))
    with ask.context.timed("place"):
        return _narrow(columns, facts)


def clicks_by_element(context: Context, narrow: Narrow) -> dict[str, float]:
    """Return clicks per element key, the absent one left out."""
    keys = context.engine.terms("element")
    present = np.flatnonzero(narrow.by_element).tolist()
    return {keys[number]: float(narrow.by_element[number]) for number in present if number}


def _narrow(columns: Columns, facts: Facts) -> Narrow:
    element, fx, fy = columns["element"], columns["fx"], columns["fy"]
    tally = Tally(columns["clicks"], columns.get("weight"))
    by_element = tally.per_cell(element, 1)
    placeable = by_element
    if fx.dtype.kind == "f" or fy.dtype.kind == "f":  # some are NULL
        known = np.isfinite(fx) & np.isfinite(fy)
        element = np.where(known, element, 0)
        fx, fy = np.where(known, fx, 0), np.where(known, fy, 0)
        placeable = tally.per_cell(element, len(by_element))
    placeable = placeable.copy()
    placeable[0] = 0
    return Narrow(element, fx, fy, columns.get("who"), tally, facts, by_element, placeable)
