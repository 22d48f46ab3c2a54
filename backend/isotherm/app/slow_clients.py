"""Ends connections whose client keeps a thread waiting: it sends, or takes its answer, too slowly.

A thread waits for one client at a time. When most threads wait, the longest wait is ended at once.
"""

import logging
import math
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from isotherm.intake.drops import Refusal

_LOOK_EVERY_S: Final = 0.5
_SLOWEST: Final = 100_000
"""Bytes a second that a large body must come with at least."""

_log = logging.getLogger(__name__)


def time_for(length: int, limit_s: float) -> float:
    """Return the seconds within which a body of so many bytes must have come."""
    return limit_s + length / _SLOWEST


class SlowClients:
    """Watches the sockets that threads wait for. Thread-safe; its thread starts with the first."""

    def __init__(self, most: int, refused: Callable[[Refusal], None]) -> None:
        """At most `most` threads wait for clients; `refused` counts those that are ended."""
        self._most = most
        self._refused = refused
        self._longest_s = math.inf
        self._waits: dict[socket.socket, tuple[float, int]] = {}  # the longest first
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, client: socket.socket, limit_s: float, how: int = socket.SHUT_RDWR) -> None:
        """Start waiting for a client, for so long; what it did before no longer counts.

        `how` the connection ends then: with SHUT_RD, the client still gets an answer.
        """
        with self._lock:
            self._waits.pop(client, None)
            self._waits[client] = time.monotonic() + min(limit_s, self._longest_s), how
            while len(self._waits) > self._most:
                self._end(next(iter(self._waits)), Refusal.CROWDED)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="slow clients", daemon=True)
                self._thread.start()

    def end(self, client: socket.socket) -> bool:
        """Wait no longer; False when its connection was ended meanwhile."""
        with self._lock:
            return self._waits.pop(client, None) is not None

    def hurry(self, longest_s: float) -> None:
        """Wait for nobody longer than this from now on: the server stops."""
        with self._lock:
            self._longest_s = longest_s
            last = time.monotonic() + longest_s
            self._waits = {one: (min(s, last), how) for one, (s, how) in self._waits.items()}

    def _run(self) -> None:
        look = threading.Event()
        while not look.wait(_LOOK_EVERY_S):
            now = time.monotonic()
            with self._lock:
                for client in [one for one, (until_s, _) in self._waits.items() if until_s < now]:
                    self._end(client, Refusal.TOO_SLOW)

    def _end(self, client: socket.socket, why: Refusal) -> None:
        """Let the thread go on: a body ends there, and what is sent fails."""
        _, how = self._waits.pop(client)
        self._refused(why)
        _log.info("A client is too slow: its connection ends.")
        with suppress(OSError):  # it has gone meanwhile
            client.shutdown(how)
