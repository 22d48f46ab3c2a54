"""Clients that never finish do not keep others from being heard."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from isotherm.app.cli.worker import CONNECTIONS
from tests.conftest import serve

pytestmark = [pytest.mark.thorough, pytest.mark.measures]

THREADS = 4
HEAD = b"POST /intake/faro HTTP/1.1\r\nHost: isotherm\r\nContent-Length: 100000\r\n\r\n"


@pytest.fixture
def isotherm(tmp_path: Path) -> Iterator[str]:
    """Yield the address of one with few threads and little patience."""
    yield from serve(
        tmp_path, ISOTHERM_THREADS=str(THREADS), ISOTHERM_BODY_S="1", ISOTHERM_MAX_BODY_MB="1"
    )


class Drip(threading.Thread):
    """A sender that sends a byte at a time until it gets an answer."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        where = urlsplit(address)
        self.answer = b""
        self.socket = socket.create_connection((str(where.hostname), int(where.port or 0)))
        self.socket.settimeout(0.1)
        self.socket.sendall(HEAD)

    def run(self) -> None:
        while b"}}" not in self.answer:
            try:
                self.answer += self.socket.recv(10_000)
                self.socket.sendall(b" ")
            except TimeoutError:
                self.socket.sendall(b" ")
            except OSError:
                break
        self.socket.close()


def test_more_slow_senders_than_threads_hold_nobody_up(isotherm: str) -> None:
    slow = [Drip(isotherm) for _ in range(3 * THREADS)]
    for one in slow:
        one.start()
    body = (
        '{"meta": {"app": {"name": "shop"}, "session": {"id": "s"}, "page": {"url": "http://a/"}}}'
    )
    good = requests.post(f"{isotherm}/intake/faro", data=body, timeout=60)
    assert good.status_code in {202, 400}  # it was read, and answered
    for one in slow:
        one.join(60)
    answers = [one.answer for one in slow if one.answer]
    assert len(answers) >= THREADS
    assert all(answer.startswith(b"HTTP/1.1 400") for answer in answers)
    assert [answer for answer in answers if b"came in time" not in answer] == []


SPAN = {"range": {"from": 1_790_000_000_000, "to": 1_800_000_000_000}}
CROWD = 300
"""More than there are threads, of whatever kind."""

