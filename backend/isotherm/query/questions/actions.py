"""What people click most on a page, ranked, and where each of these is on the picture."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from msgspec import Meta, Struct

from isotherm.model import Background
from isotherm.model.element_matching import same_element
from isotherm.model.elements import Element, read_element
from isotherm.query.context import Ask, Context
from isotherm.query.deterministic import HOW_OFTEN, most_frequent
from isotherm.query.element_measures import ElementMeasure, times_by_element
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.lookups import known, whole
from isotherm.query.notices import count_notices
from isotherm.query.page_actions import PageActions, actions_of_page
from isotherm.query.pictures import AUTOMATIC, described, of_scope, wanted
from isotherm.query.placing.boxes import spot_of
from isotherm.query.reaction import REACTED
from isotherm.query.statement import Statement
from isotherm.storage.ports import Columns

ACTIONS = Shape(
    "actions",
    "One row per element (or action name), most clicked first.",
    (
        Field("rank", "integer", "Place in the list, 1 is the most clicked"),
        Field("action_name", "string", "Most frequent name of the action"),
        Field("element", "string", "Element key; empty when the sender named none"),
        Field("clicks", "number", "Clicks, weighted by the sample rate", "short"),
        Field("share", "number", "clicks ÷ all clicks in scope", "percentunit"),
        Field("users", "integer", "Different users; 0 when the site names none", "short"),
        Field("sessions", "integer", "Different sessions", "short"),
        Field("rage", "number", "Clicks of actions with the rage signal", "short"),
        Field("dead", "number", "Clicks of actions with the dead signal", "short"),
        Field("error", "number", "Clicks of actions with the error signal", "short"),
        Field("median_loading_ms", "number", "Median time to react", "ms", nullable=True),
        Field("p75_loading_ms", "number", "Three of four react sooner", "ms", nullable=True),
        Field("p75_inp_ms", "number", "INP where it is the slowest", "ms", nullable=True),
        Field("p75_request_ms", "number", "Wait for its slowest request", "ms", nullable=True),
        Field("failed_requests", "number", "Failed ÷ its requests", "percentunit", nullable=True),
        Field("placed", "boolean", "It is visible on the background"),
        Field("reason", "string", "Why it is not; empty when it is"),
        Field("shown_in", "string", "Id of a background that shows it, or empty"),
        Field("left", "number", "Its box on the background", "pixel", nullable=True),
        Field("top", "number", "Its box on the background", "pixel", nullable=True),
        Field("width", "number", "Its box on the background", "pixel", nullable=True),
        Field("height", "number", "Its box on the background", "pixel", nullable=True),
    ),
)
META = {
    "clicks": "clicks in scope, weighted by the sample rate",
    "actions": "actions in scope",
    "total": "rows there would be without a limit",
    "exact": "every click was counted; false: a rage chain is known by its lower bound only",
    "estimated": "some sessions were sampled, so counts are weighted",
    "background": "the picture that the boxes are on",
}

_KEYS = {
    "element": "element AS key, CASE WHEN element = 0 THEN action_name ELSE 0 END AS nameless",
    "action_name": "action_name AS key, 0 AS nameless",
}
_RANKED = f"""
SELECT {{key}},
  sum(clicks * weight) AS clicks, sum(weight) AS actions,
  count(DISTINCT nullif("user", 0)) AS users, count(DISTINCT session) AS sessions,
  coalesce(sum(clicks * weight) FILTER (WHERE slot_rage), 0) AS rage,
  coalesce(sum(clicks * weight) FILTER (WHERE dead), 0) AS dead,
  coalesce(sum(clicks * weight) FILTER (WHERE error), 0) AS error,
  median(loading_ms) FILTER (WHERE {REACTED}) AS median_loading_ms,
  min(time_ms) AS first_seen, max(time_ms) AS last_seen,
"""
_OVER_ALL = """
  sum(sum(clicks * weight)) OVER () AS all_clicks, sum(sum(weight)) OVER () AS all_actions,
  bool_and(bool_and(clicks_exact)) OVER () AS all_exact,
  bool_and(bool_and(weight = 1)) OVER () AS all_even, count(*) OVER () AS total
