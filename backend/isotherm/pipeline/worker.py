"""The one thread between spool and stores: each event is stored once, whatever breaks on the way.

It reads no recording: it says which have grown (`sessionization.py`).

An event is confirmed to the spool after it is stored, and the stores know it by its id: a crash at
any moment leads to a second try, never to a second count.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from typing import Final, Protocol

from msgspec import Struct

from isotherm.intake.drops import DropReason
from isotherm.model import Event, Segment
from isotherm.model.errors import Code, IsothermError
from isotherm.model.faults import reported, worded
from isotherm.pipeline.processes.slot import RECOVERED, items
from isotherm.pipeline.spool import Spool
from isotherm.storage.objects.replays import Bodies
from isotherm.storage.ports import Appended, Engine, Journal, Recording

_log = logging.getLogger(__name__)

BATCH: Final = 2_000
GATHER_S: Final = 0.25
"""Events that arrive within this time are stored together: a batch costs the same for one event as
for hundreds, and takes processor time from those who send (measured: half of it)."""

_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0


class Counters(Protocol):
    """Where events are counted (`intake.drops.Counters`)."""

    def received(self, sender: str, count: int = 1) -> None:
        """Count events that arrived."""

    def accepted(self, count: int = 1) -> None:
        """Count events that are stored."""

    def dropped(self, reason: DropReason, count: int = 1) -> None:
        """Count events that are not kept."""


class Reading(Protocol):
    """Who reads recordings (`sessionization.py`, `housekeeping.py`)."""

    def touch(self, recordings: Iterable[Recording]) -> None:
        """Say that recordings have grown."""

    def flush(self, timeout_s: float) -> bool:
        """Wait until every recording is read or in quarantine; False if it took longer."""


class WorkerState(Struct, frozen=True):
    """How the worker is doing, for the status page."""

    running: bool
    pending: int  # events in the spool
    dead: int  # events in the dead letters
    last_error: str  # "" = all is well


class Worker:
    """Drains the spool. `start` and `stop` once each; `flush` from any thread."""

    def __init__(
        self,
        spool: Spool,
        engine: Engine,
        replays: Bodies,
        counters: Counters,
        sessionization: Reading,
        *,
        journal: Journal | None = None,
        maintain: Callable[[], None] = lambda: None,
        after_fault: Callable[[], None] = lambda: None,
        count_left: Callable[[Sequence[Event]], None] | None = None,
    ) -> None:
        """Take the parts; `maintain` runs in between, `after_fault` when a store was away.

        `maintain` must be cheap when there is nothing to do; it may raise STORE_UNAVAILABLE.
        `count_left` counts what an earlier process left in the spool, once it is at hand.
        """
        self._spool = spool
        self._engine = engine
        self._replays = replays
        self._counters = counters
        self._sessionization = sessionization
        self._journal = journal
        self._maintain = maintain
        self._after_fault = after_fault
        self._recovered = spool.recovered
        self._count_left = count_left or (
            lambda events: counters.received(RECOVERED, items(events))
        )
        self._stopping = threading.Event()
        self._state = threading.Condition()
        self._hurry = 0  # how many threads wait in flush
        self._rounds = 0  # passes of the loop that found nothing to do
        self._last_error = ""
        self._pause_s = _FIRST_PAUSE_S
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand; what is left stays in the spool."""
        self._stopping.set()
        self._spool.wake()
        if self._thread.is_alive():
            self._thread.join()

    def flush(self, timeout_s: float = 60.0) -> bool:
        """Wait until everything is stored and every recording is read; False if it took longer."""
        until_s = time.monotonic() + timeout_s
        with self._state:
            self._hurry += 1
            target = self._rounds + 1
            self._spool.wake()
            try:
                stored = self._state.wait_for(lambda: self._rounds >= target, timeout_s)
            finally:
                self._hurry -= 1
        return stored and self._sessionization.flush(max(0.0, until_s - time.monotonic()))

    def state(self) -> WorkerState:
        """Return how the worker is doing."""
        return WorkerState(
            running=self._thread.is_alive(),
            pending=self._spool.pending,
            dead=self._spool.dead_count,
            last_error=self._last_error,
        )

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = self._step()
                self._last_error, self._pause_s = "", _FIRST_PAUSE_S
            except IsothermError as error:
                self._rest(worded(error))
                continue
            except Exception as error:  # noqa: BLE001 - the thread must outlive any fault
                _log.exception("The worker failed")
                self._rest(reported(error))
                continue
            if not busy:
                self._idle()

    def _step(self) -> bool:
        """Do one piece of work; False when there was none."""
        if not self._hurry and self._spool.pending:
            self._spool.wait(GATHER_S, least=BATCH)
        batch = self._spool.read(BATCH)
        if batch is not None:
            self._store(batch.events)
            self._spool.ack(batch)
            self._maintain()
            return True
        self._maintain()
        return False

    def _idle(self) -> None:
        with self._state:
            if self._spool.pending == 0:
                self._rounds += 1
                self._state.notify_all()
        self._spool.wait(_LONGEST_PAUSE_S)

    def _rest(self, message: str) -> None:
        """Leave the stores alone for a while that grows with every failure."""
        if message != self._last_error:
            _log.warning("Events wait in the spool: %s", message)
        self._last_error = message
        self._after_fault()
        self._stopping.wait(self._pause_s)
        self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)

    def _store(self, events: Sequence[Event]) -> None:
        """Store events, waiting for stores that are away. Raises STORE_UNAVAILABLE at the end."""
        recovered = events[: self._recovered]
        if recovered:
            self._recovered -= len(recovered)
            self._count_left(recovered)
        self._store_part(events)

    def _store_part(self, events: Sequence[Event]) -> None:
        """Store events; halve what fails until the event at fault is found."""
        try:
            self._patiently(lambda: self._store_once(events))
        except IsothermError as error:
            if error.code is Code.STORE_UNAVAILABLE:
                raise
            self._divide(events, error)
        except Exception as error:  # noqa: BLE001 - it is kept with the reason, and counted
            self._divide(events, error)

    def _divide(self, events: Sequence[Event], error: Exception) -> None:
        if len(events) > 1:
            middle = len(events) // 2
            self._store_part(events[:middle])
            self._store_part(events[middle:])
        else:
            self._bury(events[0], worded(error))

    def _store_once(self, events: Sequence[Event]) -> None:
        # a copied segment may have lost its body
        segments = [event for event in events if isinstance(event, Segment) and event.body]
        if segments:
            self._replays.put_all(segments)
        rejected: dict[int, str] = {}
        with self._journal.write_lock() if self._journal else nullcontext():
            if self._journal:
                rejected = {one.position: one.reason for one in self._journal.write(events)}
            kept = [event for position, event in enumerate(events) if position not in rejected]
            appended = self._engine.append(kept)
        self._count(kept, appended)
        self._sessionization.touch(appended.pending)
        for position, reason in rejected.items():
            self._bury(events[position], reason)

    def _bury(self, event: Event, reason: str) -> None:
        _log.warning("An event cannot be stored: %s", reason)
        self._patiently(lambda: self._spool.add_dead_letter(event, reason))
        self._counters.dropped(DropReason.UNSTORABLE, items([event]))

    def _patiently(self, work: Callable[[], None]) -> None:
        """Do something again and again while its store is away, until the worker is stopped."""
        while True:
            try:
                return work()
            except IsothermError as error:
                if error.code is not Code.STORE_UNAVAILABLE or self._stopping.is_set():
                    raise
                self._rest(worded(error))

    def _count(self, events: Sequence[Event], appended: Appended) -> None:
        duplicates = items([events[position] for position in appended.duplicates])
        outdated = items([events[position] for position in appended.outdated])
        self._counters.accepted(items(events) - duplicates - outdated)
        if duplicates:
            self._counters.dropped(DropReason.DUPLICATE, duplicates)
        if outdated:
            self._counters.dropped(DropReason.OUTDATED, outdated)
