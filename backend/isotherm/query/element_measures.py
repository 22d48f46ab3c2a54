"""What goes wrong with each element, per session: time to react, INP, signals, requests.

Every session counts once, with the middle of what its clicks saw. Intervals hold 19 times of 20:
Wilson's for shares, order statistics for times.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import fsum
from typing import Any, Literal

import numpy as np
import pandas as pd
from msgspec import Struct
from sqlglot import exp

from isotherm.query.context import Ask
from isotherm.query.counting import Array
from isotherm.query.deterministic import HOW_OFTEN, exact_sum, most_frequent
from isotherm.query.evidence import quantiles, wilson
from isotherm.query.reaction import REACTED
from isotherm.query.statement import Statement, condition

ElementMeasure = Literal[
    "p75_ms", "inp_ms", "dead", "rage", "error", "request_ms", "request_failures"
]
SLOW_SHARE = 0.75
KEY = ["page", "element", "nameless"]

_SHARES = f"""
WITH each AS (
  SELECT page, element, CASE WHEN element = 0 THEN action_name ELSE 0 END AS nameless,
    session, max(weight) AS weight,
    coalesce(sum(clicks) FILTER (WHERE slot_rage), 0) / sum(clicks) AS rage,
    coalesce(sum(clicks) FILTER (WHERE dead), 0) / sum(clicks) AS dead,
    coalesce(sum(clicks) FILTER (WHERE error), 0) / sum(clicks) AS error
  FROM actions WHERE slot_scope GROUP BY ALL
), often AS (
  SELECT page, element, CASE WHEN element = 0 THEN action_name ELSE 0 END AS nameless,
    action_name, {HOW_OFTEN}
  FROM actions WHERE slot_scope GROUP BY ALL
), named AS ({most_frequent("action_name", "page, element, nameless", "often")})
SELECT page, element, nameless, any_value(named.action_name) AS action_name,
  {exact_sum("each.weight")} AS w, {exact_sum("each.weight * each.weight")} AS w2,
  {exact_sum("each.weight * each.rage")} AS rage, {exact_sum("each.weight * each.dead")} AS dead,
  {exact_sum("each.weight * each.error")} AS error
FROM each JOIN named USING (page, element, nameless) GROUP BY page, element, nameless
"""
_REACTION = f"""
SELECT page, element, CASE WHEN element = 0 THEN action_name ELSE 0 END AS nameless,
  session, max(weight) AS weight, median(loading_ms) AS value
FROM actions WHERE slot_scope AND NOT loading_ms IS NULL AND {REACTED} GROUP BY ALL
"""
_INP = """
SELECT page, inp_element AS element, 0 AS nameless, session, max(weight) AS weight,
  median(inp_ms) AS value
FROM views WHERE slot_views AND inp_element <> 0 AND NOT inp_ms IS NULL GROUP BY ALL
"""
_REQUESTS = """
WITH acted AS (
  SELECT page, session, event % 4294967296 AS event, element,
    CASE WHEN element = 0 THEN action_name ELSE 0 END AS nameless, weight
  FROM actions WHERE slot_scope
), called AS (
  SELECT session, status, duration_ms, unnest(actions) AS cause FROM resources WHERE slot_called
), linked AS (
  SELECT page, element, nameless, acted.session, acted.event, max(acted.weight) AS weight,
    count(*) AS requests, count(*) FILTER (WHERE status >= 400) AS failures,
    max(duration_ms) AS waited
  FROM acted JOIN called ON acted.session = called.session AND acted.event = called.cause
  GROUP BY ALL
)
SELECT page, element, nameless, session, max(weight) AS weight, sum(requests) AS requests,
  sum(failures) / sum(requests) AS failures, median(waited) AS value
