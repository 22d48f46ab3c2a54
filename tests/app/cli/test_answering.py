"""What the master does when processes are replaced: which ones it starts and ends, and when."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.errors import HaltServer

from isotherm.app.cli.answering import Answering
from isotherm.app.cli.serve import Gunicorn
from isotherm.app.settings import Settings

LATER = 1e12
"""The file of a process that has given no sign of life has the time of day."""


class Master(Answering):
    """Starts no processes; notes which ones it tells to end."""

    def __init__(self, settings: Settings, workers: int) -> None:
        super().__init__(Gunicorn(settings, workers))
        self.told: list[int] = []

    def spawn_worker(self) -> None:
        self.worker_age += 1
        signs = SimpleNamespace(of_life=LATER)
        tmp = SimpleNamespace(last_update=lambda: signs.of_life)
        self.WORKERS[self.worker_age] = SimpleNamespace(age=self.worker_age, signs=signs, tmp=tmp)

    def kill_worker(self, pid: int, sig: int) -> None:  # noqa: ARG002
        self.told.append(pid)

    def answers(self, *pids: int) -> None:
        for pid in pids:
            self.WORKERS[pid].signs.of_life = 0.0


@pytest.fixture
def master(tmp_path: Path) -> Iterator[Master]:
    """Return the master of two processes that answer."""
    store = "clickhouse://127.0.0.1/isotherm"
    made = Master(Settings({"data": str(tmp_path), "store": store, "start_s": 0.01}), 2)
    made.LISTENERS = [object()]
    made.manage_workers()
    made.answers(1, 2)
    yield made
    made.WORKERS.clear()  # gunicorn has them in the class


def test_old_processes_go_once_as_many_new_ones_answer(master: Master) -> None:
    master.reload()
    for _ in range(3):  # however long the new ones take
        master.manage_workers()
    assert sorted(master.WORKERS) == [1, 2, 3, 4]
    master.reload()  # impatient
    master.answers(3)
    del master.WORKERS[4]  # it dies while it starts
    master.manage_workers()
    assert sorted(master.WORKERS) == [1, 2, 3, 5]
    assert master.told == []
    master.answers(5)
    master.manage_workers()
    assert master.told == [1, 2]


def test_the_process_of_the_embedded_store_goes_first(tmp_path: Path) -> None:
    master = Master(Settings({"data": str(tmp_path)}), 1)
    master.manage_workers()
    master.reload()
    assert (list(master.WORKERS), master.told) == ([1], [1])
    master.WORKERS.clear()


def test_a_process_that_cannot_start_ends_no_other(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[int] = [3, 3]

    def reap(_self: Any) -> None:
        if left:
            raise HaltServer("App failed to load.", left.pop())

    monkeypatch.setattr("gunicorn.arbiter.Arbiter.reap_workers", reap)
    with pytest.raises(HaltServer):
        master.reap_workers()  # nobody has answered yet: the settings are wrong
    master.app.has_answered = True
    left.append(3)
    master.reap_workers()
    assert left == [], "those are reaped, too, that ended at the same time"
    del master.WORKERS[2]
    master.manage_workers()
    assert sorted(master.WORKERS) == [1], "not again at once"
    left.append(3)
    del master.WORKERS[1]
    with pytest.raises(HaltServer):
        master.reap_workers()
    left.append(3)
    master.LISTENERS = []
    master.reap_workers()
    assert left == [], "a server that is told to end does so without a fault"
