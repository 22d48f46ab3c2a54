"""What goes wrong with each element, per session: time to react, INP, signals, requests.

Every session counts once, with the middle of what its clicks saw. Intervals hold 19 times of 20:
Wilson's for shares, order statistics for times.
"""

from math import fsum
from typing import Any, Literal

import numpy as np
import pandas as pd
from msgspec import Struct

from isotherm.query.context import Ask
from isotherm.query.deterministic import HOW_OFTEN, exact_sum, most_frequent
from isotherm.query.evidence import Sample, wilson
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


def measures_by_element(ask: Ask[Any]) -> MeasuresByElement:
    """Read everything there is of the elements in scope; signals in the scope do not narrow it."""
    conditions = ask.conditions
    acted = conditions.actions(condition("session <> 0"), signal=False)
    viewed = conditions.views(condition("session <> 0"))
    measures: dict[Element, dict[ElementMeasure, Estimate]] = {}
    names: dict[Element, int] = {}
    shares = pd.DataFrame(ask.context.run(conditions.build(_SHARES, scope=acted)))
    for row in shares.to_dict("records"):
        element = _element(row)
        names[element] = int(row["action_name"])
        for name in ("rage", "dead", "error"):
            told = _share(float(row[name]), float(row["w"]), float(row["w2"]))
            measures.setdefault(element, {})[name] = told
    times: tuple[tuple[ElementMeasure, Statement], ...] = (
        ("p75_ms", conditions.build(_REACTION, scope=acted)),
        ("inp_ms", conditions.build(_INP, views=viewed)),
    )
    for measure, statement in times:
        for element, part in _by_element(pd.DataFrame(ask.context.run(statement))):
            measures.setdefault(element, {})[measure] = quantile_of(part)
    called = conditions.build(_REQUESTS, scope=acted, called=called_in(ask))
    for element, part in _by_element(pd.DataFrame(ask.context.run(called))):
        here = measures.setdefault(element, {})
        weight = part["weight"]
        here["request_failures"] = _share(
            fsum(weight * part["failures"]), fsum(weight), fsum(weight**2)
        )
        timed = part[part["value"].notna()]
        if len(timed):
            here["request_ms"] = quantile_of(timed)
    return MeasuresByElement(measures, names)


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
    weight = ordered["weight"].to_numpy(np.float64)
    sample = Sample(
        values=ordered["value"].to_numpy(np.float64),
        weights=weight,
        n=float(weight.sum() ** 2 / (weight**2).sum()),
    )
    low, high = sample.quantile_interval(SLOW_SHARE)
    return Estimate(sample.quantile(SLOW_SHARE), low, high, sample.n)


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
