"""Processes that share a data folder: spools, counts, and what a process leaves that dies."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from isotherm.intake.drops import DropReason
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.dead_letters import DeadLetters
from isotherm.pipeline.housekeeping import Housekeeping
from isotherm.pipeline.slots import (
    HouseLock,
    Server,
    Slot,
    Together,
    claim,
    claim_alone,
    take_over,
)
from isotherm.storage.objects import record_log
from isotherm.storage.objects.replays import LocalReplays
from tests.storage.conftest import Scenario

SERVER = Server(7, 2)
QUOTA = 2**22


def taken(slot: Slot, *names: str) -> None:
    """Take in clicks as the intake does."""
    slot.spool.append([Scenario.click(name) for name in names])
    slot.counters.arrived("events", len(names), {})


def test_each_process_has_a_slot_of_its_own(tmp_path: Path) -> None:
    with (
        closing(claim(tmp_path, SERVER, QUOTA)) as first,
        closing(claim(tmp_path, SERVER, QUOTA)) as second,
    ):
        assert (first.number, second.number) == (1, 2)
        assert (first.was_alone, second.was_alone) == (True, False)
        taken(first, "a")
        taken(second, "b", "c")
        together = Together(tmp_path, SERVER, first)
        second.tell({"worker": {}}, {"sample": 2.0})
        assert together.snapshot().received == {"events": 3}
        assert (together.pending, len(together.states())) == (3, 1)
        assert together.answers({"sample": 1.0, "other": 1.0}) == {"sample": 3.0, "other": 1.0}
    with closing(claim(tmp_path, SERVER, QUOTA)) as next_one:
        assert next_one.number == 1, "the first that is free"
        assert Together(tmp_path, SERVER, next_one).snapshot().received == {"events": 3}
    with closing(claim(tmp_path, Server(8), QUOTA)) as anew:
        assert anew.counters.snapshot().received == {}, "another start counts anew"


def test_a_command_has_the_folder_for_itself(tmp_path: Path) -> None:
    with closing(claim(tmp_path, SERVER, QUOTA)), closing(claim(tmp_path, SERVER, QUOTA)) as kept:
        pass
    with closing(claim_alone(tmp_path, Server(8), QUOTA)):
        with pytest.raises(IsothermError) as refused:
            claim(tmp_path, SERVER, QUOTA)
        assert refused.value.code is Code.CONFLICT
    first, kept = claim(tmp_path, SERVER, QUOTA), claim(tmp_path, SERVER, QUOTA)
    first.close()  # its slot is free, but the server runs
    with pytest.raises(IsothermError, match="works on"):
        claim_alone(tmp_path, Server(8), QUOTA)
    kept.close()


DIES = """
import os, signal, sys
from pathlib import Path
from isotherm.pipeline.slots import Server, claim
from tests.processes.test_slots import Scenario, taken
slot = claim(Path(sys.argv[1]), Server(int(sys.argv[2]), 2), 2**22)
taken(slot, "a", "b", "c")
slot.spool.append([Scenario.click("d")])
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(folder: Path, server: int) -> None:
    """Run a process that dies with three events in its spool, and one nobody has counted yet."""
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", DIES, str(folder), str(server)], cwd=root, check=False
    )
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize("server", [SERVER.id, 3])
def test_what_a_killed_process_left_is_taken_over(tmp_path: Path, server: int) -> None:
    """By another one of the same server, or after the whole server was started anew."""
    with closing(claim(tmp_path, SERVER, QUOTA)) as mine:
        killed(tmp_path, server)
        assert take_over(tmp_path, SERVER, mine, QUOTA) == 4
        assert take_over(tmp_path, SERVER, mine, QUOTA) == 0
        batch = mine.spool.read(10)
        assert batch is not None
        assert [event.event_id for event in batch.events] == list("abcd")  # type: ignore[union-attr]
        mine.counters.accepted(4)
        whole = Together(tmp_path, SERVER, mine).snapshot()
        counted = {"events": 3, "recovered": 1} if server == SERVER.id else {"recovered": 4}
        assert (whole.received, whole.accepted, whole.uncounted) == (counted, 4, 0)
        assert mine.counters.snapshot().uncounted == 0, "nobody finds them uncounted later"


