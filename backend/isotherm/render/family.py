"""A process and those below it: who they are and how much memory they have."""

from pathlib import Path

KIBIBYTE = 1 << 10


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


def memory(pid: int) -> int:
    """Return the bytes of memory that a process and those below it have for themselves."""
    return sum(map(_own_memory, [pid, *descendants(pid)]))


def _own_memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * KIBIBYTE for line in lines if line.startswith("RssAnon:"))
