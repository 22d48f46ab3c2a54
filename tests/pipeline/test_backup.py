"""A backup while events come in holds what was accepted before, once, and can be restored."""

import threading
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlglot import parse_one

from isotherm.app.cli import group
from isotherm.app.settings import Settings
from isotherm.app.web import app_of
from isotherm.app.wiring import Components
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.db import open_database
from isotherm.storage.saved.heatmaps import NewHeatmap
from isotherm.storage.saved.migrations import TABLE
from tests.faults.life import T0, post
from tests.storage.saved.postgres import PASSWORD, Postgres

pytestmark = pytest.mark.server

CART = NewHeatmap(name="Cart", application="a", page="/", address="?app=a&page=/")


def running(folder: Path) -> Components:
    values = {"data": str(folder), "capture": False, "quiet_period_s": 60.0}
    return Components(Settings(values)).start()


def test_a_backup_under_load_is_restored_and_goes_on(tmp_path: Path) -> None:
    source = running(tmp_path / "data")
    http = app_of(source).test_client()
    source.services().heatmaps.add(CART, T0)
    done, accepted = threading.Event(), []

    def send() -> None:
        for number in range(100_000):
            source.spool.append(post(number))
            accepted.append(number)
            if done.is_set():
                return

    sender = threading.Thread(target=send)
    sender.start()
    while len(accepted) < 200:
        done.wait(0.01)
    before = len(accepted)
    answer = http.post("/api/v1/backup", json={"name": "noon"})
    done.set()
    sender.join()
    assert answer.status_code == 200, answer.data
    assert http.post("/api/v1/backup", json={"name": "noon"}).status_code == 409
    assert http.post("/api/v1/backup", json={"name": "../x"}).status_code == 400
    source.close()

    backup = tmp_path / "data/backups/noon"
    flags = ["--data", str(tmp_path / "new")]
    told = CliRunner().invoke(group, ["restore", *flags, str(backup)])
    assert told.exit_code == 0, told.output
    assert f"{answer.json['rows']['actions']:,} actions" in told.output
    again = CliRunner().invoke(group, ["restore", *flags, str(backup)])
    assert isinstance(again.exception, IsothermError)
    assert again.exception.code is Code.CONFLICT

    copy = running(tmp_path / "new")
    assert copy.worker.flush()
    copy.spool.append(post(200_000))
    assert copy.worker.flush()
    copy.engine.compact(least_rows=1)
    found = Counter(
        copy.engine.run(parse_one("SELECT time_ms FROM actions"))["time_ms"].astype(int).tolist()
    )
    assert set(found.values()) == {1}
    assert {T0 + number for number in range(before)} <= set(found)
    assert T0 + 200_000 in found
    bodies = {
        one.segment_id for session in ("s0", "s1") for one in copy.replays.bodies("a", session)
    }
    assert {f"segment {number}" for number in range(before)} <= bodies
    assert [one.name for one in copy.services().heatmaps.all()] == ["Cart"]
    copy.close()


def test_a_damaged_backup_is_told(tmp_path: Path) -> None:
    source = running(tmp_path / "data")
    source.spool.append(post(0))
    assert source.worker.flush()
    backup = Path(source.back_up("one")["folder"])
    source.close()
    next((backup / "replays").rglob("*.replay")).unlink()
    told = CliRunner().invoke(group, ["restore", "--data", str(tmp_path / "new"), str(backup)])
    assert isinstance(told.exception, IsothermError)
    assert "The backup is damaged" in told.exception.message
    told = CliRunner().invoke(group, ["restore", "--data", str(tmp_path / "b"), str(tmp_path)])
    assert isinstance(told.exception, IsothermError)
    assert "is not a backup" in told.exception.message


@pytest.mark.server
def test_a_backup_says_what_it_does_not_hold(postgres: Postgres, s3: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    environ = {"ISOTHERM_SAVED": postgres.new_database(), "ISOTHERM_REPLAYS_URL": f"{s3}/replays"}
    left_over = data / "replays" / "ab" / "abcd.replay"
    left_over.parent.mkdir(parents=True)
    left_over.write_bytes(b"from before")
    told = CliRunner().invoke(group, ["backup", "--data", str(data), "one"], env=environ)
    assert told.exit_code == 0, told.output
    assert f"Not in it: replays, at {s3}/replays." in told.output
    assert "Not in it: saved things, at 127.0.0.1:" in told.output
    assert PASSWORD not in told.output
    assert not (data / "backups/one/replays").exists(), "nobody would look there"
    again = ["restore", "--data", str(tmp_path / "new"), str(data / "backups/one")]
    told = CliRunner().invoke(group, again)
    assert told.exit_code == 0, told.output
    assert f"Not in it: replays, at {s3}/replays." in told.output


@pytest.mark.server
def test_the_command_works_on_a_stopped_server(tmp_path: Path) -> None:
    told = CliRunner().invoke(group, ["backup", "--data", str(tmp_path), "cold"])
    assert told.exit_code == 0, told.output
    assert (tmp_path / "backups/cold/backup.json").exists()


def test_a_backup_that_fails_leaves_nothing_and_only_one_is_made_at_a_time(tmp_path: Path) -> None:
    source = running(tmp_path)
    source.spool.append(post(0))
    assert source.worker.flush()
    huge = tmp_path / "replays" / "huge.replay"
    with huge.open("wb") as file:
        file.truncate(1 << 43)  # takes no room itself
    with pytest.raises(IsothermError, match=r"needs .* MB, but only") as caught:
        source.back_up("full")
    assert caught.value.code is Code.STORE_UNAVAILABLE
    huge.unlink()

    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        with pytest.raises(IsothermError, match="Another backup"):
            source.back_up("second")
        raise IsothermError(Code.STORE_UNAVAILABLE, "The store cannot be written")

    copy_to = source.engine.copy_to  # type: ignore[attr-defined]
    source.engine.copy_to = fail  # type: ignore[attr-defined]
    with pytest.raises(IsothermError, match="The store cannot be written"):
        source.back_up("failed")
    source.engine.copy_to = copy_to  # type: ignore[attr-defined]
    assert list((tmp_path / "backups").iterdir()) == []
    assert source.back_up("whole")["rows"]["actions"] == 1
    source.close()


def test_a_copy_that_cannot_be_attached_leaves_the_next_one_alone(tmp_path: Path) -> None:
    source = running(tmp_path / "data")
    with pytest.raises(IsothermError):
        source.engine.copy_to(tmp_path / "no folder" / "x.duckdb")  # type: ignore[attr-defined]
    assert source.engine.copy_to(tmp_path / "x.duckdb")["actions"] == 0  # type: ignore[attr-defined]
    source.close()


def test_saved_things_of_a_later_release_are_not_taken_for_a_server(tmp_path: Path) -> None:
    running(tmp_path).close()
    with open_database("", tmp_path).begin() as connection:
        connection.execute(text(f"UPDATE {TABLE} SET version_num = '9999'"))
    told = CliRunner().invoke(group, ["backup", "--data", str(tmp_path), "noon"])
    assert isinstance(told.exception, IsothermError)
    assert told.exception.code is Code.CONFLICT
    assert "of a later release" in told.exception.message
