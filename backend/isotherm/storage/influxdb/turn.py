"""The turn of those who write to InfluxDB and then to the engine."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Protocol, Self


class Shared(Protocol):
    """What keeps writers of other processes out (`ports.Engine`)."""

    def write_lock(self) -> AbstractContextManager[object]:
        """Keep all others out; may be taken again by who has it."""

    def others_wrote(self) -> bool:
        """Whether another process may have had it since this one had it before."""


class Turn:
    """One thread has it, of one process if a lock is `shared`; who has it may take it again.

    `begin` is called when another process may have had it since.
    """

    def __init__(self, begin: Callable[[], None], shared: Shared | None) -> None:
        self._begin = begin
        self._shared = shared
        self._mine = threading.RLock()
        self._depth = 0
        self._stale = False  # another process has had it, and `begin` has not ended since
        self._held = ExitStack()

    def __enter__(self) -> Self:
        self._mine.acquire()
        try:
            if self._shared and not self._depth:
                with ExitStack() as held:
                    held.enter_context(self._shared.write_lock())
                    self._stale |= self._shared.others_wrote()
                    if self._stale:
                        self._begin()
                        self._stale = False
                    self._held = held.pop_all()
        except BaseException:
            self._mine.release()
            raise
        self._depth += 1
        return self

    def __exit__(self, *raised: object) -> None:
        self._depth -= 1
        try:
            if not self._depth:
                self._held.__exit__(*raised)  # type: ignore[arg-type]
        finally:
            self._mine.release()
