"""The pipe to a picture process, with an eye on its time and memory."""

import os
import selectors
import subprocess
import time

from isotherm.render.process_tree import usage
from isotherm.render.time_budget import TimeBudget

GLANCE_S = 0.5
MEBIBYTE = 1 << 20
PIECE = 1 << 20


class TooLargeError(Exception):
    """The process and its browser took more memory than they may."""


class Pipe:
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
        view = memoryview(data)
        while view:
            self._wait(self._in, selectors.EVENT_WRITE)
            view = view[os.write(self._in, view[:PIECE]) :]

    def read(self, size: int) -> bytes:
        """Return that many bytes."""
        parts = []
        while size:
            self._wait(self._out, selectors.EVENT_READ)
            part = os.read(self._out, min(size, PIECE))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def settle(self) -> None:
        """Count what the process has taken since the last look."""
        self._look()

    def _wait(self, descriptor: int, event: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            while not selector.select(min(self.budget.wait_s, GLANCE_S)):
                self._glance_at()
                self.budget.check()
        self._glance_at()

    def _glance_at(self) -> None:
        if time.monotonic() - self._glance < GLANCE_S:
            return
        self._look()
        self.budget.check()

    def _look(self) -> None:
        self._glance = time.monotonic()
        used = usage(self._pid)
        self.budget.spend(max(0.0, used.processor_s - self._spent_s))
        self._spent_s = used.processor_s
        if used.memory > self._memory_mb * MEBIBYTE:
            raise TooLargeError(
                f"Its picture takes {used.memory // MEBIBYTE:,} MB of memory, more than the "
                f"{self._memory_mb:,} MB of picture_memory_mb."
            )
