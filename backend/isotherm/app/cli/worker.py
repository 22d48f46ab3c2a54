"""gunicorn's worker with threads, so that no client keeps others waiting (decision 040).

Heads of requests are read by the loop that waits for all connections, and it is this loop that
waits until a client has closed its end: neither takes a thread. Nor does a request that is refused
because too many wait. What a thread waits for in between, `admission.py` limits.
"""

import errno
import resource
import selectors
import time
from collections import deque
from contextlib import suppress
from functools import partial
from itertools import takewhile
from socket import SHUT_WR
from typing import Any, Final

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker

from isotherm.app.admission import COUNTERS, DRAIN_BYTES, Admission
from isotherm.app.slow_clients import SlowClients
from isotherm.intake.drops import Counters, Refusal

WAITING_THREADS: Final = 240
"""Threads beside those that answer: they wait for bodies, and for clients to take answers."""

CONNECTIONS: Final = 2_000
HEAD_S: Final = 15.0
STOP_S: Final = 5.0
HEAD_BYTES: Final = 1 << 16
"""Of a longer head, gunicorn says what is wrong with it."""

LINGER_S: Final = 10.0
"""After the last answer: what a client still sends would else end it before it is read."""

_LINGERING: Final = 500
_LINGER_BYTES: Final = DRAIN_BYTES
_STEP_S: Final = 0.0005
_LONGEST_S: Final = 0.002
_FILES: Final = 8_192
_SPARE_FILES: Final = 512
"""Of the store, the spool, recordings and pictures."""

_END: Final = b"\r\n\r\n"
_PASSING: Final = {errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED}
_NO_MORE: Final = {errno.EMFILE, errno.ENFILE}


