"""The pipe to a picture process, with a deadline and an eye on its memory."""

import os
import selectors
import subprocess
import time

from isotherm.render.family import memory

GLANCE_S = 0.5
MEBIBYTE = 1 << 20
PIECE = 1 << 20


class TooLargeError(Exception):
    """The process and its browser took more memory than they may."""


class Pipe:
    """Standard input and output of a process.

    Set `deadline` (monotonic seconds) first. `read` and `write` raise TimeoutError when it is
    over, EOFError or OSError when the process has ended, TooLargeError.
    """

    def __init__(self, process: subprocess.Popen[bytes], memory_mb: int) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._pid = process.pid
        self._in = process.stdin.fileno()
        self._out = process.stdout.fileno()
        os.set_blocking(self._in, False)
        self._memory_mb = memory_mb
        self._glance = time.monotonic()
        self.deadline = 0.0

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

    def _wait(self, descriptor: int, event: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            while True:
                left_s = self.deadline - time.monotonic()
                if selector.select(max(0.0, min(left_s, GLANCE_S))):
                    break
                if left_s <= 0:
                    raise TimeoutError
                self._look_at_memory()
        self._look_at_memory()

    def _look_at_memory(self) -> None:
        now = time.monotonic()
        if now - self._glance < GLANCE_S:
            return
        self._glance = now
        used = memory(self._pid)
        if used > self._memory_mb * MEBIBYTE:
            raise TooLargeError(
                f"Its picture takes {used // MEBIBYTE:,} MB of memory, more than the "
                f"{self._memory_mb:,} MB of picture_memory_mb."
            )
