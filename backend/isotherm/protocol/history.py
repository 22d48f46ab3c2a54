"""How the server did over the last hours: samples of its own counters, in memory.

A sample is taken along with a request, at most every 15 seconds: while nobody asks or sends
anything, nothing changes that would be worth one.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

EVERY_MS = 15_000
KEPT = 24 * 3600 * 1000 // EVERY_MS

Reading = Mapping[tuple[str, str], float]
"""Name of a count or a level, and what tells several of it apart (a sender, a reason) -> value."""


class Sample(NamedTuple):
    """The counters at one moment."""

    time_ms: int
    reading: Reading


class History:
    """Samples of one server, oldest first. Thread-safe; a restart begins anew."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def note(self, now_ms: int, read: Callable[[], Reading]) -> None:
        """Take a sample if the latest one is old enough."""
        with self._lock:
            if self._samples and now_ms - self._samples[-1].time_ms < EVERY_MS:
                return
            self._samples.append(Sample(now_ms, read()))

    def between(self, from_ms: int, to_ms: int) -> list[Sample]:
        """Return the samples in [from, to), and the last one before: rates begin with it."""
        with self._lock:
            samples = list(self._samples)
        inside = [sample for sample in samples if from_ms <= sample.time_ms < to_ms]
        before = [sample for sample in samples if sample.time_ms < from_ms]
        return before[-1:] + inside
