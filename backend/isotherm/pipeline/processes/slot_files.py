"""What a process shares with the others of its server: counts and state, in its slot's folder."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from isotherm.intake.drops import Snapshot
from isotherm.storage.objects import record_log as frames

SPOOL: Final = "spool"
COUNTS: Final = "counts"
STATE: Final = "state"

_TRIES: Final = 20
"""Who reads counts while they are written sees a wrong checksum, and looks again."""


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
    path = folder / COUNTS
    for _ in range(_TRIES):
        if not path.exists():
            return None
        for frame in frames.scan(path):
            with suppress(msgspec.ValidationError):  # of another release
                return msgspec.msgpack.decode(frame.payload, type=Counts)
            return None
    return None


def counts_of(folder: Path, server: ServerStart) -> Snapshot | None:
    """Return the counts of a slot; None when no process of this server has had it."""
    own = read_counts(folder)
    return own.counts if own and own.server == server.id else None


def read_state(folder: Path, server: ServerStart) -> State | None:
    """Return what the process of a slot tells, if it is of this server."""
    try:
        state = msgspec.msgpack.decode((folder / STATE).read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):  # none is there, or one of another release
        return None
    return state if state.server == server.id else None
