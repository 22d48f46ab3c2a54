"""A rolling restart: the old processes answer until the new ones do, and nothing is lost."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from isotherm.storage.saved.db import open_database
from isotherm.storage.saved.migrations import TABLE
from tests.conftest import environment, free_port, wait_until_alive
from tests.processes.kill import workers_of
from tests.processes.senders import get
from tests.storage.clickhouse.chdb_process import clickhouse

pytestmark = [pytest.mark.server, pytest.mark.measures]

LIMIT_S = 180


@contextmanager
def two_processes(folder: Path, url: str) -> Iterator[tuple[str, subprocess.Popen[bytes], Path]]:
    """Serve with two processes; yield where, the first process, and the log."""
    port, log = free_port(), folder / "serve.log"
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "isotherm", "serve", "--data", str(folder / "data")]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*command, "--port", str(port), "--workers", "2"],
            env=environment(ISOTHERM_STORE=url, ISOTHERM_CAPTURE="false"), stdout=out, stderr=out,
        )  # fmt: skip
        try:
            wait_until_alive(base, server, log)
            until(lambda: len(workers_of(server.pid)) == 2)
            yield base, server, log
        finally:
            server.terminate()
            assert server.wait(timeout=60) == 0


def test_old_processes_answer_until_new_ones_can(tmp_path: Path, url: str) -> None:
    with two_processes(tmp_path, url) as (base, server, _):
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


def test_processes_that_cannot_start_end_no_other(tmp_path: Path, url: str) -> None:
    with two_processes(tmp_path, url) as (base, server, log):
        until(lambda: get(f"{base}/api/v1/status")["processes"]["ok"])
        before = workers_of(server.pid)
        database = open_database("", tmp_path / "data")
        with database.begin() as connection:  # as if a later release had been there
            released = connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()
            connection.execute(text(f"UPDATE {TABLE} SET version_num = '9999'"))
        server.send_signal(signal.SIGHUP)
        until(lambda: "the others go on" in log.read_text())
        assert get(f"{base}/health")["status"] == "ok"
        assert set(before) <= set(workers_of(server.pid))
        with database.begin() as connection:
            connection.execute(text(f"UPDATE {TABLE} SET version_num = '{released}'"))
        database.dispose()
        until(lambda: not set(before) & set(workers_of(server.pid)))
        until(lambda: get(f"{base}/api/v1/status")["processes"]["ok"])


def test_a_process_that_waits_for_the_store_has_one_slot_and_hears_signals(tmp_path: Path) -> None:
    (tmp_path / "clickhouse").mkdir()
    with ExitStack() as running:
        stored = ExitStack()
        running.callback(stored.close)
        url = stored.enter_context(clickhouse(tmp_path / "clickhouse"))
        base, server, log = running.enter_context(two_processes(tmp_path, f"{url}/waits"))
        until(lambda: get(f"{base}/api/v1/status")["processes"]["ok"])
        before = workers_of(server.pid)
        stored.close()
        os.kill(before[0], signal.SIGKILL)
        until(lambda: log.read_text().count("This process waits") >= 3)
        assert sorted(path.name for path in (tmp_path / "data").glob("spool*")) == [
            "spool", "spool-2",
        ]  # fmt: skip
        (waits,) = set(workers_of(server.pid)) - set(before)
        os.kill(waits, signal.SIGTERM)
        until(lambda: waits not in workers_of(server.pid))


def until(what: Callable[[], object]) -> None:
    """Wait until something is so."""
    for _ in range(LIMIT_S * 10):
        if what():
            return
        threading.Event().wait(0.1)
    pytest.fail("it never came")
