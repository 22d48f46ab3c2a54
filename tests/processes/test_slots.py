"""Processes that share a data folder: spools, counts, and what a process leaves that dies."""

import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from isotherm.api.status import Metrics
from isotherm.app.settings import Settings
from isotherm.app.status_reporter import StatusReporter
from isotherm.app.wiring import Components
from isotherm.intake.drops import DropReason
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.dead_letters import DeadLetters
from isotherm.pipeline.housekeeping import Housekeeping
from isotherm.pipeline.processes.locks import HousekeepingLock
from isotherm.pipeline.processes.orphaned_spools import take_over
from isotherm.pipeline.processes.server_processes import ServerProcesses
from isotherm.pipeline.processes.slot import Slot, claim, claim_alone
from isotherm.pipeline.processes.slot_files import ServerStart, read_counts, read_state
from isotherm.storage.objects import record_log
from isotherm.storage.objects.replays import LocalReplays
from tests.storage.conftest import Scenario

SERVER = ServerStart(7, 2)
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
        processes = ServerProcesses(tmp_path, SERVER, first)
        second.tell({"worker": {}}, {"sample": 2.0})
        assert processes.snapshot().received == {"events": 3}
        assert (processes.pending, len(processes.states())) == (3, 1)
        assert processes.answers({"sample": 1.0, "other": 1.0}) == {"sample": 3.0, "other": 1.0}
    with closing(claim(tmp_path, SERVER, QUOTA)) as next_one:
        assert next_one.number == 1, "the first that is free"
        assert ServerProcesses(tmp_path, SERVER, next_one).snapshot().received == {"events": 3}
    with closing(claim(tmp_path, ServerStart(8), QUOTA)) as anew:
        assert anew.counters.snapshot().received == {}, "another start counts anew"


def test_a_command_has_the_folder_for_itself(tmp_path: Path) -> None:
    with closing(claim(tmp_path, SERVER, QUOTA)), closing(claim(tmp_path, SERVER, QUOTA)) as kept:
        pass
    with closing(claim_alone(tmp_path, ServerStart(8), QUOTA)):
        with pytest.raises(IsothermError) as refused:
            claim(tmp_path, SERVER, QUOTA)
        assert refused.value.code is Code.CONFLICT
    first, kept = claim(tmp_path, SERVER, QUOTA), claim(tmp_path, SERVER, QUOTA)
    first.close()  # its slot is free, but the server runs
    with pytest.raises(IsothermError, match="Another server or command"):
        claim_alone(tmp_path, ServerStart(8), QUOTA)
    kept.close()


