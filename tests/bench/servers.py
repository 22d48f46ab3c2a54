"""Starts servers in processes of their own and ends them; speaks to them on kept connections."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

START_S = float(os.environ.get("ISOTHERM_START_S", "90"))  # as the server itself has it
STOP_S = 40.0
ANSWER_S = 60.0
IDLE_S = 10.0


@contextmanager
def isotherm(folder: Path) -> Iterator["Running"]:
    """Run `isotherm serve` over a data folder."""
    with running(["isotherm", "serve", "--data", str(folder)], {"ISOTHERM_CAPTURE": "false"}) as at:
        yield at


@contextmanager
def running(module: Sequence[str], variables: dict[str, str] | None = None) -> Iterator["Running"]:
    """Run `python -m module... --port P` until the block ends; yield it once it listens."""
    port = free_port()
    kept = {name: text for name, text in os.environ.items() if not name.startswith("ISOTHERM_")}
    command = [sys.executable, "-m", *module, "--port", str(port)]
    server = subprocess.Popen(
        command, env=kept | {"ISOTHERM_LOG_LEVEL": "error"} | (variables or {})
    )
    try:
        _wait(server, port)
        yield Running(port, server.pid)
    finally:
        server.terminate()
        try:
            server.wait(STOP_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@dataclass(frozen=True)
class Running:
    """A server of ours: gunicorn's master and its worker."""

    port: int
    pid: int  # the master's

    def cpu_ms(self) -> float:
        """Return the processor time of master and worker so far (Linux counts in 10 ms)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii").split()
        ticks = 0
        for pid in (self.pid, *children):
            fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])  # utime, stime: proc(5)
        return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            Api(port).get("/health")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The server did not start within {START_S:g} s")


class Api:
    """A kept connection that asks and gets JSON."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
        self._used_s = time.monotonic()
        self.timing = ""  # what the last answer said of its time

    def get(self, path: str) -> bytes:
        """Return the body of an answer, whatever its status."""
        self._open().request("GET", path)
        return self._connection.getresponse().read()

    def status(self) -> dict[str, Any]:
        """Return what the server says of itself."""
        state: dict[str, Any] = json.loads(self.get("/api/v1/status"))
        return state

    def query(self, body: bytes) -> bytes:
        """Ask `/api/v1/query`; the answer is read whole, not parsed."""
        headers = {"Content-Type": "application/json"}
        self._open().request("POST", "/api/v1/query", body, headers)
        response = self._connection.getresponse()
        answer = response.read()
        self.timing = response.headers.get("Server-Timing", "")
        if response.status != 200:
            raise RuntimeError(f"HTTP {response.status}: {answer[:300]!r}")
        return answer

    def _open(self) -> HTTPConnection:
        if time.monotonic() - self._used_s > IDLE_S:  # the server may just be closing it
            self._connection.close()  # opened again by the next request
        self._used_s = time.monotonic()
        return self._connection


class Sender:
    """A kept connection over which ready-made requests go out with as little work as possible."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = self._open()
        self._used_s = time.monotonic()

    def send(self, request: bytes) -> int:
        """Send one request and read its answer; return the status."""
        return self.ask(request)[0]

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send one request and read its answer; return the status, and the head."""
        if time.monotonic() - self._used_s > IDLE_S:  # the server may just be closing it
            self.close()
            self._socket = self._open()
        self._socket.sendall(request)
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._piece()
        head, _, body = got.partition(b"\r\n\r\n")
        lowered = head.lower()
        length = int(lowered.partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += self._piece()
        if b"connection: close" in lowered:
            self._socket.close()
            self._socket = self._open()
        self._used_s = time.monotonic()
        return int(head.split(b" ", 2)[1]), head

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _open(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self._port), ANSWER_S)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def _piece(self) -> bytes:
        piece = self._socket.recv(65_536)
        if not piece:
            raise ConnectionError("The server closed the connection before it answered")
        return piece
