"""What a server under load says of itself, and what of it is seen from outside."""

import os
import threading
import time
from pathlib import Path

from msgspec import Struct

from tests.bench.servers import Api

EVERY_S = 2.0
_PAGE_BYTES = os.sysconf("SC_PAGESIZE")


class Sample(Struct, frozen=True):
    """One look."""

    at_s: float
    mb: float  # memory of all its processes
    waiting: int  # events that are accepted and not stored yet


class Watch:
    """Looks at a server again and again until it is closed."""

    def __init__(self, port: int, pid: int) -> None:
        self.samples: list[Sample] = []
        self._api = Api(port)
        self._pid = pid
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._end.set()
        self._thread.join()

    def since(self, at_s: float) -> list[Sample]:
        """Return what was seen since a time."""
        return [one for one in self.samples if one.at_s >= at_s]

    def _run(self) -> None:
        while not self._end.wait(EVERY_S):
            waiting = self._api.status()["spool"]["pending"]
            self.samples.append(Sample(time.monotonic(), memory_mb(self._pid), waiting))


def memory_mb(pid: int) -> float:
    """Return the memory of a process and of those it started."""
    total, left = 0, [pid]
    while left:
        folder = Path(f"/proc/{left.pop()}")
        try:
            total += int((folder / "statm").read_text().split()[1])
            for task in (folder / "task").iterdir():
                left += map(int, (task / "children").read_text().split())
        except OSError:  # it has ended meanwhile
            continue
    return total * _PAGE_BYTES / 1e6


def drained(port: int, limit_s: float = 300.0) -> float:
    """Wait until everything that was accepted is stored; return how long that took."""
    api, start = Api(port), time.monotonic()
    while api.status()["spool"]["pending"]:
        if time.monotonic() - start > limit_s:
            raise RuntimeError(f"The spool was not empty after {limit_s:g} s")
        time.sleep(0.05)
    return time.monotonic() - start
