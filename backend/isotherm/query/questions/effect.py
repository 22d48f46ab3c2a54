"""What changed between two versions, periods, variants or segments: elements and pages.

Every session counts once. The evidence holds however often one looks (`query/evidence.py`), and
of all changes that are called found, at most 1 in 20 is chance, over all elements and measures.
"""

from typing import Annotated, Any, Literal

import numpy as np
from msgspec import Meta, Struct

from isotherm.query.change_sentences import Change, sentences
from isotherm.query.context import Ask
from isotherm.query.evidence import (
    Array,
    discoveries,
    e_values,
    quantile_e_value,
    quantile_ratio,
    ratio_intervals,
)
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.lookups import whole
from isotherm.query.two_groups import (
    RATES,
    Compared,
    Rate,
    compared,
    groups_by_facet,
    groups_by_moment,
    left_out,
)

Measure = Literal[Rate, "p75_ms"]

EFFECT = Shape(
    "effect",
    "One row per element (or page) and measure: found changes first, then by evidence.",
    (
        Field("page", "string", "Page"),
        Field("element", "string", "Element key; empty for a whole page, or when none was sent"),
        Field("action_name", "string", "Most frequent name; empty for a whole page"),
        Field("measure", "string", "reach, share, rage, dead, error or p75_ms"),
        Field("before", "number", "The measure in the first group", nullable=True),
        Field("after", "number", "The measure in the second group", nullable=True),
        Field("ratio", "number", "after ÷ before; empty when there was nothing", nullable=True),
        Field("ratio_low", "number", "Lower end of its interval"),
        Field("ratio_high", "number", "Upper end; empty when it is unknown", nullable=True),
        Field("evidence", "number", "e-value against no change: 1 is none"),
        Field("found", "boolean", "It stands out among all changes looked at"),
        Field("verdict", "string", "better, worse, more, less, or unclear"),
        Field("sessions_before", "integer", "Sessions that it is counted of", "short"),
        Field("sessions_after", "integer", "Sessions that it is counted of", "short"),
        Field("clicks_before", "number", "Clicks, weighted by the sample rate", "short"),
        Field("clicks_after", "number", "Clicks, weighted by the sample rate", "short"),
    ),
)
FINDINGS = Shape(
    "findings",
    "What was found, in words: one sentence per element or page, strongest evidence first.",
    (
        Field("text", "string", "The sentence"),
        Field("page", "string", "Page"),
        Field("element", "string", "Element key; empty for a whole page"),
        Field("evidence", "number", "The largest e-value behind it"),
    ),
)
META = {
    "before": "name of the first group",
    "after": "name of the second group",
    "since": "when the second group was first seen, epoch ms",
    "sessions_before": "sessions in the first group",
    "sessions_after": "sessions in the second group",
    "hypotheses": "changes looked at; all count, found or not",
    "found": "changes that stand out",
    "alpha": "share of the found changes that may be chance",
    "level": "level of each interval, so that of those of found changes as few are wrong",
    "sessions_in_both": "sessions left out, because they belong to both groups",
    "actions_without_session": "actions left out, because nothing tells their session",
    "total": "rows there would be without a limit",
    "notices": "why there is nothing to compare, if so; both names are empty then",
}

ONE_RELEASE = "Comparing takes two releases, and the visits in this time range have fewer."
_SLOW_SHARE = 0.75
_WORSE_IF_MORE = {"rage", "dead", "error", "p75_ms"}
_TOO_MANY = 1e9  # an e-value above this says no more


class Params(Struct, frozen=True):
    """What to compare; nothing said: the latest version with the one before it."""

    facet: Annotated[
        str, Meta(description="What distinguishes the groups: version or any other facet.")
    ] = "version"
    before: Annotated[
        tuple[str, ...], Meta(description="Its values in the first group.", max_length=1_000)
    ] = ()
    after: Annotated[
        tuple[str, ...], Meta(description="Its values in the second group.", max_length=1_000)
    ] = ()
    at_ms: Annotated[
        int | None, Meta(description="Compare before and after this moment instead, epoch ms.")
    ] = None
    element: Annotated[str, Meta(description="Rows of this element only.", max_length=4096)] = ""
    alpha: Annotated[
        float, Meta(description="Share of the found changes that may be chance.", gt=0, lt=0.5)
    ] = 0.05
    limit: Annotated[int, Meta(description="Rows at most.", ge=1, le=10_000)] = 300


class Tested(Struct, frozen=True):
    """All rows of one measure, as arrays."""

    measure: Measure
    before: Array
    after: Array
    e: Array
    sessions: tuple[Array, Array]
    known: Array  # rows in which there is anything to compare


def answer(ask: Ask[Params]) -> list[Frame]:
    """Compare the groups, and say in words what was found."""
    params = ask.params
    if params.at_ms is None:
        groups = groups_by_facet(ask, params.facet, params.before, params.after)
    else:
        groups = groups_by_moment(ask, params.at_ms)
    if groups is None:
        return _nothing_to_compare(params.alpha)
    both = compared(ask, groups)
    with ask.context.timed("statistics"):
        rows, facts = _rows(ask, both)
    wanted = [row for row in rows if not params.element or row["element"] == params.element]
    before, after = groups.names
    words = sentences([Change(**row) for row in rows if row["found"]], _since(ask, after))
    meta = {
        "before": before,
        "after": after,
        "since": groups.since_ms,
        "sessions_before": both.visitors[0],
        "sessions_after": both.visitors[1],
        "alpha": params.alpha,
        "total": len(wanted),
        **facts,
        **left_out(ask, groups),
        "notices": [],
    }
    return [
        frame_of_rows(EFFECT, wanted[: params.limit], meta=meta),
        frame_of_rows(FINDINGS, words, meta={}),
    ]