FROM {rows} WHERE slot_scope GROUP BY ALL
"""
_OFTEN = f"""
SELECT {{key}}, action_name, element, nullif(target, 0) AS target, {HOW_OFTEN}
FROM {{rows}} WHERE slot_scope GROUP BY ALL
"""
_NAMED = """
SELECT {columns}, names.action_name, elements.element, targets.target
FROM ({counted}) AS counted
JOIN ({action_name}) AS names USING ({keys})
JOIN ({element}) AS elements USING ({keys})
LEFT JOIN ({target}) AS targets USING ({keys})
"""
_IN_ORDER = """
SELECT {columns} FROM ({counted}) AS counted
LEFT JOIN terms AS keys ON keys.kind = '{by}' AND keys.id = counted.key
LEFT JOIN terms AS names ON names.kind = 'action_name' AND names.id = counted.nameless
ORDER BY clicks DESC, actions DESC, first_seen, keys.text, names.text{parts}
"""
_ORDERED = (
    "key", "nameless", "clicks", "actions", "first_seen", "all_clicks", "all_actions", "all_exact",
    "all_even", "total",
)  # fmt: skip
_SUMMED = (
    *_ORDERED, "users", "sessions", "rage", "dead", "error", "median_loading_ms", "last_seen",
)  # fmt: skip
_FREQUENT = ("action_name", "element", "target")
_PARTED = """
(SELECT stored.*, coalesce(part, 0) AS part FROM actions AS stored LEFT JOIN (
  SELECT unnest($targets::INTEGER[]) AS target, unnest($parts::INTEGER[]) AS part
) AS parted USING (target)) AS actions
"""
_TARGETS = """
SELECT element, target, sum(clicks) AS clicks FROM actions
WHERE slot_scope AND element <> 0 AND target <> 0
GROUP BY element, target QUALIFY count(*) OVER (PARTITION BY element) > 1
"""
_ORDER = """
SELECT {key}, sum(clicks * weight) AS clicks, sum(weight) AS actions, min(time_ms) AS first_seen,
"""

By = Literal["element", "action_name"]

_MEASURES: dict[str, ElementMeasure] = {
    "p75_loading_ms": "p75_ms",
    "p75_inp_ms": "inp_ms",
    "p75_request_ms": "request_ms",
    "failed_requests": "request_failures",
}
_UNMEASURED: dict[str, float | None] = dict.fromkeys(_MEASURES)


class Params(Struct, frozen=True):
    """What can be asked beside the scope."""

    limit: Annotated[int, Meta(description="Rows at most.", ge=1, le=10_000)] = 100
    by: Annotated[By, Meta(description="What a row stands for.")] = "element"
    background: Annotated[
        str, Meta(description="Id of a background, or `auto` for the best one.", max_length=200)
    ] = AUTOMATIC


def ranked(ask: Ask[Any], by: By, limit: int, parts: Mapping[int, int] | None = None) -> Statement:
    """Sum up a scope's actions per element or name, most clicked first.

    `parts` numbers the different elements under one key, by `target`; those not in it are 0.
    """
    summed: tuple[str, ...] = _SUMMED
    key, rows, part = _KEYS[by], "actions", ""
    if parts:
        key, rows, part, summed = f"{key}, part", _PARTED, ", part", (*_SUMMED, "part")
    keys = f"key, nameless{part}"
    named = _NAMED.format(
        counted=f"{_RANKED.format(key=key)} {_OVER_ALL.format(rows=rows)}",
        keys=keys,
        columns=_of_counted(summed),
        **{name: most_frequent(name, keys, "often") for name in _FREQUENT},
    )
    often = _OFTEN.format(key=key, rows=rows)
    ordered = _IN_ORDER.format(
        counted=named, by=by, parts=part, columns=_of_counted((*summed, *_FREQUENT))
    )
    template = f"WITH often AS ({often}) {ordered} LIMIT {limit}"
    statement = ask.conditions.build(template, scope=ask.conditions.actions())
    if not parts:
        return statement
    parted = {"targets": list(parts), "parts": list(parts.values())}
    return Statement(statement.sql, {**statement.values, **parted})


def _of_counted(columns: Sequence[str]) -> str:
    return ", ".join(f"counted.{column}" for column in columns)


def order(ask: Ask[Any], by: By) -> Statement:
    """Rank all of a scope's actions in the same way, with their clicks only."""
    counted = f"{_ORDER.format(key=_KEYS[by])} {_OVER_ALL.format(rows='actions')}"
    ordered = _IN_ORDER.format(counted=counted, by=by, parts="", columns=_of_counted(_ORDERED))
    return ask.conditions.build(ordered, scope=ask.conditions.actions())


