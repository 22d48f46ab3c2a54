"""Damaged files: it starts, says what is lost, and keeps the rest."""

import logging
import random
from collections import Counter
from pathlib import Path

import pytest
from sqlglot import parse_one

from isotherm.model.event_ids import event_hash
from isotherm.storage.objects import record_log
from tests.faults.life import APPLICATION, Life, post

POSTS = 12


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a data folder: some posts are stored, the others wait."""
    life = Life(tmp_path)
    life.worker._hurry = 1
    for number in range(POSTS // 2):
        life.spool.append(post(number))
    life.drain()
    life.engine.checkpoint()
    for number in range(POSTS // 2, POSTS):
        life.spool.append(post(number))
    life.close()
    return tmp_path


def counted(folder: Path) -> Counter[int]:
    """Start, store what waits, and return how often each click counts."""
    life = Life(folder)
    life.worker._hurry = 1
    life.drain()
    numbers = {event_hash(APPLICATION, f"click {n}"): n for n in range(POSTS)}
    found = life.engine.run(parse_one("SELECT event FROM actions"))["event"].tolist()
    life.close()
    return Counter(numbers[one] for one in found)


def flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 0x55
    file.write_bytes(data)


def spool_file(folder: Path) -> Path:
    """Return the file in use, in which nothing is confirmed yet."""
    return max((folder / "spool").glob("*.frames"))


def test_a_flipped_byte_in_the_queue_costs_one_post(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = spool_file(folder)
    frames = list(record_log.scan(file))
    flip(file, frames[1].start + 40)
    with caplog.at_level(logging.ERROR):
        found = counted(folder)
    assert len(found) == POSTS - 1
    assert set(found.values()) == {1}
    assert "records are lost, the rest is kept" in caplog.text


@pytest.mark.parametrize("kind", ["flipped", "cut", "empty", "gone"])
def test_any_damage_of_the_queues_files_lets_it_start(folder: Path, kind: str) -> None:
    chance = random.Random(kind)
    for file in sorted((folder / "spool").rglob("*")):
        if file.is_file():
            size = file.stat().st_size
            if kind == "flipped" and size:
                flip(file, chance.randrange(size))
            elif kind == "cut":
                file.write_bytes(file.read_bytes()[: size // 2])
            elif kind == "empty":
                file.write_bytes(b"")
            elif kind == "gone":
                file.unlink()
    found = counted(folder)
    assert set(range(POSTS // 2)) <= set(found)
    assert set(found.values()) == {1}


@pytest.mark.parametrize("kind", ["flipped", "cut", "empty", "text"])
def test_a_damaged_store_is_set_aside_and_what_waits_is_kept(
    folder: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = folder / "store.duckdb"
    if kind == "flipped":
        for at in range(8, 12_288, 512):  # the headers
            flip(file, at)
    elif kind == "cut":
        file.write_bytes(file.read_bytes()[:5_000])
    else:
        file.write_bytes(b"" if kind == "empty" else b"no database" * 2_000)
    with caplog.at_level(logging.ERROR):
        found = counted(folder)
    assert set(found) >= set(range(POSTS // 2, POSTS))
    assert set(found.values()) == {1}
    if kind != "empty":
        assert "is damaged" in caplog.text
        assert list(folder.glob("store.duckdb.damaged-*"))


@pytest.mark.parametrize("kind", ["header", "all"])
def test_a_damaged_database_of_saved_things_is_set_aside(
    folder: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = folder / "saved.sqlite"
    if kind == "header":
        flip(file, 3)
    else:
        file.write_bytes(b"x" * 20_000)
    with caplog.at_level(logging.ERROR):
        assert len(counted(folder)) == POSTS
    assert "saved heatmaps, shares and what is known of pictures are not there" in caplog.text
    assert list(folder.glob("saved.sqlite.damaged-*"))


def test_a_flipped_byte_in_a_replay_costs_one_segment(folder: Path) -> None:
    counted(folder)
    [first, _] = sorted((folder / "replays").rglob("*.replay"))
    frames = list(record_log.scan(first))
    flip(first, frames[1].start + 30)
    life = Life(folder)
    kept = sum(len(life.replays.bodies(APPLICATION, session)) for session in ("s0", "s1"))
    life.close()
    assert kept == POSTS - 1
