"""Bodies of replay segments: on a local disk one append-only file per session.

Senders such as Faro deliver many tiny segments; appending keeps them in one file, and one fsync
covers all segments of a batch. Other file systems (S3 ...) cannot append: see `remote_replays.py`.
"""

import contextlib
import fcntl
import os
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final, Protocol

from isotherm.model import Segment
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.durable import sync_folder
from isotherm.storage.files import Files
from isotherm.storage.objects import record_log as frames
from isotherm.storage.objects.remote_replays import WHAT, RemoteReplays
from isotherm.storage.objects.segment_bodies import decode_segment, encode_segment, in_order

_OPEN_SESSIONS: Final = 4_096
_RETRY_AFTER_S: Final = 10


class Bodies(Protocol):
    """What the worker asks of a replay store beyond `ports.ReplayStore`."""

    def put(self, segment: Segment) -> None:
        """Keep a body durably; putting the same segment again changes nothing."""

    def put_all(self, segments: Sequence[Segment]) -> None:
        """Keep bodies durably. Raises STORE_UNAVAILABLE; put them all again then."""

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

    def delete(self, application: str, session_id: str) -> None:
        """Forget a session's bodies."""

    def expire(self, before_ms: int) -> int:
        """Forget sessions that got nothing since a time; return how many."""

    def pack_quiet(self) -> int:
        """Join the small files of sessions that have ended; return how many sessions."""


def open_replays(url: str) -> Bodies:
    """Return the store behind an fsspec URL; a plain path is a local folder."""
    files = Files(url, WHAT)
    return LocalReplays(Path(files.root)) if files.is_local else RemoteReplays(files)


class _Session:
    """What is known about one session's file: which segments are in it, and where it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: set[str] = set()
        self.end = 0
        self.file = (0, b"")
        """Which file it is, by its number, which may come again, and by how its first frame begins:
        another process may have deleted it and begun it anew."""

    def look(self, file: int) -> None:
        """Read what was added since the last look; whoever holds the file's lock may ask."""
        now = os.fstat(file)
        found = now.st_ino, os.pread(file, frames.HEAD_BYTES, 0)
        if found != self.file or now.st_size < self.end:
            self.known, self.end, self.file = set(), 0, found
        if now.st_size > self.end:
            for frame in frames.scan(self.path, self.end):  # a torn end is written over
                self.known.add(decode_segment(frame.payload).segment_id)
                self.end = frame.end


class LocalReplays:
    """Replay bodies below a local folder, which several processes may share."""

    def __init__(self, folder: Path) -> None:
        """Take a folder. Raises STORE_UNAVAILABLE."""
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"The folder of recordings cannot be created ({error})."
            raise IsothermError(Code.STORE_UNAVAILABLE, message) from error
        self._turn = threading.Lock()
        self._sessions: OrderedDict[Path, _Session] = OrderedDict()

    def put(self, segment: Segment) -> None:
        """Keep a body durably; putting the same segment again changes nothing."""
        self.put_all([segment])

    def put_all(self, segments: Sequence[Segment]) -> None:
        """Keep bodies durably. Raises STORE_UNAVAILABLE; put them all again then."""
        by_session: dict[tuple[str, str], list[Segment]] = defaultdict(list)
        for segment in segments:
            by_session[segment.application, segment.session_id].append(segment)
        with self._turn:
            for key, mine in by_session.items():
                path = self._path(*key)
                try:
                    self._append(path, mine)
                except OSError as error:
                    self._sessions.pop(path, None)
                    message = f"Replay bodies cannot be written ({error.strerror})."
                    raise IsothermError(
                        Code.STORE_UNAVAILABLE, message, retry_after_s=_RETRY_AFTER_S
                    ) from error

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
        path = self._path(application, session_id)
        if not path.exists():
            return []
        return in_order(
            (decode_segment(frame.payload) for frame in frames.scan(path)), view_id, most_bytes
        )

    def delete(self, application: str, session_id: str) -> None:
        """Forget a session's bodies."""
        path = self._path(application, session_id)
        with self._turn:
            self._sessions.pop(path, None)
            with contextlib.suppress(FileNotFoundError), _locked(path):
                path.unlink()

    def expire(self, before_ms: int) -> int:
        """Forget sessions that got nothing since a time; return how many."""
        if not before_ms:
            return 0
        gone, before_ns = 0, before_ms * 1_000_000
        for path in self._folder.glob("*/*.replay"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime_ns >= before_ns:
                    continue
            with self._turn, contextlib.suppress(FileNotFoundError), _locked(path) as file:
                if os.fstat(file).st_mtime_ns < before_ns:  # it may have got something meanwhile
                    self._sessions.pop(path, None)
                    path.unlink()
                    gone += 1
        return gone

    def names(self) -> list[str]:
        """Return the names of the sessions' files, sorted."""
        return sorted(path.stem for path in self._folder.glob("*/*.replay"))

    def whole(self, name: str) -> tuple[list[Segment], int]:
        """Return all segments of a session's file and when it got the last one (epoch ms)."""
        found = (decode_segment(frame.payload) for frame in frames.scan(self._named(name)))
        return in_order(found, None), self.at_ms(name)

    def at_ms(self, name: str) -> int:
        """Return when a session's file got its last segment (epoch ms)."""
        return self._named(name).stat().st_mtime_ns // 1_000_000

    def pack_quiet(self) -> int:
        """Return 0: a session is one file from the beginning."""
        return 0

    def _append(self, path: Path, segments: Sequence[Segment]) -> None:
        session = self._session(path)
        path.parent.mkdir(exist_ok=True)
        with _locked(path, os.O_RDWR | os.O_CREAT) as file:
            session.look(file)
            fresh = {one.segment_id: one for one in segments if one.segment_id not in session.known}
            if not fresh:
                return
            data = b"".join(frames.pack(encode_segment(segment)) for segment in fresh.values())
            is_new = not session.end
            try:
                frames.write_at(file, data, session.end)
                session.file = session.file[0], os.pread(file, frames.HEAD_BYTES, 0)
                os.ftruncate(file, session.end + len(data))
                os.fsync(file)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(file, session.end)
                raise
        if is_new:
            sync_folder(path.parent)
            sync_folder(self._folder)
        session.end += len(data)
        session.known |= fresh.keys()

    def _session(self, path: Path) -> _Session:
        if path not in self._sessions:
            self._sessions[path] = _Session(path)
            if len(self._sessions) > _OPEN_SESSIONS:
                self._sessions.popitem(last=False)
        self._sessions.move_to_end(path)
        return self._sessions[path]

    def _path(self, application: str, session_id: str) -> Path:
        digest = blake2b(f"{application}\0{session_id}".encode(), digest_size=16)
        return self._named(digest.hexdigest())

    def _named(self, name: str) -> Path:
        return self._folder / name[:2] / f"{name}.replay"


@contextlib.contextmanager
def _locked(path: Path, flags: int = os.O_RDWR) -> Iterator[int]:
    """Open a file that nobody else has a lock on, and that has not been deleted meanwhile."""
    while True:
        file = os.open(path, flags, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is_at(file, path):
                yield file
                return
        finally:
            os.close(file)


def _is_at(file: int, path: Path) -> bool:
    try:
        return path.stat().st_ino == os.fstat(file).st_ino
    except FileNotFoundError:
        return False
