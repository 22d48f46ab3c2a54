"""Events that could not be stored, kept with the reason until a person has looked at them."""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from isotherm.model import Event
from isotherm.storage.durable import write_durably
from isotherm.storage.objects import record_log as frames


class DeadLetter(Struct, frozen=True):
    """One event and why it was not stored."""

    reason: str
    at_ms: int  # when it was given up
    event: Event


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(DeadLetter).decode


class DeadLetters:
    """A file of dead letters, which several processes may have open at once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "letters.frames"
        self._lock = folder / "lock"
        self._turn = threading.Lock()
        self._path.touch()
        self._looked: tuple[int, int] | None = None  # size and time of the file when it was counted
        self._count = 0
        self._end = 0

    @property
    def count(self) -> int:
        """How many letters there are."""
        with self._turn:
            self._look()
            return self._count

    def add(self, event: Event, reason: str) -> None:
        """Keep an event durably. Raises OSError."""
        letter = frames.pack(_encode(DeadLetter(reason, time.time_ns() // 1_000_000, event)))
        with self._alone(), self._path.open("r+b") as file:
            frames.write_at(file.fileno(), letter, self._end)
            file.truncate(self._end + len(letter))
            os.fsync(file.fileno())
            stat = os.fstat(file.fileno())
            self._end += len(letter)
            self._count += 1
            self._looked = (stat.st_size, stat.st_mtime_ns)  # the own letter is no reason to look

    def all(self) -> list[DeadLetter]:
        """Return all letters, oldest first."""
        return [_decode(frame.payload) for frame in frames.scan(self._path)]

    def erase(self, unwanted: Callable[[Event], bool]) -> int:
        """Delete the letters of some events, in one step; return how many. Raises OSError."""
        with self._alone():
            found = list(frames.scan(self._path))
            kept = [one for one in found if not unwanted(_decode(one.payload).event)]
            if len(kept) < len(found):
                write_durably(self._path, b"".join(frames.pack(one.payload) for one in kept))
                self._looked = None
        return len(found) - len(kept)

    def hand_back(self, take: Callable[[Sequence[Event]], None]) -> int:
        """Give all letters to `take`, which may raise, and forget them; return how many."""
        with self._alone():  # a letter that is added now comes after
            letters = self.all()
            if letters:
                take([letter.event for letter in letters])
                os.truncate(self._path, 0)
                self._looked = None
        return len(letters)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other threads and processes out, and know where the file ends."""
        with self._turn, self._lock.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._look()
            yield

    def _look(self) -> None:
        """Count the letters if the file has changed; a torn end is written over."""
        stat = self._path.stat()
        now = (stat.st_size, stat.st_mtime_ns)
        if now == self._looked:
            return
        self._count = self._end = 0
        for frame in frames.scan(self._path):
            self._count += 1
            self._end = frame.end
        self._looked = now
