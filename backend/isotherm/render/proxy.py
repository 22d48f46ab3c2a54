"""A forward proxy that decides about every connection of the renderer's browser.

Request interception sees only the first hop of a redirect, and no worker or WebSocket; a proxy sees
each connection. It resolves a name once and connects to that very address.
"""

import select
import socket
import socketserver
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

from isotherm.render.hosts import Host, RefusedError, address_of

CONNECT_S = 10.0
IDLE_S = 20.0
VIA = "1.1 isotherm"  # on answers of the proxy itself
HEAD_BYTES = 64 * 1024
PIECE_BYTES = 64 * 1024
_HOP_BY_HOP = {b"proxy-connection", b"proxy-authorization", b"connection", b"keep-alive"}


class DecidingProxy(socketserver.ThreadingTCPServer):
    """Listens on loopback while one page is captured. Use as a context manager."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, allowed: Sequence[Host], *, limit_s: float, limit_bytes: int) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.allowed = tuple(allowed)
        self.deadline = time.monotonic() + limit_s
        self.refused: dict[tuple[str, str], int] = {}  # (host, reason) -> connections
        self._left_bytes = limit_bytes
        self._lock = threading.Lock()
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.1}, name="capture-proxy"
        )

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return int(self.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.deadline = 0.0  # open connections end at their next piece
        self.shutdown()
        self._thread.join()
        self.server_close()

    def spend(self, size: int) -> bool:
        """Take bytes from the page's allowance; False when time or bytes are used up."""
        with self._lock:
            self._left_bytes -= size
            return self._left_bytes >= 0 and time.monotonic() < self.deadline

    def refuse(self, host: str, reason: str) -> None:
        """Count a refused connection."""
        with self._lock:
            self.refused[host, reason] = self.refused.get((host, reason), 0) + 1

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the base class's names
        """Count a connection that broke; the page sees a failed request."""
        self.refuse("", "the connection broke")


class _Connection(socketserver.BaseRequestHandler):
    """One connection of the browser: a tunnel, or one plain request."""

    server: DecidingProxy
    request: socket.socket

    def handle(self) -> None:
        self.request.settimeout(IDLE_S)
        head, rest = self._head()
        if not head:
            return
        line, *headers = head.split(b"\r\n")
        try:
            method, target, _ = line.decode("latin-1").split(" ", 2)
            tunnel = method == "CONNECT"
            parts = urlsplit(f"//{target}" if tunnel else target)
            if parts.scheme != ("" if tunnel else "http"):
                self._answer(HTTPStatus.BAD_REQUEST)
                return
            host, port = parts.hostname or "", parts.port or (443 if tunnel else 80)
            upstream = socket.create_connection(
                address_of(host, port, self.server.allowed), CONNECT_S
            )
        except ValueError:
            self._answer(HTTPStatus.BAD_REQUEST)
            return
        except RefusedError as refused:
            self.server.refuse(host, str(refused))
            self._answer(HTTPStatus.FORBIDDEN)
            return
        except OSError:
            self.server.refuse(host, f"{host}:{port} does not answer")
            self._answer(HTTPStatus.BAD_GATEWAY)
            return
        with upstream:
            if tunnel:
                self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                kept = [
                    h for h in headers if h.partition(b":")[0].strip().lower() not in _HOP_BY_HOP
                ]
                # one request per connection, so that each is decided about
                first = f"{method} {path} HTTP/1.1".encode("latin-1")
                upstream.sendall(b"\r\n".join([first, *kept, b"Connection: close", b"", b""]))
            if rest:
                upstream.sendall(rest)
            self._relay(upstream)

    def _head(self) -> tuple[bytes, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self.request.recv(PIECE_BYTES)
            if not piece or len(data) > HEAD_BYTES:
                return b"", b""
            data += piece
        head, _, rest = data.partition(b"\r\n\r\n")
        return head, rest

    def _relay(self, upstream: socket.socket) -> None:
        other = {self.request: upstream, upstream: self.request}
        while True:
            ready, _, _ = select.select(list(other), [], [], IDLE_S)
            if not ready:
                return
            for side in ready:
                piece = side.recv(PIECE_BYTES)
                if not piece or not self.server.spend(len(piece)):
                    return
                other[side].sendall(piece)

    def _answer(self, status: HTTPStatus) -> None:
        with suppress(OSError):  # the browser may have gone
            self.request.sendall(
                f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Length: 0\r\n"
                f"Via: {VIA}\r\nConnection: close\r\n\r\n".encode()
            )
