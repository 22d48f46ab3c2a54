"""The spool keeps what it answered for, whatever happens to the process or the disk."""

import os
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isotherm.model import Action, Event, Segment, SegmentFormat, ViewPart
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.spool import Spool

QUOTA = 2**24


def event(number: int) -> Action:
    """Return the event of a number."""
    return Action(
        event_id=str(number), time_ms=number, application="a", session_id="s", view_id="v", page="/"
    )


def numbers(spool: Spool) -> list[int]:
    """Drain a spool in small batches and return the numbers of its events."""
    found: list[int] = []
    while batch := spool.read(3):
        found += [one.time_ms for one in batch.events]
        spool.ack(batch)
    return found


def test_events_come_out_in_order_and_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    for first in range(0, 100, 10):
        spool.append([event(number) for number in range(first, first + 10)])
    assert spool.pending == 100
    assert numbers(spool) == list(range(100))
    assert (spool.pending, spool.read(1)) == (0, None)
    spool.close()


def test_every_kind_of_event_comes_out_as_it_went_in(tmp_path: Path) -> None:
    events: list[Event] = [
        event(1),
        ViewPart(
            view_id="v", version=3, time_ms=1, application="a", session_id="s",
            changed={"errors": 2, "facets": {"env": "prod"}, "depth_px": None, "has_replay": True},
        ),
        Segment(
            segment_id="g", time_ms=1, end_ms=2, application="a", session_id="s",
            format=SegmentFormat.FARO, body=b'{"\xc5\x82": 1}\x00',
        ),
    ]  # fmt: skip
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    spool.append(events)
    batch = spool.read(10)
    assert batch is not None
    assert batch.events == events
    spool.close()


def test_what_is_not_confirmed_is_there_after_a_restart(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA, segment_bytes=300)
    for number in range(20):
        spool.append([event(number)])
    for _ in range(7):
        batch = spool.read(1)
        assert batch is not None
        spool.ack(batch)
    spool.read(5)
    spool.close()
    again = Spool(tmp_path, quota_bytes=QUOTA)
    assert (again.pending, again.recovered) == (13, 13)
    again.append([event(20)])
    assert numbers(again) == list(range(7, 21))
    again.close()
    assert Spool(tmp_path, quota_bytes=QUOTA).read(1) is None


