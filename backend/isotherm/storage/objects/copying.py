"""Copying recordings and pictures to an object store: goes on where it was, read back and compared.

Recordings of the data folder are files that grow; there each session is one object. Pictures are
the same files in both places.
"""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.durable import write_durably
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
    began_ms: int = 0  # what grew since then is copied again
    after: str = ""
    empty: list[str] = []  # sessions without a whole segment


def copy_replays(
    source: LocalReplays, target: RemoteReplays, name: str, kept: Path
) -> Iterator[Copied]:
    """Copy the sessions in the order of their names, read each back, and yield the progress.

    `name`: what the target is called; `kept`: where the progress is. Raises STORE_UNAVAILABLE,
    CONFLICT when the target has recordings of its own, does not give back what it got, or has lost
    what came before.
    """
    sessions = source.names()
    _refuse_others("recordings", target.names() - set(sessions), "to_replays")
    progress = _read(kept, name, time.time_ns() // 1_000_000)
    write_durably(kept, msgspec.json.encode(progress))
    left = [
        session
        for session in sessions
        if session > progress.after or source.at_ms(session) >= progress.began_ms
    ]
    done = len(sessions) - len(left)
    yield Copied(done, len(sessions))
    for session in left:
        segments, at_ms = source.whole(session)
        if not segments:  # its only one was torn
            progress.empty.append(session)
        else:
            target.put_of(segments, at_ms)
            one = segments[0]
            if target.bodies(one.application, one.session_id) != segments:
                message = (
                    f"The copy of session {one.session_id} is different. Run this again, or "
                    "copy to an empty folder."
                )
                raise IsothermError(Code.CONFLICT, message)
        progress.after = max(session, progress.after)
        write_durably(kept, msgspec.json.encode(progress))
        done += 1
        yield Copied(done, len(sessions))
    lost = set(sessions) - set(progress.empty) - target.names()
    kept.unlink(missing_ok=True)
    if lost:
        message = (
            f"{len(lost):,} sessions are missing in the target. Run this again: it starts over."
        )
        raise IsothermError(Code.CONFLICT, message)


def copy_files(source: Files, target: Files) -> Iterator[Copied]:
    """Copy files that are not there yet, read all of them back, and yield the progress.

    Raises STORE_UNAVAILABLE, CONFLICT when the target has files of its own, or does not give back
    what it got.
    """
    there = {entry.path: entry.size for entry in target.listed()}
    entries = source.listed()
    names = {entry.path for entry in entries}
    _refuse_others("files", there.keys() - names, "to_pictures")
    done, rest = 0, iter(entries)
    while some := list(islice(rest, _AT_ONCE)):
        _copy_some(source, target, some, there)
        done += len(some)
        yield Copied(done, len(entries))
    lost = names - {one.path for one in target.listed()}
    if lost:
        message = f"{len(lost):,} files are missing in the target. Run this again."
        raise IsothermError(Code.CONFLICT, message)


def _copy_some(
    source: Files, target: Files, entries: Sequence[Entry], there: Mapping[str, int]
) -> None:
    paths = [entry.path for entry in entries]
    bodies = source.read_all(paths)
    named = dict(zip(paths, bodies, strict=True))
    target.write({path: body for path, body in named.items() if there.get(path) != len(body)})
    if target.read_all(paths) != bodies:
        message = f"The copy of {paths[0]} or of a later file is different. Run this again."
        raise IsothermError(Code.CONFLICT, message)


def _refuse_others(what: str, others: Collection[str], field: str) -> None:
    """Raise CONFLICT when the target has what is not here: of others, or erased in between."""
    if others:
        message = (
            f"The target has {len(others):,} {what} that are not here. Copy to an empty folder."
        )
        raise IsothermError(Code.CONFLICT, message, field=field)


def _read(kept: Path, target: str, now_ms: int) -> Progress:
    if not kept.exists():
        return Progress(target, now_ms)
    progress = msgspec.json.decode(kept.read_bytes(), type=Progress)
    return progress if progress.target == target else Progress(target, now_ms)
