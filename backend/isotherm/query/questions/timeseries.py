"""A count or a ratio over time, split by page, element or facet: for graphs and alert rules."""

import math
from typing import Annotated, Any, Literal

import numpy as np
from msgspec import Meta, Struct, field

from isotherm.model.errors import Code, IsothermError
from isotherm.query.context import Ask
from isotherm.query.filters import ACTION_COLUMNS, TERM_COLUMNS, VIEW_COLUMNS, attribute_path
from isotherm.query.frame import Field, Frame, Shape
from isotherm.query.lookups import texts_of
from isotherm.query.measures import MEASURES, Measure, MeasureName
from isotherm.query.scope import SIGNS, filter_values
from isotherm.query.sessions import ended_visits
from isotherm.query.statement import Statement, build
from isotherm.storage.ports import Columns

SERIES = Shape(
    "timeseries",
    "One frame per series; the labels of `value` tell them apart.",
    (
        Field("time", "time", "Start of the interval"),
        Field("value", "number", "The measure; its unit depends on it", nullable=True),
    ),
)
META = {
    "measure": "what `value` is",
    "by": "what the series are split by",
    "interval_ms": "width of an interval",
    "series": "series there would be without a limit",
}

Fill = Literal["zero", "null"]
MAX_POINTS = 11_000
_STEPS_MS = (
    1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000,
    1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 604_800_000,
)  # fmt: skip

_COUNTS = """
SELECT {key} AS key, {bucket} AS bucket, {value} AS value, {over} AS over
FROM {table} {join} WHERE slot_scope GROUP BY ALL
"""
_VISITS = """
SELECT {key} AS key, {bucket} AS bucket, {value} AS value, {over} AS over
FROM visits GROUP BY ALL
"""
_ATTRIBUTE = """
LEFT JOIN (
  SELECT id AS attribute_id, json_extract_string(text, {path}) AS attribute_text
  FROM terms WHERE kind = 'attributes'
) AS attribute ON attribute.attribute_id = attributes
"""


class Params(Struct, frozen=True, rename={"interval_ms": "intervalMs", "points": "maxDataPoints"}):
    """What can be asked beside the scope."""

    measure: Annotated[MeasureName, Meta(description="What to count.")] = "clicks"
    by: Annotated[
        str,
        Meta(description="Split by page, element, action_name or a facet; empty: one series."),
    ] = ""
    limit: Annotated[int, Meta(description="Series at most, largest first.", ge=1, le=1000)] = 10
    fill: Annotated[Fill, Meta(description="What an interval without data is.")] = "zero"
    interval_ms: Annotated[
        int, Meta(description="Width of an interval in ms; 0: by the range.", ge=0, le=2**53)
    ] = 0
    points: Annotated[int, Meta(description="Intervals at most; 0: no wish.", ge=0, le=2**53)] = (
        field(default=0)
    )


class Counted(Struct, frozen=True):
    """Sums per series and interval; arrays have one entry per pair that has data."""

    label: list[str]
    bucket: np.ndarray[Any, Any]
    value: np.ndarray[Any, Any]
    over: np.ndarray[Any, Any]

    def only(self, rows: np.ndarray[Any, Any]) -> "Counted":
        """Return some of the rows, without labels."""
        return Counted([], self.bucket[rows], self.value[rows], self.over[rows])


def answer(ask: Ask[Params]) -> list[Frame]:
    """Return one frame per series, each interval filled; zeros where a known page has no data.

    Raises INVALID for a measure that cannot be split by element.
    """
    interval = interval_of(ask)
    counted = _labelled(ask, ask.context.run(statement(ask, interval)))
    values: dict[str, list[float]] = {label: [] for label in _expected(ask)}
    for label, value in zip(counted.label, np.nan_to_num(counted.value).tolist(), strict=True):
        values.setdefault(label, []).append(value)
    totals = {label: math.fsum(counts) for label, counts in values.items()}  # in whatever order
    largest = sorted(totals, key=lambda label: (-totals[label], label))[: ask.params.limit]
    labels = np.array(counted.label, object)
    return [
        _series(ask, label, counted.only(labels == label), interval, len(totals))
        for label in largest
    ]


