"""Replay bodies on a file system that cannot append (S3 and others, through fsspec).

Each batch of a session is one object; once the session is quiet its objects become one. Any number
of processes may write, read, join and erase at once: an object is never changed, a reader that
misses one looks again, and who erases says so in a mark that those who join look for.
"""

import logging
import re
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from typing import Final

import msgspec

from isotherm.model import Segment
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.files import Entry, Files
from isotherm.storage.objects.segment_bodies import decode_segment, encode_segment, in_order

_log = logging.getLogger(__name__)

QUIET_S: Final = 15 * 60
"""A session has ended after 15 minutes without an event."""

WHAT: Final = "Session recordings"
ENDING: Final = ".segments"
_ERASED: Final = "erased-"
"""Begins the names of erasure marks, which stand beside the objects that came later."""
_OURS: Final = re.compile(
    r"[0-9a-f]{2}/[0-9a-f]{32}/(?:[0-9a-f]{32}(?:-[0-9]{1,19})?"
    r"\.segments|erased-[0-9a-f]{16})"
)
"""What is called like this is a piece or a mark; nothing else below the URL is touched."""
_LOOKS: Final = 5
_JOINED_AT_ONCE: Final = 8
"""Sessions: who joins them has other work that waits."""
_READ_AT_ONCE: Final = 64
_READ_BYTES: Final = 32 << 20

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[bytes]).decode


