"""Senders that never finish do not keep others from being heard."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.conftest import serve

pytestmark = [pytest.mark.thorough, pytest.mark.measures]

THREADS = 4
HEAD = b"POST /intake/faro HTTP/1.1\r\nHost: isotherm\r\nContent-Length: 100000\r\n\r\n"


@pytest.fixture
def isotherm(tmp_path: Path) -> Iterator[str]:
    """Yield the address of one with few threads and little patience."""
    yield from serve(tmp_path, ISOTHERM_THREADS=str(THREADS), ISOTHERM_BODY_S="1")


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
