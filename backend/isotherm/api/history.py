"""Samples of the server's own counters over the last hours, kept across restarts.

A sample is taken along with a request, at most every 15 seconds: while nobody asks or sends
anything, nothing changes that would be worth one.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol

from isotherm.model.errors import IsothermError

EVERY_MS = 15_000
KEPT_MS = 24 * 3600 * 1000
KEPT = KEPT_MS // EVERY_MS

Reading = Mapping[tuple[str, str], float]
"""Name of a count or a level, and what tells several of it apart (a sender, a reason) -> value."""

log = logging.getLogger(__name__)


class Samples(Protocol):
    """Where samples are kept across restarts (`storage/saved/samples.py`)."""

    def since(self, from_ms: int) -> Iterable[tuple[int, Reading]]:
        """Return the samples from a time on, oldest first. Raises STORE_UNAVAILABLE."""

    def add(self, time_ms: int, reading: Reading, keep_from_ms: int) -> None:
        """Keep a sample, and drop those before `keep_from_ms`. Raises STORE_UNAVAILABLE."""


class Sample(NamedTuple):
    """The counters at one moment."""

    time_ms: int
    reading: Reading


class History:
    """Samples of one server, oldest first. Thread-safe. Without `kept`, a restart loses them.

    With `by_others`, other processes of the server take samples, too: what is kept is read anew.
    """

    def __init__(self, kept: Samples | None = None, *, by_others: bool = False) -> None:
        self._samples: deque[Sample] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self._kept = kept
        self._loaded = kept is None
        self._by_others = by_others
        self._looked_ms = 0

    def note(self, now_ms: int, read: Callable[[], Reading]) -> None:
        """Take a sample if the latest one is old enough."""
        with self._lock:
            if self._by_others and 0 <= now_ms - self._looked_ms < EVERY_MS:
                return
            self._looked_ms = now_ms
        self._load(now_ms)
        with self._lock:
            if self._samples and 0 <= now_ms - self._samples[-1].time_ms < EVERY_MS:
                return
            sample = Sample(now_ms, read())
            self._samples.append(sample)
        if self._kept is not None:
            try:
                self._kept.add(*sample, keep_from_ms=now_ms - KEPT_MS)
            except IsothermError as error:  # the picture of the past is not worth a failed answer
                log.warning("Samples of the counters could not be stored: %s", error.message)

    def between(self, from_ms: int, to_ms: int) -> list[Sample]:
        """Return the samples in [from, to) and the last one before, from which rates start."""
        self._load(to_ms)
        with self._lock:
            samples = list(self._samples)
        inside = [sample for sample in samples if from_ms <= sample.time_ms < to_ms]
        before = [sample for sample in samples if sample.time_ms < from_ms]
        return before[-1:] + inside

    def _load(self, now_ms: int) -> None:
        """Read what an earlier run has kept, once; what other processes have kept since, each time.

        The lock is not held meanwhile: a database that hangs must not hold up every answer.
        """
        if self._loaded or self._kept is None:
            return
        with self._lock:
            known_ms = self._samples[-1].time_ms + 1 if self._samples else 0
        try:
            found = [Sample(*one) for one in self._kept.since(max(known_ms, now_ms - KEPT_MS))]
        except IsothermError as error:
            log.warning("Samples of the counters could not be read: %s", error.message)
            found = []
        with self._lock:
            self._loaded = not self._by_others
            last_ms = self._samples[-1].time_ms if self._samples else 0
            self._samples.extend(one for one in found if one.time_ms > last_ms)
