"""Admission control: clients are waited for outside the turns in which requests are answered.

A request gets its turn when its body is here, and leaves it before its answer is sent, so that no
client, however slow, keeps others from being answered. The intake has turns of its own: senders
come again, people who ask wait. When too many requests wait for those turns, new ones are refused
at once (load shedding).
"""

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from socket import SHUT_RD
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import msgspec
from gunicorn.http.errors import ParseException

from isotherm.app.slow_clients import SlowClients, time_for
from isotherm.intake.drops import Refusal
from isotherm.model.errors import STATUS, Code, IsothermError, error_body

INTAKE: Final = "/intake/"
COUNTERS: Final = "isotherm.counters"
"""Where an application keeps what counts refused requests (Flask's `extensions`)."""

PROBE: Final = "/health"
"""Answered at any time: who looks whether the process lives would else end it for being busy."""

RETRY_AFTER_S: Final = 5
ANSWER_S: Final = 120.0
"""Within this time a client must take each answer that waits for it."""

DRAIN_BYTES: Final = 256 << 20
"""How much of a refused body is read and thrown away, so that the sender sees the answer."""

_PIECE_BYTES: Final = 1 << 16
_BODIES: Final = 16
"""Bodies of the largest size that may be in memory at a time."""


class RefusedError(IsothermError):
    """A request that is not taken, and the reason to count; None when it is counted already."""

    def __init__(self, reason: Refusal | None, code: Code, message: str, **about: Any) -> None:
        super().__init__(code, message, **about)
        self.reason = reason


class Turns:
    """Lets so many requests be answered at a time, and so many more wait for it."""

    def __init__(self, turns: int, most_waiting: int | None = None) -> None:
        self._free = threading.Semaphore(turns)
        self._most = None if most_waiting is None else turns + most_waiting
        self._here = 0
        self._lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn. Raises RefusedError at once when too many wait."""
        with self._lock:
            if self._most is not None and self._here >= self._most:
                raise _busy(Refusal.BUSY)
            self._here += 1
        try:
            with self._free:
                yield
        finally:
            with self._lock:
                self._here -= 1


class Admission:
    """The application behind its turns."""

    def __init__(
        self,
        application: WSGIApplication,
        clients: SlowClients,
        refused: Callable[[Refusal], None],
        *,
        turns: int,
        intake_turns: int,
        body_bytes: int,
        body_s: float,
    ) -> None:
        """`refused` counts requests that are not taken. `body_bytes`: the largest of the intake.

        `body_s`: see `slow_clients.time_for`.
        """
        self._application = application
        self._clients = clients
        self._refused = refused
        self._body_bytes = body_bytes
        self._body_s = body_s
        self._turns = Turns(turns)
        self._intake = Turns(intake_turns, most_waiting=4 * intake_turns)
        self._held = 0
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request in its turn, or refuse it with 503."""
        client = environ["gunicorn.socket"]
        self._clients.end(client)  # its head is here
        try:
            answer = self._answer(environ, start_response, client)
        except RefusedError as error:
            if error.reason:
                self._refused(error.reason)
            answer = _refusal(error, environ, start_response)
        self._clients.begin(client, ANSWER_S)  # ends with the request (`cli/worker.py`)
        return answer

    def _answer(
        self, environ: WSGIEnvironment, start_response: StartResponse, client: Any
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"] == PROBE:
            return self._application(environ, start_response)
        of_intake = environ["PATH_INFO"].startswith(INTAKE)
        turns = self._intake if of_intake else self._turns
        with self._body(environ, client, of_intake), turns.turn():
            return self._application(environ, start_response)

    @contextmanager
    def _body(self, environ: WSGIEnvironment, client: Any, of_intake: bool) -> Iterator[None]:
        """Have the body read while the block runs. Raises RefusedError."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        is_chunked = bool(environ.get("HTTP_TRANSFER_ENCODING"))
        if not length and not is_chunked:
            yield
            return
        if not of_intake and length > self._body_bytes:  # a picture, or too large: it knows
            self._clients.begin(client, time_for(length, self._body_s), SHUT_RD)
            yield
            return
        kept = io.BytesIO()
        try:
            limit_s = time_for(min(length, self._body_bytes), self._body_s)
            self._clients.begin(client, limit_s, SHUT_RD)
            fault = self._read(environ["wsgi.input"], kept)
            reason = Refusal.BROKEN if self._clients.end(client) else None  # else: it was ended
            if fault:
                message = f"The body cannot be read, or did not come in time: {fault}"
                raise RefusedError(reason, Code.INVALID, message)
            if not of_intake and kept.tell() > self._body_bytes:
                message = "Send a body of this size with its Content-Length."
                raise RefusedError(Refusal.TOO_LARGE, Code.TOO_LARGE, message)
            if reason and kept.tell() < min(length, self._body_bytes):
                self._refused(reason)  # the application says what is missing
            kept.seek(0)
            environ["wsgi.input"] = kept
            yield
        finally:
            with self._lock:
                self._held -= kept.getbuffer().nbytes

    def _read(self, stream: Any, kept: io.BytesIO) -> OSError | ParseException | None:
        """Read a body, and return what is wrong with it.

        Of one that is too large, the beginning is kept, and the rest read away.
        """
        fits = True
        try:
            for _ in range(DRAIN_BYTES // _PIECE_BYTES):
                piece = stream.read(_PIECE_BYTES)
                if not piece:
                    break
                if kept.tell() <= self._body_bytes and fits:
                    fits = self._hold(len(piece))
                    if fits:
                        kept.write(piece)
        except (OSError, ParseException) as error:
            return error
        if not fits:
            raise _busy(Refusal.BODIES)
        return None

    def _hold(self, count: int) -> bool:
        """Count bytes of bodies in memory; False, and nothing counted, when they are too many."""
        with self._lock:
            fits = self._held + count <= _BODIES * self._body_bytes
            self._held += count if fits else 0
        return fits


def _busy(reason: Refusal) -> RefusedError:
    message = "Isotherm gets more than it can take now; send again later."
    return RefusedError(reason, Code.STORE_UNAVAILABLE, message, retry_after_s=RETRY_AFTER_S)


def _refusal(
    error: IsothermError, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    body = msgspec.json.encode(error_body(error))
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("X-Content-Type-Options", "nosniff"),
        ("Connection", "close"),  # of a body that is not read to its end, no next request is found
    ]
    if error.retry_after_s:
        headers.append(("Retry-After", str(error.retry_after_s)))
    if "HTTP_ORIGIN" in environ:  # so that a page can read that it may send again
        headers.append(("Access-Control-Allow-Origin", environ["HTTP_ORIGIN"]))
        headers.append(("Access-Control-Allow-Credentials", "true"))
    status = HTTPStatus(STATUS[error.code])
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]
