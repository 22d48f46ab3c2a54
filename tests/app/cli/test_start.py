"""A start either answers or says why not: nothing hangs, and nothing is tried for ever."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

from tests.conftest import environment, free_port, wait_until_alive

pytestmark = pytest.mark.server

LIMIT_S = 120


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.app.cli.starts", *words],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


@pytest.mark.parametrize("command", [["serve"], ["demo", "--serve"]])
def test_the_process_that_forks_has_one_thread_and_no_library_with_threads(
    command: list[str], tmp_path: Path
) -> None:
    ended = run("look", *command, "--data", str(tmp_path), "--port", str(free_port()))
    assert json.loads(ended.stdout) == {"imported": [], "threads": 1}, ended.stderr


def test_a_server_that_does_not_answer_ends_with_a_sentence() -> None:
    ended = run("hangs", "--port", str(free_port()))
    assert ended.returncode == 3
    assert ended.stderr.count("isotherm: Isotherm did not answer at http://127.0.0.1:") == 1
    assert "ISOTHERM_START_S" in ended.stderr
    assert "Open http" not in ended.stderr + ended.stdout


def test_a_worker_that_dies_at_its_start_is_not_started_for_ever() -> None:
    ended = run("crashes", "--port", str(free_port()))
    assert ended.returncode == 3
    assert ended.stderr.count("isotherm: Isotherm ended while it started.") == 1
    assert ended.stderr.count("Booting worker") == 1
    assert "Open http" not in ended.stderr + ended.stdout


def test_what_is_wrong_with_the_settings_is_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "isotherm", "serve", "--data", str(tmp_path)]
    ended = subprocess.run(
        [*command, "--port", str(free_port())],
        env=environment(ISOTHERM_PAGE_RULES=str(tmp_path / "missing.toml")),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert ended.returncode != 0
    assert [line for line in ended.stderr.splitlines() if line.startswith("isotherm: ")] != []
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_the_address_is_told_once_it_answers_and_a_killed_worker_is_replaced(
    host: str, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "log"
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    command = [sys.executable, "-m", "isotherm", "serve", "--data", str(tmp_path), "--host", host]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*command, "--port", str(port)], env=environment(), stdout=out, stderr=out
        )
        try:
            wait_until_alive(url, server, log)
            until_said(log, f"Open {url}/\n")
            first = worker_of(server.pid)
            os.kill(first, signal.SIGKILL)
            until_said(log, "was sent SIGKILL")
            wait_until_alive(url, server, log)
            assert worker_of(server.pid) != first
            assert requests.get(f"{url}/health", timeout=30).json()["status"] == "ok"
        finally:
            server.terminate()
            assert server.wait(60) == 0


def until_said(log: Path, words: str) -> None:
    for _ in range(LIMIT_S * 10):
        if words in log.read_text():
            return
        threading.Event().wait(0.1)
    pytest.fail(f"{words!r} is not in the log:\n{log.read_text()}")


def worker_of(master: int) -> int:
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    assert len(children) == 1
    return int(children[0])
