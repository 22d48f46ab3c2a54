"""What processes count and do together: pictures, wrong passwords, requests of an address."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from isotherm.api.sharing.limiter import WRONG_MAX, HeldAttempts, PasswordLimiter
from isotherm.intake.limiting import Limiter, Rates
from isotherm.intake.shared_rates import SharedRates, begin_anew
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.pictures import shared_jobs
from isotherm.pipeline.pictures.jobs import Job
from isotherm.pipeline.pictures.maker import BackgroundMaker
from isotherm.pipeline.pictures.shared_jobs import TRIES, SharedJobs, erase_jobs
from isotherm.render.options import RenderOptions
from isotherm.storage.saved.attempts import Attempts
from isotherm.storage.saved.db import open_database
from tests.storage.saved.postgres import Postgres


def job(page: str, *, urgent: bool = False) -> Job:
    return Job(id="", kind="page", application="shop", page=page, urgent=urgent)


@pytest.fixture
def both(saved: str, tmp_path: Path) -> Iterator[tuple[SharedJobs, SharedJobs]]:
    """Return the queue as two processes have it."""
    queues = [SharedJobs(open_database(saved, tmp_path), 5) for _ in range(2)]
    yield queues[0], queues[1]
    for queue in queues:
        end(queue)


def end(queue: SharedJobs) -> None:
    """Let it renew no lease any more."""
    queue.close()
    queue._running.clear()


def test_a_job_is_taken_once_whoever_adds_it(both: tuple[SharedJobs, SharedJobs]) -> None:
    asked, works = both
    first = asked.add(job("/a"))
    assert works.add(job("/a")).id == first.id, "the same waits already"
    wanted = asked.add(job("/b", urgent=True))
    taken = works.take(0)
    assert taken is not None
    assert taken.id == wanted.id, "that a person waits for comes first"
    assert asked.get(wanted.id).state == "running"
    taken.backgrounds = ["picture"]
    works.finish(taken)
    assert (asked.get(wanted.id).state, asked.get(wanted.id).backgrounds) == ("done", ["picture"])
    next_one = asked.take(0)
    assert next_one is not None
    assert next_one.id == first.id
    assert works.take(0) is None
    asked.again(next_one, [("s", "v")])
    assert works.lanes()["quick"]["queued"] == 1
    second = works.take(0, slow=True)
    assert second is not None
    assert second.left == (("s", "v"),)
    works.finish(second, "it broke")
    told = asked.get(first.id)
    assert (told.state, told.message) == ("failed", "it broke")
    assert works.wait_idle(0)


def test_too_many_jobs_are_refused(both: tuple[SharedJobs, SharedJobs]) -> None:
    for n in range(5):
        both[n % 2].add(job(f"/{n}"))
    with pytest.raises(IsothermError) as refused:
        both[0].add(job("/more"))
    assert refused.value.code is Code.CAPTURE_UNAVAILABLE


def test_a_job_of_a_process_that_ended_is_tried_again_but_not_for_ever(
    both: tuple[SharedJobs, SharedJobs], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, other = both
    added = other.add(job("/a"))
    monkeypatch.setattr(shared_jobs, "LEASE_MS", -1)  # nobody renews it
    for _ in range(TRIES):
        assert other.get(added.id).state in {"queued", "running"}
        died = SharedJobs(other._database, 5)
        assert died._take(slow=False) is not None
        assert died._take(slow=False) is None, "while it lives, it does not take what it does"
        end(died)
    assert other.take(0) is None
    assert other.get(added.id).state == "failed"
    assert "ended" in other.get(added.id).message


def test_a_job_that_a_stop_cuts_short_is_left_to_others(
    both: tuple[SharedJobs, SharedJobs],
) -> None:
    stops, other = both
    added = stops.add(job("/a"))
    taken = stops.take(0)
    assert taken is not None
    stops.close()
    stops.finish(taken, "aborted")
    again = other.take(0)
    assert again is not None
    assert again.id == added.id


def test_a_job_of_another_release_holds_up_no_other(
    both: tuple[SharedJobs, SharedJobs],
) -> None:
    works, other = both
    strange, wanted = works.add(job("/a", urgent=True)), works.add(job("/b"))
    with works._database.begin() as connection:
        body = msgspec.msgpack.encode({"id": strange.id, "kind": "of a later release"})
        mine = shared_jobs.JobRow.id == strange.id
        connection.execute(update(shared_jobs.JobRow).where(mine).values(body=body))
    assert other.take(0) is None
    taken = other.take(0)
    assert taken is not None
    assert taken.id == wanted.id
    with pytest.raises(IsothermError, match="another release"):
        works.get(strange.id)


def test_jobs_that_name_an_erased_session_are_gone(both: tuple[SharedJobs, SharedJobs]) -> None:
    queue, _ = both
    about = {"application": "shop", "kind": "recording"}
    done = queue.add(Job(id="", session_id="hers", **about))  # type: ignore[arg-type]
    taken = queue.take(0)
    assert taken is not None
    queue.finish(taken, "hers could not be read")
    page = queue.add(job("/a"))
    taken = queue.take(0)
    assert taken is not None
    queue.again(taken, [("hers", "v")])
    kept = [
        queue.add(Job(id="", session_id="another", **about)),  # type: ignore[arg-type]
        queue.add(Job(id="", session_id="hers", **about | {"application": "b"})),  # type: ignore[arg-type]
    ]
    erase_jobs(queue._database, "shop", {"hers"})
    for one in (done, page):
        with pytest.raises(IsothermError):
            queue.get(one.id)
    assert [queue.get(one.id).state for one in kept] == ["queued", "queued"]


def test_a_second_try_is_left_to_others_while_the_database_is_away(
    postgres: Postgres,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    database = postgres.new_database()
    works, other = (SharedJobs(open_database(database, tmp_path), 5) for _ in range(2))
    added = works.add(job("/a"))
    taken = works.take(0)
    assert taken is not None
    nothing: Any = None
    maker = BackgroundMaker(RenderOptions(), nothing, nothing, nothing, jobs=works)
    assert maker.status()["jobs"]["running"] == 1
    postgres.stop()
    try:
        works.again(taken, [("s", "v")])
        told = maker.status()
        assert told["jobs"] == {}, "how many wait is not known"
        assert "does not answer" in told["last_error"]
        assert other.take(1.5) is None
        assert caplog.text.count("picture queue cannot be read") == 1
    finally:
        postgres.start()
    assert not works._running, "its lease is not renewed any more"
    assert works.done == 0
    monkeypatch.setattr(shared_jobs, "_now_ms", lambda: time.time_ns() // 1_000_000 + 30_000)
    second = other.take(0)
    assert second is not None
    assert second.id == added.id
    for queue in (works, other):
        end(queue)


def test_wrong_passwords_are_counted_together(saved: str, tmp_path: Path) -> None:
    now_ms = [time.time_ns() // 1_000_000]
    limiters = [
        PasswordLimiter(Attempts(open_database(saved, tmp_path), clock_ms=lambda: now_ms[0]))
        for _ in range(2)
    ]
    for n in range(WRONG_MAX):
        now_ms[0] += 1_000
        latest = limiters[n % 2].begin("token", f"guess {n}")  # all are being checked
    limiters[0].begin("another", "guess")
    for limiter in limiters:
        with pytest.raises(IsothermError) as refused:
            limiter.begin("token", "right")
        assert refused.value.code is Code.TOO_OFTEN
        assert refused.value.retry_after_s == 60 - 4 + 1
    limiters[1].end(latest, wrong=False)  # one was right
    limiters[0].begin("token", "guess")
    now_ms[0] += 60_000
    limiters[0].begin("token", "guess")


@pytest.mark.parametrize("shared", [True, False])
def test_a_right_password_opens_all_strips_at_once(
    saved: str, tmp_path: Path, *, shared: bool
) -> None:
    kept = Attempts(open_database(saved, tmp_path)) if shared else HeldAttempts()
    limiter = PasswordLimiter(kept)
    for n in range(WRONG_MAX - 1):
        limiter.end(limiter.begin("token", f"wrong {n}"), wrong=True)
    strips = [limiter.begin("token", "right") for _ in range(4 * WRONG_MAX)]
    with pytest.raises(IsothermError):
        limiter.begin("token", "another guess")
    with ThreadPoolExecutor(8) as browser:
        list(browser.map(lambda strip: limiter.end(strip, wrong=False), strips))
    limiter.end(limiter.begin("token", "the last guess"), wrong=True)
    with pytest.raises(IsothermError):
        limiter.begin("token", "right")


def test_rates_hold_for_all_processes_together(tmp_path: Path) -> None:
    now_s = time.time() // 60 * 60 + 30
    limiters = [
        Limiter(
            Rates(requests_of_address=10),
            lambda: SharedRates(tmp_path / "rates.sqlite", lambda: now_s),
        )
        for _ in range(2)
    ]
    for n in range(10):
        limiters[n % 2].request("203.0.113.7")
    limiters[0].request("203.0.113.8")
    for limiter in limiters:
        with pytest.raises(IsothermError) as refused:
            limiter.request("203.0.113.7")
        assert refused.value.code is Code.TOO_OFTEN
        assert 1 <= (refused.value.retry_after_s or 0) <= 60


def test_a_file_of_counts_that_is_damaged_refuses_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "rates.sqlite"
    file.write_bytes(b"torn by a loss of power" * 1000)
    limiter = Limiter(Rates(requests_of_address=1), lambda: SharedRates(file))
    for _ in range(3):
        limiter.request("203.0.113.7")
    assert caplog.text.count("not a database") == 1
    begin_anew(file)
    limiter = Limiter(Rates(requests_of_address=1), lambda: SharedRates(file))
    limiter.request("203.0.113.7")
    with pytest.raises(IsothermError):
        limiter.request("203.0.113.7")
