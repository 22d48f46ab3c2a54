"""An answer that breaks off after its head: the client sees that, and nobody else does."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from isotherm.app.cli.worker import _SPARE_FILES
from tests.conftest import environment, free_port, wait_until_alive

pytestmark = pytest.mark.server
CONNECTIONS = 30


@pytest.fixture(scope="module")
def breaking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a server with two turns that has room for few connections."""
    folder, port = tmp_path_factory.mktemp("breaking"), free_port()
    files = _SPARE_FILES + CONNECTIONS
    command = [sys.executable, "-m", "tests.app.breaking", str(folder), str(port)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            ["/bin/sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *command],
            env=environment(), cwd=Path(__file__).parents[2], stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_until_alive(f"http://127.0.0.1:{port}", server, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            assert server.wait(timeout=60) == 0


def files(server: str) -> int:
    """Return how many files the server has open."""
    return int(requests.get(f"{server}/files", timeout=60).text)


@pytest.mark.parametrize("path", ["/length", "/chunked"])
def test_answers_that_break_off_are_seen_and_hold_nothing(path: str, breaking: str) -> None:
    before = files(breaking)
    for _ in range(3 * CONNECTIONS):
        answer = requests.get(breaking + path, stream=True, timeout=60)
        assert answer.status_code == 200
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            answer.json()
    # a turn, a connection or a file that is not given back each time would be missing now
    assert files(breaking) <= before + 2
    # nor are more connections let in than there is room for
    where = urlsplit(breaking)
    with ExitStack() as silent:
        for _ in range(2 * CONNECTIONS):
            address = (str(where.hostname), int(where.port or 0))
            silent.enter_context(socket.create_connection(address, timeout=60))
        assert files(breaking) <= before + CONNECTIONS + 2