def interval_of(ask: Ask[Params]) -> int:
    """Return the width of an interval: the one asked for, unless that makes too many points.

    Intervals begin at multiples of it, but the whole range as one begins where the range does.
    """
    length = max(1, ask.scope.to_ms - ask.scope.from_ms)
    if ask.params.points == 1:
        return length
    wished = ask.params.interval_ms
    most = min(ask.params.points or MAX_POINTS, MAX_POINTS)
    if not wished:
        most = min(most, 300)
    least = -(-length // most)
    if wished >= least:
        return wished
    return next((step for step in _STEPS_MS if step >= least), least)


def _bucket(ask: Ask[Params], interval: int, time_ms: str) -> str:
    """Return the expression for an interval's number; whole ranges are 0, what was before -1."""
    if ask.params.points == 1:
        return f"CASE WHEN {time_ms} < {ask.scope.from_ms} THEN -1 ELSE 0 END"
    return f"{time_ms} // {interval}"


def statement(ask: Ask[Params], interval: int) -> Statement:
    """Sum the measure per series and interval."""
    measure = MEASURES[ask.params.measure]
    by, conditions = ask.params.by, ask.conditions
    if measure.table == "visits":
        return _visits(ask, measure, interval)
    table, value = measure.table, measure.value
    if (by in ACTION_COLUMNS or _asks_for_action(ask)) and table != "actions":
        if not measure.by_element:
            message = f"{ask.params.measure} is known per page and view, not per element"
            raise IsothermError(Code.INVALID, message, field="by")
        table, value = "actions", measure.by_element
    if table == "errors" and by in VIEW_COLUMNS:
        message = f"{ask.params.measure} cannot be split by {by}: only views and actions have it"
        raise IsothermError(Code.INVALID, message, field="by")
    key, join = "0", ""
    if by in TERM_COLUMNS or by in ACTION_COLUMNS:
        key = f'"{by}"'
    elif by:
        key = "coalesce(attribute_text, '')"
        join = _ATTRIBUTE.format(path=conditions.bind(attribute_path(by)))
    template = _COUNTS.format(
        key=key,
        bucket=_bucket(ask, interval, "time_ms"),
        value=value,
        over=measure.over or "1",
        table=table,
        join=join,
    )
    if table == "actions" and measure.over and ask.scope.signal in SIGNS:
        # a rate has all clicks below the line: rage clicks ÷ rage clicks would be 1 always
        return conditions.build(template, scope=conditions.actions(signal=False))
    scopes = {"actions": conditions.actions, "views": conditions.views, "errors": conditions.errors}
    return conditions.build(template, scope=scopes[table]())


def _visits(ask: Ask[Params], measure: Measure, interval: int) -> Statement:
    by = ask.params.by
    if by and by not in TERM_COLUMNS:
        message = "session_end_ratio can be split by page or a built-in facet"
        raise IsothermError(Code.INVALID, message, field="by")
    key = by if by not in {"", "page"} else ""
    inner = ended_visits(ask, key)
    template = _VISITS.format(
        key={"": "0", "page": "page"}.get(by, "key"),
        bucket=_bucket(ask, interval, "first_ms"),
        value=measure.value,
        over=measure.over,
    )
    outer = build(template, {})
    tree = outer.sql.with_("visits", as_=inner.sql)  # type: ignore[attr-defined]
    return Statement(tree, inner.values)


def _asks_for_action(ask: Ask[Params]) -> bool:
    return any(one.key in ACTION_COLUMNS for one in ask.scope.filters)


def _labelled(ask: Ask[Params], columns: Columns) -> Counted:
    by, keys = ask.params.by, columns["key"]
    if not by:
        label = [""] * len(keys)
    elif by in TERM_COLUMNS or by in ACTION_COLUMNS:
        texts = texts_of(ask.context, by, np.unique(keys).tolist())
        label = [texts[number] for number in keys.tolist()]
    else:
        label = keys.tolist()
    value = columns["value"].astype(np.float64)
    return Counted(label, columns["bucket"], value, columns["over"].astype(np.float64))


def _expected(ask: Ask[Params]) -> list[str]:
    """Name the series that must be there even without data, so that an alert rule sees a zero."""
    by, scope, engine = ask.params.by, ask.scope, ask.context.engine
    known = [page for page in scope.pages if engine.term_id("page", page)]
    if not by:
        return [""] if known or not scope.pages else []
    if by == "page":
        return known
    return [text for text in filter_values(scope, by) if text]


def _series(ask: Ask[Params], label: str, counted: Counted, interval: int, series: int) -> Frame:
    params, scope = ask.params, ask.scope
    measure = MEASURES[params.measure]
    whole = params.points == 1
    first = 0 if whole else scope.from_ms // interval
    count = 1 if whole else max(1, -(-scope.to_ms // interval) - first)
    start_ms = scope.from_ms if whole else first * interval
    empty = 0.0 if params.fill == "zero" else np.nan
    values = np.full(count, empty)
    at = counted.bucket.astype(np.int64) - first
    inside = (at >= 0) & (at < count)  # a visit may have begun before the range
    value, over = np.nan_to_num(counted.value), counted.over
    values[at[inside]] = np.where(over > 0, value / np.where(over > 0, over, 1), empty)[inside]
    labels = {"application": scope.application}
    if len(scope.pages) == 1:
        labels["page"] = scope.pages[0]
    if params.by:
        labels[params.by] = label
    return Frame(
        shape=SERIES,
        values=(np.arange(count) * interval + start_ms, values),
        labels=labels,
        series=(label or f"no {params.by}") if params.by else "",
        units={"value": measure.unit},
        meta={
            "measure": params.measure,
            "by": params.by,
            "interval_ms": interval,
            "series": series,
            "notices": [],
        },
    )
