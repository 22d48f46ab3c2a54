"""What each session of two groups did, summed up per page and element.

The groups are told apart by a facet (versions, variants, segments) or by a moment (before and
after). A session in both groups belongs to neither.
"""

from math import fsum
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from msgspec import Struct
from sqlglot import exp

from isotherm.model import Filter
from isotherm.model.errors import Code, IsothermError
from isotherm.query.context import Ask
from isotherm.query.deterministic import HOW_OFTEN, exact_sum, most_frequent
from isotherm.query.evidence import Array, Sample, Shares
from isotherm.query.filters import ACTION_COLUMNS, version_order
from isotherm.query.reaction import REACTED
from isotherm.query.statement import Statement, condition

Rate = Literal["reach", "share", "rage", "dead", "error"]
RATES: tuple[Rate, ...] = get_args(Rate)

_WEIGHTS = f"{exact_sum('weight')} AS w, {exact_sum('weight * weight')} AS w2"
_ACTED = f"""
WITH acted AS (
  SELECT CASE WHEN slot_first THEN 0 ELSE 1 END AS side, page, session, element,
    CASE WHEN element = 0 THEN action_name ELSE 0 END AS nameless, action_name, clicks, weight,
    time_ms, event, slot_rage AS rage, dead, error,
    CASE WHEN {REACTED} THEN loading_ms END AS loading_ms
  FROM actions WHERE slot_actions AND session <> 0
), seen AS (
  SELECT CASE WHEN slot_first THEN 0 ELSE 1 END AS side, page, session, weight
  FROM views WHERE slot_views AND session <> 0
  UNION ALL SELECT side, page, session, weight FROM acted
), torn AS (
  SELECT session FROM seen GROUP BY session HAVING count(DISTINCT side) > 1
), visits AS (
  SELECT side, page, session, max(weight) AS weight FROM seen
  WHERE session NOT IN (SELECT session FROM torn) GROUP BY ALL
), sessions AS (
  SELECT side, session, max(weight) AS weight FROM visits GROUP BY ALL
), done AS (
  SELECT grouping(element) AS whole, side, page, element, nameless, session,
    max(weight) AS weight, sum(clicks) AS clicks,
    coalesce(sum(clicks) FILTER (WHERE rage), 0) / sum(clicks) AS rage,
    coalesce(sum(clicks) FILTER (WHERE dead), 0) / sum(clicks) AS dead,
    coalesce(sum(clicks) FILTER (WHERE error), 0) / sum(clicks) AS error,
    median(loading_ms) AS loading_ms
  FROM acted WHERE session NOT IN (SELECT session FROM torn)
  GROUP BY GROUPING SETS (
    (side, page, session, element, nameless), (side, page, session))
)
"""
_SUMS = (
    _ACTED
    + f""", often AS (
  SELECT side, page, element, nameless, action_name, {HOW_OFTEN}
  FROM acted WHERE session NOT IN (SELECT session FROM torn) GROUP BY ALL
), named AS ({most_frequent("action_name", "side, page, element, nameless", "often")})
SELECT done.whole, done.page, done.element, done.nameless, done.side,
  any_value(named.action_name) AS action_name, count(*) AS sessions,
  {exact_sum("done.clicks * done.weight")} AS clicks, {exact_sum("done.weight")} AS w,
  {exact_sum("done.weight * done.weight")} AS w2,
  {exact_sum("done.weight * (done.clicks / busy.clicks)")} AS share_h,
  {exact_sum("done.weight * (done.clicks / busy.clicks) * (done.clicks / busy.clicks)")} AS share_q,
  {exact_sum("done.weight * done.rage")} AS rage_h,
  {exact_sum("done.weight * done.rage * done.rage")} AS rage_q,
  {exact_sum("done.weight * done.dead")} AS dead_h,
  {exact_sum("done.weight * done.dead * done.dead")} AS dead_q,
  {exact_sum("done.weight * done.error")} AS error_h,
  {exact_sum("done.weight * done.error * done.error")} AS error_q
FROM done JOIN (SELECT side, page, session, clicks FROM done WHERE whole = 1) AS busy
USING (side, page, session)
LEFT JOIN named USING (side, page, element, nameless)
GROUP BY done.whole, done.page, done.element, done.nameless, done.side
"""
)
_BASES = (
    _ACTED
    + f"""
SELECT 'all' AS base, 0 AS page, side, count(*) AS sessions, {_WEIGHTS}
FROM sessions GROUP BY side
UNION ALL SELECT 'page', page, side, count(*), {_WEIGHTS}
FROM visits GROUP BY page, side
UNION ALL SELECT 'busy', page, side, count(*), {_WEIGHTS}
FROM done WHERE whole = 1 GROUP BY page, side
"""
)
_STEPS = 100
"""Times that differ by less than 1 % are one. What `exp` makes of it differs between stores."""

