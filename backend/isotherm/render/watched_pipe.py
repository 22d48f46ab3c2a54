"""The pipe to a picture process; whoever waits for it watches its time and memory."""

import os
import subprocess
import time

from isotherm.model.pipes import is_ready, receive, send
from isotherm.render.process_tree import usage
from isotherm.render.time_budget import TimeBudget

GLANCE_S = 0.5
MEBIBYTE = 1 << 20


class TooLargeError(Exception):
    """The process and its browser took more memory than they may."""


class WatchedPipe:
    """Standard input and output of a process.

    `read` and `write` raise OverError when the `budget` is used up, EOFError or OSError when
    the process has ended, TooLargeError.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], memory_mb: int, budget: TimeBudget
    ) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._pid = process.pid
        self._in = process.stdin.fileno()
        self._out = process.stdout.fileno()
        os.set_blocking(self._in, False)
        self._memory_mb = memory_mb
        self._glance = time.monotonic()
        self._spent_s = 0.0  # processor time, at the last look
        self.budget = budget

    def write(self, data: bytes) -> None:
        """Send all of these bytes."""
        send(self._in, data, self._wait)

    def read(self, size: int) -> bytes:
        """Return that many bytes."""
        return receive(self._out, size, self._wait)

    def count_usage(self) -> None:
        """Count what the process has taken since the last look."""
        self._glance = time.monotonic()
        used = usage(self._pid)
        self.budget.spend(max(0.0, used.processor_s - self._spent_s))
        self._spent_s = used.processor_s
        if used.memory > self._memory_mb * MEBIBYTE:
            raise TooLargeError(
                f"Its picture takes {used.memory // MEBIBYTE:,} MB of memory, more than the "
                f"{self._memory_mb:,} MB of picture_memory_mb."
            )

    def _wait(self, pipe: int, event: int) -> None:
        while not is_ready(pipe, event, min(self.budget.wait_s, GLANCE_S)):
            self._glance_at()
            self.budget.check()
        self._glance_at()

    def _glance_at(self) -> None:
        if time.monotonic() - self._glance < GLANCE_S:
            return
        self.count_usage()
        self.budget.check()
