"""How long work may take another process: in processor time, and by the clock behind it."""

import time

PATIENCE = 6
"""By the clock, work may take so many times its processor time: others want the processor, too."""
SLACK_S = 30.0


class OverError(Exception):
    """The time is over; the text says after how much: "15 s of processor time (a setting)"."""


class TimeBudget:
    """What is left of a limit in seconds of processor time.

    A process that hangs uses none, so there is an end by the clock as well: `clock_s` after the
    start, or several times the limit. What is spent is spent of the `whole`, too, of which this
    is a part.
    """

    def __init__(
        self,
        limit_s: float,
        *,
        clock_s: float | None = None,
        whole: "TimeBudget | None" = None,
        setting: str = "",
    ) -> None:
        """Begin to count; `setting` is what a person can change for more processor time."""
        self._setting = f" ({setting})" if setting else ""
        self._limit_s = self._left_s = limit_s
        self._clock_s = PATIENCE * limit_s + SLACK_S if clock_s is None else clock_s
        self._end_s = time.monotonic() + self._clock_s
        self._whole = whole

    @property
    def wait_s(self) -> float:
        """How long one may wait now, by the clock; 0 when the time is over."""
        if self._left_s <= 0:
            return 0.0
        left_s = max(0.0, self._end_s - time.monotonic())
        return left_s if self._whole is None else min(left_s, self._whole.wait_s)

    def spend(self, processor_s: float) -> None:
        """Count processor time that the work has taken."""
        self._left_s -= processor_s
        if self._whole is not None:
            self._whole.spend(processor_s)

    def put_off(self, seconds: float) -> None:
        """Count so many seconds of the clock as somebody else's."""
        self._end_s += seconds
        if self._whole is not None:
            self._whole.put_off(seconds)

    def check(self) -> None:
        """Raise OverError when the time is over."""
        if self._left_s <= 0:
            raise OverError(f"{self._limit_s:g} s of processor time{self._setting}")
        if self._end_s <= time.monotonic():
            raise OverError(f"{self._clock_s:.0f} s")
        if self._whole is not None:
            self._whole.check()