_LOADING = (
    _ACTED
    + f"""
SELECT whole, page, element, nameless, side,
  floor(ln(greatest(loading_ms, 1)) * {_STEPS} + 0.5)::INTEGER AS step, {_WEIGHTS}
FROM done WHERE NOT loading_ms IS NULL
GROUP BY whole, page, element, nameless, side, step ORDER BY step
"""
)
_LEFT_OUT = """
SELECT (SELECT count(*) FROM actions WHERE slot_actions AND session = 0) AS nameless,
  (SELECT count(*) FROM (SELECT session FROM views WHERE slot_views AND session <> 0
    GROUP BY session HAVING bool_or(slot_first) AND bool_or(slot_second)) AS torn) AS torn
"""
_VERSIONS = """
SELECT version AS id, min(time_ms) AS first_ms FROM views
WHERE slot_views AND version <> 0 GROUP BY version ORDER BY first_ms
"""

_KEY = ["whole", "page", "element", "nameless"]


class Groups(Struct, frozen=True):
    """What tells two groups apart, how they are called, and when the second one began."""

    first: exp.Expression
    second: exp.Expression
    names: tuple[str, str]
    since_ms: int | None


class Compared(Struct, frozen=True):
    """What both groups did, a row per element of a page and per page.

    `keys` has the columns page, element, nameless, action_name (ids) and whole (of a page). Pairs
    are (first group, second group).
    """

    keys: pd.DataFrame
    sessions: tuple[Array, Array]
    clicks: tuple[Array, Array]
    rates: dict[Rate, tuple[Shares, Shares]]
    loading: list[tuple[Sample | None, Sample | None]]
    visitors: tuple[int, int]  # sessions in each group


def groups_by_facet(
    ask: Ask[Any], facet: str, first: tuple[str, ...], second: tuple[str, ...]
) -> Groups | None:
    """Tell groups apart by values of a facet; versions not named are the last two.

    None when no version is named and there are fewer than two. Raises INVALID for a facet that only
    single actions have, and for values not named.
    """
    if facet in ACTION_COLUMNS:
        message = f"{facet} differs within a session: compare versions, variants or segments"
        raise IsothermError(Code.INVALID, message, field="facet")
    since = None
    if facet == "version":
        named = first or second
        first, second, since = _versions(ask, first, second)
        if not named and not (first and second):
            return None
    if not first or not second:
        message = f"Two values of {facet} are needed: say which to compare, before and after"
        raise IsothermError(Code.INVALID, message, field="after" if first else "before")
    sides = [ask.conditions.filtered(Filter(facet, "in", values)) for values in (first, second)]
    return Groups(sides[0], sides[1], (", ".join(first), ", ".join(second)), since)


def groups_by_moment(ask: Ask[Any], at_ms: int) -> Groups:
    """Tell what was before a moment from what came after. Raises INVALID outside the range."""
    if not ask.scope.from_ms < at_ms < ask.scope.to_ms:
        message = "The moment lies outside the time range"
        raise IsothermError(Code.INVALID, message, field="at_ms")
    place = ask.conditions.bind(at_ms)
    sides = condition(f"time_ms < {place}"), condition(f"time_ms >= {place}")
    return Groups(*sides, ("before", "after"), at_ms)


