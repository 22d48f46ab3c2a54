"""`isotherm migrate`: what the data folder has is copied to PostgreSQL and S3, whole and once."""

import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from isotherm.app.cli import group
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.files import Files
from isotherm.storage.objects import copying as objects
from isotherm.storage.objects.remote_replays import WHAT, RemoteReplays
from isotherm.storage.objects.replays import LocalReplays
from isotherm.storage.saved import copying as saved_things
from isotherm.storage.saved.db import open_database
from isotherm.storage.saved.heatmaps import NewHeatmap, SavedHeatmaps
from isotherm.storage.saved.names import ApplicationNames
from isotherm.storage.saved.samples import StoredSamples
from isotherm.storage.saved.shares import Shares, Snapshot
from tests.conftest import environment
from tests.pipeline.test_replay_bodies import segment
from tests.storage.influxdb.bad_line import BadLine
from tests.storage.saved.postgres import PASSWORD, Postgres
from tests.storage.saved.test_steps import BEFORE, everything

DAY_MS = 86_400_000
NOW = 1_795_000_000_000


def migrate(folder: Path, **targets: str) -> Result:
    flags = [part for name, url in targets.items() for part in (f"--{name.replace('_', '-')}", url)]
    return CliRunner().invoke(group, ["migrate", "--data", str(folder), *flags])


def test_saved_things_are_in_postgres_as_they_were(postgres: Postgres, tmp_path: Path) -> None:
    shutil.copy(BEFORE, tmp_path / "saved.sqlite")
    url = postgres.new_database()
    command = [sys.executable, "-m", "isotherm", "migrate", "--data", str(tmp_path)]
    for _ in ("first", "again"):  # in a process of its own: nothing else is imported there
        told = subprocess.run(
            [*command, "--to-saved", url],
            check=False,
            capture_output=True,
            text=True,
            env=environment(),
        )
        assert told.returncode == 0, told.stderr
        assert "Done: 15 rows of saved things are in 127.0.0.1" in told.stdout
        assert PASSWORD not in told.stdout + told.stderr
    everything(open_database(url, tmp_path), tmp_path)


def test_a_copy_that_was_interrupted_goes_on(postgres: Postgres, tmp_path: Path) -> None:
    source = open_database("", tmp_path)
    target = open_database(postgres.new_database(), tmp_path)
    heatmaps = SavedHeatmaps(source)
    for number in range(250):
        heatmaps.add(
            NewHeatmap(name=f"{number}", application="shop", page="/", address="?"), number
        )
    with source.begin() as connection:  # an earlier release let it through
        connection.execute(
            text("UPDATE heatmaps SET name = :name WHERE name = '7'"), {"name": "a\0b"}
        )
    interrupted = saved_things.copy(source, target)
    while next(interrupted).rows < 100:
        pass
    del interrupted
    first = next(one for one in heatmaps.all() if one.name != "a\0b")
    heatmaps.rename(first.id, "renamed meanwhile")
    *_, done = saved_things.copy(source, target)
    assert (done.rows, done.of, len(done.left_out)) == (250, 250, 1)
    kept = [one for one in heatmaps.all() if one.name != "a\0b"]
    assert SavedHeatmaps(target).all() == kept


def test_what_belongs_to_a_row_that_is_left_out_is_left_out_too(
    postgres: Postgres, tmp_path: Path
) -> None:
    source = open_database("", tmp_path)
    target = open_database(postgres.new_database(), tmp_path)
    snapshot = Snapshot(
        name="a\0b", application="shop", page="/", address="?", taken_ms=NOW,
        time_locked=True, answers={},
    )  # fmt: skip
    for name in (snapshot.name, "kept"):
        one = msgspec.structs.replace(snapshot, name=name)
        Shares(source).add("h", one, [b"1", b"2"], author="", validity="permanent", password="")
    *_, done = saved_things.copy(source, target)
    assert (done.rows, len(done.left_out)) == (6, 3)
    assert [one.name for one in Shares(target).all(NOW)] == ["kept"]


