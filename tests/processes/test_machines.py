"""Servers on two machines: folders of their own, and ClickHouse, PostgreSQL and S3 in common."""

import random
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from isotherm.app.demo.sessions import sample_requests
from isotherm.pipeline.housekeeping import Housekeeping
from isotherm.pipeline.processes.locks import HousekeepingLock
from isotherm.storage.saved.host_locks import HostLock
from tests.conftest import serve
from tests.processes.senders import get, send, send_all, wait_until_idle
from tests.processes.test_same_answers import FOR_EVER, told
from tests.processes.test_slots import Reading, until
from tests.storage.saved.postgres import Postgres
from tests.storage.saved.test_host_locks import cut

pytestmark = pytest.mark.server


class Machine:
    """What does the housekeeping on a machine."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir()
        self.begun, self.ended = threading.Event(), threading.Event()
        self.house = Housekeeping(
            Reading(),  # type: ignore[arg-type]
            begin=self.begun.set,
            take_over=lambda: 0,
            lock=HousekeepingLock(folder),
            hosts=HostLock(url, "reading"),
            lost=self.ended.set,
        )
        self.house.start()
        until(lambda: self.house.is_mine)


def test_each_machine_makes_pictures_and_one_reads(tmp_path: Path, postgres: Postgres) -> None:
    url = postgres.new_database()
    first, second = Machine(tmp_path / "first", url), Machine(tmp_path / "second", url)
    assert first.begun.is_set()
    assert second.begun.is_set()
    assert (first.house.reads, second.house.reads) == (True, False)
    assert second.house.is_read()
    first.house.stop()
    until(lambda: second.house.reads)
    assert not second.ended.is_set()
    second.house.stop()


def test_who_has_lost_the_lock_to_another_machine_ends(tmp_path: Path, postgres: Postgres) -> None:
    url = postgres.new_database()
    first = Machine(tmp_path / "first", url)
    another, quicker = HostLock(url, "reading"), False
    for _ in range(200):  # the machine is away for a moment, and another one is quicker
        cut(url)
        quicker = another.take()
        if quicker:
            break
    assert quicker
    assert first.ended.wait(60)
    another.give_up()
    first.house.stop()


@pytest.mark.thorough
def test_samples_sent_to_two_machines_by_turns(
    tmp_path: Path, url: str, postgres: Postgres, s3: str
) -> None:
    requests = list(sample_requests(0))
    folders = [tmp_path / name for name in ("alone", "first", "second")]
    for folder in folders:
        folder.mkdir()
    served = contextmanager(serve)
    with served(folders[0], **FOR_EVER) as base:
        for request in requests:
            send(base, request)
        wait_until_idle([base])
        expected, lists = told([base])
        counted = get(f"{base}/api/v1/status")["intake"]
    random.Random(17).shuffle(requests)
    common: dict[str, Any] = FOR_EVER | {
        "ISOTHERM_STORE": url,
        "ISOTHERM_SAVED": postgres.new_database(),
        "ISOTHERM_REPLAYS_URL": f"{s3}/replays",
        "ISOTHERM_PICTURES_URL": f"{s3}/pictures",
    }
    with ExitStack() as both:
        bases = [both.enter_context(served(folder, **common)) for folder in folders[1:]]
        send_all(bases, requests, clients=8)
        wait_until_idle(bases, url)
        states = [get(f"{base}/api/v1/status") for base in bases]
        assert all(state["intake"]["received"] for state in states)
        assert sum(state["intake"]["received"] for state in states) == counted["received"]
        assert [state["processes"]["running"][0]["keeps_house"] for state in states] == [True] * 2
        assert [state["readers"]["ok"] for state in states] == [True] * 2
        found, others = told(bases)
    assert others == lists
    for application, answers in expected.items():
        for question, answer in answers.items():
            assert found[application][question] == answer, question
