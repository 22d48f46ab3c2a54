"""Messages through the pipe between a process and one that it started: msgpack, length first."""

import os
from collections.abc import Callable
from struct import Struct as Layout
from typing import Any, Final

import msgspec

MOST_BYTES: Final = 512 << 20
PIECE: Final = 1 << 20
_LENGTH: Final = Layout("<Q")
_encode = msgspec.msgpack.Encoder().encode


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
    data = bytearray()
    while len(data) < size:
        part = os.read(0, min(size - len(data), PIECE))
        if not part:
            raise EOFError("the other end of the pipe has gone")
        data += part
    return bytes(data)


def write(pipe: int, message: msgspec.Struct) -> None:
    """Write a message to a pipe of this process. Raises BrokenPipeError."""
    rest = memoryview(packed(message))
    while rest:
        rest = rest[os.write(pipe, rest[:PIECE]) :]
