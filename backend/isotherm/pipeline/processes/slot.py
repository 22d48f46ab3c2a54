"""The processes of one server, which share a data folder: each has a slot there.

A slot is a folder with the spool of a process, its counts, and what it tells of its state. Whoever
holds the lock of the spool has the slot; the kernel takes the lock from a process that dies. What a
process leaves in its spool, the process that has its slot next finds there, or the one that keeps
house takes it over (`orphaned_spools.py`). The counts of the server are the sums over its slots.
"""

import fcntl
import logging
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

import msgspec

from isotherm.intake.drops import Counters, Snapshot
from isotherm.model import Event, Segment
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.dead_letters import DeadLetters
from isotherm.pipeline.processes.locks import server_lock
from isotherm.pipeline.processes.slot_files import (
    COUNTS,
    SPOOL,
    STATE,
    Counts,
    ServerStart,
    State,
    counts_of,
    read_state,
    slot_folder,
)
from isotherm.pipeline.spool import DEAD_LETTERS, Spool
from isotherm.storage.objects import record_log as frames

RECOVERED: Final = "recovered"
"""The sender, in the counters, of events that an earlier process left in the spool."""

_log = logging.getLogger(__name__)


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
        (folder / COUNTS).touch(0o600)
        self._file = (folder / COUNTS).open("r+b", buffering=0)
        before = read_state(folder, server)
        self.answers: Mapping[str, float] = before.answers if before else {}
        """Times to answer of those who had the slot before."""
        self.counters = Counters(
            since=counts_of(folder, server), keep=self._keep if keeps else None
        )
        self._state = State(server.id, os.getpid(), 0, {}, dict(self.answers))
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
        self._state = State(self._server.id, os.getpid(), self.spool.pending, parts, dict(total))
        self._write(self._state)

    def close(self) -> None:
        """Give it up. What it has counted and told stays for the server."""
        if not self._file.closed:
            left = State(self._server.id, 0, self.spool.pending, {}, self._state.answers)
            with suppress(OSError):  # it is told a little too much
                self._write(left)
        self.spool.close()
        self._file.close()

    def _write(self, state: State) -> None:
        new = self._folder / f"{STATE}.new"
        new.write_bytes(msgspec.msgpack.encode(state))
        new.replace(self._folder / STATE)

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
        server_lock(data, fcntl.LOCK_EX).close()
        alone = True
    except IsothermError:
        alone = False
    lock = server_lock(data, fcntl.LOCK_SH)
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
        spool.hold(server_lock(data, fcntl.LOCK_EX))
    except BaseException:
        spool.close()
        raise
    return Slot(1, spool, folder, server, was_alone=True, keeps=False)


def items(events: Sequence[Event]) -> int:
    """Return how many received events these are: a segment may stand for several."""
    return sum(event.events if isinstance(event, Segment) else 1 for event in events)
