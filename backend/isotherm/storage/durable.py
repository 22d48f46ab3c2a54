"""Files that survive a power failure: synced before they get their name.

Without it a file system may keep the new name and lose the bytes: the file is empty, or has zeros.
"""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the names of new files in a folder durable. Raises OSError."""
    _sync(folder)


def sync_file(path: Path) -> None:
    """Make the content of a file durable. Raises OSError."""
    _sync(path)


def sync_all(folder: Path) -> None:
    """Make everything below a folder durable, and its own name. Raises OSError."""
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)
    _sync(folder.parent)


def write_durably(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write a file, there whole or not at all; one of this name is replaced. Raises OSError."""
    new = path.with_name(f"{path.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
