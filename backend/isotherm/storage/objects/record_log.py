"""Records in an append-only file: length, checksum and count before each, so a torn end shows."""

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from struct import Struct as Layout
from typing import Final

from msgspec import Struct

_HEADER: Final = Layout("<III")  # bytes of payload, crc32 of payload, how many items it holds


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
    """Yield the whole frames of a file between two offsets; end before the first torn one."""
    with path.open("rb") as file:
        file.seek(start)
        offset = start
        while stop is None or offset < stop:
            header = file.read(_HEADER.size)
            if len(header) < _HEADER.size:
                return
            length, checksum, items = _HEADER.unpack(header)
            payload = file.read(length)
            if len(payload) < length or zlib.crc32(payload) != checksum:
                return
            end = offset + _HEADER.size + length
            yield Frame(payload, items, offset, end)
            offset = end


def sync_folder(folder: Path) -> None:
    """Make the names of new files in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_at(descriptor: int, data: bytes, offset: int) -> None:
    """Write all of `data` at an offset."""
    rest = memoryview(data)
    while rest:  # a nearly full disk takes a part
        written = os.pwrite(descriptor, rest, offset)
        rest, offset = rest[written:], offset + written
