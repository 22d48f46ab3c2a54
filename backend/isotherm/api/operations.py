"""The question `operations`: the server's own metrics over time; it needs no application."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeGuard

from msgspec import Meta, Struct

from isotherm.api.history import EVERY_MS, History, Reading, Sample
from isotherm.api.json_body import read
from isotherm.query.frame import Frame
from isotherm.query.questions.timeseries import SERIES

NAME = "operations"
TITLE = "Isotherm server"


class Measure(Struct, frozen=True):
    """A measure: a level, the rate of a counter, or the ratio of two counters."""

    doc: str
    unit: str
    label: str  # what tells its series apart; "" = there is one
    value: str
    per: str = ""  # "" = a level, "second", or the name of another count


MEASURES = {
    "received": Measure("events that arrive", "eps", "sender", "received", "second"),
    "accepted": Measure("events that the store takes", "eps", "", "accepted", "second"),
    "dropped": Measure("events that are not kept", "eps", "reason", "dropped", "second"),
    "refused": Measure(
        "requests that are refused or broken off", "reqps", "reason", "refused", "second"
    ),
    "pending": Measure("events not yet in the store", "short", "", "pending"),
    "dead": Measure("events that could not be stored", "short", "", "dead"),
    "requests": Measure("requests", "reqps", "endpoint", "requests", "second"),
    "answer_time": Measure("mean time to answer", "s", "endpoint", "busy_s", "requests"),
}
if TYPE_CHECKING:
    MeasureName = str
else:
    MeasureName = Literal[tuple(MEASURES)]
"""A name in `MEASURES`; msgspec rejects any other."""


class Params(Struct, frozen=True, rename={"interval_ms": "intervalMs"}):
    """What can be asked."""

    measure: Annotated[MeasureName, Meta(description="What to draw.")] = "received"
    interval_ms: Annotated[int, Meta(description="Width of an interval in ms.", ge=0)] = 0


def is_operations(raw: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a query asks this question."""
    return isinstance(raw, Mapping) and raw.get("question") == NAME


def operations(history: History, raw: Mapping[str, Any], span: tuple[int, int]) -> list[Frame]:
    """Return one frame per series. Raises INVALID for an unknown measure."""
    params: Params = read(dict(raw), Params)
    measure = MEASURES[params.measure]
    samples = _thinned(history.between(*span), params.interval_ms)
    return [
        Frame(
            shape=SERIES,
            values=_points(samples, measure, label),
            labels={measure.label: label} if measure.label else {},
            series=label,
            units={"value": measure.unit},
            meta={"measure": params.measure},
        )
        for label in _labels(samples, measure.value)
    ]


def _thinned(samples: list[Sample], interval_ms: int) -> list[Sample]:
    width = max(interval_ms, EVERY_MS)
    last = {sample.time_ms // width: sample for sample in samples}
    return list(last.values())


def _labels(samples: list[Sample], name: str) -> list[str]:
    return sorted({label for sample in samples for key, label in sample.reading if key == name})


def _points(samples: list[Sample], measure: Measure, label: str) -> tuple[list[int], list[float]]:
    if not measure.per:
        values = [sample.reading.get((measure.value, label), 0.0) for sample in samples]
        return [sample.time_ms for sample in samples], values
    times, rates = [], []
    for before, after in pairwise(samples):
        grown = _growth(before, after)
        seconds = (after.time_ms - before.time_ms) / 1000
        over = seconds if measure.per == "second" else grown(measure.per, label)
        if over > 0:
            times.append(after.time_ms)
            rates.append(grown(measure.value, label) / over)
    return times, rates


def _growth(before: Sample, after: Sample) -> Callable[[str, str], float]:
    def grown(name: str, label: str) -> float:
        old: Reading = before.reading
        return max(0.0, after.reading.get((name, label), 0.0) - old.get((name, label), 0.0))

    return grown
