"""A TCP proxy in front of InfluxDB that misbehaves as told: a bad network, a bad server."""

import contextlib
import socket
import threading
import time

_BLOCK = 65536


class BadLine:
    """Forwards connections; `answer` replies itself, `cut_after` ends answers early."""

    def __init__(self, target_port: int) -> None:
        self._target = target_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.answer: bytes | None = None  # a whole HTTP answer, in place of the server's
        self._open: set[socket.socket] = set()
        self.only = b""  # misbehave for requests that contain this only
        self.cut_after: int | None = None  # bytes of an answer that get through
        self.silent_s = 0.0  # before anything comes back
        self.drop_answers = False  # the request arrives, the answer does not
        threading.Thread(target=self._accept, daemon=True).start()

    def behave(self, **faults: object) -> None:
        """Be a good line, but for these faults; connections that are open end."""
        good: dict[str, object] = {"answer": None, "cut_after": None, "silent_s": 0.0}
        good |= {"drop_answers": False, "only": b""}
        for name, value in (good | faults).items():
            setattr(self, name, value)
        for connection in self._open.copy():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            self._open.add(client)
            first = client.recv(_BLOCK)
            faulty = self.only in first
            if faulty and self.silent_s:
                time.sleep(self.silent_s)
            if faulty and self.answer is not None:
                client.sendall(self.answer)
                self._drain(client)
                return
            with socket.create_connection(("127.0.0.1", self._target)) as server:
                server.sendall(first)
                threading.Thread(
                    target=self._forward, args=(client, server, None), daemon=True
                ).start()
                if faulty and self.drop_answers:
                    server.recv(_BLOCK)
                    return
                self._forward(server, client, self.cut_after if faulty else None)

    def _forward(self, one: socket.socket, other: socket.socket, limit: int | None) -> None:
        with contextlib.suppress(OSError):
            while block := one.recv(_BLOCK):
                if limit is not None and len(block) >= limit:
                    other.sendall(block[:limit])
                    other.shutdown(socket.SHUT_RDWR)
                    return
                other.sendall(block)
                limit = None if limit is None else limit - len(block)

    def _drain(self, client: socket.socket) -> None:
        client.settimeout(0.2)
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_WR)
            while client.recv(_BLOCK):
                pass


def http(status: str, body: str = "", *headers: str) -> bytes:
    """Return an HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
