"""Replay bodies on a file system that cannot append (S3 and others, through fsspec).

Each batch of a session is one object; once the session is quiet its objects become one.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any, Final

import msgspec

from isotherm.model import Segment
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.objects.segment_bodies import decode_segment, encode_segment, in_order

QUIET_S: Final = 15 * 60
"""A session has ended after 15 minutes without an event."""

_RETRY_AFTER_S: Final = 10

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[bytes]).decode


class RemoteReplays:
    """Replay bodies below a folder of an fsspec file system."""

    def __init__(
        self,
        file_system: Any,
        root: str,
        *,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._files = file_system
        self._root = root.rstrip("/")
        self._clock_s = clock_s
        self._turn = threading.Lock()
        self._open: dict[str, float] = {}  # session folder -> when it got its last object

    def put(self, segment: Segment) -> None:
        """Keep a body durably; putting the same segment again changes nothing."""
        self.put_all([segment])

    def put_all(self, segments: Sequence[Segment]) -> None:
        """Keep bodies durably. Raises STORE_UNAVAILABLE; put them all again then."""
        by_session: dict[str, list[Segment]] = defaultdict(list)
        for segment in segments:
            by_session[self._folder(segment.application, segment.session_id)].append(segment)
        with self._turn, _translated():
            for folder, mine in by_session.items():
                self._write(folder, mine)
                self._open[folder] = self._clock_s()

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
        with _translated():
            found = (one for _, one in self._read(self._folder(application, session_id)))
            return in_order(found, view_id, most_bytes)

    def delete(self, application: str, session_id: str) -> None:
        """Forget a session's bodies."""
        folder = self._folder(application, session_id)
        with self._turn, _translated():
            self._open.pop(folder, None)
            if self._files.exists(folder):
                self._files.rm(folder, recursive=True)

    def expire(self, before_ms: int) -> int:
        """Forget sessions that got nothing since a time; return how many."""
        newest: dict[str, float] = {}
        with self._turn, _translated():
            for path in self._files.find(self._root):
                folder = path.rsplit("/", 1)[0]
                modified = self._files.modified(path).timestamp() * 1000
                newest[folder] = max(newest.get(folder, 0), modified)
            old = [folder for folder, at_ms in newest.items() if at_ms < before_ms]
            for folder in old:
                self._files.rm(folder, recursive=True)
        return len(old)

    def pack_quiet(self) -> int:
        """Make one object of each session that has ended; return how many were packed."""
        now = self._clock_s()
        with self._turn, _translated():
            quiet = [folder for folder, at_s in self._open.items() if now - at_s >= QUIET_S]
            for folder in quiet:
                pieces = self._files.find(folder)
                segments = dict(self._read(folder))
                kept = self._write(folder, list(segments.values()))
                for piece in pieces:
                    if not kept.endswith(piece.lstrip("/")):
                        self._files.rm_file(piece)
                del self._open[folder]
        return len(quiet)

    def _write(self, folder: str, segments: Sequence[Segment]) -> str:
        ids = "\0".join(sorted(segment.segment_id for segment in segments))
        path = f"{folder}/{_digest(ids)}.segments"
        self._files.makedirs(folder, exist_ok=True)
        self._files.pipe_file(path, _pack([encode_segment(segment) for segment in segments]))
        return path

    def _read(self, folder: str) -> Iterator[tuple[str, Segment]]:
        if not self._files.exists(folder):
            return
        for path in self._files.find(folder):
            for data in _unpack(self._files.cat_file(path)):
                segment = decode_segment(data)
                yield segment.segment_id, segment

    def _folder(self, application: str, session_id: str) -> str:
        name = _digest(f"{application}\0{session_id}")
        return f"{self._root}/{name[:2]}/{name}"


@contextmanager
def _translated() -> Iterator[None]:
    """Turn a file system's OSError into STORE_UNAVAILABLE."""
    try:
        yield
    except OSError as error:
        message = f"The replay store does not answer: {error}"
        raise IsothermError(
            Code.STORE_UNAVAILABLE, message, retry_after_s=_RETRY_AFTER_S
        ) from error


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
