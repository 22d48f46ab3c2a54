"""What one process of a server does for all: reading recordings, making pictures, tidying up.

A server of one process does it itself. Among several, one has the lock; the kernel takes it from a
process that dies, and another goes on. What is to be done is in the store: marks of recordings that
have grown, whoever has stored what.

Among servers on several machines, one process of each does the housekeeping of its data folder: it
takes over what others have left there, and makes pictures. One of these reads recordings for all.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

from isotherm.model.errors import IsothermError
from isotherm.model.faults import reported
from isotherm.pipeline.sessionization import Sessionization
from isotherm.storage.ports import Recording

_LOOK_S: Final = 0.5
_REST: Final = 10
"""A look at the store that takes long is followed by a pause of so many times as long."""

_LONGEST_S: Final = 10.0
_TAKE_OVER_S: Final = 2.0

_log = logging.getLogger(__name__)


class Lock(Protocol):
    """A lock that one process has. `take` may raise STORE_UNAVAILABLE, as `is_held`."""

    def take(self) -> bool:
        """Try to get it, or see whether it is still held."""

    def is_held(self) -> bool:
        """Tell whether any process has it."""

    def give_up(self) -> None:
        """Let another process have it."""


class Housekeeping:
    """Begins when it is this process' turn. `start` and `stop` once each."""

    def __init__(
        self,
        sessionization: Sessionization,
        *,
        begin: Callable[[], None],
        begin_for_all: Callable[[], None] = lambda: None,
        take_over: Callable[[], int],
        lock: Lock | None = None,
        hosts: Lock | None = None,
        lost: Callable[[], None] = lambda: None,
        grown: Callable[[], Sequence[Recording]] = list,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the parts. Without a `lock` there is no other process.

        With `hosts`, one process of all machines reads; `lost` ends a process that did, and has
        the lock no more. `begin` starts what else is to be done, and `begin_for_all`, which may be
        called again, what is done once for all machines. `take_over` moves what processes
        have left that are gone. `grown` tells which recordings have grown since it was asked last.
        """
        self._sessionization = sessionization
        self._begin = begin
        self._begin_for_all = begin_for_all
        self._take_over = take_over
        self._lock = lock
        self._hosts = hosts
        self._lost = lost
        self._grown = grown
        self._clock_s = clock_s
        self._stopping = threading.Event()
        self._error = ""
        self._take_over_s = 0.0
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)
        self.is_mine = False  # to do the housekeeping for this data folder
        self.reads = False  # and to do what is done once for all machines

    def start(self) -> None:
        """Begin now, or as soon as no other process does it. Raises STORE_UNAVAILABLE."""
        if self._lock is None:
            self._read()
            self._begin()
            self.is_mine = True
        else:
            self._thread.start()

    def stop(self) -> None:
        """End, and let another process do it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._sessionization.stop()
        for lock in (self._hosts, self._lock):
            if lock is not None:
                lock.give_up()

    def is_kept(self) -> bool:
        """Tell whether any process does this, also one of another server on the data folder."""
        return self.is_mine or (self._lock is not None and self._lock.is_held())

    def is_read(self) -> bool:
        """Tell whether any process reads recordings, also one on another machine."""
        if self._hosts is None:
            return self.is_kept()
        try:
            return self.reads or self._hosts.is_held()
        except IsothermError:  # the database is away, which other parts tell
            return True

    def touch(self, recordings: Iterable[Recording]) -> None:
        """Say that recordings have grown; with several processes, the store says it."""
        if self._lock is None:
            self._sessionization.touch(recordings)

    def flush(self, timeout_s: float) -> bool:
        """Wait until every recording is read or in quarantine; False if it took longer."""
        return self._sessionization.flush(timeout_s)

    def _read(self) -> None:
        if not self.reads:  # what begins after it may fail, and is tried again
            self._begin_for_all()
            self._sessionization.start()
            self.reads = True

    def _run(self) -> None:
        assert self._lock
        pause_s = 0.0
        while not self._stopping.wait(pause_s):
            pause_s = _LOOK_S
            try:
                if self._lock.take():
                    self._take_over_in_time()
                    pause_s = self._do_housekeeping()
                self._error = ""
            except Exception as error:  # noqa: BLE001 - the thread must outlive any fault
                message = reported(error)
                if message != self._error:
                    _log.warning("Housekeeping waits: %s", message, exc_info=error)
                self._error = message

    def _do_housekeeping(self) -> float:
        """Do what is due; return how long to wait before the next look."""
        pause_s = _LOOK_S
        if self._hosts is None or self._hosts.take():
            self._read()
            pause_s = self._look()
        elif self.reads:
            _log.critical("A process of another server reads recordings now. This process ends.")
            self._lost()
        if not self.is_mine:
            self._begin()
            self.is_mine = True
            _log.info("This process does the housekeeping now.")
        return pause_s

    def _look(self) -> float:
        """See which recordings have grown; return how long to wait before the next look."""
        started_s = self._clock_s()
        grown = self._grown()
        took_s = self._clock_s() - started_s
        self._sessionization.touch(grown)
        return min(max(_LOOK_S, _REST * took_s), _LONGEST_S)

    def _take_over_in_time(self) -> None:
        if self._clock_s() < self._take_over_s:
            return
        self._take_over_s = self._clock_s() + _TAKE_OVER_S
        moved = self._take_over()
        if moved:
            _log.info("%d events of a process that has ended are taken over.", moved)
