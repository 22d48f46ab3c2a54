"""The spool keeps what it answered for, whatever happens to the process or the disk."""

import os
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isotherm.model import Action, Event, Segment, SegmentFormat, ViewPart
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.spool import Spool, _Waiting
from isotherm.storage.objects import record_log

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


@settings(max_examples=40)
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


def test_zeros_at_the_end_of_a_file_are_no_events(tmp_path: Path) -> None:
    """After the power went, a file may have its new length, and zeros instead of its new bytes."""
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    spool.append([event(0)])
    spool.close()
    (path,) = tmp_path.glob("*.frames")
    with path.open("ab") as file:
        file.write(bytes(5_000))
    again = Spool(tmp_path, quota_bytes=QUOTA)
    again.append([event(1)])
    assert numbers(again) == [0, 1]
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


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size: other writes fail, as on a full disk."""
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    spool.append([event(1)])
    size = spool.size_bytes
    with largest_file(4_000), pytest.raises(IsothermError) as caught:
        spool.append([event(number) for number in range(1_000)])
    assert caught.value.code is Code.STORE_UNAVAILABLE
    assert caught.value.message == (
        "The spool cannot be written (File too large); send again later."
    )
    assert [file.stat().st_size for file in sorted(tmp_path.glob("*.frames"))] == [size, 0]
    spool.append([event(2)])
    assert (spool.pending, spool.size_bytes) == (2, 2 * size)
    assert numbers(spool) == [1, 2]
    spool.append([event(3)])
    spool.close()
    again = Spool(tmp_path, quota_bytes=QUOTA)
    assert numbers(again) == [3]
    again.close()


def files(folder: Path) -> list[int]:
    """Return the numbers of a spool's files."""
    return sorted(int(file.stem) for file in folder.glob("*.frames"))


def test_a_file_goes_with_its_last_event(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA, segment_bytes=1)  # a file for each append
    for number in range(3):
        spool.append([event(number)])
    first = files(tmp_path)
    assert first == list(range(first[0], first[0] + 3))
    for left in (first[1:], first[2:], first[2:]):  # the file in use stays
        batch = spool.read(1)
        assert batch is not None
        spool.ack(batch)
        assert files(tmp_path) == left
    spool.close()


def size_of_one(folder: Path) -> int:
    """Return how many bytes an event takes when it is appended alone."""
    probe = Spool(folder / "probe", quota_bytes=QUOTA)
    probe.append([event(1)])
    probe.close()
    return probe.size_bytes


def test_a_file_is_full_when_it_has_reached_its_size(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA, segment_bytes=size_of_one(tmp_path))
    spool.append([event(1)])
    spool.append([event(2)])
    assert len(files(tmp_path)) == 2
    spool.close()


def test_a_small_quota_is_kept_in_eight_files_so_that_room_comes_back_early(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=16 * size_of_one(tmp_path))
    for _ in range(16):
        spool.append([event(1)])
    assert len(files(tmp_path)) == 8
    spool.close()


def test_the_quota_is_used_to_the_last_byte(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=2 * size_of_one(tmp_path))
    spool.append([event(1)])
    spool.append([event(2)])
    with pytest.raises(IsothermError) as caught:
        spool.append([event(3)])
    assert caught.value.message == "The spool has reached its quota; send again later."
    assert numbers(spool) == [1, 2]
    spool.close()


def test_those_who_write_together_share_what_is_left_of_the_quota(tmp_path: Path) -> None:
    frame = record_log.pack(msgspec.msgpack.encode([event(1)]), 1)
    spool = Spool(tmp_path, quota_bytes=2 * len(frame))
    together = [_Waiting(frame, 1) for _ in range(3)]
    spool._write(together)
    assert [one.error is None for one in together] == [True, True, False]
    assert (spool.pending, spool.size_bytes) == (2, 2 * len(frame))
    spool.close()


