"""What the server does while the disk is full: it says so, and starts again once there is room.

DuckDB gives its file up when a sync fails, so only a new process can go on. That one writes while
it starts: without room it would fail, and the server would end for good.
"""

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import msgspec
from msgspec import Struct

from isotherm.model.errors import Code, IsothermError, error_body

_log = logging.getLogger(__name__)

ROOM_BYTES: Final = 32 << 20
ASK_EVERY_S: Final = 30
FIRST_PAUSE_S: Final = 60
LONGEST_PAUSE_S: Final = 3_600
CALM_S: Final = 6 * 3_600
"""After so long the pauses begin anew."""

_PIECE_BYTES: Final = 1 << 20
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_FULL_WORDS: Final = ("no space left", "disk is full", "quota exceeded")


class _Stamp(Struct, frozen=True):
    at_s: float = 0.0  # when a process ended itself last, epoch seconds
    pause_s: float = 0.0  # how long the next one must wait after that


class Restarts:
    """Says when a process may end itself so that another takes its place. For one thread."""

    def __init__(
        self,
        folder: Path,
        *,
        clock_s: Callable[[], float] = time.time,
        every_s: float = ASK_EVERY_S,
    ) -> None:
        self._folder = folder
        self._file = folder / "restarts.json"
        self._clock_s = clock_s
        self._every_s = every_s
        self._next_s = 0.0  # monotonic

    def due(self) -> bool:
        """Tell whether to do it now, and note that; looks at the disk every 30 s at most.

        A second restart soon after the first is put off, the third for longer, and so on.
        """
        if time.monotonic() < self._next_s:
            return False
        self._next_s = time.monotonic() + self._every_s
        last, now_s = self._last(), self._clock_s()
        since_s = now_s - last.at_s
        if 0 <= since_s < last.pause_s or no_room(self._folder):
            return False
        pause_s = min(2 * last.pause_s, LONGEST_PAUSE_S) if 0 <= since_s < CALM_S else 0
        return self._note(_Stamp(now_s, max(pause_s, FIRST_PAUSE_S)))

    def _last(self) -> _Stamp:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_Stamp)
        except (OSError, msgspec.DecodeError):  # none yet, or half of one
            return _Stamp()

    def _note(self, stamp: _Stamp) -> bool:
        new = self._file.with_suffix(".new")
        try:
            new.write_bytes(msgspec.json.encode(stamp))
            new.replace(self._file)
        except OSError as error:
            _log.warning("%s cannot be written (%s)", self._file, error.strerror)
            return False
        return True


def no_room(folder: Path) -> OSError | None:
    """Return why a file of some size cannot be written there; None when it can."""
    probe = folder / ".room"
    try:
        with probe.open("wb") as file:
            for _ in range(ROOM_BYTES // _PIECE_BYTES):
                file.write(os.urandom(_PIECE_BYTES))  # which no file system makes smaller
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error
    finally:
        with suppress(OSError):  # it is written over the next time
            probe.unlink(missing_ok=True)
    return None


def is_full(error: IsothermError | OSError, folder: Path) -> bool:
    """Tell whether a start failed because the disk is full."""
    if isinstance(error, IsothermError) and error.code is not Code.STORE_UNAVAILABLE:
        return False
    if any(word in str(error).lower() for word in _FULL_WORDS):
        return True
    why = no_room(folder)
    return why is not None and why.errno in _FULL


def waiting(
    error: IsothermError | OSError,
    folder: Path,
    restart: Callable[[], None],
    every_s: float = ASK_EVERY_S,
) -> WSGIApplication:
    """Return an application that answers 503 to everything, until the disk has room again.

    It has nothing to lose by a start, so it waits for no pause, nor for other processes.
    """
    message = f"Isotherm starts as soon as there is room on the disk of the data folder. {error}"
    body = msgspec.json.encode(
        error_body(IsothermError(Code.STORE_UNAVAILABLE, message, retry_after_s=ASK_EVERY_S))
    )
    _log.critical("%s", message)

    def wait() -> None:
        while True:
            time.sleep(every_s)
            if no_room(folder) is None:
                _log.warning("There is room on the disk again. Isotherm starts.")
                restart()
                return

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input"].read(_PIECE_BYTES)  # else many senders would not see the answer
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Retry-After", str(ASK_EVERY_S)),
            ("Connection", "close"),
        ]
        start_response("503 Service Unavailable", headers)
        return [body]

    threading.Thread(target=wait, name="waits-for-room", daemon=True).start()
    return application
