"""Takes back a checkpoint that the power ended: DuckDB changes blocks of metadata in place.

A checkpoint writes new data elsewhere, but blocks of metadata that the file's last header still
points to get more content before the next header is written. If the power goes in between, such a
block may be half written, its checksum is wrong, and DuckDB opens the file no more, though the log
next to it has everything since. So these blocks are kept, with the headers, in a file of their own
after each checkpoint. While the headers are the same, no later checkpoint has ended: then the
blocks are put back before DuckDB opens the file.
"""

import fcntl
import logging
import os
import struct
import zlib
from pathlib import Path
from typing import Final

import duckdb

from isotherm.storage.durable import write_durably

_log = logging.getLogger(__name__)

_MAGIC: Final = b"isotherm undo 1\n"
_HEADERS: Final = 3 * 4096
"""A DuckDB file begins with its own header and two of the data, of which the later one counts."""

_SIZE: Final = struct.Struct("<QQ")  # bytes of a block, number of blocks
_PLACE: Final = struct.Struct("<Q")
_SUM: Final = struct.Struct("<I")


class MetadataUndo:
    """Keeps the metadata of an open file. Used by the thread that writes."""

    def __init__(self, path: Path) -> None:
        """Open the file to look at it. Raises OSError.

        It stays open until `close`: the first file of this name that the process closes ends
        DuckDB's lock on it.
        """
        self._path = path
        self._file = os.open(path, os.O_RDONLY)
        self._headers = b""
        self._told = False

    def renew(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Keep the blocks of metadata, if there was a checkpoint since the last time.

        Where that fails, the store goes on without: the log says so.
        """
        try:
            headers = os.pread(self._file, _HEADERS, 0)
            if headers != self._headers:
                self._keep(connection, headers)
                self._headers = headers
                self._told = False
        except (OSError, duckdb.Error) as error:
            if not self._told:
                _log.warning(
                    "The metadata of %s cannot be kept (%s): if the power goes during the next "
                    "checkpoint, the file may be damaged",
                    self._path,
                    error,
                )
            self._told = True

    def _keep(self, connection: duckdb.DuckDBPyConnection, headers: bytes) -> None:
        asked = "SELECT block_size FROM pragma_database_size()"
        [(block_bytes,)] = connection.execute(asked).fetchall()
        places = connection.execute("SELECT block_id FROM pragma_metadata_info()").fetchall()
        parts = [headers, _SIZE.pack(block_bytes, len(places))]
        for (place,) in places:
            at = _HEADERS + place * block_bytes
            parts += [_PLACE.pack(place), os.pread(self._file, block_bytes, at)]
        content = b"".join(parts)
        write_durably(_undo_of(self._path), _MAGIC + _SUM.pack(zlib.crc32(content)) + content)

    def close(self) -> None:
        """Give up the file, after DuckDB has; what it left is whole.

        The kept blocks go: they have what was deleted since, as far as metadata tells it. Where
        they cannot, the log says so, and the store closes all the same.
        """
        os.close(self._file)
        kept = _undo_of(self._path)
        try:
            kept.unlink(missing_ok=True)
        except OSError as error:
            _log.warning(
                "%s cannot be removed (%s): it may tell of what was deleted. The next stop of the "
                "server removes it",
                kept,
                error.strerror,
            )


def take_back(path: Path) -> bool:
    """Put kept blocks back if no checkpoint has ended since; tell whether any was another.

    Call it before DuckDB opens the file. A file that another process has open is left alone.
    Raises OSError.
    """
    try:
        kept = _undo_of(path).read_bytes()
    except FileNotFoundError:
        return False
    start = len(_MAGIC) + _SUM.size
    content = kept[start:]
    if kept[:start] != _MAGIC + _SUM.pack(zlib.crc32(content)):
        return False
    with path.open("r+b", buffering=0) as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        if file.read(_HEADERS) != content[:_HEADERS]:
            return False
        block_bytes, count = _SIZE.unpack_from(content, _HEADERS)
        at, mended = _HEADERS + _SIZE.size, 0
        for _ in range(count):
            (place,) = _PLACE.unpack_from(content, at)
            at += _PLACE.size
            block = content[at : at + block_bytes]
            at += block_bytes
            file.seek(_HEADERS + place * block_bytes)
            if file.read(block_bytes) != block:
                file.seek(_HEADERS + place * block_bytes)
                file.write(block)
                mended += 1
        if mended:
            os.fsync(file.fileno())
            _log.warning("%s: a checkpoint that had not ended was taken back", path)
        return bool(mended)


def _undo_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.undo")
