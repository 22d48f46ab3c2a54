"""Bytes through a pipe until a moment: the process at the other end may stand still."""

import os
import select
import time
from typing import Final

_MOST: Final = 1 << 20


def send(pipe: int, data: bytes, deadline_s: float) -> None:
    """Write everything. Raises TimeoutError, and OSError when the other end has gone."""
    os.set_blocking(pipe, False)
    rest = memoryview(data)
    while rest:
        _wait(pipe, deadline_s, write=True)
        rest = rest[os.write(pipe, rest[:_MOST]) :]


def receive(pipe: int, size: int, deadline_s: float) -> bytes:
    """Read so many bytes. Raises TimeoutError, EOFError."""
    data = bytearray()
    while len(data) < size:
        _wait(pipe, deadline_s, write=False)
        part = os.read(pipe, min(size - len(data), _MOST))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def _wait(pipe: int, deadline_s: float, *, write: bool) -> None:
    """Wait with poll: select cannot be asked about descriptors above 1023."""
    poll = select.poll()
    poll.register(pipe, select.POLLOUT if write else select.POLLIN)
    left_ms = max(0.0, deadline_s - time.monotonic()) * 1000
    if not poll.poll(left_ms):
        raise TimeoutError
