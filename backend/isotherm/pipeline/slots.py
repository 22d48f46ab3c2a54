"""The processes of one server, which share a data folder: each has a slot there.

A slot is a folder with the spool of a process, its counts, and what it tells of its state. Whoever
holds the lock of the spool has the slot; the kernel takes the lock from a process that dies. What a
process leaves in its spool, the process that has its slot next finds there, or the one that keeps
house takes it over (`taking_over.py`). The counts of the server are the sums over its slots.
"""

import fcntl
import logging
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import IO, Any, Final

import msgspec
from msgspec import Struct

from isotherm.intake.drops import Counters, Snapshot, summed
from isotherm.model import Event, Segment
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.dead_letters import DeadLetters
from isotherm.pipeline.spool import DEAD_LETTERS, Spool
from isotherm.storage.objects import record_log as frames

SPOOL: Final = "spool"
_COUNTS: Final = "counts"
_STATE: Final = "state"
_SERVER_LOCK: Final = "server.lock"
_STARTING_LOCK: Final = "starting.lock"
_HOUSE_LOCK: Final = "housekeeping.lock"
RECOVERED: Final = "recovered"
"""The sender, in the counters, of events that an earlier process left in the spool."""

_TRIES: Final = 20
"""Who reads counts while they are written sees a wrong checksum, and looks again."""

_log = logging.getLogger(__name__)


class ServerStart(Struct, frozen=True):
    """One start of a server: its processes count on together."""

    id: int  # tells it from other starts
    workers: int = 1


class Counts(Struct, frozen=True):
    """What the processes that had a slot have counted."""

    server: int
    counts: Snapshot


class State(Struct, frozen=True):
    """What a process tells of itself about once a second."""

    server: int
    pid: int  # 0: it has ended
    pending: int  # events in its spool
    parts: dict[str, dict[str, Any]]  # of the status page
    answers: dict[str, float]  # times to answer, by sample of the metric

    @property
    def runs(self) -> bool:
        """Whether the process is alive."""
        if not self.pid:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:  # another user's
            pass
        return True


class Slot:
    """A slot that this process holds."""

    def __init__(
        self,
        number: int,
        spool: Spool,
        folder: Path,
        server: ServerStart,
        *,
        was_alone: bool = False,
        keeps: bool = True,
    ) -> None:
        """Go on with the counts of the process of this server that had it, if there was one.

        `was_alone`: no other process was there when it was taken. `keeps`: counts are written
        where others find them.
        """
        self.number = number
        self.spool = spool
        self.was_alone = was_alone
        self._folder = folder
        self._fault = ""
        self._server = server
        (folder / _COUNTS).touch(0o600)
        self._file = (folder / _COUNTS).open("r+b", buffering=0)
        before = read_state(folder, server)
        self.answers: Mapping[str, float] = before.answers if before else {}
        """Times to answer of those who had the slot before."""
        self.counters = Counters(
            since=_counts_of(folder, server), keep=self._keep if keeps else None
        )
        self._told = State(server.id, os.getpid(), 0, {}, dict(self.answers))
        self._counted = 0
        uncounted = self.counters.snapshot().uncounted
        if uncounted > 0:
            self.counters.received(RECOVERED, uncounted)
        else:
            self._counted = -uncounted

    def count_left(self, events: Sequence[Event]) -> None:
        """Count events that an earlier process left, as far as it has not counted them itself."""
        found = items(events)
        known = min(found, self._counted)
        self._counted -= known
        if found > known:
            self.counters.received(RECOVERED, found - known)

    def is_of(self, server: ServerStart) -> bool:
        """Tell whether its counts are those of a server."""
        return self._server.id == server.id

    def tell(self, parts: dict[str, dict[str, Any]], answers: dict[str, float]) -> None:
        """Tell the other processes how this one is. Raises OSError."""
        total = Counter(answers)
        total.update(self.answers)
        self._told = State(self._server.id, os.getpid(), self.spool.pending, parts, dict(total))
        self._write(self._told)

    def close(self) -> None:
        """Give it up. What it has counted and told stays for the server."""
        if not self._file.closed:
            left = State(self._server.id, 0, self.spool.pending, {}, self._told.answers)
            with suppress(OSError):  # it is told a little too much
                self._write(left)
        self.spool.close()
        self._file.close()

    def _write(self, state: State) -> None:
        new = self._folder / f"{_STATE}.new"
        new.write_bytes(msgspec.msgpack.encode(state))
        new.replace(self._folder / _STATE)

    def _keep(self, counts: Snapshot) -> None:
        """Write the counts where they outlive this process; a full disk is no reason to stop."""
        if self._file.closed:
            return
        record = frames.pack(msgspec.msgpack.encode(Counts(self._server.id, counts)))
        fault = ""
        try:
            os.pwrite(self._file.fileno(), record, 0)
        except OSError as error:
            fault = str(error.strerror)
        if fault and fault != self._fault:
            _log.warning("The counts of this process cannot be written (%s)", fault)
        self._fault = fault


