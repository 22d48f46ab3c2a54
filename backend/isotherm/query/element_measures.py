"""What goes wrong with each element, per session: time to react, INP, signals, requests.

Every session counts once, with the middle of what its clicks saw. Intervals hold 19 times of 20:
Wilson's for shares, order statistics for times.
"""

from collections.abc import Iterator
from math import fsum
from typing import Any, Literal

import msgspec
import numpy as np
import pandas as pd
from msgspec import Struct
from sqlglot import exp

from isotherm.query.context import Ask
from isotherm.query.counting import Array
from isotherm.query.deterministic import HOW_OFTEN, exact_sum, most_frequent
from isotherm.query.evidence import wilson
from isotherm.query.page_actions import (
    SIGNALS,
    PageActions,
    actions_of_page,
    by_number,
    middles_by_session,
    numbered,
)
from isotherm.query.reaction import REACTED
from isotherm.query.statement import Statement, condition
from isotherm.query.whole_page import rows_of_page

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
_INP_READ = ("session", "inp_element", "inp_ms", "weight")
_EQUAL = 1e-9  # less than a session in millions, more than what is lost in adding up weights
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

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[Element, dict[ElementMeasure, Estimate]]]).decode


def measures_by_element(ask: Ask[Any]) -> MeasuresByElement:
    """Read everything there is of the elements in scope; signals in the scope do not narrow it."""
    acted = None if ask.scope.signal else actions_of_page(ask, of_sessions=True)
    measures = times_by_element(ask, acted)
    if acted is None:
        shares = _frame(ask, ask.conditions.build(_SHARES, scope=_acted(ask)))
    else:
        with ask.context.timed("place"):
            shares = acted.signals(_page(ask))
    elements = _elements(shares)
    weight, squared = (shares[name].to_numpy(np.float64) for name in ("w", "w2"))
    for name in SIGNALS:
        estimates = _shares(shares[name].to_numpy(np.float64), weight, squared)
        for element, estimate in zip(elements, estimates, strict=True):
            measures.setdefault(element, {})[name] = estimate
    names = zip(elements, map(int, shares["action_name"]), strict=True)
    return MeasuresByElement(measures, dict(names))


def times_by_element(ask: Ask[Any], acted: PageActions | None) -> Measures:
    """Read what elements in scope took and what they asked for; not how often which signal came.

    `acted` are the actions in scope if they are in memory; its signal does not narrow what is read.
    """

    def work() -> bytes:
        return _encode([*_times(ask, acted).items()])

    return dict(_decode(ask.context.shared("times of elements", ask.scope, work)))


def _times(ask: Ask[Any], acted: PageActions | None) -> Measures:
    conditions, measures = ask.conditions, Measures()
    if acted is None or ask.scope.signal:
        reactions = _frame(ask, conditions.build(_REACTION, scope=_acted(ask)))
    else:
        with ask.context.timed("place"):
            reactions = acted.reactions(_page(ask))
    frames: dict[ElementMeasure, pd.DataFrame] = {"p75_ms": reactions, "inp_ms": _inp(ask)}
    for measure, frame in frames.items():
        for element, estimate in _quantiles(frame):
            measures.setdefault(element, {})[measure] = estimate
    called = _frame(ask, conditions.build(_REQUESTS, scope=_acted(ask), called=called_in(ask)))
    for element, part in _by_element(called):
        weight = part["weight"]
        sums = fsum(weight * part["failures"]), fsum(weight), fsum(weight**2)
        [failures] = _shares(*(np.array([one]) for one in sums))
        measures.setdefault(element, {})["request_failures"] = failures
    for element, estimate in _quantiles(called[called["value"].notna()]):
        measures[element]["request_ms"] = estimate
    return measures


def _inp(ask: Ask[Any]) -> pd.DataFrame:
    """Return the middle INP by element and session, of a page in memory without a statement."""
    parts = rows_of_page(ask, "views", _INP_READ, kept=True)
    if not parts:
        viewed = ask.conditions.views(condition("session <> 0"))
        return _frame(ask, ask.conditions.build(_INP, views=viewed))
    with ask.context.timed("place"):
        rows = {name: np.concatenate([part[name] for part in parts]) for name in _INP_READ}
        measured = np.flatnonzero(
            (rows["session"] != 0) & (rows["inp_element"] != 0) & ~np.isnan(rows["inp_ms"])
        )
        session, element, inp_ms, weight = (rows[name][measured] for name in _INP_READ)
        of, (element,) = numbered(element.astype(np.int64))
        elements = element, np.zeros_like(element)
        return middles_by_session(_page(ask), elements, (of, session, inp_ms), weight)


def _page(ask: Ask[Any]) -> int:
    [page] = ask.scope.pages
    return ask.conditions.term("page", page)


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
    [estimate] = _quantiles_of(values, weights, np.zeros(1, np.intp))
    return estimate


def _quantiles_of(values: Array, weights: Array, starts: Array) -> list[Estimate]:
    """Return the 75th percentile of each group of sessions, whose values rise within it."""
    if not len(starts):
        return []
    total = np.add.reduceat(weights, starts)
    n = total**2 / np.add.reduceat(weights**2, starts)
    counts = np.diff(starts, append=len(weights))
    sums = np.cumsum(weights)
    before = np.repeat(sums[starts] - weights[starts], counts)
    # the place of each session: its group's number, and the share of those up to it
    places = np.repeat(np.arange(len(starts)), counts) + (sums - before) / np.repeat(total, counts)
    lows, highs = wilson(SLOW_SHARE * n, n)
    found = []
    for shares in (np.full(len(starts), SLOW_SHARE), lows, highs):
        at = np.searchsorted(places, np.arange(len(starts)) + shares - _EQUAL)
        found.append(values[np.clip(at, starts, starts + counts - 1)].tolist())
    return [Estimate(*one) for one in zip(*found, n.tolist(), strict=True)]


def _quantiles(frame: pd.DataFrame) -> Iterator[tuple[Element, Estimate]]:
    """Yield the 75th percentile of each element: as `quantile_of`, sorted once for all."""
    of, keys = numbered(*(frame[name].to_numpy(np.int64) for name in KEY))
    values, weights = (frame[name].to_numpy(np.float64) for name in ("value", "weight"))
    if len(of) and weights.min() == weights.max():
        order = np.argsort(values)
        order = order[by_number(of[order], len(keys[0]))]
    else:  # so that sums do not depend on the order of rows
        order = np.lexsort((weights, values, of))
    starts = np.flatnonzero(np.diff(of[order], prepend=-1))
    elements = (Element(*one) for one in zip(*(key.tolist() for key in keys), strict=True))
    yield from zip(elements, _quantiles_of(values[order], weights[order], starts), strict=True)


def _shares(hits: Array, weight: Array, squared: Array) -> list[Estimate]:
    n, shares = weight**2 / squared, hits / weight
    lows, highs = wilson(shares * n, n)
    columns = (column.tolist() for column in (shares, lows, highs, n))
    return [Estimate(*one) for one in zip(*columns, strict=True)]


def _by_element(frame: pd.DataFrame) -> list[tuple[Element, pd.DataFrame]]:
    return [(Element(*numbers(key)), part) for key, part in frame.groupby(KEY, sort=False)]


def numbers(key: Any) -> tuple[int, ...]:
    """Return the ids that rows were grouped by."""
    return tuple(int(number) for number in key)


def _elements(frame: pd.DataFrame) -> list[Element]:
    return [Element(*numbers(key)) for key in zip(*(frame[name] for name in KEY), strict=True)]