def test_files_go_when_they_are_used_up(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA, segment_bytes=200)
    for number in range(50):
        spool.append([event(number)])
    assert len(list(tmp_path.glob("*.frames"))) > 5
    numbers(spool)
    assert len(list(tmp_path.glob("*.frames"))) == 1
    spool.close()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_torn_end_is_cut_wherever_it_tore(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    spool = Spool(folder, quota_bytes=QUOTA)
    sizes = [0]
    for number in range(6):
        spool.append([event(number)])
        sizes.append(spool.size_bytes)
    spool.close()
    (path,) = folder.glob("*.frames")
    cut = data.draw(st.integers(0, sizes[-1]))
    garbage = data.draw(st.binary(max_size=20))
    os.truncate(path, cut)
    with path.open("ab") as file:
        file.write(garbage)
    whole = max(number for number, size in enumerate(sizes) if size <= cut)
    again = Spool(folder, quota_bytes=QUOTA)
    again.append([event(100)])
    expected = [*range(whole), 100]
    if path.exists() and whole < 6 and garbage and sizes[whole] < cut:
        assert numbers(again)[:whole] == expected[:whole]  # garbage may complete a frame by chance
    else:
        assert numbers(again) == expected
    again.close()


def damaged(folder: Path, at: int) -> Spool:
    """Return a spool of ten events in small files; a byte of the first file is flipped."""
    spool = Spool(folder, quota_bytes=QUOTA, segment_bytes=200)
    for number in range(10):
        spool.append([event(number)])
    spool.close()
    first = min(folder.glob("*.frames"))
    content = bytearray(first.read_bytes())
    content[at] ^= 0xFF
    first.write_bytes(content)
    return Spool(folder, quota_bytes=QUOTA)


def test_a_damaged_record_is_left_out_and_the_others_go_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool = damaged(tmp_path, at=20)
    assert numbers(spool) == list(range(1, 10))
    assert "1 records are lost" in caplog.text
    spool.close()


def test_what_follows_a_damaged_length_is_kept_aside_and_the_other_files_go_on(
    tmp_path: Path,
) -> None:
    spool = damaged(tmp_path, at=1)
    found = numbers(spool)
    assert found == list(range(10 - len(found), 10))
    assert 0 < len(found) < 10
    (aside,) = tmp_path.glob("*.damaged")
    assert aside.stat().st_size > 0
    spool.close()


def test_a_full_quota_refuses_and_takes_again_when_there_is_room(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=2_000)
    taken = 0
    while spool.size_bytes + 100 < 2_000:
        spool.append([event(taken)])
        taken += 1
    with pytest.raises(IsothermError) as caught:
        spool.append([event(number) for number in range(10)])
    assert caught.value.code is Code.STORE_UNAVAILABLE
    assert caught.value.retry_after_s
    assert 10 < taken < 60
    assert spool.pending == taken
    assert numbers(spool) == list(range(taken))
    for number in range(200):  # far more than the quota in all
        spool.append([event(number)])
        assert numbers(spool) == [number]
    spool.close()


@pytest.mark.server
def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    limit = 4_000
    child = f"""
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_spool import event, numbers, Spool
from isotherm.model.errors import Code, IsothermError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write beyond the limit fails with EFBIG
spool = Spool(Path({str(tmp_path)!r}), quota_bytes=2**24)
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))
spool.append([event(1)])
try:
    spool.append([event(n) for n in range(1000)])
except IsothermError as error:
    assert error.code is Code.STORE_UNAVAILABLE, error
else:
    raise SystemExit("the disk did not get full")
spool.append([event(2)])
assert spool.pending == 2, spool.pending
assert numbers(spool) == [1, 2]
spool.append([event(3)])
spool.close()
"""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != limit, "the limit is the child's alone"
    ended = subprocess.run(
        [sys.executable, "-c", child], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    again = Spool(tmp_path, quota_bytes=QUOTA)
    assert numbers(again) == [3]
    again.close()


def test_many_threads_share_the_disk(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA, segment_bytes=5_000)

    def send(thread: int) -> None:
        for number in range(50):
            spool.append([event(thread * 1_000 + number)])

    threads = [threading.Thread(target=send, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    found: list[int] = []
    while len(found) < 400 and spool.wait(30):
        found += numbers(spool)
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(t * 1_000 + n for t in range(8) for n in range(50))
    for sender in range(8):
        mine = [number for number in found if number // 1_000 == sender]
        assert mine == sorted(mine), "one sender's events keep their order"
    spool.close()


def test_text_that_is_not_unicode_is_refused(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    with pytest.raises(IsothermError) as caught:
        spool.append(
            [
                Action(
                    event_id="\ud800",
                    time_ms=1,
                    application="a",
                    session_id="",
                    view_id="",
                    page="",
                )
            ]
        )
    assert caught.value.code is Code.INVALID
    assert spool.pending == 0
    spool.close()


def test_one_process_owns_a_spool(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    with pytest.raises(IsothermError, match=f"pid {os.getpid()}") as caught:
        Spool(tmp_path, quota_bytes=QUOTA)
    assert caught.value.code is Code.CONFLICT
    spool.close()
    Spool(tmp_path, quota_bytes=QUOTA).close()


def test_dead_letters_are_listed_and_come_back(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    spool.bury(event(1), "ValueError: no number")
    spool.bury(event(2), "too long")
    spool.close()
    again = Spool(tmp_path, quota_bytes=QUOTA)
    assert again.dead_count == 2
    assert [(one.reason, one.event) for one in again.dead_letters()] == [
        ("ValueError: no number", event(1)),
        ("too long", event(2)),
    ]
    assert again.replay_dead() == 2
    assert again.dead_count == 0
    assert numbers(again) == [1, 2]
    again.close()
