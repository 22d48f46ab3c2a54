"""Playbacks for people, made in reader processes: a few wait, the others are asked to retry."""

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.quarantine import Quarantine
from isotherm.pipeline.readers.messages import Play, Played
from isotherm.pipeline.readers.process import ReaderProcess, UnreadableError
from isotherm.storage.ports import Recording

_WAITING: Final = 4
"""Each request that waits holds a thread that answers others."""
_WAIT_S: Final = 10.0
_RETRY_S: Final = 5
_IMAGE_BYTES: Final = 12 * 1024 * 1024
"""Of all images of a playback, as they are sent."""

KeptImages = Callable[[str, Sequence[str]], Mapping[str, str]]
"""What is kept of an application's images: `data:` addresses by the addresses they came from."""


def no_images(_application: str, _urls: Sequence[str]) -> Mapping[str, str]:
    """Keep none."""
    return {}


class Playing:
    """Makes playbacks. Thread-safe."""

    def __init__(
        self,
        processes: Sequence[ReaderProcess],
        quarantine: Quarantine,
        kept_images: KeptImages = no_images,
    ) -> None:
        self._kept_images = kept_images
        self._processes = tuple(processes)
        self._quarantine = quarantine
        self._free: queue.SimpleQueue[ReaderProcess] = queue.SimpleQueue()
        for process in processes:
            self._free.put(process)
        self._places = threading.BoundedSemaphore(len(self._processes) + _WAITING)

    def __call__(
        self, application: str, session_id: str, view_id: str | None
    ) -> dict[str, msgspec.Raw]:
        """Return the fields of a playback (`replay.playback.Playback`), as JSON.

        Its `images` are `data:` addresses of what is kept, "" elsewhere: nothing is fetched.

        Raises NOT_FOUND without a replay or a document, UNREADABLE for a recording that is set
        aside or breaks now, STORE_UNAVAILABLE when too many are asked for at once.
        """
        recording = Recording(application, session_id, view_id)
        if self._quarantine.holds(recording, "playback"):
            message = (
                "This replay could not be played and is in quarantine; the Health page says why."
            )
            raise IsothermError(Code.UNREADABLE, message)
        if not self._places.acquire(blocking=False):
            raise _busy()
        try:
            played = self._play(recording)
        except UnreadableError as error:
            loaded = error.loaded
            self._quarantine.add(
                recording, "playback", error.reason,
                sender=loaded.sender, size_bytes=loaded.size_bytes,
            )  # fmt: skip
            message = f"This replay cannot be played: {error.reason}"
            raise IsothermError(Code.UNREADABLE, message) from error
        finally:
            self._places.release()
        self._quarantine.release(recording, "playback")
        if not played.segments:
            raise IsothermError(Code.NOT_FOUND, f"There is no replay of session {session_id!r}")
        if played.playback is None:
            message = "This recording has no document: there is nothing to play."
            raise IsothermError(Code.NOT_FOUND, message)
        fields = msgspec.json.decode(played.playback, type=dict[str, msgspec.Raw])
        wanted = msgspec.json.decode(fields["images"], type=list[list[str]])
        fields["images"] = msgspec.Raw(msgspec.json.encode(self._images(application, wanted)))
        return fields

    def _images(self, application: str, wanted: list[list[str]]) -> list[str]:
        """Return `data:` addresses of images that are kept; "" for those that are not."""
        kept = self._kept_images(application, [url for urls in wanted for url in urls])
        found: list[str] = []
        room = _IMAGE_BYTES
        for urls in wanted:
            image = next((kept[url] for url in urls if url in kept), "")
            image = image if len(image) <= room else ""
            room -= len(image)
            found.append(image)
        return found

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.close()

    def _play(self, recording: Recording) -> Played:
        try:
            process = self._free.get(timeout=_WAIT_S)
        except queue.Empty as error:
            raise _busy() from error
        try:
            played = process.ask(
                Play(recording.application, recording.session_id, recording.view_id)
            )
        finally:
            self._free.put(process)
        assert isinstance(played, Played)
        return played


def _busy() -> IsothermError:
    message = "Several replays are being prepared right now. Try again in a few seconds."
    return IsothermError(Code.STORE_UNAVAILABLE, message, retry_after_s=_RETRY_S)
