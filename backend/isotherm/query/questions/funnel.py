"""How many sessions went from one page or action to the next, in order."""

from typing import Annotated, Any

import numpy as np
from msgspec import Meta, Struct
from sqlglot import exp

from isotherm.model.errors import Code, IsothermError
from isotherm.query.context import Ask
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.lookups import known
from isotherm.query.statement import Statement

STEPS = Shape(
    "funnel",
    "One row per step.",
    (
        Field("step", "integer", "Number of the step, from 1"),
        Field("label", "string", "Page, action name or element key"),
        Field("sessions", "integer", "Sessions that got here by all steps in order", "short"),
        Field("share", "number", "sessions ÷ those of the first step", "percentunit", True),
        Field("share_of_previous", "number", "sessions ÷ those before", "percentunit", True),
        Field("median_time_ms", "number", "Median time since the step before", "ms", True),
    ),
)
META = {"sessions": "sessions of the first step"}

_STEP = """
step_{n} AS (
  SELECT happened.session, min(happened.time_ms) AS at, min(step_{m}.at) AS before
  FROM (SELECT session, time_ms FROM {table} WHERE slot_scope_{n} AND session <> 0) AS happened
  JOIN step_{m} ON step_{m}.session = happened.session AND happened.time_ms {after} step_{m}.at
  GROUP BY happened.session
)"""
_FIRST = """
step_1 AS (
  SELECT session, min(time_ms) AS at, NULL::BIGINT AS before
  FROM {table} WHERE slot_scope_1 AND session <> 0 GROUP BY session
)"""
_ROW = "SELECT {n} AS step, count(*) AS sessions, median(at - before) AS time_ms FROM step_{n}"


class Step(Struct, frozen=True):
    """A page that is opened, or an action that is done (on a page, if one is given, too)."""

    page: Annotated[str, Meta(description="Page key.", max_length=4096)] = ""
    element: Annotated[str, Meta(description="Element key.", max_length=4096)] = ""
    action_name: Annotated[str, Meta(description="Action name.", max_length=4096)] = ""

    @property
    def on_views(self) -> bool:
        """A step without an action is a visit."""
        return not (self.element or self.action_name)

    @property
    def label(self) -> str:
        """What people read."""
        return self.action_name or self.element or self.page


class Params(Struct, frozen=True):
    """The steps, in order. The scope's pages hold for first actions without a page of their own."""

    steps: Annotated[
        tuple[Step, ...], Meta(description="Steps in order.", min_length=1, max_length=20)
    ]


def statement(ask: Ask[Params]) -> Statement:
    """Chain the steps: each is the earliest one after the one before."""
    steps = ask.params.steps
    slots = {f"scope_{n}": _condition(ask, step, n) for n, step in enumerate(steps, 1)}
    parts = []
    for n, step in enumerate(steps, 1):
        table = "views" if step.on_views else "actions"
        if n == 1:
            parts.append(_FIRST.format(table=table))
            continue
        other = step.on_views != steps[n - 2].on_views
        after = ">=" if other else ">"  # a click and the view that it opens may share a millisecond
        parts.append(_STEP.format(n=n, m=n - 1, table=table, after=after))
    rows = " UNION ALL ".join(_ROW.format(n=n) for n in range(1, len(steps) + 1))
    template = f"WITH {', '.join(parts)} SELECT * FROM ({rows}) AS counted ORDER BY step"
    return ask.conditions.build(template, **slots)


def answer(ask: Ask[Params]) -> list[Frame]:
    """Return sessions per step. Raises INVALID for an empty step."""
    steps = ask.params.steps
    for n, step in enumerate(steps, 1):
        if not step.label:
            message = f"Step {n} needs a page, an element or an action_name"
            raise IsothermError(Code.INVALID, message, field="steps")
    columns = ask.context.run(statement(ask))
    sessions = columns["sessions"].astype(np.int64).tolist()
    rows: list[dict[str, Any]] = [
        {
            "step": n,
            "label": step.label,
            "sessions": sessions[n - 1],
            "share": sessions[n - 1] / sessions[0] if sessions[0] else None,
            "share_of_previous": _share(sessions, n),
            "median_time_ms": known(columns["time_ms"][n - 1]) if n > 1 else None,
        }
        for n, step in enumerate(steps, 1)
    ]
    return [frame_of_rows(STEPS, rows, meta={"sessions": sessions[0]})]


def _share(sessions: list[int], n: int) -> float | None:
    if n == 1 or not sessions[n - 2]:
        return None
    return sessions[n - 1] / sessions[n - 2]


def _condition(ask: Ask[Params], step: Step, n: int) -> exp.Expression:
    conditions = ask.conditions
    on_page = [conditions.named("page", step.page)] if step.page else []
    if step.on_views:
        return conditions.views(*on_page, pages=False)
    named = conditions.acted(step.element, step.action_name)
    first = n == 1  # the signal says where sessions start from, not how they go on
    return conditions.actions(*on_page, *named, pages=first and not step.page, signal=first)
