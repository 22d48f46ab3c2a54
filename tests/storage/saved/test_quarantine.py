"""The quarantine: kept over restarts, tried again by another version or when asked."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from isotherm.pipeline.quarantine import Quarantine, QuarantineCounts
from isotherm.storage.ports import Recording
from isotherm.storage.saved.db import open_database

VIEW = Recording("shop", "s1", "v1")
SESSION = Recording("shop", "s1", None)
STRANGE = Recording("a\0b", "ключ", "")


@pytest.fixture
def database(saved: str, tmp_path: Path) -> Engine:
    return open_database(saved, tmp_path)


def test_what_is_set_aside_outlives_a_restart(saved: str, tmp_path: Path) -> None:
    first = Quarantine(open_database(saved, tmp_path), clock_ms=lambda: 5_000_000_000_000)
    first.add(VIEW, "reading", "took longer than 30 s", sender="datadog", size_bytes=3_000_000_000)
    again = Quarantine(open_database(saved, tmp_path))
    assert again.holds(VIEW, "reading")
    assert not again.holds(VIEW, "picture")
    assert not again.holds(SESSION, "reading"), "a session is no view of it"
    (entry,) = again.all()
    assert (entry.recording, entry.reason) == (VIEW, "took longer than 30 s")
    assert (entry.at_ms, entry.size_bytes) == (5_000_000_000_000, 3_000_000_000)


def test_another_version_tries_once_more(database: Engine) -> None:
    Quarantine(database, "1.0").add(VIEW, "reading", "slow")
    newer = Quarantine(database, "1.1")
    assert not newer.holds(VIEW, "reading")
    newer.add(VIEW, "reading", "still slow")
    assert newer.holds(VIEW, "reading")
    (entry,) = newer.all()
    assert (entry.reason, entry.version, entry.tries) == ("still slow", "1.1", 2)


def test_a_release_is_for_one_stage(database: Engine) -> None:
    quarantine = Quarantine(database)
    for stage in ("reading", "picture"):
        quarantine.add(SESSION, stage, "broken", events=7)
    assert quarantine.counts() == {
        "reading": QuarantineCounts(1, 7),
        "picture": QuarantineCounts(1, 7),
        "playback": QuarantineCounts(),
    }  # fmt: skip
    assert quarantine.release(SESSION, "reading")
    assert not quarantine.release(SESSION, "reading")
    assert not quarantine.holds(SESSION, "reading")
    assert quarantine.holds(SESSION, "picture")


def test_a_deleted_session_leaves_nothing(database: Engine) -> None:
    quarantine = Quarantine(database)
    for one in (VIEW, SESSION, STRANGE):
        quarantine.add(one, "reading", "x\0y")
    quarantine.erase("shop", ["s1"])
    (entry,) = quarantine.all()
    assert (entry.recording, entry.reason) == (STRANGE, "xy")


def test_what_expired_is_deleted(database: Engine) -> None:
    Quarantine(database, clock_ms=lambda: 1_000).add(VIEW, "reading", "old")
    quarantine = Quarantine(database, clock_ms=lambda: 2_000)
    quarantine.add(SESSION, "reading", "new")
    quarantine.expire(2_000)
    assert [entry.reason for entry in quarantine.all()] == ["new"]