FROM linked GROUP BY ALL
"""
_LATEST_MS = 60_000
"""An action lasts seconds; what it caused begins within it."""


class Estimate(Struct, frozen=True):
    """A measure of an element: its value, what it lies between, and of how many sessions."""

    value: float
    low: float
    high: float
    sessions: float


class Element(Struct, frozen=True):
    """Which element: ids of its page, its key, and its name where it has no key."""

    page: int
    element: int
    nameless: int


class MeasuresByElement(Struct, frozen=True):
    """What is known of each element, and the name that it mostly has."""

    measures: dict[Element, dict[ElementMeasure, Estimate]]
    names: dict[Element, int]


Measures = dict[Element, dict[ElementMeasure, Estimate]]


def measures_by_element(ask: Ask[Any]) -> MeasuresByElement:
    """Read everything there is of the elements in scope; signals in the scope do not narrow it."""
    conditions = ask.conditions
    measures = times_by_element(ask)
    names: dict[Element, int] = {}
    shares = pd.DataFrame(ask.context.run(conditions.build(_SHARES, scope=_acted(ask))))
    for row in shares.to_dict("records"):
        element = _element(row)
        names[element] = int(row["action_name"])
        for name in ("rage", "dead", "error"):
            told = _share(float(row[name]), float(row["w"]), float(row["w2"]))
            measures.setdefault(element, {})[name] = told
    return MeasuresByElement(measures, names)


def times_by_element(ask: Ask[Any], reactions: pd.DataFrame | None = None) -> Measures:
    """Read what elements in scope took and what they asked for; not how often which signal came.

    `reactions` are given if they are known already.
    """
    conditions, measures = ask.conditions, Measures()
    if reactions is None:
        reactions = _frame(ask, conditions.build(_REACTION, scope=_acted(ask)))
    viewed = conditions.views(condition("session <> 0"))
    frames: dict[ElementMeasure, pd.DataFrame] = {
        "p75_ms": reactions,
        "inp_ms": _frame(ask, conditions.build(_INP, views=viewed)),
    }
    for measure, frame in frames.items():
        for element, told in _quantiles(frame):
            measures.setdefault(element, {})[measure] = told
    called = _frame(ask, conditions.build(_REQUESTS, scope=_acted(ask), called=called_in(ask)))
    for element, part in _by_element(called):
        weight = part["weight"]
        hits, total, squared = fsum(weight * part["failures"]), fsum(weight), fsum(weight**2)
        measures.setdefault(element, {})["request_failures"] = _share(hits, total, squared)
    for element, told in _quantiles(called[called["value"].notna()]):
        measures[element]["request_ms"] = told
    return measures


def _frame(ask: Ask[Any], statement: Statement) -> pd.DataFrame:
    return pd.DataFrame(ask.context.run(statement))


def _acted(ask: Ask[Any]) -> exp.Expression:
    return ask.conditions.actions(condition("session <> 0"), signal=False)


def called_in(ask: Ask[Any]) -> Any:
    """Select what an application's pages called while the actions in scope may have lasted."""
    conditions = ask.conditions
    application = conditions.bind(conditions.term("application", ask.scope.application))
    start = conditions.bind(ask.scope.from_ms)
    stop = conditions.bind(ask.scope.to_ms + _LATEST_MS)
    return condition(f"application = {application} AND time_ms >= {start} AND time_ms < {stop}")


def quantile_of(part: pd.DataFrame) -> Estimate:
    """Return the 75th percentile of a frame's `value` over sessions, weighted."""
    ordered = part.sort_values(["value", "weight"])
    values, weights = (ordered[name].to_numpy(np.float64) for name in ("value", "weight"))
    return next(_quantiles_of(values, weights, [0]))


def _quantiles_of(values: Array, weights: Array, starts: Sequence[int]) -> Iterator[Estimate]:
    """Yield the 75th percentile of each group of sessions, whose values rise within it."""
    total = np.add.reduceat(weights, starts) if len(starts) else np.empty(0)
    squared = np.add.reduceat(weights**2, starts) if len(starts) else total
    n = total**2 / squared
    lows, highs = wilson(SLOW_SHARE * n, n)
    for place, (start, end) in enumerate(pairwise([*starts, len(values)])):
        shares = np.array([SLOW_SHARE, lows[place], highs[place]])
        value, low, high = quantiles(values[start:end], weights[start:end], shares).tolist()
        yield Estimate(value, low, high, float(n[place]))


def _quantiles(frame: pd.DataFrame) -> Iterator[tuple[Element, Estimate]]:
    """Yield the 75th percentile of each element: as `quantile_of`, sorted once for all."""
    keys = [frame[name].to_numpy() for name in KEY]
    values, weights = (frame[name].to_numpy(np.float64) for name in ("value", "weight"))
    order = np.lexsort((weights, values, *keys))
    keys, values, weights = [key[order] for key in keys], values[order], weights[order]
    new = np.zeros(len(order), np.bool_)
    for key in keys:
        new |= np.diff(key, prepend=-1) != 0
    starts = np.flatnonzero(new)
    elements = [Element(*one) for one in zip(*(key[starts].tolist() for key in keys), strict=True)]
    yield from zip(elements, _quantiles_of(values, weights, starts.tolist()), strict=True)


def _share(hits: float, weight: float, squared: float) -> Estimate:
    n = weight**2 / squared
    share = hits / weight
    low, high = wilson(np.array([share * n]), np.array([n]))
    return Estimate(share, float(low[0]), float(high[0]), n)


def _by_element(frame: pd.DataFrame) -> list[tuple[Element, pd.DataFrame]]:
    return [(Element(*numbers(key)), part) for key, part in frame.groupby(KEY, sort=False)]


def numbers(key: Any) -> tuple[int, ...]:
    """Return the ids that rows were grouped by."""
    return tuple(int(number) for number in key)


def _element(row: dict[Any, Any]) -> Element:
    return Element(*(int(row[name]) for name in KEY))
