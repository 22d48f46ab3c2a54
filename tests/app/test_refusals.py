"""A request that is not read to its end is counted, with the reason, where people look."""

import io
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import requests

from isotherm.app.admission import Admission
from isotherm.app.slow_clients import SlowClients
from isotherm.intake.drops import Counters
from isotherm.intake.limiting import Rates
from tests.conftest import serve
from tests.intake.intake_under_test import Intake

HEAD = b"POST /intake/faro HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
CHUNKED = b"POST /intake/faro HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


class Asking(threading.Thread):
    """A request to an application behind its turns."""

    def __init__(self, to: Admission, path: str, body: bytes = b"") -> None:
        super().__init__(daemon=True)
        self.to = to
        self.status = ""
        self.mine, self.theirs = socket.socketpair()
        self.environ: dict[str, Any] = {
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "gunicorn.socket": self.theirs,
        }

    def start_response(self, status: str, *_: Any) -> Callable[[bytes], object]:
        self.status = status
        return print

    def run(self) -> None:
        self.to(self.environ, self.start_response)
        self.mine.close()
        self.theirs.close()


def test_who_finds_too_many_before_him_is_counted() -> None:
    counters, going_on, inside = Counters(), threading.Event(), threading.Semaphore(0)

    def slowly(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/intake/faro":
            inside.release()
            going_on.wait(60)
        start_response("202 Accepted", [])
        return []

    to = Admission(
        slowly, SlowClients(9, counters.refused), counters.refused,
        turns=1, intake_turns=1, body_bytes=1_000, body_s=60,
    )  # fmt: skip
    # one has the turn, four wait for it
    first = Asking(to, "/intake/faro")
    first.start()
    assert inside.acquire(timeout=60)
    waiting = [Asking(to, "/intake/faro", b"x" * 1_000) for _ in range(4)]
    for one in waiting:
        one.start()
    while to._turns._intake.here < 5:
        assert not going_on.wait(0.01)
    too_many = Asking(to, "/intake/faro")
    too_many.run()
    assert too_many.status == "503 Service Unavailable"
    assert counters.snapshot().refused == {"busy": 1}
    going_on.set()
    for one in (first, *waiting):
        one.join(60)
        assert one.status == "202 Accepted"
    assert counters.snapshot().refused == {"busy": 1}


def test_bodies_that_fill_the_memory_are_counted() -> None:
    counters = Counters()

    def never(*_: object) -> Iterable[bytes]:
        raise AssertionError

    to = Admission(
        never, SlowClients(9, counters.refused), counters.refused,
        turns=1, intake_turns=1, body_bytes=1_000, body_s=60,
    )  # fmt: skip
    assert to._hold(16_000)
    refused = Asking(to, "/intake/faro", b"x")
    refused.run()
    assert refused.status == "503 Service Unavailable"
    assert counters.snapshot().refused == {"bodies": 1}


def test_a_refusal_of_the_intake_is_counted_once_as_a_request() -> None:
    intake = Intake(rates=Rates(requests_of_address=4))
    intake.disk_is_full = True
    line = b'{"type": "action", "date": 1795364500000, "application": {"id": "a"}, '
    line += b'"session": {"id": "s"}, "view": {"id": "v", "url": "http://a/"}, '
    line += b'"action": {"id": "1", "type": "click"}}'
    assert intake.client.post("/intake/datadog", data=line).status_code == 503
    large = b" " * (33 << 20)
    assert intake.client.post("/intake/datadog", data=large).status_code == 413
    assert intake.client.post("/intake/datadog", data=b"{").status_code == 400
    intake.disk_is_full = False
    assert intake.client.post("/intake/datadog", data=line).status_code == 202
    assert intake.client.post("/intake/datadog", data=line).status_code == 429
    counted = intake.counters.snapshot()
    assert counted.refused == {"no_room": 1, "too_large": 1, "too_often": 1}
    assert counted.received == {"datadog": 2}
    assert counted.dropped == {"undecodable": 1}


@pytest.fixture
def isotherm(tmp_path: Path) -> Iterator[str]:
    """Yield the address of one with little patience."""
    yield from serve(tmp_path, ISOTHERM_BODY_S="1", ISOTHERM_MAX_BODY_MB="1")


@pytest.mark.server
def test_clients_that_break_off_or_are_too_slow_are_counted_where_people_look(
    isotherm: str,
) -> None:
    where = urlsplit(isotherm)

    def client(sent: bytes) -> socket.socket:
        made = socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=60)
        made.sendall(sent)
        return made

    def status() -> dict[str, int]:
        found: dict[str, int] = requests.get(f"{isotherm}/api/v1/status", timeout=60).json()[
            "intake"
        ]["refused"]
        return found

    assert status() == {}
    for sent in (HEAD % 1_000 + b"{", CHUNKED + b"5\r\n{", CHUNKED + b"5\r\n{xxxxxxxx"):
        with closing(client(sent)) as gone:
            gone.shutdown(socket.SHUT_WR)
            assert b" 400 " in gone.recv(1_000)
    with closing(client(HEAD % 1_000 + b"{")) as slow:
        assert b" 400 " in slow.recv(1_000)  # after a second
    with closing(client(CHUNKED + b"5\r\n{")) as slow:
        assert b" 400 " in slow.recv(1_000)
    large = requests.post(f"{isotherm}/intake/faro", data=b" " * (2 << 20), timeout=60)
    assert large.status_code == 413
    assert status() == {"broken": 3, "too_slow": 2, "too_large": 1}
    for sent, answer in (
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b" 400 "),
        (b"POST /intake/faro HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b" 400 "),
        (b"GET /%s HTTP/1.1\r\n\r\n" % (b"a" * 9_000), b" 414 "),
        (b"GET / HTTP/1.1\r\n%s\r\n" % (b"x: y\r\n" * 2_000), b" 431 "),
    ):
        with closing(client(sent)) as strange:
            assert answer in strange.recv(1_000)
    assert status() == {"broken": 5, "too_slow": 2, "too_large": 3}
    told = requests.get(f"{isotherm}/metrics", timeout=60).text
    assert 'isotherm_requests_refused_total{reason="too_slow"} 2.0' in told
