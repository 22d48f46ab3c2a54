"""Processes of a server that are killed under load: `python -m tests.processes.kill --seconds 300`.

Clients post what SDKs send, others ask questions, and every few seconds one process of the server
is killed; in between all are replaced by a rolling restart. In the end every event that was sent
must be there once.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from msgspec import Struct
from sqlglot import exp, parse_one

from isotherm.app.demo.sessions import sample_requests
from isotherm.pipeline.recorded_requests import StoredRequest
from isotherm.storage.clickhouse.engine import ClickHouseEngine
from tests.conftest import environment, free_port, wait_until_alive
from tests.processes.senders import GONE, get, post, send, wait_until_idle
from tests.storage.clickhouse.chdb_process import clickhouse

T0 = 1_795_364_500_000
CLICKS = 20
APPLICATION = "killed"
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"question": "heat", "page": "/cart"},
    {"question": "actions", "page": "/cart"},
    {"question": "pages"},
    {"question": "timeseries", "measure": "clicks", "intervalMs": 60_000},
)


class Figures(Struct):
    """What happened."""

    kills: int = 0
    restarts: int = 0
    visits: int = 0  # accepted
    sent_again: int = 0  # requests that a process did not answer
    questions: int = 0
    asked_again: int = 0
    failed: int = 0  # questions that had no answer after another try
    clicks: int = 0  # stored
    rows: int = 0  # of actions, stored
    received: int = 0  # as the server counts
    duplicates: int = 0


def visit(number: int) -> bytes:
    """Return one request of the script: a visit of a session of its own."""
    records: list[dict[str, Any]] = [{"t": T0, "type": "page", "depth": 900, "height": 2812}]
    records += [
        {
            "t": T0 + 1000 + 500 * n, "type": "click", "element": f"#e{n % 3}", "label": "Buy",
            "x": 12.5, "y": 8, "w": 131, "h": 44, "page_x": 89, "page_y": 270, "active": True,
        }
        for n in range(CLICKS)
    ]  # fmt: skip
    records.append({"t": T0 + 60_000, "type": "end", "depth": 1800, "height": 2812, "spent": 9000})
    body = {
        "application": APPLICATION, "session": f"s{number}", "view": f"v{number}", "seq": 0,
        "name": "", "referrer": "", "url": "https://shop.example.test/cart",
        "viewport": [1440, 900], "sample": 100, "records": records,
    }  # fmt: skip
    return json.dumps(body).encode()


class Load:
    """Clients that send and ask until they are told to stop."""

    def __init__(self, base: str, figures: Figures, clients: int) -> None:
        self._base = base
        self._figures = figures
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._next = 0
        self.faults: list[str] = []
        work = [self._sending] * clients + [self._asking, self._sending_samples]
        self._threads = [threading.Thread(target=one, daemon=True) for one in work]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let every client finish what it has begun."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(120)
            assert not thread.is_alive()

    def _sending(self) -> None:
        while not self._stopping.is_set():
            with self._turn:
                number, self._next = self._next, self._next + 1
            request = StoredRequest("POST", "/intake/events", "", {}, visit(number), 0)
            again = send(self._base, request)
            with self._turn:
                self._figures.visits += 1
                self._figures.sent_again += again

    def _sending_samples(self) -> None:
        for request in sample_requests(0):
            again = send(self._base, request)
            with self._turn:
                self._figures.sent_again += again

    def _asking(self) -> None:
        while not self._stopping.is_set():
            for question in QUESTIONS:
                query = question | {"application": APPLICATION, "refId": "A"}
                span = {"from": T0 - 3_600_000, "to": T0 + 3_600_000}
                body = json.dumps({"queries": [query], "range": span}).encode()
                self._figures.questions += 1
                if not self._answered(body):
                    self._figures.asked_again += 1
                    if not self._answered(body, last=True):
                        self._figures.failed += 1

    def _answered(self, body: bytes, *, last: bool = False) -> bool:
        try:
            result = json.loads(post(f"{self._base}/api/v1/query", body))["results"]["A"]
        except urllib.error.HTTPError as error:
            result = {"status": error.code, "error": error.read().decode()}
        except GONE as error:
            result = {"status": 0, "error": repr(error)}
        if result["status"] != 200 and last:
            self.faults.append(str(result))
        return bool(result["status"] == 200)


def workers_of(master: int) -> list[int]:
    """Return the processes of a server."""
    told = Path(f"/proc/{master}/task/{master}/children").read_text()
    return [int(pid) for pid in told.split()]


def run(
    folder: Path, store: str, *, seconds: float, every_s: float, workers: int, clients: int
) -> tuple[Figures, list[str]]:
    """Serve, send, ask and kill; return what happened, and questions that had no answer."""
    figures, chance, port = Figures(), random.Random(7), free_port()
    base, log = f"http://127.0.0.1:{port}", folder / "serve.log"
    command = [sys.executable, "-m", "isotherm", "serve", "--data", str(folder)]
    command += ["--port", str(port), "--workers", str(workers)]
    settings = {
        "ISOTHERM_STORE": store, "ISOTHERM_CAPTURE": "false", "ISOTHERM_RETENTION_DAYS": "0",
        "ISOTHERM_DETAIL_RETENTION_DAYS": "0", "ISOTHERM_REPLAY_RETENTION_DAYS": "0",
    }  # fmt: skip
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=environment(**settings), stdout=out, stderr=out)
        try:
            wait_until_alive(base, server, log)
            load = Load(base, figures, clients)
            for turn, _ in enumerate(_every(every_s, seconds)):
                if turn % 4 == 3:
                    server.send_signal(signal.SIGHUP)
                    figures.restarts += 1
                else:
                    os.kill(chance.choice(workers_of(server.pid)), signal.SIGKILL)
                    figures.kills += 1
            load.stop()
            assert server.poll() is None, log.read_text()
            wait_until_idle([base], store)
            _count(base, store, figures)
        finally:
            server.terminate()
            server.wait(timeout=60)
    return figures, load.faults


def _every(every_s: float, seconds: float) -> Iterator[None]:
    until_s, wait = time.monotonic() + seconds, threading.Event()
    while time.monotonic() < until_s:
        wait.wait(every_s)
        yield


def _count(base: str, store: str, figures: Figures) -> None:
    counted = get(f"{base}/api/v1/status")["intake"]
    figures.received = counted["received"]
    figures.duplicates = counted["dropped"].get("duplicate", 0)
    assert counted["received"] == counted["accepted"] + sum(counted["dropped"].values()), counted
    asked = parse_one(
        "SELECT count(*) AS n, sum(clicks) AS clicks FROM actions WHERE application = $of",
        dialect="duckdb",
    )
    with closing(ClickHouseEngine(store)) as engine:
        number = engine.term_id("application", APPLICATION)
        found = engine.run(cast(exp.Expression, asked), {"of": number})
        figures.clicks = int(found["clicks"][0])
        figures.rows = int(found["n"][0])


def check(figures: Figures, faults: list[str]) -> None:
    """Say what is wrong, if anything is."""
    assert figures.clicks == figures.rows == figures.visits * CLICKS, figures
    assert not faults, faults[:5]


def main() -> None:
    """Run against chDB behind HTTP, or the server that ISOTHERM_TEST_CLICKHOUSE_URL names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--every", type=float, default=4.0, help="seconds between two kills")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--clients", type=int, default=6)
    told = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="isotherm-kill-"))
    (folder / "data").mkdir()
    with clickhouse(folder) as url:
        figures, faults = run(
            folder / "data", f"{url}/killed_{os.getpid()}", seconds=told.seconds,
            every_s=told.every, workers=told.workers, clients=told.clients,
        )  # fmt: skip
    for name in figures.__struct_fields__:
        sys.stdout.write(f"{name:12} {getattr(figures, name):,}\n")
    check(figures, faults)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