def compared(ask: Ask[Any], groups: Groups) -> Compared:
    """Return what both groups did, elements first by page, then whole pages."""
    sums = _frame(ask, groups, _SUMS)
    bases = _frame(ask, groups, _BASES).set_index(["base", "page", "side"])
    sums[_KEY] = sums[_KEY].fillna(0).astype(np.int64)
    sides = [sums[sums["side"] == side].set_index(_KEY) for side in (0, 1)]
    of_pages = bases.index[bases.index.get_level_values("base") == "page"]
    visited = of_pages.get_level_values("page").unique()
    whole_pages = pd.MultiIndex.from_tuples([(1, page, 0, 0) for page in visited], names=_KEY)
    index = sides[0].index.union(sides[1].index).union(whole_pages)
    first, second = (side.reindex(index) for side in sides)
    names = second["action_name"].fillna(first["action_name"]).fillna(0).astype(np.int64)
    keys = index.to_frame(index=False).assign(action_name=names.to_numpy())
    wide = (first.fillna(0.0), second.fillna(0.0))

    def of(name: str, side: int) -> Array:
        return wide[side][name].to_numpy(np.float64)

    def base(kind: str, side: int, pages: Array) -> tuple[Array, Array]:
        wanted = pd.MultiIndex.from_arrays([[kind] * len(pages), pages, [side] * len(pages)])
        found = bases.reindex(wanted).fillna(0.0)
        return found["w"].to_numpy(np.float64), found["w2"].to_numpy(np.float64)

    def rate(name: Rate, side: int) -> Shares:
        if name == "reach":
            weight, squared = base("page", side, keys["page"].to_numpy())
            every, every2 = base("all", side, np.zeros(len(keys), np.int64))
            whole = keys["whole"].to_numpy() > 0
            hits = np.where(whole, weight, of("w", side))
            return Shares.weighed(
                np.where(whole, every, weight), np.where(whole, every2, squared), hits, hits
            )
        hits, squares = of(f"{name}_h", side), of(f"{name}_q", side)
        if name == "share":
            return Shares.weighed(*base("busy", side, keys["page"].to_numpy()), hits, squares)
        return Shares.weighed(of("w", side), of("w2", side), hits, squares)

    everyone = [bases["sessions"].get(("all", 0, side), 0) for side in (0, 1)]
    return Compared(
        keys=keys,
        sessions=(of("sessions", 0), of("sessions", 1)),
        clicks=(of("clicks", 0), of("clicks", 1)),
        rates={name: (rate(name, 0), rate(name, 1)) for name in RATES},
        loading=_loading(keys, _frame(ask, groups, _LOADING)),
        visitors=(int(everyone[0]), int(everyone[1])),
    )


def left_out(ask: Ask[Any], groups: Groups) -> dict[str, int]:
    """Count what belongs to neither group: sessions in both, actions without a session."""
    columns = ask.context.run(_statement(ask, groups, _LEFT_OUT))
    return {
        "sessions_in_both": int(columns["torn"][0]),
        "actions_without_session": int(columns["nameless"][0]),
    }


def _loading(keys: pd.DataFrame, values: pd.DataFrame) -> list[tuple[Sample | None, Sample | None]]:
    values[_KEY] = values[_KEY].fillna(0).astype(np.int64)
    found = {
        key: Sample(
            values=np.exp(part["step"].to_numpy(np.float64) / _STEPS),
            weights=part["w"].to_numpy(np.float64),
            n=fsum(part["w"]) ** 2 / fsum(part["w2"]),
        )
        for key, part in values.groupby([*_KEY, "side"], sort=False)
    }
    rows = [tuple(row) for row in keys[_KEY].to_numpy().tolist()]
    return [(found.get((*row, 0)), found.get((*row, 1))) for row in rows]


def _frame(ask: Ask[Any], groups: Groups, template: str) -> pd.DataFrame:
    return pd.DataFrame(ask.context.run(_statement(ask, groups, template)))


def _statement(ask: Ask[Any], groups: Groups, template: str) -> Statement:
    conditions = ask.conditions
    either = exp.paren(exp.or_(groups.first.copy(), groups.second.copy()))
    return conditions.build(
        template,
        actions=conditions.actions(either, signal=False),
        views=conditions.views(either.copy()),
        first=exp.paren(groups.first.copy()),
        second=exp.paren(groups.second.copy()),
    )


def _versions(
    ask: Ask[Any], first: tuple[str, ...], second: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], int | None]:
    """Complete two versions: the latest to appear, and the one that appeared before it."""
    statement = ask.conditions.build(_VERSIONS, views=ask.conditions.views())
    columns = ask.context.run(statement)
    texts = ask.context.engine.terms("version")
    began = {
        texts[int(number)]: int(at)
        for number, at in zip(columns["id"], columns["first_ms"], strict=True)
        if int(number) in texts  # else it was deleted meanwhile
    }
    order = sorted(began, key=lambda text: (began[text], version_order(text)))
    if not second:
        second = tuple([text for text in order if text not in first][-1:])
    since = min((began[text] for text in second if text in began), default=None)
    if not first and since is not None:
        first = tuple([text for text in order if text not in second and began[text] <= since][-1:])
    return first, second, since