DIES = """
import os, signal, sys
from pathlib import Path
from isotherm.pipeline.processes.slot import claim
from isotherm.pipeline.processes.slot_files import ServerStart
from tests.processes.test_slots import Scenario, taken
slot = claim(Path(sys.argv[1]), ServerStart(int(sys.argv[2]), 2), 2**22)
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


@pytest.mark.server
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
        whole = ServerProcesses(tmp_path, SERVER, mine).snapshot()
        counted = {"events": 3, "recovered": 1} if server == SERVER.id else {"recovered": 4}
        assert (whole.received, whole.accepted, whole.uncounted) == (counted, 4, 0)
        assert mine.counters.snapshot().uncounted == 0, "nobody finds them uncounted later"
        left = read_counts(tmp_path / "spool-2")
        assert left is not None
        assert left.server == server, "the counts stay those of the server that made them"
        assert left.counts.received == {"events": 3, "recovered": 1}
        assert left.counts.uncounted == 0


@pytest.mark.server
def test_an_empty_slot_is_left_alone(tmp_path: Path) -> None:
    with closing(claim(tmp_path, SERVER, QUOTA)) as mine:
        killed(tmp_path, SERVER.id)
        assert take_over(tmp_path, SERVER, mine, QUOTA) == 4
        state = tmp_path / "spool-2" / "state"
        before = state.stat().st_ino
        assert take_over(tmp_path, SERVER, mine, QUOTA) == 0
        assert state.stat().st_ino == before


@pytest.mark.server
def test_events_of_another_release_hold_up_no_other_slot(tmp_path: Path) -> None:
    with closing(claim(tmp_path, SERVER, QUOTA)) as mine:
        with closing(claim(tmp_path, SERVER, QUOTA)) as other:
            killed(tmp_path, SERVER.id)
            unknown = record_log.pack(msgspec.msgpack.encode([["of tomorrow"]]))
            (frames,) = (tmp_path / "spool-2").glob("*.frames")
            assert other.number == 2
        frames.write_bytes(unknown)
        with pytest.raises(IsothermError, match="another release"):
            take_over(tmp_path, SERVER, mine, QUOTA)
        assert mine.spool.pending == 4


def test_a_start_that_fails_gives_its_slot_up(tmp_path: Path) -> None:
    settings = Settings({"data": str(tmp_path), "store": "clickhouse://127.0.0.1:1/away"})
    for _ in range(2):
        with pytest.raises(IsothermError) as refused:
            Components(settings, SERVER)
        assert refused.value.code is Code.STORE_UNAVAILABLE
    assert [path.name for path in tmp_path.glob("spool*")] == ["spool"]
    with closing(claim(tmp_path, SERVER, QUOTA)) as slot:
        assert slot.number == 1


def test_who_is_alone_writes_no_counts(tmp_path: Path) -> None:
    with closing(claim_alone(tmp_path, SERVER, QUOTA)) as slot:
        taken(slot, "a")
        assert (tmp_path / "spool" / "counts").read_bytes() == b""


def test_counts_that_cannot_be_written_are_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(claim(tmp_path, SERVER, QUOTA)) as slot:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
        try:
            for _ in range(3):
                slot.counters.accepted()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [record.getMessage() for record in caplog.records] == [
        "The counts of this process cannot be written (File too large)"
    ]


@pytest.mark.server
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


class Reading:
    """Reads nothing. A thread is begun once, as those that read."""

    def __init__(self) -> None:
        self._thread = threading.Thread(target=int)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None: ...
    def touch(self, recordings: Any) -> None: ...


def test_one_process_keeps_house_and_another_follows(tmp_path: Path) -> None:
    begun: list[str] = []

    def one(name: str) -> Housekeeping:
        return Housekeeping(
            Reading(),  # type: ignore[arg-type]
            begin=lambda: begun.append(name),
            take_over=lambda: 0,
            lock=HousekeepingLock(tmp_path),
        )

    first, second = one("first"), one("second")
    first.start()
    until(lambda: first.is_mine)
    second.start()
    assert not HousekeepingLock(tmp_path).take()
    assert not second.is_mine
    first.stop()
    until(lambda: second.is_mine)
    second.stop()
    assert begun == ["first", "second"]


def test_house_is_kept_though_it_cannot_begin_at_once(tmp_path: Path) -> None:
    away = [IsothermError(Code.STORE_UNAVAILABLE, "It is away")]

    def begin() -> None:
        if away:
            raise away.pop()

    house = Housekeeping(
        Reading(),  # type: ignore[arg-type]
        begin=begin,
        take_over=lambda: 0,
        lock=HousekeepingLock(tmp_path),
    )
    house.start()
    until(lambda: house.is_mine)
    house.stop()


def test_a_look_that_fails_is_tried_again_soon(tmp_path: Path) -> None:
    looks, now_s = list[float](), [0.0]

    def grown() -> list[Any]:
        looks.append(now_s[0])
        if len(looks) == 1:
            now_s[0] += 30  # until it is given up
            raise IsothermError(Code.STORE_UNAVAILABLE, "It does not answer")
        return []

    house = Housekeeping(
        Reading(),  # type: ignore[arg-type]
        begin=lambda: None,
        take_over=lambda: 0,
        lock=HousekeepingLock(tmp_path),
        grown=grown,
        clock_s=lambda: now_s[0],
    )
    house.start()
    until(lambda: len(looks) > 1)
    house.stop()


def test_times_to_answer_are_told_though_nobody_asks_this_process(tmp_path: Path) -> None:
    with closing(claim(tmp_path, SERVER, QUOTA)) as slot:
        house = Housekeeping(Reading(), begin=int, take_over=int, lock=HousekeepingLock(tmp_path))  # type: ignore[arg-type]
        processes = ServerProcesses(tmp_path, SERVER, slot)
        reporter = StatusReporter(SERVER, slot, processes, house, {"worker": dict})
        services: Any = SimpleNamespace(answers_of_all=reporter.answers)
        Metrics(services).answered("query", 200, 0.1)
        reporter.start()
        try:
            until(lambda: (told := read_state(tmp_path / "spool", SERVER)) and told.answers)
        finally:
            reporter.stop()


def test_nothing_is_told_after_the_end(tmp_path: Path) -> None:
    began, goes_on = threading.Event(), threading.Event()

    def slow() -> dict[str, Any]:
        began.set()
        goes_on.wait(30)
        return {}

    with closing(claim(tmp_path, SERVER, QUOTA)) as slot:
        house = Housekeeping(Reading(), begin=int, take_over=int, lock=HousekeepingLock(tmp_path))  # type: ignore[arg-type]
        reporter = StatusReporter(
            SERVER, slot, ServerProcesses(tmp_path, SERVER, slot), house, {"worker": slow}
        )
        reporter.start()
        assert began.wait(30)
        threading.Timer(0.3, goes_on.set).start()
        reporter.stop()
        assert goes_on.is_set(), "what it has begun is waited for"
    state = read_state(tmp_path / "spool", SERVER)
    assert state is not None
    assert not state.runs


def test_a_server_says_that_another_one_keeps_house(tmp_path: Path) -> None:
    keeps = HousekeepingLock(tmp_path)
    with closing(claim(tmp_path, SERVER, QUOTA)) as slot:
        house = Housekeeping(
            Reading(),  # type: ignore[arg-type]
            begin=lambda: None,
            take_over=lambda: 0,
            lock=HousekeepingLock(tmp_path),
        )
        states = {"readers": lambda: {"ok": False, "last_error": "", "due": 0}}
        processes = ServerProcesses(tmp_path, SERVER, slot)
        parts = StatusReporter(SERVER, slot, processes, house, states).parts()
        assert not parts["readers"]()["ok"], "nobody reads"
        assert not parts["processes"]()["kept_elsewhere"]
        assert keeps.take()
        assert parts["readers"]()["ok"]
        assert parts["processes"]()["kept_elsewhere"]


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


def test_a_replay_begun_anew_in_a_file_of_the_same_number(tmp_path: Path) -> None:
    """A file system gives the number of a deleted file to the next one."""
    first, second = LocalReplays(tmp_path), LocalReplays(tmp_path)
    first.put(Scenario.segment("g0", index=0, body=b"[0]"))
    first.put(Scenario.segment("g1", index=1, body=b"[1]"))
    (path,) = tmp_path.glob("*/*.replay")
    with path.open("r+b") as file:  # the same number, on every file system
        file.truncate()
    for n in range(2, 6):
        second.put(Scenario.segment(f"g{n}", index=n, body=b"[%d]" % n))
    first.put(Scenario.segment("g1", index=1, body=b"[1]"))
    assert [one.body for one in first.bodies("shop", "s1")] == [b"[%d]" % n for n in range(1, 6)]
