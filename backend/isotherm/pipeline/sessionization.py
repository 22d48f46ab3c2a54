"""Reads recordings that have grown once they are quiet, and stores the result as rows.

They are read in processes of their own, while events go on being stored: nothing is held meanwhile.
What was read is written only onto the rows that it was read from; what came in between stays, and
makes the recording due again. Which recordings are due is stored with the rows
(`Engine.pending_recordings`), so a crash forgets none.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import Final

from msgspec import Struct

from isotherm.model.errors import Code, IsothermError
from isotherm.model.faults import reported, worded
from isotherm.pipeline.quarantine import Quarantine
from isotherm.pipeline.readers.messages import Derive, DerivedRows, Enrich, Loaded
from isotherm.pipeline.readers.process import ReaderProcess, UnreadableError
from isotherm.pipeline.reading_schedule import MOST, DueRecordings
from isotherm.pipeline.write_back import Rows, merged, rows_of
from isotherm.storage.ports import Engine, Journal, Recording

_log = logging.getLogger(__name__)

_RETRY_S: Final = 5.0
_LOOK_S: Final = 30.0


class ReadingState(Struct, frozen=True):
    """How the reading of recordings is doing, for the status page."""

    running: bool
    due: int  # recordings that wait or are being read
    read: int  # recordings read, since the start
    quarantined: int  # recordings that could not be read, since the start
    processes: tuple[int, ...]  # ids of the reader processes that run
    last_error: str  # "" = all is well


class _Lane(Struct, frozen=True, eq=False):
    """A process and the recordings that wait for it."""

    process: ReaderProcess
    due: DueRecordings
    then: DueRecordings | None  # where what takes too long here waits; None = it cannot be read


class Sessionization:
    """Reads what is due, one thread per process. `start` and `stop` once each.

    What is not read quickly, or ends its process, goes to `longer` and then to `patient`, so that
    the others wait for it no longer than it takes to find out: the many that are read at once for
    no second, and those that take some seconds not for what takes all the time it may.
    """

    def __init__(
        self,
        engine: Engine,
        journal: Journal | None,
        quarantine: Quarantine,
        quick: Sequence[ReaderProcess],
        patient: ReaderProcess,
        *,
        longer: ReaderProcess | None = None,
        on_read: Callable[[Recording], None] = lambda _: None,
        quiet_period_s: float = 2.0,
        most_due: int = MOST,
    ) -> None:
        """Take the parts; `on_read` hears of recordings that were read."""
        self._engine = engine
        self._journal = journal
        self._quarantine = quarantine
        self._on_read = on_read
        later = [process for process in (longer, patient) if process is not None]
        self._dues = [
            DueRecordings(quiet_period_s, most=most_due) for _ in range(1 + max(1, len(later)))
        ]
        self._due, *self._slow = self._dues
        self._stopping = threading.Event()
        self._state = threading.Condition()  # of the numbers below
        self._read = 0
        self._quarantined = 0
        self._errors: dict[_Lane, str] = {}
        self._lanes = [
            *(_Lane(process, self._due, self._slow[0]) for process in quick),
            *map(_Lane, later, self._slow, [*self._slow[1:], None]),
        ]
        self._threads = [
            threading.Thread(target=self._run, args=(lane,), name=f"reader {number}", daemon=True)
            for number, lane in enumerate(self._lanes)
        ]

    def start(self) -> None:
        """Begin to read, with what was left unread. Raises STORE_UNAVAILABLE; try again then."""
        self._due.touch(self._engine.pending_recordings())
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End at once, with the processes; what is not read stays due."""
        self._stopping.set()
        for lane in self._lanes:
            lane.process.close()
            lane.due.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def touch(self, recordings: Iterable[Recording], *, now: bool = False) -> None:
        """Say that recordings have grown."""
        for recording in recordings:
            slow = (due for due in reversed(self._slow) if due.knows(recording))
            next(slow, self._due).touch([recording], now=now)

    def flush(self, timeout_s: float) -> bool:
        """Wait until every recording is read or in quarantine; False if it took longer."""
        with ExitStack() as hurried:
            for due in self._dues:
                hurried.enter_context(due.hurry())
            with self._state:
                return self._state.wait_for(self._is_idle, timeout_s)

    def state(self) -> ReadingState:
        """Return how the reading is doing."""
        pids = (lane.process.pid for lane in self._lanes)
        return ReadingState(
            running=all(thread.is_alive() for thread in self._threads),
            due=sum(map(len, self._dues)),
            read=self._read,
            quarantined=self._quarantined,
            processes=tuple(pid for pid in pids if pid is not None),
            last_error=next(filter(None, self._errors.copy().values()), ""),
        )

    def _is_idle(self) -> bool:
        return not any(due.left_out or len(due) for due in self._dues)

    def _run(self, lane: _Lane) -> None:
        while not self._stopping.is_set():
            try:
                busy = self._step(lane)
            except Exception as error:  # noqa: BLE001 - the thread must outlive any fault
                self._rest(lane, error)
                continue
            with self._state:
                self._errors.pop(lane, None)
                self._state.notify_all()
            if not busy:
                lane.due.wait(_LOOK_S)

    def _step(self, lane: _Lane) -> bool:
        """Read one recording that is due; False when there is none. Raises STORE_UNAVAILABLE."""
        recording = lane.due.take()
        if recording is None:
            return self._fetch_left_out(lane)
        started = time.monotonic()
        try:
            self._treat(lane, recording)
        except BaseException:
            lane.due.again(recording, _RETRY_S)
            raise
        lane.due.done(recording, time.monotonic() - started)
        return True

    def _treat(self, lane: _Lane, recording: Recording) -> None:
        """Read a recording and write back, or set it aside. Raises STORE_UNAVAILABLE."""
        if self._quarantine.holds(recording, "reading"):
            return
        try:
            was_read = self._read_one(lane, recording)
        except UnreadableError as error:
            if error.final or lane.then is None:
                self._put_aside(recording, error.reason, error.loaded)
            else:
                lane.then.touch([recording], now=True)
        except IsothermError as error:
            if error.code is Code.STORE_UNAVAILABLE:
                raise
            self._put_aside(recording, error.message, Loaded())
        except Exception as error:  # noqa: BLE001 - what it answers may break the stores in any way
            _log.exception("The recording of %s cannot be stored", recording)
            self._put_aside(recording, worded(error), Loaded())
        else:
            self._quarantine.release(recording, "reading")
            with self._state:
                self._read += was_read

    def _read_one(self, lane: _Lane, recording: Recording) -> bool:
        """Read a recording and write back; False when there was nothing to do."""
        with self._engine.write_lock():
            before = rows_of(self._engine, recording)
        if not before.marks:  # deleted meanwhile
            return False
        derived = lane.process.ask(_task(recording, before), twice=lane.then is None)
        assert isinstance(derived, DerivedRows)
        written = self._write_back(recording, before, derived)
        if written:
            self._on_read(recording)
        return written

    def _write_back(self, recording: Recording, before: Rows, derived: DerivedRows) -> bool:
        """Write what was read; False when there is nothing (any more) to write it onto."""
        application, session, view = (
            recording.application, recording.session_id, recording.view_id,
        )  # fmt: skip
        with ExitStack() as locks:
            if self._journal:
                locks.enter_context(self._journal.write_lock())
            locks.enter_context(self._engine.write_lock())
            now = rows_of(self._engine, recording)
            if not derived.segments and now == before:  # bodies deleted or expired
                self._engine.mark_read(recording)
                return False
            after = merged(recording, before, now, derived) if derived.segments else None
            if after is None:
                self.touch([recording])
                return False
            if self._journal:
                self._journal.replace(
                    application, session, view,
                    actions=after.actions, views=after.views,
                    errors=after.errors, details=after.details,
                )  # fmt: skip
            marks_read = now.marks == before.marks
            self._engine.replace(
                application, session, view, marks_read=marks_read,
                actions=after.actions, views=after.views,
                errors=after.errors, details=after.details,
            )  # fmt: skip
        if not marks_read:  # the worker says so, too, but perhaps before this was at hand
            self.touch([recording])
        return True

    def _put_aside(self, recording: Recording, reason: str, loaded: Loaded) -> None:
        # clicks of views came as events of their own and are counted
        events = loaded.events if recording.view_id is None else 0
        self._quarantine.add(
            recording, "reading", reason,
            sender=loaded.sender, size_bytes=loaded.size_bytes, events=events,
        )  # fmt: skip
        with self._state:
            self._quarantined += 1

    def _fetch_left_out(self, lane: _Lane) -> bool:
        """Ask the store for recordings that did not fit into memory."""
        if not lane.due.left_out:
            return False
        with self._state:  # nobody finds it idle in between
            if lane.due is not self._due:
                lane.due.left_out = False
                self._due.left_out = True
                self._due.touch([])
                return True
            counted = self._quarantine.recordings("reading")
            pending = [one for one in self._engine.pending_recordings() if one not in counted]
            lane.due.refill(one for one in pending if not any(due.knows(one) for due in self._slow))
        return True

    def _rest(self, lane: _Lane, error: Exception) -> None:
        """Leave the stores alone for a while."""
        if self._stopping.is_set():
            return
        message = reported(error)
        if message != self._errors.get(lane):
            _log.warning("Recordings could not be read yet: %s", message, exc_info=error)
        self._errors[lane] = message
        self._stopping.wait(_RETRY_S)


def _task(recording: Recording, before: Rows) -> Enrich | Derive:
    application, session = recording.application, recording.session_id
    if recording.view_id is None:
        return Derive(application, session)
    return Enrich(application, session, recording.view_id, list(before.views), list(before.actions))