def _nothing_to_compare(alpha: float) -> list[Frame]:
    counts = ("sessions_before", "sessions_after", "hypotheses", "found", "total",
              "sessions_in_both", "actions_without_session")  # fmt: skip
    meta = {
        "before": "",
        "after": "",
        "since": None,
        **dict.fromkeys(counts, 0),
        "alpha": alpha,
        "level": 1 - alpha,
        "notices": [ONE_RELEASE],
    }
    return [frame_of_rows(EFFECT, [], meta=meta), frame_of_rows(FINDINGS, [], meta={})]


def _since(ask: Ask[Params], after: str) -> str:
    if ask.params.at_ms is not None:
        return "since then"
    return f"since {after}" if ask.params.facet == "version" else f"with {after}"


def tests(both: Compared) -> list[Tested]:
    """Test every row for every measure. Rows without sessions on a side say nothing."""
    tested = []
    for name in RATES:
        first, second = both.rates[name]
        known = (first.n > 0) & (second.n > 0)
        if name == "share":  # a page's share of its own clicks is 1
            known &= both.keys["whole"].to_numpy() == 0
        e = np.where(known, np.nan_to_num(e_values(first, second), nan=1.0), 1.0)
        tested.append(Tested(name, first.mean, second.mean, e, (first.n, second.n), known))
    e, before, after = (np.full(len(both.loading), value) for value in (1.0, np.nan, np.nan))
    counts = np.zeros((2, len(both.loading)))
    for row, (first_s, second_s) in enumerate(both.loading):
        if first_s is not None and second_s is not None:
            e[row] = quantile_e_value(first_s, second_s, _SLOW_SHARE)
            before[row] = first_s.quantile(_SLOW_SHARE)
            after[row] = second_s.quantile(_SLOW_SHARE)
            counts[:, row] = first_s.n, second_s.n
    known = counts.min(axis=0) > 0
    tested.append(Tested("p75_ms", before, after, e, (counts[0], counts[1]), known))
    return tested


def _rows(ask: Ask[Params], both: Compared) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    tested = tests(both)
    hypotheses = int(sum(one.known.sum() for one in tested))
    alpha = ask.params.alpha
    found = discoveries(
        np.concatenate([np.where(one.known, one.e, 0.0) for one in tested]), alpha, hypotheses
    ).reshape(len(tested), -1)
    count = int(found.sum())
    level = alpha * max(count, 1) / max(hypotheses, 1)  # Xu, Wang and Ramdas 2022: e-BY
    terms = ask.context.engine.terms
    pages, elements, names = terms("page"), terms("element"), terms("action_name")
    keys = both.keys.to_dict("records")
    rows: list[dict[str, Any]] = []
    for one, hits in zip(tested, found, strict=True):
        ratio, low, high = _intervals(both, one, level)
        for row in np.flatnonzero(one.known).tolist():
            key = keys[row]
            rows.append(
                {
                    "page": pages.get(int(key["page"]), ""),
                    "element": elements.get(int(key["element"]), ""),
                    "action_name": "" if key["whole"] else names.get(int(key["action_name"]), ""),
                    "measure": one.measure,
                    "before": _finite(one.before[row]),
                    "after": _finite(one.after[row]),
                    "ratio": _finite(ratio[row]),
                    "ratio_low": float(low[row]),
                    "ratio_high": _finite(high[row]),
                    "evidence": min(float(one.e[row]), _TOO_MANY),
                    "found": bool(hits[row]),
                    "verdict": _verdict(one, row, found=bool(hits[row])),
                    "sessions_before": round(float(one.sessions[0][row])),
                    "sessions_after": round(float(one.sessions[1][row])),
                    "clicks_before": whole(both.clicks[0][row]),
                    "clicks_after": whole(both.clicks[1][row]),
                }
            )
    ties = ("page", "element", "action_name", "measure")
    rows.sort(key=lambda row: (not row["found"], -row["evidence"], *(row[tie] for tie in ties)))
    facts = {"hypotheses": hypotheses, "found": count, "level": 1 - level}
    return rows, facts


def _intervals(both: Compared, one: Tested, level: float) -> tuple[Array, Array, Array]:
    if one.measure != "p75_ms":
        return ratio_intervals(*both.rates[one.measure], level)
    ratio, low, high = (np.full(len(one.e), value) for value in (np.nan, 0.0, np.inf))
    for row in np.flatnonzero(one.known).tolist():
        first, second = both.loading[row]
        assert first is not None
        assert second is not None
        ratio[row], low[row], high[row] = quantile_ratio(first, second, _SLOW_SHARE, level)
    return ratio, low, high


def _verdict(one: Tested, row: int, *, found: bool) -> str:
    if not found:
        return "unclear"
    more = bool(one.after[row] > one.before[row])
    if one.measure in _WORSE_IF_MORE:
        return "worse" if more else "better"
    return "more" if more else "less"


def _finite(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None
