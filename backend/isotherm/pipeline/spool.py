"""The durable queue between the intake and the stores: what is in it survives a crash.

A folder of append-only segment files. Each `append` is one frame of msgpack; it returns when the
frame is on disk, and requests that wait at the same time share one fsync. The reader confirms what
it has stored; files are removed when everything in them is confirmed. One process owns a spool; the
processes of a server have one each (`slots.py`).
"""

import contextlib
import fcntl
import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

import msgspec
from msgspec import Struct

from isotherm.model import Event
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.dead_letters import DeadLetter, DeadLetters
from isotherm.storage.durable import sync_folder, write_durably
from isotherm.storage.objects import record_log as frames

_SEGMENT_BYTES: Final = 64 * 2**20
_RETRY_AFTER_S: Final = 10
_CONFIRMED: Final = "confirmed"
DEAD_LETTERS: Final = "dead_letters"
"""Where a spool keeps what cannot be stored."""

_log = logging.getLogger(__name__)
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Event]).decode


class Position(Struct, frozen=True, order=True):
    """A place in the spool: everything before it is meant."""

    segment: int
    offset: int


class Batch(Struct, frozen=True):
    """Events in order of arrival, and where reading goes on after them."""

    events: list[Event]
    end: Position


class _Waiting:
    """One `append` call: its frame and what became of it."""

    def __init__(self, frame: bytes, items: int) -> None:
        self.frame = frame
        self.items = items
        self.done = False
        self.error: IsothermError | None = None


