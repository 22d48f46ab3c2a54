"""gunicorn's master process; it announces the server only after a worker has answered.

The master stays what it is, one thread without a library that has threads (decision 023). It asks
/health over the socket that it listens on, between two rounds of its own loop.
"""

import select
import signal
import socket
import time
from typing import Any

import click
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer

WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what they mean to a caller
REQUEST = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
LOOK_S = 0.5
AGAIN_S = 5.0
"""After a process that could not start, before another one is tried."""

WAITS = b"503"
"""The status of a worker that waits for room on the disk, and starts again by itself."""


class Answering(Arbiter):  # type: ignore[misc]  # gunicorn ships no types
    """Prints `Open http://...` when a worker has answered, or ends with an error message."""

    def __init__(self, app: Any) -> None:
        """Take an application with `settings`; the setting `start_s` is the limit."""
        self._limit_s: float = app.settings.start_s
        self._until_s: float | None = None  # None: a worker has answered
        self._started = 0  # workers since nobody answers
        self._asked: socket.socket | None = None
        self._announced = False
        self._replaced = 0  # workers up to this age go when younger ones can answer
        self._again_s = 0.0  # monotonic: no worker is started before
        super().__init__(app)

    def spawn_worker(self) -> None:
        """Start a worker, unless those before never answered."""
        if self._until_s is None and not self.WORKERS:
            self._until_s = time.monotonic() + self._limit_s
            self._started = 0
        if self._until_s is not None:
            hopeless = self.num_workers == 1 or not self.app.has_answered  # else they were killed
            if self._started >= self.num_workers and hopeless:
                self._give_up("Isotherm ended while it started. The log above says why.")
            self._started += 1
        super().spawn_worker()

    def reload(self) -> None:
        """Replace all processes, as SIGHUP asks; the settings stay what they are.

        `manage_workers` does it bit by bit, so that the master hears signals meanwhile. The
        embedded store has one process: there the old one goes first, and the next one follows.
        """
        if not self.app.settings.store:
            self.kill_workers(signal.SIGTERM)
        elif self._old():
            self.log.warning("The processes are being replaced already.")
        else:
            self._replaced = self.worker_age

    def manage_workers(self) -> None:
        """Start and end workers; old ones answer until as many new ones can."""
        if time.monotonic() < self._again_s:
            return
        old = self._old()
        if not old:
            super().manage_workers()
            return
        new = [worker for worker in self.WORKERS.values() if worker.age > self._replaced]
        if len(new) >= self.num_workers:
            if all(map(_can_answer, new)):
                for pid in old:
                    self.kill_worker(pid, signal.SIGTERM)
            return
        for _ in range(self.num_workers - len(new)):
            self.spawn_worker()

    def reap_workers(self) -> None:
        """Note which workers have ended. One that could not start does not end the others."""
        while True:
            try:
                super().reap_workers()
            except HaltServer as error:
                if not self.LISTENERS:
                    continue  # the server ends anyway
                if not (self.app.has_answered and any(map(_can_answer, self.WORKERS.values()))):
                    raise
                self.log.warning("A process could not start, the others go on: %s", error.reason)
                self._again_s = time.monotonic() + AGAIN_S
            else:
                return

    def _old(self) -> list[int]:
        return [pid for pid, worker in self.WORKERS.items() if worker.age <= self._replaced]

    def murder_workers(self) -> None:
        """Check the workers; gunicorn calls this at least once a second."""
        super().murder_workers()
        if self._until_s is None:
            return
        status = self._status()
        if status in {b"200", WAITS}:
            self._until_s = None
            self.app.has_answered = True
            if status != WAITS and not self._announced:
                click.echo(f"Open {self._url()}", err=True)
                self._announced = True
        elif time.monotonic() > self._until_s:
            self.kill_workers(signal.SIGKILL)  # it has no request that could be finished
            self._give_up(
                f"Isotherm did not answer at {self._url()}health within {self._limit_s:g} s, so it "
                "was ended. Look at the log above, or run `isotherm doctor`; a slow machine gets "
                "more time with ISOTHERM_START_S."
            )

    def _give_up(self, sentence: str) -> None:
        click.echo(f"isotherm: {sentence}", err=True)
        raise HaltServer("The worker does not answer.", self.WORKER_BOOT_ERROR)

    def _status(self) -> bytes:
        """Ask once and look for the answer in each round: the question waits in the backlog."""
        try:
            if self._asked is None:
                self._asked = socket.create_connection(self._address(), LOOK_S)
                self._asked.sendall(REQUEST)
            if not select.select([self._asked], [], [], LOOK_S)[0]:
                return b""
            status = self._asked.recv(64).split(b" ")[1:2]
        except OSError:
            status = []
        if self._asked:
            self._asked.close()
            self._asked = None
        return b"".join(status)

    def _address(self) -> tuple[str, int]:
        """Return where this machine reaches the server."""
        host, port = self.LISTENERS[0].sock.getsockname()[:2]
        return WILDCARDS.get(host, host), port

    def _url(self) -> str:
        host, port = self._address()
        return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _can_answer(worker: Any) -> bool:
    """Tell whether a worker has given a sign of life; before, its file has the time of day."""
    return bool(worker.tmp.last_update() <= time.monotonic())
