"""Copying recordings and pictures to an object store: goes on where it was, read back and compared.

Recordings of the data folder are files that grow; there each session is one object. Pictures are
the same files in both places.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.files import Entry, Files
from isotherm.storage.objects.remote_replays import RemoteReplays
from isotherm.storage.objects.replays import LocalReplays

_AT_ONCE: Final = 32


class Copied(Struct, frozen=True):
    """How far it is: sessions, or files."""

    done: int
    of: int


class Progress(Struct):
    """The place to go on from, kept in a file while the copy is under way."""

    target: str
    after: str = ""
    done: int = 0
    empty: list[str] = []  # sessions without a whole segment


def copy_replays(
    source: LocalReplays, target: RemoteReplays, name: str, kept: Path
) -> Iterator[Copied]:
    """Copy the sessions in the order of their names, read each back, and yield the progress.

    `name`: what the target is called; `kept`: where the progress is. Raises STORE_UNAVAILABLE,
    CONFLICT when the target does not give back what it got, or has lost what came before.
    """
    progress = _read(kept, name)
    sessions = source.names()
    yield Copied(progress.done, len(sessions))
    for session in sessions:
        if session <= progress.after:
            continue
        segments, at_ms = source.whole(session)
        if not segments:  # its only one was torn
            progress.empty.append(session)
        else:
            target.put_of(segments, at_ms)
            one = segments[0]
            if target.bodies(one.application, one.session_id) != segments:
                message = f"The session {one.session_id} is not there as it is here. Run it again."
                raise IsothermError(Code.CONFLICT, message)
        progress.after, progress.done = session, progress.done + 1
        _write(kept, progress)
        yield Copied(progress.done, len(sessions))
    lost = set(sessions) - set(progress.empty) - target.names()
    kept.unlink(missing_ok=True)
    if lost:
        message = f"{len(lost):,} sessions are not there any more. Run it again: it begins anew."
        raise IsothermError(Code.CONFLICT, message)


def copy_files(source: Files, target: Files) -> Iterator[Copied]:
    """Copy files that are not there yet, read each back, and yield the progress.

    Raises STORE_UNAVAILABLE, CONFLICT when the target does not give back what it got.
    """
    there = {(entry.path, entry.size) for entry in target.listed()}
    entries = source.listed()
    new = iter([one for one in entries if (one.path, one.size) not in there])
    done = sum((one.path, one.size) in there for one in entries)
    yield Copied(done, len(entries))
    while some := list(islice(new, _AT_ONCE)):
        _copy_some(source, target, some)
        done += len(some)
        yield Copied(done, len(entries))
    lost = {one.path for one in entries} - {one.path for one in target.listed()}
    if lost:
        message = f"{len(lost):,} files are not there any more. Run it again."
        raise IsothermError(Code.CONFLICT, message)


def _copy_some(source: Files, target: Files, entries: list[Entry]) -> None:
    paths = [entry.path for entry in entries]
    bodies = source.read_all(paths)
    target.write(dict(zip(paths, bodies, strict=True)))
    if target.read_all(paths) != bodies:
        message = f"{paths[0]} or a file after it is not there as it is here. Run it again."
        raise IsothermError(Code.CONFLICT, message)


def _read(kept: Path, target: str) -> Progress:
    if not kept.exists():
        return Progress(target)
    progress = msgspec.json.decode(kept.read_bytes(), type=Progress)
    return progress if progress.target == target else Progress(target)


def _write(kept: Path, progress: Progress) -> None:
    new = kept.with_suffix(".new")
    new.write_bytes(msgspec.json.encode(progress))
    new.replace(kept)
