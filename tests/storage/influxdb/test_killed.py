"""InfluxDB is killed again and again while events keep coming: each is there exactly once."""

import threading
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from isotherm.model.errors import IsothermError
from tests.storage.influxdb.conftest import Isotherm, on
from tests.storage.influxdb.events import HOUR_MS, NOON_MS, click, everything, view
from tests.storage.influxdb.influxd import Influxd

pytestmark = pytest.mark.measures

KILLS = 10
BATCH = 40
LIMIT_S = 240


@pytest.mark.server
def test_ten_kills_under_intake_lose_and_double_nothing(tmp_path: Path) -> None:
    if Influxd.installed() is None:
        pytest.skip("influxd is not installed (Debian: apt install influxdb)")
    (tmp_path / "server").mkdir()
    server = Influxd(tmp_path / "server")
    server.start()
    isotherm = Isotherm(on(server, tmp_path))
    random = Random(4)
    killed = threading.Event()
    batches = 0

    def kill() -> None:
        for _ in range(KILLS):
            time.sleep(random.uniform(0.0, 0.3))  # a random moment is what is tested
            server.kill()
            server.start()
        killed.set()

    killer = threading.Thread(target=kill)
    killer.start()
    deadline = time.monotonic() + LIMIT_S
    failures = 0
    while not killed.is_set() or batches < 20:
        events = [
            event
            for n in range(BATCH)
            for event in (
                click(f"{batches}-{n}", NOON_MS + batches * 1000 + n, session_id=f"s{batches}"),
                view(f"v{batches // 3}", batches, NOON_MS + batches // 3, time_spent_ms=batches),
            )
        ]
        while True:  # what the worker does with its spool
            assert time.monotonic() < deadline
            try:
                isotherm.take(events)
            except IsothermError:
                failures += 1
                time.sleep(0.02)
            else:
                break
        batches += 1
    killer.join()
    isotherm.reconciler.run_once()
    assert isotherm.reconciler.status().state == "in step"
    counts = isotherm.journal.count_by_hour(0, NOON_MS + 10 * HOUR_MS)
    assert sum(counts["rum_action"].values()) == batches * BATCH
    again = Isotherm(replace(isotherm.journal.options, state=tmp_path / "again.db"))
    again.reconciler.run_once()
    assert everything(again.engine) == everything(isotherm.engine)
    assert len(everything(again.engine)["actions"]) == batches * BATCH
    assert failures
    again.close()
    isotherm.close()
    server.stop()
