"""Who has the turn learns whether another process had it, also if it could not begin at once."""

from pathlib import Path

import pytest

from isotherm.storage.clickhouse.reading_lock import ReadingLock
from isotherm.storage.influxdb.turn import Turn


class Writer:
    """One of several processes on a machine, with the lock of those who store."""

    def __init__(self, file: Path) -> None:
        self.lock = ReadingLock(file)
        self.begun = 0
        self.away = False
        self.turn = Turn(self.begin, self)

    def begin(self) -> None:
        if self.away:
            raise ConnectionError
        self.begun += 1

    def write_lock(self) -> ReadingLock:
        return self.lock

    def others_wrote(self) -> bool:
        return self.lock.others_wrote

    def has_it(self) -> int:
        with self.turn, self.turn:
            return self.begun


def test_what_is_known_is_forgotten_after_another_process_had_the_turn(tmp_path: Path) -> None:
    one, other = (Writer(tmp_path / "turn") for _ in range(2))
    assert [one.has_it() for _ in range(3)] == [1, 1, 1]
    assert [other.has_it() for _ in range(2)] == [1, 1]
    assert [one.has_it() for _ in range(2)] == [2, 2]


def test_who_could_not_begin_begins_the_next_time(tmp_path: Path) -> None:
    one = Writer(tmp_path / "turn")
    one.away = True
    with pytest.raises(ConnectionError):
        one.has_it()
    one.away = False
    assert one.has_it() == 1
