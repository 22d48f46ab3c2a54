"""What is measured and how it is judged: interleaved times, one figure per row of the table."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

RUNS = 21
LEAST_RUNS = 15
LIMIT_S = 150.0


@dataclass(frozen=True)
class Figure:
    """One row of the table; `ratio` is judged by `most` or `least`, or only informs."""

    what: str
    measured: str
    against: str = ""
    ratio: float | None = None
    most: float | None = None
    least: float | None = None
    unit: str = "x"

    @property
    def bar(self) -> str:
        """Say what the ratio must be."""
        if self.most is not None:
            return f"at most {self.most:g}{self.unit}"
        return "" if self.least is None else f"at least {self.least:g}{self.unit}"

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without a bar."""
        if self.ratio is None or not self.bar:
            return None
        return self.ratio <= self.most if self.most is not None else self.ratio >= (self.least or 0)


@dataclass(frozen=True)
class Times:
    """Durations of the runs of one thing, and the processor time of a run on average, in ms.

    Processor time counts all threads; it is what hardly depends on what else the machine does.
    """

    ms: list[float]
    cpu_ms: float | None = None

    @property
    def least(self) -> float:
        """The fastest run."""
        return min(self.ms)

    @property
    def median(self) -> float:
        """The middle run; ratios are of medians."""
        return statistics.median(self.ms)

    def __str__(self) -> str:
        spent = "" if self.cpu_ms is None else f", CPU {self.cpu_ms:,.1f} ms"
        return f"{self.least:,.1f} / {self.median:,.1f} ms{spent}"


def own_cpu_ms() -> float:
    """Return the processor time of this process so far."""
    return time.process_time() * 1000


def interleaved(
    things: Mapping[str, Callable[[], object]],
    clocks: Mapping[str, Callable[[], float]],
    runs: int = RUNS,
    limit_s: float = LIMIT_S,
) -> dict[str, Times]:
    """Time things in turns, so that a slow moment of the machine hits all of them.

    `clocks` tell the processor time of whatever does the work.
    Each is run twice before. Stops after `runs` rounds; after `limit_s` with `LEAST_RUNS`.
    """
    spent: dict[str, list[float]] = {name: [] for name in things}
    busy = dict.fromkeys(things, 0.0)
    for _ in range(2):
        for thing in things.values():
            thing()
    began = time.monotonic()
    for done in range(runs):
        if done >= LEAST_RUNS and time.monotonic() - began > limit_s:
            break
        for name, thing in things.items():
            before, start = clocks[name](), time.perf_counter()
            thing()
            spent[name].append((time.perf_counter() - start) * 1000)
            busy[name] += clocks[name]() - before
    return {name: Times(ms, busy[name] / len(ms)) for name, ms in spent.items()}