def claim(data: Path, server: ServerStart, quota_bytes: int) -> Slot:
    """Take the first slot that is free, beside the other processes of a server.

    Raises CONFLICT while a command has the folder for itself, STORE_UNAVAILABLE.
    """
    try:
        _server_lock(data, fcntl.LOCK_EX).close()
        alone = True
    except IsothermError:
        alone = False
    lock = _server_lock(data, fcntl.LOCK_SH)
    dead = DeadLetters(data / SPOOL / DEAD_LETTERS)
    for number in count(1):
        folder = slot_folder(data, number)
        try:
            spool = Spool(folder, quota_bytes=quota_bytes, dead=dead)
        except IsothermError as error:
            if error.code is Code.CONFLICT:
                continue  # another process has it
            lock.close()
            raise
        spool.hold(lock)
        return Slot(number, spool, folder, server, was_alone=alone)
    raise AssertionError


def claim_alone(data: Path, server: ServerStart, quota_bytes: int) -> Slot:
    """Take the folder for this process alone. Raises CONFLICT while a server runs on it."""
    folder = slot_folder(data, 1)
    spool = Spool(folder, quota_bytes=quota_bytes)
    try:
        spool.hold(_server_lock(data, fcntl.LOCK_EX))
    except BaseException:
        spool.close()
        raise
    return Slot(1, spool, folder, server, was_alone=True, keeps=False)


def items(events: Sequence[Event]) -> int:
    """Return how many received events these are: a segment may stand for several."""
    return sum(event.events if isinstance(event, Segment) else 1 for event in events)


@contextmanager
def starting(data: Path) -> Iterator[None]:
    """Let the processes of a server open what they share one after the other."""
    with (data / _STARTING_LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def slots(data: Path) -> Iterator[tuple[int, Path]]:
    """Yield number and folder of every slot."""
    for folder in sorted(data.glob(f"{SPOOL}*")):
        number = folder.name.removeprefix(SPOOL).removeprefix("-") or "1"
        if number.isdecimal() and folder.is_dir():
            yield int(number), folder


def slot_folder(data: Path, number: int) -> Path:
    """Return where a slot is; the first one is the spool of a server of one process."""
    return data / (SPOOL if number == 1 else f"{SPOOL}-{number}")


def read_counts(folder: Path) -> Counts | None:
    """Return the counts of a slot; None when there are none that can be read."""
    path = folder / _COUNTS
    for _ in range(_TRIES):
        if not path.exists():
            return None
        for frame in frames.scan(path):
            with suppress(msgspec.ValidationError):  # of another release
                return msgspec.msgpack.decode(frame.payload, type=Counts)
            return None
    return None


def _counts_of(folder: Path, server: ServerStart) -> Snapshot | None:
    """Return the counts of a slot; None when no process of this server has had it."""
    told = read_counts(folder)
    return told.counts if told and told.server == server.id else None


def read_state(folder: Path, server: ServerStart) -> State | None:
    """Return what the process of a slot tells, if it is of this server."""
    try:
        state = msgspec.msgpack.decode((folder / _STATE).read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):  # none is there, or one of another release
        return None
    return state if state.server == server.id else None


class HouseLock:
    """Exactly one process of a data folder keeps house; when it dies, another one can."""

    def __init__(self, data: Path) -> None:
        self._path = data / _HOUSE_LOCK
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """Try to become the one; True when this process is."""
        if self._file is None:
            file = self._path.open("a")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                return False
            self._file = file
        return True

    def is_held(self) -> bool:
        """Tell whether any process keeps house, also one of another server on this folder."""
        with self._path.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def give_up(self) -> None:
        """Let another process keep house."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _server_lock(data: Path, kind: int) -> IO[str]:
    data.mkdir(parents=True, exist_ok=True)
    file = (data / _SERVER_LOCK).open("a")
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        message = (
            f"A server or a command of Isotherm works on {data}. Stop it, or give this one a data "
            "folder of its own."
        )
        raise IsothermError(Code.CONFLICT, message) from error
    return file


class Together:
    """What the processes of a server tell, as if it were one. The own process is asked itself."""

    def __init__(self, data: Path, server: ServerStart, mine: Slot) -> None:
        self._data = data
        self._server = server
        self._mine = mine

    def snapshot(self) -> Snapshot:
        """Return the counts of all processes, also of those that are gone."""
        others = (_counts_of(folder, self._server) for folder in self._others())
        return summed([self._mine.counters.snapshot(), *filter(None, others)])

    @property
    def pending(self) -> int:
        """How many events are in the spools, not yet in the store."""
        return self._mine.spool.pending + sum(one.pending for one in self._told())

    @property
    def dead_count(self) -> int:
        """How many events could not be stored."""
        return self._mine.spool.dead_count

    def replay_dead(self) -> int:
        """Put them back into a spool; return how many. Raises STORE_UNAVAILABLE."""
        return self._mine.spool.replay_dead()

    def states(self) -> list[State]:
        """Return what the other processes that are alive tell."""
        return [one for one in self._told() if one.runs]

    def answers(self, mine: Mapping[str, float]) -> dict[str, float]:
        """Return times to answer of all processes, also of those that are gone."""
        total = Counter(dict(mine))
        total.update(self._mine.answers)
        for state in self._told():
            total.update(state.answers)
        return dict(total)

    def _told(self) -> list[State]:
        """Return what the other slots tell, also those whose process has ended."""
        found = (read_state(folder, self._server) for folder in self._others())
        return [one for one in found if one is not None]

    def _others(self) -> Iterator[Path]:
        return (folder for number, folder in slots(self._data) if number != self._mine.number)
