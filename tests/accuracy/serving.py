"""Serves the corpus on loopback and hands what SDKs send to Isotherm, byte for byte."""

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from tests.accuracy.corpus import Site

NOT_PASSED_ON = {"host", "connection", "content-length", "transfer-encoding", "accept-encoding"}
_LOOPBACK = re.compile(rb"http://127\.0\.0\.1:(\d+)/")
PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="240">'
    b'<rect width="400" height="240" fill="#7ab"/></svg>'
)


def ports_of(sent: Iterable["Sent"]) -> set[int]:
    """Return the ports of loopback that a recording's pages came from."""
    return {int(port) for one in sent for port in _LOOPBACK.findall(one.body)}


def passed_on(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a request that are the SDK's own."""
    return {name: text for name, text in headers.items() if name not in NOT_PASSED_ON}


@dataclass(frozen=True)
class Sent:
    """One request of an SDK."""

    path: str  # with its query
    headers: dict[str, str]
    body: bytes
    status: int


@dataclass
class Stage:
    """What is served now, and what came in."""

    site: Site
    script: bytes = b""  # the SDK; empty: none records
    sent: list[Sent] = field(default_factory=list)


class Corpus(ThreadingHTTPServer):
    """The site on stage under `/<site>/`, the SDK under `/sdk.js`, Isotherm under `/intake/`."""

    daemon_threads = True
    stage: Stage
    isotherm_port: int  # set before anything is recorded

    def __init__(self) -> None:
        """Listen on a free port of loopback."""
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Where the site on stage starts."""
        return f"http://127.0.0.1:{self.server_port}/{self.stage.site.name}/"


class _Handler(BaseHTTPRequestHandler):
    server: Corpus
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        stage, path = self.server.stage, unquote(urlsplit(self.path).path)
        if path == "/sdk.js":
            return self._answer(stage.script, "text/javascript")
        start = f"/{stage.site.name}/"
        served = stage.site.served(path.removeprefix(start)) if path.startswith(start) else None
        if served is None and path.endswith(".svg"):
            return self._answer(PICTURE, "image/svg+xml")
        if served is None:
            return self._answer(b"", "text/plain", 404)
        if served.kind == "text/html":
            page = served.body.replace(b"<head>", b'<head><script src="/sdk.js"></script>', 1)
            return self._answer(page, "text/html; charset=utf-8")
        return self._answer(served.body, served.kind)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.path.startswith("/intake/"):
            return self._answer(b"{}", "application/json")
        headers = {name.lower(): text for name, text in self.headers.items()}
        passed = passed_on(headers)
        connection = HTTPConnection("127.0.0.1", self.server.isotherm_port, timeout=60)
        connection.request("POST", self.path, body, passed)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        self.server.stage.sent.append(Sent(self.path, headers, body, response.status))
        return self._answer(answer, "application/json", response.status)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent."""

    def _answer(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the page was left
