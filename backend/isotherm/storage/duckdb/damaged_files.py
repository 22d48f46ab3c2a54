"""What DuckDB says of a file or a log that it cannot read, and moving it out of the way."""

import logging
import os
import re
import shutil
import time
from pathlib import Path
from typing import Final

import duckdb

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.durable import sync_folder

_log = logging.getLogger(__name__)

_DAMAGED: Final = (
    "not a valid DuckDB database",
    "does not match database file",
    "checksum",
    "orrupt",
    "erializ",
    "Could not read enough",
)
_BROKEN_LOG: Final = (
    duckdb.SerializationException,
    duckdb.InternalException,
    duckdb.CatalogException,
)
_PASSING: Final = (
    "no space left",
    "quota",
    "permission denied",
    "read-only file system",
    "input/output error",
    "too many open files",
    "memory",
    "allocat",
)
"""Faults of the machine: the files may be whole, and are looked at again at the next start."""


def _words(path: Path, error: duckdb.Error) -> str:
    """Return what an error says, without the path, which may have any words in it."""
    words = str(error)
    for name in (path.resolve(), path.absolute(), path):
        words = words.replace(str(name), "")
    return words


def is_passing(path: Path, error: duckdb.Error) -> bool:
    """Tell whether a fault is the machine's: the file may be whole."""
    words = _words(path, error)
    never = (duckdb.OutOfMemoryException, duckdb.PermissionException)
    return isinstance(error, never) or any(word in words.lower() for word in _PASSING)


_AT: Final = re.compile(r"at byte position (\d++)")
"""Where DuckDB says that a log is damaged."""


def set_aside(path: Path, error: duckdb.Error) -> bool:
    """Move a damaged file, or its damaged log, out of the way; False when it is something else.

    Of a log only what follows the damage is lost: after a power failure that is what nobody was
    told is stored. What is in the file is all. Both are kept for whoever can mend them, and the
    journal fills the new file again. Raises STORE_UNAVAILABLE.
    """
    log = path.with_name(f"{path.name}.wal")
    words = _words(path, error)
    if is_passing(path, error):
        return False
    if "lock on file" in words or "version" in words:  # in use, or another release's
        return False
    in_log = "replaying WAL" in words
    if not any(word in words for word in _DAMAGED) and not (
        in_log and isinstance(error, _BROKEN_LOG)
    ):
        return False
    if in_log and not log.exists():
        return False
    damaged = log if in_log else path
    whole = int(found[1]) if in_log and (found := _AT.search(words)) else 0
    kept = damaged.with_name(f"{damaged.name}.damaged-{time.time_ns() // 1_000_000}")
    try:
        if 0 < whole < damaged.stat().st_size:
            shutil.copy2(damaged, kept)
            os.truncate(damaged, whole)
            sync_folder(damaged.parent)
        else:
            whole = 0
            damaged.rename(kept)
        if not in_log and log.exists():
            log.rename(log.with_name(f"{log.name}.damaged-{time.time_ns() // 1_000_000}"))
    except OSError as fault:
        message = f"{damaged} is damaged, and cannot be renamed: {fault}"
        raise IsothermError(Code.STORE_UNAVAILABLE, message) from fault
    lost = "all events, until the journal fills it again,"
    if in_log:
        lost = f"the batches after byte {whole:,}" if whole else "the last batches"
    _log.error("%s is damaged (%s): %s are not there. It is kept as %s", damaged, words, lost, kept)
    return True