def test_who_has_the_slot_of_a_killed_process_counts_on(tmp_path: Path) -> None:
    killed(tmp_path, SERVER.id)
    with closing(claim(tmp_path, SERVER, QUOTA)) as mine:
        assert (mine.number, mine.spool.recovered) == (1, 4)
        batch = mine.spool.read(10)
        assert batch is not None
        mine.count_left(batch.events)
        mine.counters.accepted(3)
        mine.counters.dropped(DropReason.DUPLICATE)
        counts = mine.counters.snapshot()
        assert counts.received == {"events": 3, "recovered": 1}
        assert counts.uncounted == 0


def test_one_process_keeps_house_and_another_follows(tmp_path: Path) -> None:
    begun: list[str] = []

    class Reading:
        def start(self) -> None: ...
        def stop(self) -> None: ...
        def touch(self, recordings: Any) -> None: ...

    def one(name: str) -> Housekeeping:
        return Housekeeping(
            Reading(),  # type: ignore[arg-type]
            begin=lambda: begun.append(name),
            take_over=lambda: 0,
            lock=HouseLock(tmp_path),
        )

    first, second = one("first"), one("second")
    first.start()
    until(lambda: first.is_mine)
    second.start()
    first.stop()
    until(lambda: second.is_mine)
    second.stop()
    assert begun == ["first", "second"]


def until(what: Any) -> None:
    """Wait until something is so."""
    for _ in range(600):
        if what():
            return
        threading.Event().wait(0.05)
    pytest.fail("it never came")


def test_dead_letters_of_two_processes(tmp_path: Path) -> None:
    first, second = DeadLetters(tmp_path), DeadLetters(tmp_path)
    first.add(Scenario.click("a"), "one")
    second.add(Scenario.click("b"), "two")
    first.add(Scenario.click("c"), "three")
    assert (first.count, second.count) == (3, 3)
    back: list[Any] = []
    assert second.hand_back(back.extend) == 3
    assert (first.count, second.count, len(back)) == (0, 0, 3)
    first.add(Scenario.click("d"), "four")
    assert [letter.reason for letter in second.all()] == ["four"]


def test_a_dead_letter_is_added_without_reading_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters, read = DeadLetters(tmp_path), list[int]()
    letters.add(Scenario.click("a"), "one")
    scan = record_log.scan

    def noted(path: Path) -> Iterator[record_log.Frame]:
        for frame in scan(path):
            read.append(frame.start)
            yield frame

    monkeypatch.setattr(record_log, "scan", noted)
    for name in "bcd":
        letters.add(Scenario.click(name), "two")
    assert (letters.count, read) == (4, [])
    assert letters.erase(lambda event: event.event_id == "b") == 1  # type: ignore[union-attr]
    letters.add(Scenario.click("e"), "three")
    assert [one.event.event_id for one in letters.all()] == list("acde")  # type: ignore[union-attr]
    assert letters.count == 4


def test_replays_of_one_session_by_two_processes(tmp_path: Path) -> None:
    first, second = LocalReplays(tmp_path), LocalReplays(tmp_path)
    for n in range(6):
        (first, second)[n % 2].put(Scenario.segment(f"g{n}", at=n, index=n, body=b"[%d]" % n))
    second.put(Scenario.segment("g0", index=0, body=b"[0]"))
    assert [one.body for one in first.bodies("shop", "s1")] == [b"[%d]" % n for n in range(6)]
    first.delete("shop", "s1")
    second.put(Scenario.segment("g7", index=7, body=b"[7]"))
    first.put(Scenario.segment("g8", index=8, body=b"[8]"))
    assert [one.body for one in second.bodies("shop", "s1")] == [b"[7]", b"[8]"]
