"""The slowest elements and pages: their INP, and the script and long task behind it.

A long task is behind a click when the sender links them, and behind a view's slowest interaction
when it ran while that one lasted. A sender that does not say when that was (Guance) says on which
element: each of the view's clicks on it counts as that interaction.
"""

from typing import Annotated, Any, Literal

import pandas as pd
from msgspec import Meta, Struct

from isotherm.query.context import Ask
from isotherm.query.deterministic import HOW_OFTEN, most_frequent
from isotherm.query.element_measures import called_in, numbers, quantile_of
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.lookups import known, texts_of
from isotherm.query.statement import condition

SLOW = Shape(
    "slow",
    "One row per element (or page), the slowest first by what is certain of it.",
    (
        Field("page", "string", "Page"),
        Field("element", "string", "Element key; empty for a page"),
        Field("action_name", "string", "Most frequent name of its clicks"),
        Field("inp_ms", "number", "INP: three of four sessions see no more", "ms"),
        Field("low", "number", "Lower end of its interval, 19 times of 20", "ms"),
        Field("high", "number", "Upper end of its interval", "ms"),
        Field("worst_ms", "number", "The slowest interaction", "ms"),
        Field("rating", "string", "good, fair or poor: the interval against 200 and 500 ms"),
        Field("sessions", "integer", "Sessions that it is known from", "short"),
        Field("views", "integer", "Visits whose slowest interaction it was", "short"),
        Field("script", "string", "Script that ran longest behind it; empty when none is known"),
        Field("function", "string", "Its function"),
        Field("invoker", "string", "What started it"),
        Field("tasks", "integer", "Long tasks behind it", "short"),
        Field("task_ms", "number", "Their median length", "ms", nullable=True),
        Field("blocking_ms", "number", "Of it, too long to react", "ms", nullable=True),
        Field("script_ms", "number", "Of it, in that script (median)", "ms", nullable=True),
        Field("layout_ms", "number", "Of that, in forced layout", "ms", nullable=True),
    ),
)
META = {"total": "rows there would be without a limit"}

_SCRIPT = ("script", "function", "invoker")
GOOD_MS, POOR_MS = 200, 500  # web.dev, Core Web Vitals

_SLOW = """
SELECT page, {element} AS element, session, max(weight) AS weight, median(inp_ms) AS value,
  max(inp_ms) AS worst, count(*) AS views
FROM views WHERE slot_views AND session <> 0 AND NOT inp_ms IS NULL {named}
GROUP BY ALL
"""
_BEHIND = """
WITH measured AS (
  SELECT page, view, session, inp_element, time_ms + inp_at_ms AS from_ms, inp_ms
  FROM views WHERE slot_views AND session <> 0 AND NOT inp_ms IS NULL {named}
), acted AS (
  SELECT event % 4294967296 AS event, view, session, page, element, time_ms
  FROM actions WHERE slot_actions
), slowest AS (
  SELECT page, {element} AS element, view, session, from_ms, inp_ms
  FROM measured WHERE NOT from_ms IS NULL
  UNION ALL
  SELECT measured.page, {element} AS element, measured.view, measured.session, acted.time_ms, inp_ms
  FROM measured JOIN acted ON acted.view = measured.view AND acted.session = measured.session
    AND acted.element = measured.inp_element
  WHERE measured.from_ms IS NULL AND inp_element <> 0
), ran AS (
  SELECT event, view, session, time_ms, duration_ms, blocking_ms, script, function, invoker,
    script_ms, layout_ms, actions
  FROM long_tasks WHERE slot_called
), pairs AS (
  SELECT slowest.page, slowest.element, ran.event, ran.session
  FROM slowest JOIN ran ON ran.view = slowest.view AND ran.session = slowest.session
  WHERE ran.time_ms <= slowest.from_ms + inp_ms
    AND ran.time_ms + ran.duration_ms >= slowest.from_ms
  UNION
  SELECT acted.page, {acted} AS element, caused.event, caused.session
  FROM (SELECT event, session, unnest(actions) AS cause FROM ran) AS caused
  JOIN acted ON acted.session = caused.session AND acted.event = caused.cause
)
SELECT pairs.page, pairs.element, script, function, invoker, duration_ms, blocking_ms, script_ms,
  layout_ms
FROM pairs JOIN ran ON ran.event = pairs.event AND ran.session = pairs.session
"""
_NAMES = f"""
WITH often AS (
  SELECT element, action_name, {HOW_OFTEN} FROM actions
  WHERE slot_actions AND element <> 0 GROUP BY ALL
) {most_frequent("action_name", "element", "often")}
"""


