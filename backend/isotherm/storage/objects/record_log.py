"""Records in an append-only file: length, checksum and count before each, so a torn end shows."""

import logging
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from struct import Struct as Layout
from typing import IO, Final

from msgspec import Struct

_log = logging.getLogger(__name__)
_HEADER: Final = Layout("<III")  # bytes of payload, crc32 of payload, how many items it holds
HEAD_BYTES: Final = _HEADER.size
"""What lies before each payload; its checksum tells one first record from another."""


class Frame(Struct, frozen=True):
    """One record and where it lies."""

    payload: bytes
    items: int
    start: int
    end: int


def pack(payload: bytes, items: int = 1) -> bytes:
    """Return a payload with its header."""
    return _HEADER.pack(len(payload), zlib.crc32(payload), items) + payload


def scan(path: Path, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
    """Yield the whole frames of a file between two offsets; end before the first torn one.

    A damaged frame that is followed by a whole one is left out, and the log says so. Zeros, which a
    file may end with after the power went, are no frame: none is without a payload.
    """
    with path.open("rb") as file:
        file.seek(start)
        offset = start
        while stop is None or offset < stop:
            header = file.read(_HEADER.size)
            if len(header) < _HEADER.size:
                return
            length, checksum, items = _HEADER.unpack(header)
            if not length:
                return
            payload = file.read(length)
            end = offset + _HEADER.size + length
            if len(payload) < length:
                return
            if zlib.crc32(payload) == checksum:
                yield Frame(payload, items, offset, end)
            elif _is_whole(file, end):
                _log.error(
                    "%s is damaged between bytes %d and %d: %d records are lost, the rest is kept",
                    path, offset, end, items,
                )  # fmt: skip
            else:
                return
            offset = end


def _is_whole(file: IO[bytes], start: int) -> bool:
    """Tell whether a frame with the right checksum is at an offset; the file comes back there."""
    file.seek(start)
    header = file.read(_HEADER.size)
    whole = False
    if len(header) == _HEADER.size:
        length, checksum, _ = _HEADER.unpack(header)
        payload = file.read(length)
        whole = 0 < length == len(payload) and zlib.crc32(payload) == checksum
    file.seek(start)
    return whole


def write_at(descriptor: int, data: bytes, offset: int) -> None:
    """Write all of `data` at an offset."""
    rest = memoryview(data)
    while rest:  # a nearly full disk takes a part
        written = os.pwrite(descriptor, rest, offset)
        rest, offset = rest[written:], offset + written
