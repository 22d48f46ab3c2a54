"""Admission control: waiting for a slow client uses none of the threads that answer requests.

A request gets its turn when its body is here, and leaves it before its answer is sent, so that no
client, however slow, keeps others from being answered. The intake has turns of its own: senders
come again, people who ask wait. One person leaves a turn to the others, however much they ask, and
goes behind those who have fewer. So people go first: while one waits for an answer, the intake has
few turns. When too many requests wait for them, new ones are refused at once (load shedding).
"""

import io
import threading
from collections import Counter, deque
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
from isotherm.model.credentials import token_given
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

Who = tuple[str, ...]

_SHARE: Final = 4
"""While a person waits, the intake has this part of its turns."""

_WAITING: Final = 4
"""So many times the turns of the intake may wait for one."""

_PIECE_BYTES: Final = 1 << 16
_BODIES: Final = 16
"""Bodies of the largest size that may be in memory at a time."""


class RefusedError(IsothermError):
    """A request that is not taken, and the reason to count; None when it is counted already."""

    def __init__(self, reason: Refusal | None, code: Code, message: str, **about: Any) -> None:
        super().__init__(code, message, **about)
        self.reason = reason


class Turns:
    """Lets so many requests be answered at a time; the others wait, the first one first.

    People come first who have the fewest turns, and nobody has the last one beside others.

    All threads of a process share one interpreter, which each takes for some ms. A question takes
    it many times, and every time it would wait for all threads of the intake.
    """

    def __init__(self, people: int, intake: int) -> None:
        self._people = _Kind(people, spare=1)
        self._intake = _Kind(intake, spare=0)
        self._turns_of_intake = intake
        self._most = (1 + _WAITING) * intake
        self._lock = threading.Lock()

    @property
    def is_full(self) -> bool:
        """Whether one more request of the intake would be refused now."""
        return self._intake.here >= self._most

    @contextmanager
    def turn(self, *, of_intake: bool, who: Who = ()) -> Iterator[None]:
        """Wait for a turn. Raises RefusedError at once when too many of the intake wait.

        `who` tells people apart; senders are all alike.
        """
        kind = self._intake if of_intake else self._people
        mine = _Waiting(() if of_intake else who)
        with self._lock:
            if of_intake and self.is_full:
                raise _busy(Refusal.BUSY)
            kind.waiting.append(mine)
            self._give()
        mine.begins.wait()
        try:
            yield
        finally:
            with self._lock:
                kind.give_back(mine)
                self._give()

    def _give(self) -> None:
        """Give the turns that are free."""
        few = max(1, self._turns_of_intake // _SHARE)
        self._intake.turns = few if self._people.here else self._turns_of_intake
        for kind in (self._people, self._intake):
            while kind.taken < kind.turns and (one := kind.next()):
                one.begins.set()


class _Waiting:
    """A request that waits for its turn, or has it."""

    def __init__(self, who: Who) -> None:
        self.who = who
        self.begins = threading.Event()


class _Kind:
    """The turns of one kind of requests."""

    def __init__(self, turns: int, *, spare: int) -> None:
        """`spare`: turns that the same person does not take."""
        self.turns = turns
        self.waiting = deque[_Waiting]()
        self._spare = spare
        self._of = Counter[Who]()

    @property
    def taken(self) -> int:
        return self._of.total()

    @property
    def here(self) -> int:
        return self.taken + len(self.waiting)

    def next(self) -> _Waiting | None:
        """Give a turn to the first of those with the fewest; None: nobody may have it."""
        one = min(self.waiting, key=lambda waits: self._of[waits.who], default=None)
        if one is None or self._of[one.who] >= max(1, self.turns - self._spare):
            return None
        self.waiting.remove(one)
        self._of[one.who] += 1
        return one

    def give_back(self, one: _Waiting) -> None:
        self._of[one.who] -= 1
        if not self._of[one.who]:
            del self._of[one.who]


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
        self._turns = Turns(turns, intake_turns)
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
            status, headers, body = _refusal(error, environ.get("HTTP_ORIGIN"))
            start_response(status, headers)
            answer = [body]
        self._clients.begin(client, ANSWER_S)  # ends with the request (`cli/worker.py`)
        return answer

    def _answer(
        self, environ: WSGIEnvironment, start_response: StartResponse, client: Any
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"] == PROBE:
            return self._application(environ, start_response)
        of_intake = environ["PATH_INFO"].startswith(INTAKE)
        turn = self._turns.turn(of_intake=of_intake, who=() if of_intake else _who(environ))
        with self._body(environ, client, of_intake), turn:
            return self._application(environ, start_response)

    def refusal(self, head: bytes) -> bytes:
        """Return the whole answer to a request that is refused by its head; b"": it is not.

        So it takes no thread, which would compete with those that answer.
        """
        if not self._turns.is_full or not head.partition(b" ")[2].startswith(INTAKE.encode()):
            return b""
        self._refused(Refusal.BUSY)
        status, headers, body = _refusal(_busy(Refusal.BUSY), _origin(head))
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers), "", ""]
        return "\r\n".join(lines).encode("latin-1") + body

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
                message = f"The body cannot be read, or did not arrive in time: {fault}"
                raise RefusedError(reason, Code.INVALID, message)
            if not of_intake and kept.tell() > self._body_bytes:
                message = "A body of this size needs the header Content-Length."
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


def _who(environ: WSGIEnvironment) -> Who:
    """Tell people apart by address, token, and the name that Grafana gives."""
    token = token_given(environ.get("HTTP_AUTHORIZATION"))
    return environ.get("REMOTE_ADDR", ""), token, environ.get("HTTP_X_GRAFANA_USER", "")


def _origin(head: bytes) -> str | None:
    """Return the Origin of a request, if it is one that can be told again."""
    _, found, rest = head.lower().partition(b"\r\norigin:")
    start = len(head) - len(rest)
    value = head[start:].partition(b"\r\n")[0].decode("latin-1").strip()
    return value if found and value.isascii() and value.isprintable() else None


def _busy(reason: Refusal) -> RefusedError:
    message = "Isotherm receives more than it can handle now; send this again later."
    return RefusedError(reason, Code.STORE_UNAVAILABLE, message, retry_after_s=RETRY_AFTER_S)


def _refusal(error: IsothermError, origin: str | None) -> tuple[str, list[tuple[str, str]], bytes]:
    """Return status, headers and body."""
    body = msgspec.json.encode(error_body(error))
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("X-Content-Type-Options", "nosniff"),
        ("Connection", "close"),  # of a body that is not read to its end, no next request is found
    ]
    if error.retry_after_s:
        headers.append(("Retry-After", str(error.retry_after_s)))
    if origin is not None:  # so that a page can read that it may send again
        headers.append(("Access-Control-Allow-Origin", origin))
        headers.append(("Access-Control-Allow-Credentials", "true"))
    status = HTTPStatus(STATUS[error.code])
    return f"{status.value} {status.phrase}", headers, body