class Params(Struct, frozen=True):
    """What can be asked beside the scope."""

    by: Annotated[Literal["element", "page"], Meta(description="What a row stands for.")] = (
        "element"
    )
    limit: Annotated[int, Meta(description="Rows at most.", ge=1, le=1000)] = 20


def answer(ask: Ask[Params]) -> list[Frame]:
    """Rank elements or pages by INP and name what ran meanwhile."""
    conditions = ask.conditions
    by_element = ask.params.by == "element"
    parts = {
        "element": "inp_element" if by_element else "0",
        "acted": "acted.element" if by_element else "0",
        "named": "AND inp_element <> 0" if by_element else "",
    }
    scopes = {"views": conditions.views(), "actions": conditions.actions(signal=False)}
    found = _frame(ask, _SLOW.format(**parts), views=scopes["views"])
    behind = _frame(ask, _BEHIND.format(**parts), **scopes, called=called_in(ask))
    names = _frame(ask, _NAMES, actions=conditions.actions(condition("element <> 0"), signal=False))
    called = dict(zip(names["element"], names["action_name"], strict=True))
    tasks: dict[Any, pd.DataFrame] = dict(list(behind.groupby(["page", "element"])))
    terms = ask.context.engine.terms
    pages, elements, labels = terms("page"), terms("element"), terms("action_name")
    texts = _texts(ask, behind)
    rows: list[dict[str, Any]] = []
    for key, part in found.groupby(["page", "element"]):
        page, element = numbers(key)
        inp = quantile_of(part)
        rows.append(
            {
                "page": pages.get(page, ""),
                "element": elements.get(element, ""),
                "action_name": labels.get(int(called.get(element, 0)), ""),
                "inp_ms": inp.value,
                "low": inp.low,
                "high": inp.high,
                "worst_ms": float(part["worst"].max()),
                "rating": _rating(inp.low, inp.high),
                "sessions": round(inp.sessions),
                "views": int(part["views"].sum()),
                **_culprit(texts, tasks.get((page, element))),
            }
        )
    rows.sort(key=lambda row: (-row["low"], -row["inp_ms"], row["page"], row["element"]))
    meta = {"total": len(rows)}
    return [frame_of_rows(SLOW, rows[: ask.params.limit], meta=meta)]


def _frame(ask: Ask[Params], template: str, **slots: Any) -> pd.DataFrame:
    return pd.DataFrame(ask.context.run(ask.conditions.build(template, **slots)))


def _rating(low: float, high: float) -> str:
    """Say what is certain: "fair" also when the interval reaches over a limit."""
    if high <= GOOD_MS:
        return "good"
    return "poor" if low > POOR_MS else "fair"


def _texts(ask: Ask[Params], tasks: pd.DataFrame) -> dict[str, dict[int, str]]:
    """Return the texts of the scripts of some long tasks, asked for once for all rows."""
    return {kind: texts_of(ask.context, kind, tasks[kind].unique()) for kind in _SCRIPT}


def _culprit(texts: dict[str, dict[int, str]], tasks: pd.DataFrame | None) -> dict[str, Any]:
    """Return the script that took most of the time of some long tasks, and how long they were."""
    nothing = {"script": "", "function": "", "invoker": "", "tasks": 0, "task_ms": None,
               "blocking_ms": None, "script_ms": None, "layout_ms": None}  # fmt: skip
    if tasks is None or tasks.empty:
        return nothing
    row: dict[str, Any] = {
        "tasks": len(tasks),
        "task_ms": known(tasks["duration_ms"].median()),
        "blocking_ms": known(tasks["blocking_ms"].median()),
    }
    by_script = tasks[tasks["script"] != 0].groupby(list(_SCRIPT))
    if not by_script.ngroups:
        return {**nothing, **row}
    spent = by_script["script_ms"].sum()
    most: list[Any] = spent.index[spent == spent.max()].tolist()
    names, key = min(
        (tuple(texts[kind][int(n)] for kind, n in zip(_SCRIPT, one, strict=True)), one)
        for one in most
    )
    own = by_script.get_group(key)
    row.update(zip(_SCRIPT, names, strict=True))
    row["script_ms"] = known(own["script_ms"].median())
    row["layout_ms"] = known(own["layout_ms"].median())
    return row