def test_what_passes_by_itself_does_not_hinder_a_second_run(
    postgres: Postgres, tmp_path: Path
) -> None:
    source = open_database("", tmp_path)
    target = open_database(postgres.new_database(), tmp_path)
    ApplicationNames(source).give("shop", "Ours")
    samples = StoredSamples(source, "host")
    samples.add(NOW, {("received", "faro"): 1.0}, NOW)
    list(saved_things.copy(source, target))
    samples.add(NOW + DAY_MS, {("received", "faro"): 2.0}, NOW + DAY_MS)
    list(saved_things.copy(source, target))
    assert [at for at, _ in StoredSamples(target, "host").since(0)] == [NOW, NOW + DAY_MS]
    assert ApplicationNames(target).all() == {"shop": "Ours"}


@pytest.mark.parametrize("option", ["to_saved", "to_replays", "to_pictures"])
def test_a_folder_that_is_not_there_is_not_copied_as_an_empty_one(
    option: str, tmp_path: Path
) -> None:
    told = migrate(tmp_path / "typo", **{option: f"memory://{uuid.uuid4()}"})
    assert isinstance(told.exception, IsothermError)
    assert (told.exception.code, told.exception.field) == (Code.INVALID, "data")
    assert not (tmp_path / "typo").exists()


def test_a_damaged_file_is_neither_copied_nor_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "saved.sqlite"
    file.write_bytes(b"damaged" * 1_000)
    told = migrate(tmp_path, to_saved=f"sqlite:///{tmp_path}/other.sqlite")
    assert isinstance(told.exception, IsothermError)
    assert "is damaged" in told.exception.message
    assert file.read_bytes() == b"damaged" * 1_000


def test_what_the_other_database_has_is_not_written_over(
    postgres: Postgres, tmp_path: Path
) -> None:
    ApplicationNames(open_database("", tmp_path)).give("shop", "Ours")
    url = postgres.new_database()
    ApplicationNames(open_database(url, tmp_path)).give("other", "Theirs")
    told = migrate(tmp_path, to_saved=url)
    assert isinstance(told.exception, IsothermError)
    assert told.exception.code is Code.CONFLICT
    assert "1 rows in application_names that are not here" in told.exception.message
    assert ApplicationNames(open_database(url, tmp_path)).all() == {"other": "Theirs"}


def filled(folder: Path) -> LocalReplays:
    """Return recordings of three sessions, the first 40 days old, and one that is torn."""
    store = LocalReplays(folder / "replays")
    for number, session in enumerate("stu"):
        store.put_all([segment(index, session=session) for index in range(3)])
        path = folder / "replays" / store._path("a", session).relative_to(folder / "replays")
        os.utime(path, (NOW / 1000 - (40 - number) * 86_400,) * 2)
    store.put(segment(0, session="torn"))
    os.truncate(store._path("a", "torn"), 5)
    return store


def test_recordings_are_in_s3_as_they_were_and_as_old(s3: str, tmp_path: Path) -> None:
    store = filled(tmp_path)
    told = migrate(tmp_path, to_replays=f"{s3}/replays")
    assert told.exit_code == 0, told.exception
    assert "Done: the recordings of 4 sessions" in told.output
    copied = RemoteReplays(Files(f"{s3}/replays", WHAT))
    for session in ("s", "t", "u", "torn"):
        assert copied.bodies("a", session) == store.bodies("a", session)
    assert copied.expire(NOW - 39 * DAY_MS) == 1
    assert [len(copied.bodies("a", session)) for session in "stu"] == [0, 3, 3]


