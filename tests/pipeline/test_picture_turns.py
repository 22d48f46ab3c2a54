"""In which order recordings are pictured when many of them take as long as they may."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from isotherm.model.errors import IsothermError
from isotherm.pipeline.pictures import shared_jobs
from isotherm.pipeline.pictures.jobs import Job, Jobs, Queue, Turn
from isotherm.pipeline.pictures.sessions import limits_s
from isotherm.pipeline.pictures.shared_jobs import SharedJobs
from isotherm.render.options import RenderOptions
from isotherm.storage.saved.db import open_database

OPTIONS = RenderOptions()
ENDLESS = 10_000.0
MOST = 100


class Taken(NamedTuple):
    """A turn that a lane gave a job."""

    session: str
    turn: Turn
    done: bool
    spent_s: float  # by this lane, from the start until the end of this turn


@pytest.fixture(params=["of one process", "shared"])
def jobs(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Queue]:
    clock = itertools.count()
    monkeypatch.setattr(shared_jobs, "_now_ms", lambda: next(clock))
    shared = request.param == "shared"
    queue = SharedJobs(open_database("", tmp_path), MOST) if shared else Jobs(MOST)
    yield queue
    queue.close()


def recording(session: str, needs_s: float) -> Job:
    return Job(id="", kind="recording", application="shop", session_id=f"{session} {needs_s}")


def work(jobs: Queue, *, slow: bool, times: int = 10_000) -> list[Taken]:
    """Take jobs of a lane as the maker does; each needs the seconds that its name says."""
    taken: list[Taken] = []
    spent_s = 0.0
    for _ in range(times):
        job = jobs.take(0, slow=slow)
        if job is None:
            break
        session, needs_s = job.session_id.split()
        limit_s, turn = limits_s(OPTIONS, job.turn)[0], job.turn
        spent_s += min(float(needs_s), limit_s)
        done = float(needs_s) <= limit_s or turn is Turn.SLOW
        taken.append(Taken(session, turn, done, spent_s))
        if done:
            jobs.finish(job, "" if float(needs_s) <= limit_s else "not ready")
        else:
            jobs.again(job, [(job.session_id, "view")])
    return taken


def first(taken: list[Taken], wanted: Callable[[Taken], bool]) -> int:
    return next(n for n, one in enumerate(taken) if wanted(one))


def test_sixty_that_never_end_hold_good_ones_up_for_their_first_turns_only(jobs: Queue) -> None:
    for n in range(60):
        jobs.add(recording(f"evil{n}", ENDLESS))
        if n % 8 == 7:
            jobs.add(recording(f"good{n}", 2.0))
    taken = work(jobs, slow=False)
    good = [one for one in taken if one.session.startswith("good")]
    assert [one.done for one in good] == [True] * 7
    assert good[-1].spent_s <= 60 * OPTIONS.first_s + 7 * 2.0
    assert taken.index(good[-1]) < first(taken, lambda one: one.turn > Turn.FIRST)
    late = jobs.add(recording("late", 1.0))  # the second turns are over, the last ones wait
    assert [one.done for one in work(jobs, slow=False, times=1)] == [True]
    assert jobs.get(late.id).state == "done"
    assert {one.turn for one in work(jobs, slow=True)} == {Turn.SLOW}
    assert jobs.wait_idle(0)
    assert (jobs.counts()["done"], jobs.counts()["failed"]) == (8, 60)


def test_an_honest_recording_that_takes_long_is_done_before_any_last_turn(jobs: Queue) -> None:
    for n in range(9):
        jobs.add(recording(f"evil{n}", ENDLESS))
    jobs.add(recording("long", 10.0))
    taken = work(jobs, slow=False)
    assert taken[first(taken, lambda one: one.session == "long" and one.done)].turn is Turn.LONGER
    assert len(taken) == 20
    assert jobs.lanes()["slow"]["queued"] == 9


def test_nothing_waits_for_ever_while_new_ones_keep_coming(jobs: Queue) -> None:
    jobs.add(recording("slow", 100.0))
    work(jobs, slow=False)
    jobs.add(recording("long", 10.0))
    work(jobs, slow=False, times=1)
    slow_lane: list[Taken] = []
    for n in range(12):  # in the quick lane there is always one that had no turn
        jobs.add(recording(f"new{n}", ENDLESS))
        jobs.add(recording(f"newer{n}", 1.0))
        assert work(jobs, slow=False, times=2)[-1].turn is Turn.FIRST
        slow_lane += work(jobs, slow=True, times=1)
    assert [one.session for one in slow_lane[:2]] == ["long", "slow"]
    assert all(one.done for one in slow_lane[:2])
    assert {one.turn for one in slow_lane[2:]} == {Turn.LONGER, Turn.SLOW}


def test_what_was_cut_short_leaves_room_for_what_is_new_and_has_a_bound_itself(
    jobs: Queue,
) -> None:
    evil = [jobs.add(recording(f"evil{n}", ENDLESS)) for n in range(MOST)]
    work(jobs, slow=False, times=MOST)
    for n in range(MOST):
        jobs.add(recording(f"new{n}", ENDLESS))
    with pytest.raises(IsothermError, match="100 pictures are waiting"):
        jobs.add(recording("more", 1.0))
    work(jobs, slow=False, times=1)
    assert jobs.counts() == {
        "queued": 2 * MOST - 1,
        "running": 0,
        "done": 0,
        "failed": 0,
        "skipped": 2,
    }
    assert jobs.get(evil[0].id).state == "queued"


def test_who_waits_at_a_screen_has_the_longer_turn_at_once(jobs: Queue) -> None:
    for n in range(3):
        jobs.add(recording(f"evil{n}", ENDLESS))
    wanted = recording("wanted", 10.0)
    wanted.urgent, wanted.turn = True, Turn.LONGER
    jobs.add(wanted)
    assert work(jobs, slow=False, times=1) == [Taken("wanted", Turn.LONGER, True, 10.0)]