class Spool:
    """A spool folder. `append` may be called by many threads, `read` and `ack` by one."""

    def __init__(
        self,
        folder: Path,
        *,
        quota_bytes: int,
        segment_bytes: int = _SEGMENT_BYTES,
        dead: DeadLetters | None = None,
    ) -> None:
        """Take a folder over. Raises CONFLICT when another process has it, STORE_UNAVAILABLE.

        `dead` is where events go that cannot be stored; by default a folder in this one.
        """
        self._folder = folder
        self._quota_bytes = quota_bytes
        self._segment_bytes = min(segment_bytes, max(1, quota_bytes // 8))
        self._mutex = threading.Lock()  # guards _waiting
        self._writing = threading.Lock()  # held by the one thread that writes for all
        self._state = threading.Condition()  # guards the numbers below
        self._waiting: list[_Waiting] = []
        self._sizes: dict[int, int] = {}  # segment -> durable bytes
        self._pending = 0
        self._wanted = 1  # events that the reader waits for
        self._woken = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._locks = [_own(folder)]
            self.dead = dead or DeadLetters(folder / DEAD_LETTERS)
            self._confirmed = self._load_confirmed()
            self._recover()
            self.recovered = self._pending  # events that an earlier process left
            self._file = self._open(max(self._sizes, default=self._confirmed.segment) + 1)
        except OSError as error:
            message = f"The spool in {folder} cannot be opened ({error.strerror})."
            raise IsothermError(Code.STORE_UNAVAILABLE, message) from error

    def append(self, events: Sequence[Event]) -> None:
        """Keep events; return when they are on disk. Nothing of them is kept when it raises.

        Raises STORE_UNAVAILABLE when the disk or the quota is full, INVALID for text that is not
        Unicode.
        """
        if not events:
            return
        try:
            payload = _encode(list(events))
        except UnicodeEncodeError as error:
            raise IsothermError(Code.INVALID, f"Text is not valid Unicode: {error}") from error
        mine = _Waiting(frames.pack(payload, len(events)), len(events))
        with self._mutex:
            self._waiting.append(mine)
        with self._writing:
            if not mine.done:
                with self._mutex:
                    group, self._waiting = self._waiting, []
                self._write(group)
        if mine.error:
            raise mine.error

    def read(self, most: int) -> Batch | None:
        """Return the oldest events that are not confirmed, about `most`; None when there are none.

        A frame is never split, so there may be more. The same batch comes again until `ack`.
        """
        with self._state:
            start, sizes = self._confirmed, dict(self._sizes)
        events: list[Event] = []
        end = start
        for segment in sorted(number for number in sizes if number >= start.segment):
            offset = start.offset if segment == start.segment else 0
            if offset >= sizes[segment]:
                continue
            for frame in frames.scan(self._path(segment), offset, sizes[segment]):
                events += self._decoded(frame)
                end = Position(segment, frame.end)
                if len(events) >= most:
                    return Batch(events, end)
        return Batch(events, end) if end > start else None

    def ack(self, batch: Batch) -> None:
        """Confirm a batch: it is stored and is not read again."""
        self._save_confirmed(batch.end)
        with self._state:
            self._confirmed = batch.end
            self._pending -= len(batch.events)
            active = max(self._sizes)
            used_up = [number for number in self._sizes if number < batch.end.segment]
            last = batch.end.segment
            if last != active and batch.end.offset >= self._sizes[last]:
                used_up.append(last)
            for number in used_up:
                del self._sizes[number]
            self._state.notify_all()
        for number in used_up:
            try:
                self._path(number).unlink()
            except OSError as error:  # everything in it is confirmed: the next start removes it
                _log.warning("%s cannot be removed (%s)", self._path(number), error.strerror)

    def drop_confirmed(self) -> None:
        """Remove from the disk what is confirmed, which the file in use keeps until it is full.

        Raises STORE_UNAVAILABLE.
        """
        with self._writing:
            active = max(self._sizes)
            with self._state:
                kept = self._confirmed != Position(active, self._sizes[active])
            if kept or not self._sizes[active]:
                return
            try:
                new = self._open(active + 1)
                self._file.close()
                self._file = new
                with self._state:
                    del self._sizes[active]
                self._path(active).unlink()
            except OSError as error:
                raise _full(f"The spool cannot be written ({error.strerror})") from error

    def wait(self, timeout_s: float | None, least: int = 1) -> bool:
        """Wait for so many events to read, or `wake`; False when there is nothing to read."""
        with self._state:
            self._wanted = least
            self._state.wait_for(lambda: self._pending >= least or self._woken, timeout_s)
            self._woken = False
            return self._pending > 0

    def wake(self) -> None:
        """End a `wait`."""
        with self._state:
            self._woken = True
            self._state.notify_all()

    @property
    def pending(self) -> int:
        """How many events are not confirmed yet."""
        with self._state:
            return self._pending

    @property
    def size_bytes(self) -> int:
        """Disk space that the queue takes, dead letters apart."""
        with self._state:
            return sum(self._sizes.values())

    @property
    def dead_count(self) -> int:
        """How many events could not be stored."""
        return self.dead.count

    def add_dead_letter(self, event: Event, reason: str) -> None:
        """Keep an event that cannot be stored, with the reason. Raises STORE_UNAVAILABLE."""
        try:
            self.dead.add(event, reason)
        except OSError as error:
            raise _full(f"Dead letters cannot be written ({error.strerror})") from error

    def dead_letters(self) -> list[DeadLetter]:
        """Return all events that could not be stored, oldest first."""
        return self.dead.all()

    def replay_dead(self) -> int:
        """Put all dead letters back into the queue; return how many."""
        return self.dead.hand_back(self.append)

    def hold(self, lock: IO[str]) -> None:
        """Give a lock up together with the folder."""
        self._locks.append(lock)

    def close(self) -> None:
        """Give the folder up."""
        with self._writing:
            self._file.close()
            for lock in self._locks:
                lock.close()

    def _write(self, group: list[_Waiting]) -> None:
        room = self._quota_bytes - self.size_bytes
        accepted = []
        for waiting in group:
            waiting.done = True
            if len(waiting.frame) > room:
                waiting.error = _full("The spool has reached its quota")
            else:
                room -= len(waiting.frame)
                accepted.append(waiting)
        if not accepted:
            return
        active = max(self._sizes)
        if self._sizes[active] >= self._segment_bytes:
            self._file.close()
            active += 1
            self._file = self._open(active)
        durable = self._sizes[active]
        data = b"".join(waiting.frame for waiting in accepted)
        try:
            frames.write_at(self._file.fileno(), data, durable)
            os.fdatasync(self._file.fileno())
        except OSError as error:
            for waiting in accepted:
                waiting.error = _full(f"The spool cannot be written ({error.strerror})")
            self._take_back(active, durable)
            return
        with self._state:
            self._sizes[active] = durable + len(data)
            self._pending += sum(waiting.items for waiting in accepted)
            if self._pending >= self._wanted:  # waking a thread for less costs each request time
                self._state.notify_all()

    def _take_back(self, active: int, durable: int) -> None:
        """Leave nothing half-written. After a failed fsync a file is not to be trusted further."""
        with contextlib.suppress(OSError):  # else the next frame is written over what is there
            self._file.truncate(durable)
        with contextlib.suppress(OSError):  # else this file is tried again
            new = self._open(active + 1)
            self._file.close()
            self._file = new

    def _open(self, number: int) -> IO[bytes]:
        file = self._path(number).open("wb", buffering=0)
        sync_folder(self._folder)
        with self._state:
            self._sizes[number] = 0
        return file

    def _decoded(self, frame: frames.Frame) -> list[Event]:
        try:
            return _decode(frame.payload)
        except msgspec.ValidationError as error:
            message = (
                f"The spool in {self._folder} has events of another release ({error}). "
                "Let that release empty it first."
            )
            raise IsothermError(Code.CONFLICT, message) from error

    def _recover(self) -> None:
        """Find what is not confirmed; cut a torn end, which nobody was told is safe."""
        numbers = sorted(int(path.stem) for path in self._folder.glob("*.frames"))
        for number in numbers:
            path = self._path(number)
            if number < self._confirmed.segment:
                path.unlink()
                continue
            start = self._confirmed.offset if number == self._confirmed.segment else 0
            end = start
            for frame in frames.scan(path, start):
                end = frame.end
                self._pending += frame.items
            if path.stat().st_size > end:
                _cut(path, end, keep=number != numbers[-1])
            if end > start:
                self._sizes[number] = end
            else:
                path.unlink()

    def _load_confirmed(self) -> Position:
        path = self._folder / _CONFIRMED
        if not path.exists():
            return Position(1, 0)
        try:
            segment, offset = map(int, path.read_bytes().split())
        except ValueError:
            _log.exception(
                "%s is damaged: what was stored is stored again, and still counts once",
                path,
            )
            return Position(1, 0)
        return Position(max(segment, 1), max(offset, 0))

    def _save_confirmed(self, position: Position) -> None:
        path = self._folder / _CONFIRMED
        new = path.with_suffix(".new")
        try:
            with new.open("w") as file:
                file.write(f"{position.segment} {position.offset}\n")
                file.flush()
                os.fdatasync(file.fileno())
            new.replace(path)
        except OSError as error:
            raise _full(f"The spool cannot be written ({error.strerror})") from error

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:012d}.frames"


def _own(folder: Path) -> IO[str]:
    """Lock the folder for this process until the returned file is closed."""
    file = (folder / "owner").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        owner = file.read().strip() or "unknown"
        file.close()
        message = (
            f"The spool in {folder} belongs to another process (pid {owner}). Stop it, or give "
            "this one a data folder of its own."
        )
        raise IsothermError(Code.CONFLICT, message) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _cut(path: Path, end: int, *, keep: bool) -> None:
    """Cut a file behind its last whole frame; a damaged middle of the queue is kept aside."""
    with path.open("r+b") as file:
        if keep:
            file.seek(end)
            damaged = path.with_suffix(".damaged")
            write_durably(damaged, file.read())
            _log.error("%s was damaged after byte %d; the rest is kept in %s", path, end, damaged)
        else:
            _log.warning("%s ended in a torn write after byte %d; it is cut there", path, end)
        file.truncate(end)
        os.fsync(file.fileno())


def _full(message: str) -> IsothermError:
    return IsothermError(
        Code.STORE_UNAVAILABLE, f"{message}; send again later.", retry_after_s=_RETRY_AFTER_S
    )
