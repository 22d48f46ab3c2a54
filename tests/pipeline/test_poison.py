"""One bad recording harms nothing: it is in quarantine with the reason, the others are read."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isotherm.pipeline.readers.messages import Derive, DerivedRows, Start
from isotherm.pipeline.readers.process import ReaderProcess
from isotherm.storage.ports import Recording

pytestmark = [pytest.mark.server, pytest.mark.measures]

Build = Callable[..., Any]
GOOD = 5
LIMITS = {"limit_s": 2.0, "memory_mb": 256}


def begin(pipeline: Any, **given: Any) -> None:
    pipeline.end()
    pipeline.begin(**{"reader": "poisoned_reader.py", **LIMITS, **given})


def send(pipeline: Any, segment: Build, session: str, **told: Any) -> None:
    name = f"{session} {told.get('index', 0)}"
    facts = {"segment_id": name, "session_id": session, "view_id": "", "format": "faro", **told}
    pipeline.send(segment(0, **facts))


def until(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 60
    while not (value := condition()):
        assert time.monotonic() < deadline
    return value


def reasons(pipeline: Any) -> dict[str, str]:
    return {one.recording.session_id: one.reason for one in pipeline.quarantine.all()}


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        ("loop", "more than 2 s of processor time"),
        ("hog", "more than 256 MB of memory"),
        ("crash", "died with signal 11 (Segmentation fault)"),
        ("exit", "ended with code 3"),
        ("deep", "RecursionError in serving.py:"),
        ("wrong", "TypeError in serving.py:"),
    ],
)
def test_a_poisoned_recording_is_set_aside_and_the_others_are_read(
    pipeline: Any, segment: Build, poison: str, reason: str
) -> None:
    begin(pipeline)
    pipeline.start()
    for session in (poison, *(f"good {number}" for number in range(GOOD))):
        send(pipeline, segment, session, events=3)
    assert pipeline.worker.flush(120)
    assert list(reasons(pipeline)) == [poison]
    assert reason in reasons(pipeline)[poison]
    (entry,) = pipeline.quarantine.all()
    assert (entry.sender, entry.size_bytes, entry.events) == ("faro", 2, 3)
    state = pipeline.sessionization.state()
    assert (state.read, state.quarantined, state.last_error) == (GOOD, 1, "")
    for number in range(GOOD):
        assert len(pipeline.engine.actions_of("shop", f"good {number}")) == 1


def test_one_that_takes_some_seconds_does_not_wait_for_those_that_never_end(
    pipeline: Any, segment: Build
) -> None:
    begin(pipeline, longer=True, limit_s=7.0)
    pipeline.start()
    for session in ("loop", "work"):
        send(pipeline, segment, session)
    with pipeline.sessionization._due.hurry():
        (first,) = until(pipeline.told.copy)
    assert first.session_id == "work"
    assert not reasons(pipeline), "the one that never ends has its last turn"
    assert pipeline.worker.flush(120)
    assert list(reasons(pipeline)) == ["loop"]


def test_clicks_that_came_as_events_stay_counted(
    pipeline: Any, click: Build, view: Build, segment: Build
) -> None:
    begin(pipeline, most_mb=1)
    pipeline.start()
    body = b'{"records": [' + b" " * (1 << 20) + b"]}"
    pipeline.send(click("a"), view(1), segment(1, body=body, events=9))
    assert pipeline.worker.flush(120)
    (entry,) = pipeline.quarantine.all()
    assert "larger than 1 MB (read_most_mb)" in entry.reason
    assert entry.events == 0
    assert len(pipeline.engine.actions_of("shop", "s1")) == 1


def test_a_reader_killed_once_is_bad_luck_and_twice_a_reason(pipeline: Any, segment: Build) -> None:
    begin(pipeline, limit_s=60.0, quiet_period_s=0.05)
    pipeline.start()
    send(pipeline, segment, "good")
    assert pipeline.worker.flush(120)
    (idle,) = pipeline.sessionization.state().processes
    os.kill(idle, signal.SIGKILL)
    send(pipeline, segment, "good", index=1)
    assert pipeline.worker.flush(120)
    assert reasons(pipeline) == {}
    assert len(pipeline.engine.actions_of("shop", "good")) == 2

    send(pipeline, segment, "sleep")
    killed: set[int] = set()
    while not reasons(pipeline):
        for pid in filter(asleep, pipeline.sessionization.state().processes):
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
            until(lambda: state_of(pid) in {"", "Z"})  # noqa: B023 - now
        assert len(killed) <= 3, "in passing, alone, and once more: that is no chance"
    assert pipeline.worker.flush(120)
    assert "died with signal 9" in reasons(pipeline)["sleep"]
    assert len(pipeline.engine.actions_of("shop", "good")) == 2


def asleep(pid: int) -> bool:
    """Whether a reader process sleeps in its poison, rather than waiting at its pipe."""
    return "nanosleep" in told_of(pid, "wchan")


def told_of(pid: int, name: str) -> str:
    """Return what the kernel tells of a process; "" when it has ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def test_a_reader_that_stands_still_is_replaced(pipeline: Any, segment: Build) -> None:
    begin(pipeline, limit_s=0.2)
    pipeline.start()
    send(pipeline, segment, "good")
    assert pipeline.worker.flush(120)
    (stopped,) = pipeline.sessionization.state().processes
    os.kill(stopped, signal.SIGSTOP)
    send(pipeline, segment, "good", index=1)
    assert pipeline.worker.flush(120)
    assert reasons(pipeline) == {}
    assert pipeline.sessionization.state().processes != (stopped,)
    assert not Path(f"/proc/{stopped}").exists()