def answer(ask: Ask[Params]) -> list[Frame]:
    """Rank the actions and look every one up on the background."""
    by, limit = ask.params.by, ask.params.limit
    terms = ask.context.engine.terms
    acted = actions_of_page(ask)
    measures = _measures(ask, acted)
    if acted is None:
        targets = ask.conditions.build(_TARGETS, scope=ask.conditions.actions())
        parts = _parts(ask, ask.context.run(targets)) if by == "element" else {}
        columns = ask.context.run(ranked(ask, by, limit, parts))
    else:
        parts = _parts(ask, acted.targets()) if by == "element" else {}
        with ask.context.timed("place"):
            columns = acted.ranked(parts, terms(by), terms("action_name"), limit, by=by)
    background = wanted(ask, ask.params.background)
    rows = counted_rows(ask.context, columns)
    others = of_scope(ask)
    for row, element in zip(rows, _elements(ask.context, columns), strict=True):
        row.update(place_row(ask.context, element, background, others))
        row.update(measures.get(row["element"], _UNMEASURED))
    meta = {**totals(columns), "background": described(background)}
    return [frame_of_rows(ACTIONS, rows, meta=meta)]


def _measures(ask: Ask[Params], acted: PageActions | None) -> dict[str, dict[str, float | None]]:
    """Return what is known of elements by key: 75th percentiles over sessions, failed requests."""
    if ask.params.by != "element" or len(ask.scope.pages) != 1:
        return {}
    found = times_by_element(ask, acted)
    texts = ask.context.engine.terms("element")
    return {
        texts.get(one.element, ""): {
            column: known[measure].value if measure in known else None
            for column, measure in _MEASURES.items()
        }
        for one, known in found.items()
        if one.element
    }


def _parts(ask: Ask[Params], found: Columns) -> dict[int, int]:
    """Return which of the elements under its key a target is; the most clicked, 0, is left out."""
    texts = ask.context.engine.terms("target")
    parts: dict[int, int] = {}
    known: dict[int, list[Element]] = {}
    rows = zip(*(found[name].tolist() for name in ("element", "target", "clicks")), strict=True)
    for key, target, _ in sorted(rows, key=lambda row: (-row[2], texts.get(row[1], ""))):
        element = read_element(texts.get(target, ""))
        firsts = known.setdefault(key, [])
        part = next((n for n, one in enumerate(firsts) if same_element(one, element)), len(firsts))
        if part == len(firsts):
            firsts.append(element)
        if part:
            parts[target] = part
    return parts


def counted_rows(context: Context, columns: Columns) -> list[dict[str, Any]]:
    """Return what is known about each row without a picture."""
    elements, names = context.engine.terms("element"), context.engine.terms("action_name")
    rows = []
    for position in range(len(columns["key"])):
        found = {name: values[position] for name, values in columns.items()}
        every = float(found["all_clicks"])
        rows.append(
            {
                "rank": position + 1,
                "action_name": names.get(int(found["action_name"]), ""),
                "element": elements.get(int(found["element"]), ""),
                "share": float(found["clicks"]) / every if every else 0.0,
                "users": int(found["users"]),
                "sessions": int(found["sessions"]),
                "median_loading_ms": known(found["median_loading_ms"]),
                "first_seen": int(found["first_seen"]),
                "last_seen": int(found["last_seen"]),
            }
            | {name: whole(found[name]) for name in ("clicks", "rage", "dead", "error")}
        )
    return rows


def totals(columns: Columns) -> dict[str, Any]:
    """Return the facts about the whole scope that every row carries."""
    if not len(columns["key"]):
        return {
            "clicks": 0, "actions": 0, "total": 0, "exact": True, "estimated": False, "notices": [],
        }  # fmt: skip
    exact, even = bool(columns["all_exact"][0]), bool(columns["all_even"][0])
    return {
        "clicks": whole(columns["all_clicks"][0]),
        "actions": whole(columns["all_actions"][0]),
        "total": int(columns["total"][0]),
        "exact": exact and even,
        "estimated": not even,
        "notices": count_notices(exact=exact, estimated=not even),
    }


def place_row(
    context: Context, element: Element, background: Background | None, others: list[Background]
) -> dict[str, Any]:
    """Say whether and where an element is visible, and on which background if not on this one."""
    spot = spot_of(context, background, element)
    showing = [other.id for other in others if spot_of(context, other, element).why is None]
    shown_in = showing[0] if showing else ""
    if background is not None and spot.why is None:
        shown_in = background.id
    place = {"left": None, "top": None, "width": None, "height": None}
    if spot.box is not None and spot.box.width > 0 and spot.box.height > 0:
        place = {name: getattr(spot.box, name) for name in place}
    return {"placed": spot.why is None, "reason": spot.why or "", "shown_in": shown_in} | place


def _elements(context: Context, columns: Columns) -> list[Element]:
    texts = context.engine.terms("target")
    ids = np.nan_to_num(columns["target"].astype(np.float64)).astype(np.int64).tolist()
    return [read_element(texts.get(number, "")) for number in ids]
