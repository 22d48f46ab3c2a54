"""Which recordings to read, and when: once they are quiet, and large ones not too often."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from isotherm.storage.ports import Recording

MOST: Final = 20_000
"""So many are held in memory; the store knows all of them (`Engine.pending_recordings`)."""

_PATIENCE: Final = 10
"""A recording that never rests is read after so many quiet periods."""

_SHARE: Final = 20
"""A recording that takes long to read is read at most during 1 / `_SHARE` of the time."""

_COSTS: Final = 1_000


class DueRecordings:
    """The recordings that wait, and those at hand. Thread-safe."""

    def __init__(
        self,
        quiet_period_s: float,
        *,
        most: int = MOST,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._quiet_period_s = quiet_period_s
        self._most = most
        self._clock_s = clock_s
        self._changed = threading.Condition()
        self._due_s: dict[Recording, float] = {}
        self._latest_s: dict[Recording, float] = {}
        self._cost_s: dict[Recording, float] = {}
        self._at_hand: set[Recording] = set()
        self._hurrying = 0
        self._closed = False
        self.left_out = False  # some wait that are only in the store

    def __len__(self) -> int:
        """Return how many wait or are at hand, as far as they are in memory."""
        with self._changed:
            return len(self._due_s.keys() | self._at_hand)

    def knows(self, recording: Recording) -> bool:
        """Tell whether it waits here, is at hand, or took long to read the last time."""
        with self._changed:
            waits = recording in self._due_s or recording in self._at_hand
            return waits or recording in self._cost_s

    def touch(self, recordings: Iterable[Recording], *, now: bool = False) -> None:
        """Say that recordings have grown: they are read after the quiet period, or `now`."""
        with self._changed:
            at_s = self._clock_s()
            for recording in recordings:
                if recording not in self._due_s and len(self._due_s) >= self._most:
                    self.left_out = True
                    continue
                known_s = self._cost_s.get(recording, 0.0)
                pause = 0.0 if now else max(self._quiet_period_s, _SHARE * known_s)
                latest = self._latest_s.setdefault(recording, at_s + _PATIENCE * pause)
                self._due_s[recording] = min(at_s + pause, latest)
            self._changed.notify_all()

    def refill(self, recordings: Iterable[Recording]) -> None:
        """Take those of the store into memory that are not at hand, as far as there is room."""
        with self._changed:
            self.left_out = False
            missing = [one for one in recordings if one not in self._at_hand]
        self.touch(missing, now=True)

    @contextmanager
    def hurry(self) -> Iterator[None]:
        """Call every recording due meanwhile."""
        with self._changed:
            self._hurrying += 1
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._hurrying -= 1

    def take(self) -> Recording | None:
        """Return a recording that is due; `done` or `again` must follow."""
        with self._changed:
            free = self._due_s.keys() - self._at_hand
            if not free:
                return None
            first = min(free, key=self._due_s.__getitem__)
            if not self._hurrying and self._due_s[first] > self._clock_s():
                return None
            del self._due_s[first]
            del self._latest_s[first]
            self._at_hand.add(first)
            return first

    def done(self, recording: Recording, cost_s: float = 0.0) -> None:
        """Give a recording back after reading it for so long."""
        with self._changed:
            self._at_hand.discard(recording)
            self._cost_s.pop(recording, None)
            if cost_s * _SHARE > self._quiet_period_s:  # worth remembering
                self._cost_s[recording] = cost_s
                if len(self._cost_s) > _COSTS:
                    self._cost_s.pop(next(iter(self._cost_s)))
            self._changed.notify_all()

    def again(self, recording: Recording, after_s: float) -> None:
        """Give a recording back that could not be read now, through no fault of its own."""
        with self._changed:
            self._at_hand.discard(recording)
            at_s = self._clock_s() + after_s
            self._due_s[recording] = self._latest_s[recording] = at_s
            self._changed.notify_all()

    def wait(self, longest_s: float) -> None:
        """Wait until something may be due, or changes."""
        with self._changed:
            free = self._due_s.keys() - self._at_hand
            if free:
                next_s = min(self._due_s[one] for one in free) - self._clock_s()
                longest_s = 0.0 if self._hurrying else min(longest_s, max(0.0, next_s))
            if longest_s and not self._closed and not self.left_out:
                self._changed.wait(longest_s)

    def close(self) -> None:
        """End every `wait`, for good."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