class Connection(TConn):  # type: ignore[misc]  # gunicorn ships no types
    """One connection: the head that has come, and until when more of it is waited for."""

    def __init__(self, worker: "Worker", *of: Any) -> None:
        super().__init__(worker.cfg, *of)
        self.worker = worker
        self.head = bytearray()
        self.drained = 0

    def close(self, graceful: bool = False) -> None:
        """Close the connection; gracefully: when the client has."""
        if graceful:
            self.worker.linger(self)
        else:
            super().close()


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Answers requests of slow and quick clients."""

    def init_process(self) -> None:
        """Allow as many connections as the machine does; runs in the new process."""
        self.worker_connections = self.max_keepalived = min(CONNECTIONS, _files() - _SPARE_FILES)
        self._lingering = deque[Connection]()
        super().init_process()

    def load_wsgi(self) -> None:
        """Put the application behind its turns."""
        super().load_wsgi()
        settings, application = self.app.settings, self.app.wsgi()
        # one that waits for room on the disk counts nothing
        kept = getattr(application, "extensions", {})
        self._refused = kept.get(COUNTERS, Counters()).refused
        self.clients = SlowClients(WAITING_THREADS * 3 // 4, self._refused)
        self.wsgi: Any = Admission(
            application,
            self.clients,
            self._refused,
            turns=settings.threads,
            intake_turns=settings.threads,
            body_bytes=settings.max_body_mb << 20,
            body_s=settings.body_s,
        )

    def accept(self, listener: Any) -> None:
        """Take a connection; when there are too many, one that sends nothing makes room."""
        if self.cfg.workers > 1:
            self._let_others_first()
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in _NO_MORE:
                self._make_room()
            elif error.errno not in _PASSING:
                raise
            return
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections:
            self._make_room()
        self._await_head(Connection(self, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Connection, client: Any) -> None:
        """Read the next request of a kept connection."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await_head(conn)

    def on_pending_socket_readable(self, conn: Connection, client: Any) -> None:
        """Read on in a head."""
        is_whole = self._read_head(conn)
        if is_whole is not None:
            self.poller.unregister(client)
            self.pending_conns.remove(conn)
            self._go_on(conn, is_whole)

    def handle(self, conn: Connection) -> Any:
        """Answer a request whose head is here. Runs in a thread."""
        conn.data_ready = True
        conn.sock.setblocking(True)
        conn.init()
        conn.parser.unreader.unread(bytes(conn.head))
        conn.head.clear()
        # the head may be two halves of two requests that were sent at once
        self.clients.begin(conn.sock, HEAD_S)
        try:
            return super().handle(conn)
        finally:
            self.clients.end(conn.sock)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what is no request, or has too long a head. Runs in a thread."""
        if isinstance(exc, LimitRequestLine | LimitRequestHeaders):
            self._refused(Refusal.TOO_LARGE)
        elif isinstance(exc, ParseException):
            self._refused(Refusal.BROKEN)
        super().handle_error(req, client, addr, exc)

    def linger(self, conn: Connection) -> None:
        """Wait, without a thread, until a client has closed its end (RFC 9112, 9.6)."""
        if conn.sock.fileno() < 0:  # closed by gunicorn, whose answer broke off
            return
        conn.sock.setblocking(False)
        with suppress(OSError):  # the client has closed both
            conn.sock.shutdown(SHUT_WR)
        conn.timeout = time.monotonic() + LINGER_S
        if len(self._lingering) >= _LINGERING:
            self._end_linger(self._lingering[0])
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_lingering, conn))
        self._lingering.append(conn)

    def murder_pending(self) -> None:
        """End what has waited too long."""
        now = time.monotonic()
        for conn in takewhile(lambda one: one.timeout <= now, self.pending_conns):
            self._count(conn, Refusal.TOO_SLOW)
        super().murder_pending()
        while self._lingering and self._lingering[0].timeout < time.monotonic():
            self._end_linger(self._lingering[0])

    def _on_lingering(self, conn: Connection, client: Any) -> None:
        try:
            piece = client.recv(HEAD_BYTES)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        conn.drained += len(piece)
        if not piece or conn.drained > _LINGER_BYTES:
            self._end_linger(conn)

    def _end_linger(self, conn: Connection) -> None:
        self._lingering.remove(conn)
        self.poller.unregister(conn.sock)
        conn.close()

    def _await_head(self, conn: Connection) -> None:
        is_whole = self._read_head(conn)  # most have sent it by now
        if is_whole is not None:
            self._go_on(conn, is_whole)
            return
        conn.timeout = time.monotonic() + HEAD_S
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def _read_head(self, conn: Connection) -> bool | None:
        """Read what has come; True: the head is whole, False: the client has gone, None: more."""
        try:
            piece = conn.sock.recv(HEAD_BYTES)
        except BlockingIOError:
            return None
        except OSError:
            return False
        seen = len(conn.head)
        conn.head += piece
        is_whole = _END in conn.head[max(0, seen - 3) :] or len(conn.head) >= HEAD_BYTES
        return bool(piece) and (is_whole or None)

    def _go_on(self, conn: Connection, is_whole: bool) -> None:
        refusal = self.wsgi.refusal(conn.head) if is_whole else b""
        if refusal:
            with suppress(OSError):  # the client has gone
                conn.sock.send(refusal)
            self.nr_conns -= 1
            conn.close(graceful=True)
        elif is_whole:
            self.enqueue_req(conn)
        else:
            self._close(conn)

    def _make_room(self) -> None:
        """End the connection that has waited longest."""
        for waiting in (self.pending_conns, self.keepalived_conns):
            if waiting:
                conn = waiting.popleft()
                self._count(conn, Refusal.CROWDED)
                self.poller.unregister(conn.sock)
                self._close(conn)
                return

    def _count(self, conn: Connection, why: Refusal) -> None:
        if conn.head:  # else no request has begun
            self._refused(why)

    def _close(self, conn: Connection) -> None:
        self.nr_conns -= 1
        conn.close()

    def _let_others_first(self) -> None:
        """Let a process that has less to do take the connection.

        The kernel wakes all processes for it, and a busy one, which runs already, takes it before
        an idle one is awake: nearly all the work would be done by one.
        """
        busy = self.nr_conns - len(self.keepalived_conns) - len(self.pending_conns)
        if busy > 0:
            time.sleep(min(_LONGEST_S, busy * _STEP_S))

    def _cap_keepalive(self, deadline: float) -> None:
        """Wait for no slow client long when the worker stops."""
        super()._cap_keepalive(deadline)
        self.clients.hurry(STOP_S)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)


def _files() -> int:
    """Allow this process many open files, as far as the system lets it; return how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return soft if soft != resource.RLIM_INFINITY else _FILES
