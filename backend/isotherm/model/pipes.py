"""Messages through the pipe between a process and its child: msgpack, length first."""

import os
import select
from collections.abc import Callable
from struct import Struct as Layout
from typing import Any, Final

import msgspec

MOST_BYTES: Final = 512 << 20
READABLE: Final = select.POLLIN
WRITABLE: Final = select.POLLOUT
_PIECE: Final = 1 << 20
_LENGTH: Final = Layout("<Q")
_encode = msgspec.msgpack.Encoder().encode

Wait = Callable[[int, int], None]
"""Returns when a pipe is READABLE or WRITABLE; raises what ends the waiting."""


class TooLongError(ValueError):
    """A message is longer than the other side may send."""


def packed(message: msgspec.Struct) -> bytes:
    """Return a message as it goes through a pipe."""
    body = _encode(message)
    return _LENGTH.pack(len(body)) + body


def unpacked(read: Callable[[int], bytes], kind: Any, most: int = MOST_BYTES) -> Any:
    """Return the next message; `read` returns exactly as many bytes as it is asked for.

    Raises TooLongError for one of more than `most` bytes, and what `read` raises.
    """
    (size,) = _LENGTH.unpack(read(_LENGTH.size))
    if size > most:
        raise TooLongError(f"a message of {size >> 20} MB")
    return msgspec.msgpack.decode(read(size), type=kind)


def read(size: int) -> bytes:
    """Read that many bytes from standard input. Raises EOFError when the other end has gone."""
    return receive(0, size)


def write(pipe: int, message: msgspec.Struct) -> None:
    """Write a message to a pipe of this process. Raises BrokenPipeError."""
    send(pipe, packed(message))


def receive(pipe: int, size: int, wait: Wait | None = None) -> bytes:
    """Read that many bytes; `wait` before each piece, for a process that may stand still.

    Raises EOFError when the other end has gone, and what `wait` raises.
    """
    data = bytearray()
    while len(data) < size:
        if wait:
            wait(pipe, READABLE)
        part = os.read(pipe, min(size - len(data), _PIECE))
        if not part:
            raise EOFError("the other end of the pipe has gone")
        data += part
    return bytes(data)


def send(pipe: int, data: bytes, wait: Wait | None = None) -> None:
    """Write everything; with `wait`, the pipe must not block.

    Raises OSError when the other end has gone, and what `wait` raises.
    """
    rest = memoryview(data)
    while rest:
        if wait:
            wait(pipe, WRITABLE)
        rest = rest[os.write(pipe, rest[:_PIECE]) :]


def is_ready(pipe: int, event: int, within_s: float) -> bool:
    """Wait until a pipe is READABLE or WRITABLE, or its other end has gone; False = not in time.

    With poll: select cannot be asked about descriptors above 1023.
    """
    poll = select.poll()
    poll.register(pipe, event)
    return bool(poll.poll(max(0.0, within_s) * 1000))
