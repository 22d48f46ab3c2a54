"""Locks between the processes of a data folder; the kernel takes them from a process that dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from isotherm.model.errors import Code, IsothermError

_SERVER_LOCK: Final = "server.lock"
_STARTING_LOCK: Final = "starting.lock"
_HOUSE_LOCK: Final = "housekeeping.lock"


def server_lock(data: Path, kind: int) -> IO[str]:
    """Take the folder: shared, by each process of a server, or alone. Raises CONFLICT."""
    data.mkdir(parents=True, exist_ok=True)
    file = (data / _SERVER_LOCK).open("a")
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        message = (
            f"Another server or command of Isotherm uses {data}. Stop it, or give this one a data "
            "folder of its own."
        )
        raise IsothermError(Code.CONFLICT, message) from error
    return file


@contextmanager
def starting(data: Path) -> Iterator[None]:
    """Let the processes of a server open what they share one after the other."""
    with (data / _STARTING_LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class HousekeepingLock:
    """Exactly one process of a data folder does the housekeeping; when it dies, another one can."""

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
        """Say whether any process does the housekeeping, also of another server on this folder."""
        with self._path.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def give_up(self) -> None:
        """Let another process do the housekeeping."""
        if self._file is not None:
            self._file.close()
            self._file = None
