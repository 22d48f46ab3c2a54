"""Friction: how long each element takes to react, and how much of it goes wrong.

Every value has an interval and the sessions it is known from. A map is coloured by the lower end,
so that little data is never hot.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from isotherm.query.context import Ask
from isotherm.query.element_measures import ElementMeasure, Estimate, measures_by_element
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows

FRICTION = Shape(
    "friction",
    "One row per element and measure, the worst first by what is certain of it.",
    (
        Field("page", "string", "Page"),
        Field("element", "string", "Element key; empty when the sender named none"),
        Field("action_name", "string", "Most frequent name"),
        Field(
            "measure",
            "string",
            "p75_ms (time to react), inp_ms, dead, rage, error, request_ms, request_failures",
        ),
        Field("value", "number", "ms: three of four sessions see no more; shares: the mean"),
        Field("low", "number", "Lower end of its interval, 19 times of 20"),
        Field("high", "number", "Upper end of its interval"),
        Field("sessions", "integer", "Sessions that it is known from", "short"),
        Field("certain", "boolean", "The interval is narrow enough to rank it"),
        Field("heat", "number", "low ÷ what counts as bad, at most 1", "percentunit"),
    ),
)
META = {
    "bad": "per measure, what is coloured hottest",
    "total": "rows there would be without a limit",
}

BAD: dict[ElementMeasure, float] = {
    "p75_ms": 1000.0,  # people lose the thread (Nielsen 1993; RAIL)
    "inp_ms": 500.0,  # "poor" (web.dev, Core Web Vitals)
    "dead": 0.5,
    "rage": 0.25,
    "error": 0.25,
    "request_ms": 2000.0,
    "request_failures": 0.25,
}

_FEWEST = 10  # sessions, below which nothing is called certain
_WIDEST_SHARE = 0.3
_WIDEST_TIMES = 2.0


class Params(Struct, frozen=True):
    """What can be asked beside the scope."""

    by: Annotated[
        Literal["all", ElementMeasure],
        Meta(description="Rows of one measure only."),
    ] = "all"
    element: Annotated[str, Meta(description="Rows of this element only.", max_length=4096)] = ""
    limit: Annotated[int, Meta(description="Rows at most.", ge=1, le=10_000)] = 1000


def answer(ask: Ask[Params]) -> list[Frame]:
    """Return what is known of each element."""
    found = measures_by_element(ask)
    terms = ask.context.engine.terms
    pages, elements, names = terms("page"), terms("element"), terms("action_name")
    rows: list[dict[str, Any]] = []
    for element, measures in found.measures.items():
        for measure, estimate in measures.items():
            if ask.params.by not in {"all", measure}:
                continue
            key = elements.get(element.element, "")
            if ask.params.element not in {"", key}:
                continue
            rows.append(
                {
                    "page": pages.get(element.page, ""),
                    "element": key,
                    "action_name": names.get(found.names.get(element, 0), ""),
                    "measure": measure,
                    "value": estimate.value,
                    "low": estimate.low,
                    "high": estimate.high,
                    "sessions": round(estimate.sessions),
                    "certain": certain(measure, estimate),
                    "heat": min(1.0, estimate.low / BAD[measure]),
                }
            )
    ties = ("page", "element", "action_name", "measure")
    rows.sort(key=lambda row: (-row["heat"], -row["sessions"], *(row[tie] for tie in ties)))
    meta = {"bad": BAD, "total": len(rows)}
    return [frame_of_rows(FRICTION, rows[: ask.params.limit], meta=meta)]


def certain(measure: ElementMeasure, estimate: Estimate) -> bool:
    """Say whether an interval is narrow enough to rank the element by its value."""
    if estimate.sessions < _FEWEST:
        return False
    if measure.endswith("_ms"):
        return estimate.high <= _WIDEST_TIMES * max(estimate.low, 1.0)
    return estimate.high - estimate.low <= _WIDEST_SHARE
