"""Spools of processes that are gone: what is in them is moved into the spool of a running one."""

from contextlib import closing
from pathlib import Path
from typing import Final

from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.processes.slot import RECOVERED, Slot, items
from isotherm.pipeline.processes.slot_files import ServerStart, read_counts, slots
from isotherm.pipeline.spool import Spool

_MOVED_AT_ONCE: Final = 2_000


def take_over(data: Path, server: ServerStart, mine: Slot, quota_bytes: int) -> int:
    """Move what processes that are gone have left into the own spool; return how many events.

    Raises STORE_UNAVAILABLE when there is no room, CONFLICT for events of another release; what
    can be moved is moved before. An interrupted move is done again; the store counts events once.
    """
    moved, faults = 0, list[IsothermError]()
    for number, folder in slots(data):
        if number == mine.number or not any(map(_size, folder.glob("*.frames"))):
            continue
        try:
            spool = Spool(folder, quota_bytes=quota_bytes, dead=mine.spool.dead)
        except IsothermError as error:
            if error.code is not Code.CONFLICT:  # else its process is alive
                faults.append(error)
            continue
        try:
            moved += _moved(Slot(number, spool, folder, _owner(folder, server)), mine, server)
        except IsothermError as error:
            faults.append(error)
    if faults:
        raise faults[0]
    return moved


def _moved(slot: Slot, mine: Slot, server: ServerStart) -> int:
    """Move what a slot holds; its counts stay those of the server whose process had it."""
    moved = 0
    with closing(slot) as left:
        while batch := left.spool.read(_MOVED_AT_ONCE):
            left.count_left(batch.events)
            mine.spool.append(batch.events)
            left.spool.ack(batch)
            left.counters.moved(-items(batch.events))
            if left.is_of(server):
                mine.counters.moved(items(batch.events))
            else:  # of another start: nobody of this one has counted them
                mine.counters.received(RECOVERED, items(batch.events))
            moved += len(batch.events)
        left.spool.drop_confirmed()
    return moved


def _owner(folder: Path, server: ServerStart) -> ServerStart:
    """Return whose counts a slot holds; `server` if it holds none."""
    counts = read_counts(folder)
    return ServerStart(counts.server) if counts else server


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # its process is alive, and done with it
        return 0