def test_what_is_written_is_read_when_it_is_safe_and_not_before(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    spool.append([event(1)])
    [file] = tmp_path.glob("*.frames")
    with file.open("ab") as unsafe:  # whole, but without fsync
        unsafe.write(record_log.pack(msgspec.msgpack.encode([event(2)]), 1))
    assert numbers(spool) == [1]
    spool.close()


def test_what_is_confirmed_can_leave_the_disk_at_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    [empty] = files(tmp_path)
    spool.drop_confirmed()  # nothing was written
    assert files(tmp_path) == [empty]
    spool.append([event(1)])
    spool.drop_confirmed()  # it is not confirmed
    assert (files(tmp_path), spool.pending) == ([empty], 1)
    assert numbers(spool) == [1]
    spool.drop_confirmed()
    assert (files(tmp_path), spool.size_bytes) == ([empty + 1], 0)
    spool.append([event(2)])
    spool.close()
    again = Spool(tmp_path, quota_bytes=QUOTA)
    assert numbers(again) == [2]
    again.close()


def test_a_reader_waits_for_as_many_as_it_wants_or_until_it_is_woken(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    assert not spool.wait(0)
    spool.append([event(0)])
    assert spool.wait(None)
    assert numbers(spool) == [0]
    spool.wake()
    assert not spool.wait(None)
    found: list[bool] = []
    reader = threading.Thread(target=lambda: found.append(spool.wait(None, least=2)))
    reader.start()
    spool.append([event(1)])
    reader.join(0.2)
    assert reader.is_alive(), "neither the earlier call of `wake` nor one event ends it"
    spool.append([event(2)])
    reader.join(30)
    assert found == [True]
    assert spool.wait(None)
    assert spool.wait(0, least=3), "there is something to read, though less than was waited for"
    spool.close()


def test_files_that_could_not_be_removed_are_removed_at_the_next_start(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    spool.append([event(1)])
    assert numbers(spool) == [1]
    spool.append([event(2)])
    spool.close()
    for used_up in (0, 1):
        (tmp_path / f"{used_up:012d}.frames").write_bytes(b"confirmed long ago")
    again = Spool(tmp_path, quota_bytes=QUOTA)
    assert numbers(again) == [2]
    assert len(files(tmp_path)) == 1
    again.close()


def test_a_folder_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "spool"
    with pytest.raises(IsothermError) as caught:
        Spool(folder, quota_bytes=QUOTA)
    assert caught.value.code is Code.STORE_UNAVAILABLE
    assert caught.value.message == f"The spool in {folder} cannot be opened (Not a directory)."
    Spool(tmp_path / "new" / "deep", quota_bytes=QUOTA).close()


def test_a_restart_counts_events_and_not_writes(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    spool.append([event(number) for number in range(10)])
    spool.close()
    again = Spool(tmp_path, quota_bytes=QUOTA)
    assert again.pending == 10
    again.close()


@pytest.mark.parametrize("confirmed", ["", "nonsense", "1 2 3", "0 -5"])
def test_without_a_sound_note_of_what_is_stored_everything_comes_again(
    tmp_path: Path, confirmed: str
) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    spool.append([event(1), event(2)])
    assert numbers(spool) == [1, 2]
    spool.append([event(3)])
    spool.close()
    (tmp_path / "confirmed").write_text(confirmed)
    [file] = tmp_path.glob("*.frames")
    file.rename(tmp_path / "000000000001.frames")  # the first that there can be
    again = Spool(tmp_path, quota_bytes=QUOTA)
    assert numbers(again) == [1, 2, 3]
    again.close()


def test_events_of_another_release_are_left_to_that_release(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    payload = msgspec.msgpack.encode([{"type": "Swipe"}])
    (tmp_path / "000000000001.frames").write_bytes(record_log.pack(payload, 1))
    spool.close()
    again = Spool(tmp_path, quota_bytes=QUOTA)
    with pytest.raises(IsothermError, match="Swipe") as caught:
        again.read(1)
    assert caught.value.code is Code.CONFLICT
    assert caught.value.message.startswith(
        f"The spool in {tmp_path} has events of another release ("
    )
    assert caught.value.message.endswith("Let that release empty it first.")
    again.close()


def test_a_lock_that_is_held_with_the_folder_ends_with_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", quota_bytes=QUOTA)
    lock = (tmp_path / "lock").open("w")
    spool.hold(lock)
    assert not lock.closed
    spool.close()
    assert lock.closed


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
    with pytest.raises(IsothermError) as caught:
        Spool(tmp_path, quota_bytes=QUOTA)
    assert caught.value.code is Code.CONFLICT
    assert caught.value.message == (
        f"The spool in {tmp_path} belongs to another process (pid {os.getpid()}). Stop it, or give "
        "this one a data folder of its own."
    )
    spool.close()
    again = Spool(tmp_path, quota_bytes=QUOTA)
    assert (tmp_path / "owner").read_text() == str(os.getpid()), "as other releases name it"
    (tmp_path / "owner").write_text("")
    with pytest.raises(IsothermError, match=r"\(pid unknown\)"):
        Spool(tmp_path, quota_bytes=QUOTA)
    again.close()


def test_dead_letters_are_listed_and_come_back(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=QUOTA)
    spool.add_dead_letter(event(1), "ValueError: no number")
    spool.add_dead_letter(event(2), "too long")
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