def test_events_are_stored_while_a_recording_is_read(
    pipeline: Any, click: Build, segment: Build
) -> None:
    begin(pipeline, limit_s=60.0, quiet_period_s=0.05)
    pipeline.start()
    send(pipeline, segment, "sleep")
    pid = until(lambda: next(filter(asleep, pipeline.sessionization.state().processes), None))
    pipeline.send(click("meanwhile"))
    until(lambda: pipeline.spool.pending == 0)
    assert len(pipeline.engine.actions_of("shop", "s1")) == 1
    assert asleep(pid), "and it is still being read"


def test_a_restart_does_not_begin_again_an_upgrade_and_a_person_do(
    pipeline: Any, segment: Build
) -> None:
    begin(pipeline)
    pipeline.start()
    send(pipeline, segment, "wrong")
    assert pipeline.worker.flush(120)
    begin(pipeline)
    pipeline.start()
    send(pipeline, segment, "good")
    send(pipeline, segment, "wrong", index=1)
    assert pipeline.worker.flush(120)
    state = pipeline.sessionization.state()
    assert (state.read, state.quarantined) == (1, 0), "quarantined, though it has grown"
    assert [one.tries for one in pipeline.quarantine.all()] == [1]

    poisoned = Recording("shop", "wrong", None)
    pipeline.quarantine.release(poisoned, "reading")
    pipeline.sessionization.touch([poisoned], now=True)
    assert pipeline.worker.flush(120)
    assert list(reasons(pipeline)) == ["wrong"], "it is still poison"

    begin(pipeline, reader="counting_reader.py", version="2")
    pipeline.start()
    assert pipeline.worker.flush(120)
    assert reasons(pipeline) == {}
    assert len(pipeline.engine.actions_of("shop", "wrong")) == 2
    assert pipeline.engine.pending_recordings() == []


def test_more_than_memory_holds_are_read_all_the_same(pipeline: Any, segment: Build) -> None:
    begin(pipeline, most_due=3, readers=2)
    send(pipeline, segment, "wrong")
    for number in range(20):
        send(pipeline, segment, f"good {number}")
    pipeline.start()
    assert pipeline.worker.flush(120)
    assert pipeline.sessionization.state().read == 20
    assert [one.session_id for one in pipeline.engine.pending_recordings()] == ["wrong"]


def test_a_stop_ends_a_reader_at_once_and_blames_no_recording(
    pipeline: Any, segment: Build
) -> None:
    begin(pipeline, limit_s=600.0, quiet_period_s=0.05)
    pipeline.start()
    send(pipeline, segment, "loop")
    pid = until(lambda: next(filter(busy, pipeline.sessionization.state().processes), None))
    pipeline.sessionization.stop()
    assert not Path(f"/proc/{pid}").exists()
    assert pipeline.engine.pending_recordings() == [Recording("shop", "loop", None)]
    assert reasons(pipeline) == {}


def test_no_reader_outlives_a_server_that_is_killed(pipeline: Any, segment: Build) -> None:
    pipeline.replays.put_all([segment(0, session_id="loop", view_id="", format="faro")])
    command = [
        sys.executable,
        str(Path(__file__).with_name("asking.py")),
        str(pipeline.folder / "replays"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        pid = int(server.stdout.readline())
        until(lambda: busy(pid))
        server.kill()
    until(lambda: state_of(pid) in {"", "Z"})


def state_of(pid: int) -> str:
    return "".join(told_of(pid, "stat").rpartition(")")[2].split()[:1])


def busy(pid: int) -> bool:
    """Whether a reader has worked longer than the quick ones may."""
    fields = told_of(pid, "stat").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12]) if fields else 0
    return ticks / os.sysconf("SC_CLK_TCK") > 1.5


def test_a_reader_answers_question_upon_question(tmp_path: Path) -> None:
    process = ReaderProcess(Start(replays_url=str(tmp_path)))
    pids = set()
    for _ in range(2_000):  # the kernel's news of a write may come after it was read
        assert process.ask(Derive("shop", "nobody"), twice=False) == DerivedRows(0)
        pids.add(process.pid)
    assert len(pids - {None}) <= 3, "it is replaced after a thousand"
    process.close()
