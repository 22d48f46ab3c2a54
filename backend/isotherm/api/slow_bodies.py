"""Ends requests whose body arrives too slowly, because each of them occupies a thread.

Senders that are silent are put aside by gunicorn itself; one byte a second keeps a thread for ever.
"""

import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

_LOOK_EVERY_S: Final = 0.5
_SLOWEST: Final = 100_000
"""Bytes a second that a large body must come with at least."""


class SlowBodies:
    """Watches the sockets of running requests. Thread-safe; its thread starts with the first."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._until_s: dict[int, tuple[float, socket.socket]] = {}
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, environ: Mapping[str, Any]) -> None:
        """Start the time limit of a request with a body; after it, the body ends early."""
        client = environ.get("gunicorn.socket")
        length = environ.get("CONTENT_LENGTH") or 0
        if client is None or not (length or environ.get("HTTP_TRANSFER_ENCODING")):
            return
        if self._thread is None:
            self._start()
        until_s = time.monotonic() + self._limit_s + int(length) / _SLOWEST
        self._until_s[id(environ)] = (until_s, client)

    def end(self, environ: Mapping[str, Any]) -> None:
        """Stop watching a request that has been answered."""
        self._until_s.pop(id(environ), None)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="slow bodies", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        look = threading.Event()
        while not look.wait(_LOOK_EVERY_S):
            now = time.monotonic()
            for request, (until_s, client) in self._until_s.copy().items():
                if until_s < now and self._until_s.pop(request, None) is not None:
                    with suppress(OSError):  # it has gone meanwhile
                        client.shutdown(socket.SHUT_RD)
