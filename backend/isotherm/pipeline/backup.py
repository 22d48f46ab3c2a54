"""Backups while everything runs, and their restoring, verified by counts.

The order makes a backup whole. The queue comes first: what was accepted before is in its copy, or
in the store's, or in both, and then counts once. What the store's rows name comes after the rows.
"""

import re
import shutil
import sqlite3
import time
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec
from msgspec import Struct

from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.processes.slot_files import SPOOL
from isotherm.pipeline.spool import DEAD_LETTERS
from isotherm.storage.duckdb.engine import counted
from isotherm.storage.durable import sync_all, sync_folder
from isotherm.storage.ports import EventStore
from isotherm.storage.saved.db import FILE as SAVED

MANIFEST: Final = "backup.json"
REPLAYS, PICTURES = "replays", "pictures"
KEY, IMPORTED = "user.key", "imported.json"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


class Backup(Struct, frozen=True, kw_only=True):
    """What a backup holds."""

    version: str  # of Isotherm
    at_ms: int
    rows: dict[str, int]  # table of the engine -> rows
    files: dict[str, int]  # folder -> files
    elsewhere: dict[str, str] = {}  # what is not in it -> where that is


def backed_up(
    engine: EventStore,
    engine_file: Path,
    name: str,
    version: str,
    elsewhere: Mapping[str, str] = MappingProxyType({}),
    *,
    events_only: bool = False,
) -> tuple[Path, Backup]:
    """Copy a data folder into its `backups/<name>`; return the folder and what it holds.

    `elsewhere`: where saved things (SAVED), REPLAYS and PICTURES are, if not in the data folder.
    With `events_only` the copy has the stored events and nothing else.
    Raises UNSUPPORTED for a store with backups of its own, INVALID, CONFLICT for a name that is
    there already, STORE_UNAVAILABLE, also when there is less room than is to be copied.
    """
    _refuse(engine, name)
    source = engine_file.parent
    target = source / "backups" / name
    partial = target.with_name(f".{name}.part")
    if target.exists():
        raise IsothermError(Code.CONFLICT, f"A backup {name!r} already exists", field="name")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        here = [one for one in (REPLAYS, PICTURES, SAVED) if one not in elsewhere]
        names = [SPOOL, KEY, IMPORTED, *here]
        if events_only:
            here, names = [], []
        _refuse_without_room(source, [engine_file, *(source / name for name in names)])
        partial.mkdir(parents=True, mode=0o700)
        if SPOOL in names:
            _copy_queue(source / SPOOL, partial / SPOOL)
        rows = engine.copy_to(partial / engine_file.name)
        if SAVED in here and (source / SAVED).exists():
            _copy_sqlite(source / SAVED, partial / SAVED)
        files = {folder: _copy_files(source / folder, partial / folder)
                 for folder in here if folder != SAVED}  # fmt: skip
        for one in {KEY, IMPORTED} & set(names):
            if (source / one).exists():
                shutil.copy2(source / one, partial / one)
        made = Backup(
            version=version,
            at_ms=time.time_ns() // 1_000_000,
            rows=rows,
            files=files,
            elsewhere=dict(elsewhere),
        )
        (partial / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(made)))
        sync_all(partial)
        partial.rename(target)
        sync_folder(target.parent)
    except BaseException as error:
        shutil.rmtree(partial, ignore_errors=True)
        if not isinstance(error, OSError | sqlite3.Error):
            raise
        message = f"The backup cannot be written: {error}"
        raise IsothermError(Code.STORE_UNAVAILABLE, message) from error
    return target, made


def restored(backup: Path, folder: Path, engine_name: str) -> Backup:
    """Copy a backup into an empty data folder and count. Raises INVALID, CONFLICT."""
    try:
        made = msgspec.json.decode((backup / MANIFEST).read_bytes(), type=Backup)
    except (OSError, msgspec.DecodeError) as error:
        message = f"{backup} is not a backup: its {MANIFEST} cannot be read ({error})"
        raise IsothermError(Code.INVALID, message) from error
    if folder.exists() and any(folder.iterdir()):
        message = f"{folder} is not empty: restore into a new folder, or move it away"
        raise IsothermError(Code.CONFLICT, message)
    shutil.copytree(backup, folder, dirs_exist_ok=True)
    rows = counted(folder / engine_name)
    files = {name: _number_of_files(folder / name) for name in made.files}
    if (rows, files) != (made.rows, made.files):
        message = (
            f"The backup is damaged: it should hold {made.rows} and {made.files}, "
            f"but there are {rows} and {files}. What could be restored is in {folder}"
        )
        raise IsothermError(Code.INVALID, message)
    return made


def _refuse(engine: EventStore, name: str) -> None:
    if engine.own_backup:
        raise IsothermError(Code.UNSUPPORTED, engine.own_backup)
    if not _NAME.fullmatch(name):
        message = "The name of a backup may have letters, digits, `.`, `_` and `-`"
        raise IsothermError(Code.INVALID, message, field="name")


def _refuse_without_room(folder: Path, copied: Iterable[Path]) -> None:
    needed = sum(_size(file) for path in copied for file in (path, *path.rglob("*")))
    free = shutil.disk_usage(folder).free
    if needed > free:
        message = (
            f"The backup needs {needed >> 20:,} MB, but only {free >> 20:,} MB are free. "
            "Delete old backups, or free some space."
        )
        raise IsothermError(Code.STORE_UNAVAILABLE, message)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except FileNotFoundError:  # it was deleted meanwhile
        return 0


def _copy_queue(source: Path, target: Path) -> None:
    """Copy the queue. What is confirmed comes first: at worst something is stored again."""
    target.mkdir()
    for name in ("confirmed", *sorted(file.name for file in source.glob("*.frames"))):
        with suppress(FileNotFoundError):  # confirmed meanwhile: it is in the store
            shutil.copy2(source / name, target / name)
    letters = source / DEAD_LETTERS
    if letters.is_dir():
        _copy_files(letters, target / letters.name)


def _copy_files(source: Path, target: Path) -> int:
    """Copy a folder of files that come and go; return how many."""
    target.mkdir(exist_ok=True)
    count = 0
    for file in sorted(source.rglob("*")) if source.is_dir() else ():
        if file.is_file() and file.suffix not in {".part", ".new"}:
            to = target / file.relative_to(source)
            to.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # it was deleted meanwhile
                shutil.copy2(file, to)
                count += 1
    return count


def _number_of_files(folder: Path) -> int:
    return sum(file.is_file() for file in folder.rglob("*"))


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