ASKED = b"GET /health HTTP/1.1\r\nHost: isotherm\r\n"
POSTED = b"POST /intake/faro HTTP/1.1\r\nHost: isotherm\r\n"
CHUNKED = POSTED + b"Transfer-Encoding: chunked\r\n\r\n"
KINDS = {
    "says nothing": b"",
    "part of a line": b"GE",
    "part of a head": ASKED + b"X-A: ",
    "part of a second head": ASKED + b"\r\n" + ASKED + b"X-A: ",
    "part of a body": HEAD + b"{",
    "part of a large body": POSTED + b"Content-Length: 16000000\r\n\r\n{",
    "a body that is too large": POSTED + b"Content-Length: 900000000\r\n\r\n{",
    "part of a chunk": CHUNKED + b"5\r\n{",
    "wrong chunks": CHUNKED + b"5\r\n{xxxxxxxx",
    "part of a body of a question": b"POST /api/v1/query HTTP/1.1\r\nHost: isotherm\r\n"
    b"Content-Type: application/json\r\nContent-Length: 90000\r\n\r\n{",
    "part of a chunk of a question": b"POST /api/v1/query HTTP/1.1\r\nHost: isotherm\r\n"
    b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
    "never closes": ASKED + b"Connection: close\r\n\r\n",
    "never reads": b"GET %s HTTP/1.1\r\nHost: isotherm\r\n\r\n",
}


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of one with the settings that everybody has."""
    yield from serve(tmp_path_factory.mktemp("patient"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_crowd_of_slow_clients_holds_nobody_up(kind: str, patient: str) -> None:
    where = urlsplit(patient)
    sent = KINDS[kind]
    if kind == "never reads":
        assets = Path(str(resources.files("isotherm"))) / "static" / "assets"
        largest = max(assets.glob("*.js"), key=lambda file: file.stat().st_size)
        sent %= f"/assets/{largest.name}".encode()
    with ExitStack() as crowd:
        for _ in range(CROWD):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            crowd.enter_context(closing(client))
            client.connect((str(where.hostname), int(where.port or 0)))
            client.sendall(sent)
        for n in range(5):  # a patient person is answered; one behind the crowd would be in minutes
            assert requests.get(f"{patient}/health", timeout=10).ok
            asked = {"queries": [{"refId": "A", "question": "pages", "application": "shop"}]}
            answer = requests.post(f"{patient}/api/v1/query", json=asked | SPAN, timeout=10)
            assert answer.json()["results"]["A"]["status"] == 200
            event = {"timestamp": "2026-11-30T10:00:00Z", "kind": "event", "name": f"n{n}"}
            body = {
                "meta": {"app": {"name": "shop"}, "session": {"id": "s"}},
                "events": [event],
            }
            assert requests.post(f"{patient}/intake/faro", json=body, timeout=10).status_code == 202


@pytest.mark.parametrize(
    ("request_line", "status"), [("POST /intake/faro", 413), ("POST /api/v1/query", 413)]
)
def test_who_sends_too_much_reads_why(request_line: str, status: int, patient: str) -> None:
    where = urlsplit(patient)
    length = 40_000_000
    with socket.create_connection((str(where.hostname), int(where.port or 0))) as client:
        client.settimeout(30)
        head = f"{request_line} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        client.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode())
        for _ in range(length // 100_000):
            client.sendall(b"{" * 100_000)
        assert client.recv(10_000).startswith(f"HTTP/1.1 {status} ".encode())


@pytest.mark.parametrize("length", ["9" * 30, "9" * 5_000])
def test_a_length_beyond_all_measure_takes_no_more_time(length: str, isotherm: str) -> None:
    where = urlsplit(isotherm)
    with socket.create_connection((str(where.hostname), int(where.port or 0))) as client:
        client.settimeout(200)
        client.sendall(POSTED + f"Content-Length: {length}\r\n\r\n".encode() + b"{" * 100_000)
        assert client.recv(10_000).startswith(b"HTTP/1.1 4")


def test_a_busy_server_says_that_it_lives(isotherm: str) -> None:
    where = urlsplit(isotherm)
    asking = b"POST /api/v1/backgrounds/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n"
    asking += b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b"
    with ExitStack() as people:
        for _ in range(THREADS):  # each has a turn until its picture is here
            client = socket.create_connection((str(where.hostname), int(where.port or 0)))
            people.enter_context(closing(client))
            client.sendall(asking)
        with pytest.raises(requests.ReadTimeout):
            requests.get(f"{isotherm}/api/v1/status", timeout=2)
        assert requests.get(f"{isotherm}/health", timeout=10).ok


def test_slow_clients_hold_up_no_stop(tmp_path: Path) -> None:
    server = serve(tmp_path)
    where = urlsplit(next(server))
    with ExitStack() as crowd:
        for kind in ("part of a head", "part of a large body", "part of a chunk", "never closes"):
            for _ in range(20):
                client = socket.create_connection((str(where.hostname), int(where.port or 0)))
                crowd.enter_context(closing(client))
                client.sendall(KINDS[kind])
        assert requests.get(f"http://{where.netloc}/health", timeout=10).ok
        server.close()  # fails when the server has not ended after 30 s


def test_a_new_connection_finds_room_among_idle_ones(patient: str) -> None:
    where = urlsplit(patient)
    with ExitStack() as crowd:
        for _ in range(CONNECTIONS + 50):
            client = socket.create_connection((str(where.hostname), int(where.port or 0)))
            crowd.enter_context(closing(client))
        assert requests.get(f"{patient}/health", timeout=10).ok