def test_recordings_go_on_where_they_were_when_s3_was_away(
    s3: str, s3_line: BadLine, tmp_path: Path
) -> None:
    store = filled(tmp_path)
    target, kept = RemoteReplays(Files(s3, WHAT)), tmp_path / "progress.json"
    steps = objects.copy_replays(store, target, s3, kept)
    while next(steps).done < 2:
        pass
    s3_line.behave(answer=b"")
    with pytest.raises(IsothermError) as away:
        list(steps)
    assert away.value.code is Code.STORE_UNAVAILABLE
    s3_line.behave()
    first, *_, last = objects.copy_replays(store, target, s3, kept)
    assert (first.done, last.done, last.of) == (2, 4, 4)
    assert not kept.exists()
    for session in "stu":
        assert target.bodies("a", session) == store.bodies("a", session)


def test_a_recording_that_grew_between_two_runs_is_whole_there(tmp_path: Path) -> None:
    store = filled(tmp_path)
    target = RemoteReplays(Files(f"memory://{uuid.uuid4()}", WHAT))
    kept = tmp_path / "progress.json"
    steps = objects.copy_replays(store, target, "there", kept)
    while next(steps).done < 3:
        pass
    del steps
    for session in "stu":  # a server ran in between
        store.put(segment(9, session=session))
    *_, last = objects.copy_replays(store, target, "there", kept)
    assert (last.done, last.of) == (4, 4)
    for session in "stu":
        assert target.bodies("a", session) == store.bodies("a", session)
        assert len(target.bodies("a", session)) == 4


def test_what_was_erased_here_between_two_runs_is_told(tmp_path: Path) -> None:
    store = filled(tmp_path)
    target = RemoteReplays(Files(f"memory://{uuid.uuid4()}", WHAT))
    kept = tmp_path / "progress.json"
    steps = objects.copy_replays(store, target, "there", kept)
    while next(steps).done < 4:
        pass
    del steps
    store.delete("a", "s")
    with pytest.raises(IsothermError, match="1 recordings that are not here") as refused:
        list(objects.copy_replays(store, target, "there", kept))
    assert refused.value.code is Code.CONFLICT
    pictures, there = (Files(f"memory://{uuid.uuid4()}", "Pictures") for _ in range(2))
    pictures.write({"p1/0": b"one"})
    there.write({"p1/0": b"one", "p2/0": b"two"})
    with pytest.raises(IsothermError, match="1 files that are not here"):
        list(objects.copy_files(pictures, there))


def test_a_picture_that_was_there_before_is_compared_too(tmp_path: Path) -> None:
    here, there = (Files(str(tmp_path / name), "Pictures") for name in ("here", "there"))
    here.write({"p1/0": b"one"})
    there.write({"p1/0": b"bad"})
    with pytest.raises(IsothermError, match="p1/0"):
        list(objects.copy_files(here, there))


def test_pictures_are_in_s3_as_they_were(s3: str, tmp_path: Path) -> None:
    here = Files(str(tmp_path / "pictures"), "Pictures")
    files = {f"p{number}/0.webp": bytes([number]) * 100 for number in range(40)}
    here.write(files | {"assets/ab/abcd": b"image"})
    there = Files(f"{s3}/pictures", "Pictures")
    there.write({"p0/0.webp": b"torn", "p1/0.webp": files["p1/0.webp"]})
    told = migrate(tmp_path, to_pictures=f"{s3}/pictures")
    assert told.exit_code == 0, told.exception
    assert "Done: 41 files" in told.output
    names = [entry.path for entry in there.listed()]
    assert names == sorted([*files, "assets/ab/abcd"])
    assert there.read_all(sorted(files)) == [files[name] for name in sorted(files)]


def test_nothing_is_copied_without_a_place_or_beside_a_server(tmp_path: Path) -> None:
    told = migrate(tmp_path)
    assert isinstance(told.exception, IsothermError)
    assert "Name at least one target" in told.exception.message
    for name in ("replays", "pictures"):
        (tmp_path / name).mkdir()
    told = migrate(tmp_path, to_replays=str(tmp_path / "other"))
    assert isinstance(told.exception, IsothermError)
    assert told.exception.field == "to_replays"
    told = migrate(tmp_path, to_pictures=str(tmp_path / "pictures"))
    assert isinstance(told.exception, IsothermError)
    assert "are the same" in told.exception.message
