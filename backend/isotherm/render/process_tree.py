"""A process and those below it: who they are, and how much memory and processor time they take."""

import os
from pathlib import Path
from typing import NamedTuple

KIBIBYTE = 1 << 10


class Usage(NamedTuple):
    """What a family of processes takes."""

    memory: int  # bytes that they have for themselves
    processor_s: float  # that they and those of them that have ended took


def descendants(pid: int) -> list[int]:
    """Every process below this one; Chromium puts itself in a session of its own."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def usage(pid: int) -> Usage:
    """Return what a process and those below it take."""
    family = [pid, *descendants(pid)]
    return Usage(sum(map(_own_memory, family)), sum(map(_processor_s, family)))


def _own_memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * KIBIBYTE for line in lines if line.startswith("RssAnon:"))


def _processor_s(pid: int) -> float:
    """Return the time of a process and of its children that it has waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")  # utime to cstime, proc(5)
