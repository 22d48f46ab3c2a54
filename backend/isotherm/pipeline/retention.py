"""Background work of the worker: sorts new rows into runs and deletes what is too old."""

import math
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Final, Protocol

from msgspec import Struct

from isotherm.storage.objects.replays import Bodies
from isotherm.storage.tables import DETAILS

_DAY_MS: Final = 86_400_000
_EXPIRE_EVERY_S: Final = 3_600
_COMPACT_EVERY_S: Final = 5


class Retention(Struct, frozen=True):
    """After how many days things are forgotten; 0 = never."""

    actions: int = 0
    views: int = 0
    errors: int = 0
    details: int = 0  # requests, long tasks, vitals
    replays: int = 0
    audit: int = 0

    @property
    def by_table(self) -> dict[str, int]:
        """Return the days per table of the engine."""
        return {
            "actions": self.actions,
            "views": self.views,
            "errors": self.errors,
            **dict.fromkeys((table.name for table in DETAILS), self.details),
            "replay_segments": self.replays,
        }


class Rows(Protocol):
    """What an engine can do for itself."""

    def compact(self) -> bool:
        """Do one step of sorting rows into runs; False when there was nothing to do."""

    def expire(self, before_ms: Mapping[str, int]) -> None:
        """Delete rows older than a time per table name."""


class Every:
    """Does something when it is called, at most once in a number of seconds."""

    def __init__(
        self,
        pause_s: float,
        work: Callable[[], object],
        timer_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pause_s = pause_s
        self._work = work
        self._timer_s = timer_s
        self._next_s = -math.inf

    def __call__(self) -> None:
        """Do it if it is time."""
        now = self._timer_s()
        if now >= self._next_s:
            self._next_s = now + self._pause_s
            self._work()


class Maintenance:
    """Callable as often as one likes."""

    def __init__(
        self,
        engine: Rows,
        replays: Bodies,
        retention: Retention,
        *,
        expire_failures: Callable[[int], None] = lambda _: None,
        expire_assets: Callable[[int], None] = lambda _: None,
        expire_audit: Callable[[int], None] = lambda _: None,
        clock_s: Callable[[], float] = time.time,
        timer_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the parts; `clock_s` says how old things are, `timer_s` when work is due."""
        self._engine = engine
        self._replays = replays
        self._retention = retention
        self._expire_failures = expire_failures
        self._expire_assets = expire_assets
        self._expire_audit = expire_audit
        self._clock_s = clock_s
        self._parts = (  # by the timer: a clock that is set back must not put work off
            Every(_COMPACT_EVERY_S, engine.compact, timer_s),
            Every(_EXPIRE_EVERY_S, self._expire, timer_s),
        )

    def __call__(self) -> None:
        """Do what is due. Raises STORE_UNAVAILABLE."""
        for part in self._parts:
            part()

    def _expire(self) -> None:
        now_ms = int(self._clock_s() * 1000)
        parts = (self._expire_rows, self._expire_recordings, self._expire_assets, self._expire_log)
        with ExitStack() as every:  # a fault of one part keeps nothing else for longer
            for part in reversed(parts):
                every.callback(part, now_ms)

    def _expire_rows(self, now_ms: int) -> None:
        days = self._retention.by_table
        self._engine.expire({name: now_ms - keep * _DAY_MS for name, keep in days.items() if keep})

    def _expire_recordings(self, now_ms: int) -> None:
        days = self._retention.replays
        before_ms = now_ms - days * _DAY_MS if days else 0  # it also finds what is to be joined
        self._replays.expire(before_ms)
        self._expire_failures(before_ms)  # of recordings that are gone now

    def _expire_log(self, now_ms: int) -> None:
        if self._retention.audit:
            self._expire_audit(now_ms - self._retention.audit * _DAY_MS)
