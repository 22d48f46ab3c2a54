"""A rolling restart: the old processes answer until the new ones do, and nothing is lost."""

import fcntl
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import environment, free_port, wait_until_alive
from tests.processes.kill import workers_of
from tests.processes.senders import get

pytestmark = pytest.mark.server

LIMIT_S = 180


def test_old_processes_answer_until_new_ones_can(tmp_path: Path, url: str) -> None:
    port, log = free_port(), tmp_path / "serve.log"
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "isotherm", "serve", "--data", str(tmp_path / "data")]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*command, "--port", str(port), "--workers", "2"],
            env=environment(ISOTHERM_STORE=url, ISOTHERM_CAPTURE="false"), stdout=out, stderr=out,
        )  # fmt: skip
        try:
            wait_until_alive(base, server, log)
            until(lambda: len(workers_of(server.pid)) == 2)
            before = workers_of(server.pid)
            # the new ones hang while they start: they wait for this lock
            with (tmp_path / "data" / "starting.lock").open("a") as lock:
                until(lambda: get(f"{base}/api/v1/status")["processes"]["ok"])
                fcntl.flock(lock, fcntl.LOCK_EX)
                server.send_signal(signal.SIGHUP)
                until(lambda: len(workers_of(server.pid)) == 4)
                for _ in range(20):
                    assert get(f"{base}/health")["status"] == "ok"
                assert set(before) < set(workers_of(server.pid)), "they wait for the new ones"
            until(lambda: not set(before) & set(workers_of(server.pid)))
            until(lambda: get(f"{base}/api/v1/status")["processes"]["ok"])
            running = get(f"{base}/api/v1/status")["processes"]["running"]
            assert sorted(one["pid"] for one in running) == sorted(workers_of(server.pid))
        finally:
            server.terminate()
            assert server.wait(timeout=60) == 0


def until(what: Callable[[], object]) -> None:
    """Wait until something is so."""
    for _ in range(LIMIT_S * 10):
        if what():
            return
        threading.Event().wait(0.1)
    pytest.fail("it never came")
