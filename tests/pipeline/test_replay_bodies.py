"""Bodies of replay segments: kept once, in order, found by session and view, forgotten by age."""

import os
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from isotherm.model import Segment, SegmentFormat
from isotherm.model.errors import IsothermError
from isotherm.storage.files import Files, shown
from isotherm.storage.objects import remote_replays
from isotherm.storage.objects.remote_replays import QUIET_S, WHAT, RemoteReplays
from isotherm.storage.objects.replays import LocalReplays, open_replays


def segment(number: int, *, session: str = "s", view: str = "v") -> Segment:
    """Return a segment whose body tells its number."""
    return Segment(
        segment_id=f"{session}-{number}", time_ms=number, end_ms=number + 1, application="a",
        session_id=session, view_id=view, recording_id=view, index=number,
        format=SegmentFormat.DATADOG, body=b'{"number": %d}' % number,
    )  # fmt: skip


S3 = pytest.param("s3", marks=pytest.mark.server)


@pytest.fixture(params=["local", "memory", S3])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a store on a local disk, and those that cannot append."""
    if request.param == "s3":
        return str(request.getfixturevalue("s3"))
    return str(tmp_path) if request.param == "local" else f"memory://{uuid.uuid4()}"


def test_bodies_come_back_in_order_and_once(url: str) -> None:
    store = open_replays(url)
    store.put_all([segment(2), segment(0), segment(5, view="w")])
    store.put(segment(1))
    store.put_all([segment(1), segment(7, session="other"), segment(2)])
    again = open_replays(url)
    again.put(segment(0))
    assert again.bodies("a", "s") == [segment(0), segment(1), segment(2), segment(5, view="w")]
    assert again.bodies("a", "s", "w") == [segment(5, view="w")]
    assert again.bodies("b", "s") == []


def test_a_session_is_erased(url: str) -> None:
    store = open_replays(url)
    store.put_all([segment(1), segment(1, session="t")])
    store.delete("a", "s")
    store.delete("a", "never seen")
    assert store.bodies("a", "s") == []
    assert store.bodies("a", "t") == [segment(1, session="t")]
    store.put(segment(1))
    assert store.bodies("a", "s") == [segment(1)]


def test_old_sessions_are_forgotten(url: str) -> None:
    store = open_replays(url)
    store.put(segment(1))
    assert store.expire(before_ms=1_000) == 0
    assert store.expire(before_ms=10**15) == 1
    assert store.bodies("a", "s") == []


def test_a_torn_end_is_written_over(tmp_path: Path) -> None:
    LocalReplays(tmp_path).put_all([segment(0), segment(1)])
    (path,) = tmp_path.glob("*/*.replay")
    os.truncate(path, path.stat().st_size - 3)
    store = LocalReplays(tmp_path)
    assert store.bodies("a", "s") == [segment(0)]
    store.put_all([segment(1), segment(2)])
    assert store.bodies("a", "s") == [segment(0), segment(1), segment(2)]


def test_a_session_is_one_file_on_a_local_disk(tmp_path: Path) -> None:
    store = LocalReplays(tmp_path)
    for number in range(30):
        store.put(segment(number))
    assert len(list(tmp_path.glob("*/*"))) == 1


@pytest.mark.parametrize("url", ["memory", S3], indirect=True)
def test_a_quiet_session_becomes_one_object(url: str) -> None:
    now = [0.0]
    files = Files(url, WHAT)
    store = RemoteReplays(files, clock_s=lambda: now[0])
    for number in range(5):
        store.put(segment(number))
    now[0] = QUIET_S - 1
    assert store.pack_quiet() == 0
    assert len(files.listed()) == 5
    now[0] = QUIET_S
    assert store.pack_quiet() == 1
    assert len(files.listed()) == 1
    assert store.bodies("a", "s") == [segment(number) for number in range(5)]
    store.put(segment(5))
    now[0] *= 2
    assert store.pack_quiet() == 1
    assert store.bodies("a", "s") == [segment(number) for number in range(6)]


@pytest.mark.parametrize("url", ["memory", S3], indirect=True)
def test_only_recordings_are_forgotten_by_age(url: str) -> None:
    store, files = RemoteReplays(Files(url, WHAT)), Files(url, "Everything")
    others = {
        "pictures/p1/0.webp": b"strip",
        "pictures/assets/ab/abcdef": b"image",
        "ab/notes.segments": b"of others",
        "report.pdf": b"of others",
    }
    files.write(others)
    if url.startswith("s3"):  # as consoles make folders
        bucket, _, key = files.root.partition("/")
        for folder in (f"{key}/", f"{key}/replays/"):
            files._fs.call_s3("put_object", Bucket=bucket, Key=folder, Body=b"")
    store.put(segment(1))
    assert len(store.names()) == 1
    assert store.expire(before_ms=10**15) == 1
    assert [entry.path for entry in files.listed()] == sorted(others)


class HeldUp(Files):
    """Files of a process in which something happens before it first removes any."""

    def __init__(self, url: str) -> None:
        super().__init__(url, WHAT)
        self.meanwhile: list[Callable[[], object]] = []

    def remove(self, paths: Sequence[str]) -> None:
        while self.meanwhile:
            self.meanwhile.pop()()
        super().remove(paths)


@pytest.mark.parametrize("url", ["memory", S3], indirect=True)
def test_what_is_erased_is_not_joined_while_it_is_there(url: str) -> None:
    now = [0.0]
    joining = RemoteReplays(Files(url, WHAT), clock_s=lambda: now[0])
    for number in range(3):
        joining.put(segment(number))
    now[0] = QUIET_S
    files = HeldUp(url)
    files.meanwhile = [joining.pack_quiet]
    RemoteReplays(files).delete("a", "s")
    assert joining.bodies("a", "s") == []


class Keeping(Files):
    """Files in a store that may not remove one of several; s3fs says nothing about it."""

    kept = ""

    def _remove_some(self, paths: Sequence[str]) -> None:
        gone = [path for path in paths if not (self.kept and path.endswith(self.kept))]
        super()._remove_some(gone)


def test_an_erasure_is_not_done_while_one_of_many_is_there() -> None:
    files = Keeping(f"memory://{uuid.uuid4()}", WHAT)
    store = RemoteReplays(files)
    for number in range(3):
        store.put(segment(number))
    files.kept = files.listed()[1].path
    with pytest.raises(IsothermError, match="cannot be removed"):
        store.delete("a", "s")
    files.write({f"p1/{number}": b"strip" for number in range(3)})
    files.kept = "p1/1"
    with pytest.raises(IsothermError, match="cannot be removed"):
        files.remove_folder("p1")
    files.kept = ""
    store.delete("a", "s")
    files.remove_folder("p1")
    assert [entry.path for entry in files.listed() if entry.size] == []


def test_what_a_process_left_in_pieces_is_joined_by_the_next() -> None:
    url, now = f"memory://{uuid.uuid4()}", [0.0]
    files = Files(url, WHAT)
    for session in "stuvwxyz":
        for number in range(2):
            RemoteReplays(files).put(segment(number, session=session))
    store = RemoteReplays(files, clock_s=lambda: now[0])
    store.put_all([segment(number, session="spoilt") for number in range(2)])
    store.put(segment(2, session="spoilt"))
    spoilt = files.listed(remote_replays._folder("a", "spoilt"))
    files.write({spoilt[0].path: b"spoilt"})
    assert store.expire(0) == 0
    now[0] = QUIET_S
    assert store.pack_quiet() == 8, "a few at once"
    assert store.pack_quiet() == 1
    assert store.pack_quiet() == 0
    assert len(files.listed()) == 8 + 2
    assert store.expire(0) == 0
    now[0] *= 2
    assert store.pack_quiet() == 0, "what is spoilt is tried once"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("ftp://ann:s3cret@host:21/replays/a@b", "ftp://host:21/replays/a@b"),
        ("s3://key:s3cret@bucket", "s3://bucket"),
        ("s3://bucket/replays", "s3://bucket/replays"),
        ("/srv/a@b/replays", "/srv/a@b/replays"),
    ],
)
def test_where_files_are_is_told_without_passwords(url: str, told: str) -> None:
    assert shown(url) == told
    with pytest.raises(IsothermError) as refused:
        Files("no-such-thing://ann:s3cret@host/replays", WHAT)
    assert "s3cret" not in refused.value.message


def test_processes_may_remove_the_same_folder_at_once(tmp_path: Path) -> None:
    files = Files(str(tmp_path), "Pictures")
    with ThreadPoolExecutor(4) as threads:
        for _ in range(10):
            files.write({f"p1/{number}": b"" for number in range(50)})
            list(threads.map(lambda _: files.remove_folder("p1"), range(4)))
            assert files.listed() == []
