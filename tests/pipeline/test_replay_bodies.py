"""Bodies of replay segments: kept once, in order, found by session and view, forgotten by age."""

import os
import uuid
from pathlib import Path

import pytest

from isotherm.model import Segment, SegmentFormat
from isotherm.storage.files import Files
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