class RemoteReplays:
    """Replay bodies below a folder of an fsspec file system."""

    def __init__(self, files: Files, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._files = files
        self._clock_s = clock_s
        self._turn = threading.Lock()
        self._open: dict[str, float] = {}  # session folder -> when it got its last object from here
        self._spoilt: set[str] = set()  # session folders that cannot be joined

    def put(self, segment: Segment) -> None:
        """Keep a body durably; putting the same segment again changes nothing."""
        self.put_all([segment])

    def put_all(self, segments: Sequence[Segment]) -> None:
        """Keep bodies durably. Raises STORE_UNAVAILABLE; put them all again then."""
        by_session: dict[str, list[Segment]] = defaultdict(list)
        for segment in segments:
            by_session[_folder(segment.application, segment.session_id)].append(segment)
        self._files.write(
            {f"{folder}/{_name(mine)}{ENDING}": _body(mine) for folder, mine in by_session.items()}
        )
        now = self._clock_s()
        with self._turn:
            self._open |= dict.fromkeys(by_session, now)

    def put_of(self, segments: Sequence[Segment], at_ms: int) -> None:
        """Keep the bodies of one session, which got the last of them at a time (epoch ms)."""
        folder = _folder(segments[0].application, segments[0].session_id)
        self._files.write({f"{folder}/{_name(segments)}-{at_ms}{ENDING}": _body(segments)})

    def bodies(
        self,
        application: str,
        session_id: str,
        view_id: str | None = None,
        *,
        most_bytes: int | None = None,
    ) -> list[Segment]:
        """Every kept segment of a session, or of one view, by recording and index.

        Raises TOO_LARGE when their bodies have more than `most_bytes`.
        """
        folder = _folder(application, session_id)
        for _ in range(_LOOKS):
            pieces = _pieces(self._files.listed(folder))
            try:
                return in_order(self._read(pieces), view_id, most_bytes)
            except FileNotFoundError:  # joined or erased meanwhile
                continue
        message = f"{WHAT} cannot be read: they keep changing"
        raise IsothermError(Code.STORE_UNAVAILABLE, message, retry_after_s=1)

    def delete(self, application: str, session_id: str) -> None:
        """Forget a session's bodies. Raises STORE_UNAVAILABLE when some are still there."""
        folder = _folder(application, session_id)
        with self._turn:
            self._open.pop(folder, None)
        if not self._files.listed(folder):
            return
        # before the others look for it: what they join is gone, or its maker sees the mark
        self._files.write({f"{folder}/{_ERASED}{secrets.token_hex(8)}": b""})
        for _ in range(_LOOKS):  # a store may keep one of many and say nothing
            pieces = _pieces(self._files.listed(folder))
            if not pieces:
                return
            self._files.remove([entry.path for entry in pieces])
        message = f"{WHAT} cannot be removed: the store keeps some of them"
        raise IsothermError(Code.STORE_UNAVAILABLE, message, retry_after_s=1)

    def expire(self, before_ms: int) -> int:
        """Forget sessions that got nothing since a time; return how many.

        Those that a process has left in pieces are joined later.
        """
        sessions: dict[str, list[Entry]] = defaultdict(list)
        for entry in self._ours():
            sessions[entry.path.rpartition("/")[0]].append(entry)
        old = {
            folder: entries
            for folder, entries in sessions.items()
            if max(map(_at_ms, entries)) < before_ms
        }
        self._files.remove([entry.path for entries in old.values() for entry in entries])
        now = self._clock_s()
        with self._turn:
            for folder, entries in sessions.items():
                if folder not in old and folder not in self._spoilt and len(_pieces(entries)) > 1:
                    self._open.setdefault(folder, now)
        return sum(bool(_pieces(entries)) for entries in old.values())

    def names(self) -> set[str]:
        """Return the names of the sessions' folders."""
        return {entry.path.split("/")[1] for entry in _pieces(self._ours())}

    def pack_quiet(self) -> int:
        """Make one object of some sessions that have ended; return how many were packed."""
        now = self._clock_s()
        with self._turn:
            quiet = [folder for folder, at_s in self._open.items() if now - at_s >= QUIET_S]
        some = quiet[:_JOINED_AT_ONCE]
        for folder in some:
            self._join_or_leave(folder)
            with self._turn:
                if now - self._open.get(folder, now) >= QUIET_S:
                    del self._open[folder]
        return len(some)

    def _ours(self) -> list[Entry]:
        return [entry for entry in self._files.listed() if _OURS.fullmatch(entry.path)]

    def _join_or_leave(self, folder: str) -> None:
        """Join a session; one that cannot be read keeps no other from being joined."""
        try:
            self._join(folder)
        except IsothermError:
            raise
        except Exception:  # noqa: BLE001 - whatever a spoilt body brings about
            _log.exception("The recording below %s cannot be joined", folder)
            self._spoilt.add(folder)

    def _join(self, folder: str) -> None:
        before = self._files.listed(folder)
        # whoever has put the mark may be about to remove what was there: stores tell seconds only
        erased_ms = max((mark.modified_ms for mark in _marks(before)), default=-1)
        pieces = [piece for piece in _pieces(before) if _at_ms(piece) > erased_ms]
        if len(pieces) < 2:
            return
        try:
            segments = {one.segment_id: one for one in self._read(pieces)}
        except FileNotFoundError:  # another process joins them, or erases them
            return
        whole = list(segments.values())
        made = f"{folder}/{_name(whole)}-{max(map(_at_ms, pieces))}{ENDING}"
        self._files.write({made: _body(whole)})
        known = {mark.path for mark in _marks(before)}
        erased = any(mark.path not in known for mark in _marks(self._files.listed(folder)))
        gone = [piece.path for piece in pieces if piece.path != made]
        self._files.remove([*gone, made] if erased else gone)

    def _read(self, pieces: Sequence[Entry]) -> Iterator[Segment]:
        """Read pieces, some at once. Raises FileNotFoundError when one of them is gone."""
        some: list[str] = []
        size = 0
        for piece in pieces:
            if some and (len(some) == _READ_AT_ONCE or size + piece.size > _READ_BYTES):
                yield from self._decoded(some)
                some, size = [], 0
            some.append(piece.path)
            size += piece.size
        if some:
            yield from self._decoded(some)

    def _decoded(self, paths: Sequence[str]) -> Iterator[Segment]:
        for body in self._files.read_all(paths):
            for data in _unpack(body):
                yield decode_segment(data)


def _body(segments: Sequence[Segment]) -> bytes:
    return _pack([encode_segment(segment) for segment in segments])


def _name(segments: Sequence[Segment]) -> str:
    """Return the same name for the same segments: what is put twice is there once."""
    return _digest("\0".join(sorted(segment.segment_id for segment in segments)))


def _pieces(entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.path.endswith(ENDING)]


def _marks(entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if not entry.path.endswith(ENDING)]


def _at_ms(entry: Entry) -> int:
    """Return when a piece was put: as its name says when it was joined or copied later."""
    _, _, at = entry.path.rpartition("/")[2].removesuffix(ENDING).partition("-")
    return int(at) if at.isdecimal() and entry.path.endswith(ENDING) else entry.modified_ms


def _folder(application: str, session_id: str) -> str:
    name = _digest(f"{application}\0{session_id}")
    return f"{name[:2]}/{name}"


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
