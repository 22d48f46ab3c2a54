"""Results as bytes, kept until new events of their page or application are committed.

They are answers as they were sent, and what several questions need. Many people look at the same
dashboard, whose panels come at once: whoever asks while the same is worked out waits for it. Nobody
gets less than what had been committed when they asked.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from isotherm.model.deadline import seconds_left

State = tuple[int, ...]
"""What a result is about, counted up by each change; a later one is never smaller."""

KEPT_MS: Final = 30_000
"""From when it is ready. Some answers depend on the time; other processes may change pictures."""

_LARGE_BYTES: Final = 8 << 20
_ENTRY_BYTES: Final = 400  # what is kept beside question and answer, about
_PATIENCE_S: Final = 60.0
"""Whoever asked later has time for as long as the one who works: else all would work at once."""


class _Kept(Struct, frozen=True):
    state: State
    made_ms: int
    result: bytes


class _Running:
    """A result that one thread works out and others wait for."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.done = threading.Event()
        self.result: bytes | None = None  # stays None when it failed


class KeptResults:
    """Safe for many threads."""

    def __init__(self, clock_ms: Callable[[], int], limit_bytes: int = 64 << 20) -> None:
        self._clock_ms = clock_ms
        self._limit_bytes = limit_bytes
        self._turn = threading.Lock()
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._running: dict[bytes, _Running] = {}
        self._size = 0

    def of(self, key: bytes, state: State, work: Callable[[], bytes]) -> bytes:
        """Return the result under `key` as of a state or later, which `work` returns if need be.

        Raises TOO_MUCH_DATA when the time of this request is over, and what `work` raises.
        """
        while True:
            with self._turn:
                kept = self._kept.get(key)
                if kept and kept.state >= state and self._is_new(kept):
                    self._kept.move_to_end(key)
                    return kept.result
                other = self._running.get(key)
                if other is None:
                    mine = self._running[key] = _Running(state)
            if other is None:
                return self._work(key, mine, work)
            done = other.done.wait(seconds_left(_PATIENCE_S))
            if not done or other.result is None:  # its fault may not be this one's
                return work()
            if other.state >= state:
                return other.result

    def _is_new(self, kept: _Kept) -> bool:
        return 0 <= self._clock_ms() - kept.made_ms < KEPT_MS

    def _work(self, key: bytes, mine: _Running, work: Callable[[], bytes]) -> bytes:
        try:
            mine.result = work()
            return mine.result
        finally:
            with self._turn:
                del self._running[key]
                if mine.result is not None:
                    self._keep(key, _Kept(mine.state, self._clock_ms(), mine.result))
            mine.done.set()

    def _keep(self, key: bytes, kept: _Kept) -> None:
        old = self._kept.pop(key, None)
        self._size -= _size(key, old) if old else 0
        if _size(key, kept) > _LARGE_BYTES:
            return
        self._kept[key] = kept
        self._size += _size(key, kept)
        while self._size > self._limit_bytes:
            self._size -= _size(*self._kept.popitem(last=False))


def _size(key: bytes, kept: _Kept) -> int:
    # a key may be the longer one
    return _ENTRY_BYTES + len(key) + len(kept.result)
