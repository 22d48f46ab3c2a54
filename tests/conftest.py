"""Fixtures that several areas share: a running Isotherm with the sample sessions."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.storage.clickhouse.chdb_process import clickhouse
from tests.storage.influxdb.bad_line import BadLine
from tests.storage.saved.postgres import Postgres

if TYPE_CHECKING:
    from tests.storage.influxdb.influxd import Influxd

pytest_plugins = ["tests.selection"]
hypothesis.settings.register_profile("isotherm", deadline=None)  # no test is about time
hypothesis.settings.load_profile("isotherm")
START_LIMIT_S = 60


def free_port() -> int:
    """Return a port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


TRACES = "https://traces.example.test/trace/{trace}"
"""Where the running Isotherm says that traces are."""


def environment(**settings: str) -> dict[str, str]:
    """Return the environment of a child process, free of settings of this machine."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("ISOTHERM_")}
    return clean | settings


@pytest.fixture(scope="session")
def clickhouse_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a ClickHouse server, without a database."""
    with clickhouse(tmp_path_factory.mktemp("clickhouse")) as url:
        yield url


@pytest.fixture(scope="session")
def influxd(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Influxd]":
    """Run an InfluxDB 1.x."""
    from tests.storage.influxdb.influxd import Influxd  # which imports this module

    if Influxd.installed() is None:
        pytest.skip("influxd is not installed (Debian: apt install influxdb)")
    server = Influxd(tmp_path_factory.mktemp("influxd"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def url(clickhouse_server: str) -> str:
    """Return the address of a ClickHouse database of its own."""
    return f"{clickhouse_server}/test_{uuid.uuid4().hex}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Run a PostgreSQL."""
    if Postgres.installed() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    server = Postgres(free_port())
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Run a server that speaks S3, or take the one that is named; return its port."""
    named = os.environ.get("ISOTHERM_TEST_S3_PORT")
    if named:
        yield int(named)
        return
    port = free_port()
    file = tmp_path_factory.mktemp("s3") / "log"
    with file.open("wb") as log:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        server = subprocess.Popen(command, stdout=log, stderr=log)
    wait_until_alive(f"http://127.0.0.1:{port}", server, file, "/moto-api/")
    yield port
    server.terminate()
    server.wait(timeout=30)


@pytest.fixture
def s3_line(s3_server: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[BadLine]:
    """Put a line that may turn bad before the S3 server, and name it to whoever uses S3.

    A server that is named knows the user `isotherm` with the secret `s3cret-of-s3`.
    """
    from s3fs import S3FileSystem

    line = BadLine(s3_server)
    monkeypatch.setenv("AWS_ENDPOINT_URL", line.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "isotherm")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret-of-s3")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    S3FileSystem.clear_instance_cache()  # they remember the server of another test
    yield line
    line.close()


@pytest.fixture
def s3(s3_line: BadLine) -> str:  # noqa: ARG001 - it names the server
    """Return the URL of a folder in a bucket of its own, which is not there yet."""
    return f"s3://test-{uuid.uuid4().hex}/isotherm"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def saved(request: pytest.FixtureRequest) -> str:
    """Return the setting of each database that saved things can be in; a new one for each test."""
    if request.param == "sqlite":
        return ""
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the recorded sessions, unmoved, and their page pictures."""
    folder = tmp_path_factory.mktemp("isotherm")
    command = [sys.executable, "-m", "isotherm", "demo", "--as-recorded", "--generated", "0"]
    subprocess.run([*command, "--data", str(folder)], check=True, env=environment(), timeout=900)
    return folder


@pytest.fixture(scope="session")
def served(sample_data: Path) -> Iterator[str]:
    """Yield the base URL of a running Isotherm that holds the sample sessions."""
    yield from serve(sample_data, ISOTHERM_TRACE_URL=TRACES)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Yield the system's Chromium; one for the whole run, since a thread drives one at a time."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def serve(data: Path, *, workers: int = 1, **settings: str) -> Generator[str]:
    """Run `isotherm serve` on a free port until the caller is done."""
    port = free_port()
    command = [sys.executable, "-m", "isotherm", "serve", "--data", str(data), "--port", str(port)]
    command += ["--workers", str(workers)]
    if os.environ.get("GRAFANA_URL"):  # links to snapshots must not lead to Grafana
        settings.setdefault("ISOTHERM_PUBLIC_URL", f"http://127.0.0.1:{port}")
    with (data / "serve.log").open("ab") as log:
        server = subprocess.Popen(command, env=environment(**settings), stdout=log, stderr=log)
        try:
            wait_until_alive(f"http://127.0.0.1:{port}", server, data / "serve.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_until_alive(
    url: str, server: subprocess.Popen[bytes], log: Path, path: str = "/health"
) -> None:
    """Return when the server answers; fail with its log when it ends or takes too long."""
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url + path, timeout=1):
                return
        except (urllib.error.URLError, TimeoutError):
            threading.Event().wait(0.05)
    pytest.fail(f"It did not start:\n{log.read_text()}")
