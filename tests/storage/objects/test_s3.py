"""Recordings and pictures in a real S3 server: shared by processes, while it fails, erased."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from s3fs import S3FileSystem

from isotherm.app.cli import group
from isotherm.app.settings import load
from isotherm.app.web import app_of
from isotherm.app.wiring import Components
from isotherm.model import Segment
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.erasure import erase_user
from isotherm.storage.files import Files
from isotherm.storage.objects.assets import AssetBodies
from isotherm.storage.objects.remote_replays import QUIET_S, WHAT, RemoteReplays
from tests.conftest import free_port
from tests.pipeline.test_replay_bodies import segment
from tests.render.test_stored_backgrounds import background
from tests.storage.clickhouse.test_served import CLICKS, T0, body
from tests.storage.influxdb.bad_line import BadLine, http

pytestmark = pytest.mark.server

DAY_MS = 86_400_000
DENIED = "<Error><Key>k</Key><Code>AccessDenied</Code><Message>No</Message></Error>"
FAULTS: dict[str, dict[str, object]] = {
    "it is away": {"answer": b""},
    "it has too much to do": {"answer": http("503 Slow Down")},
    "it refuses": {"answer": http("403 Forbidden")},
    "answers break off": {"cut_after": 60},
}


class Interrupted(Files):
    """Files of a process that is held up before or after it writes."""

    def __init__(self, url: str, *, before: Callable[[], None], after: Callable[[], None]) -> None:
        super().__init__(url, WHAT)
        self._before, self._after = before, after

    def write(self, files: Mapping[str, bytes], *, makes_bucket: bool = True) -> None:
        self._before()
        super().write(files, makes_bucket=makes_bucket)
        self._after()


def nothing() -> None:
    """Do nothing."""


def of_session(store: RemoteReplays, session: str = "s") -> list[Segment]:
    return store.bodies("a", session)


def test_one_process_sees_what_another_put(s3: str) -> None:
    theirs = Files(s3, WHAT)
    one = RemoteReplays(theirs)
    S3FileSystem.clear_instance_cache()  # else both would have the same client, as no processes do
    ours = Files(s3, WHAT)
    other = RemoteReplays(ours)
    assert ours._fs is not theirs._fs
    assert of_session(other) == []
    assert not ours.has("p1/0.webp")
    theirs.write({"p1/0.webp": b"strip"})
    assert ours.has("p1/0.webp")
    one.put(segment(1))
    assert of_session(other) == [segment(1)]
    other.put(segment(0))
    assert of_session(one) == [segment(0), segment(1)]
    one.delete("a", "s")
    assert of_session(other) == []


def test_a_session_is_read_while_others_join_it(s3: str) -> None:
    now = [0.0]
    writers = [RemoteReplays(Files(s3, WHAT), clock_s=lambda: now[0]) for _ in range(2)]
    reader = RemoteReplays(Files(s3, WHAT))
    all_there = [segment(number) for number in range(6)]
    for number, one in enumerate(all_there):
        writers[number % 2].put(one)
    now[0] = QUIET_S
    with ThreadPoolExecutor(3) as threads:
        joining = [threads.submit(writer.pack_quiet) for writer in writers]
        while not all(one.done() for one in joining):
            assert of_session(reader) == all_there
    assert [one.result() for one in joining] == [1, 1]
    assert of_session(reader) == all_there
    assert len(Files(s3, WHAT).listed()) in {1, 2}, "two at most, when both joined what they saw"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_is_erased_while_it_is_joined_stays_erased(s3: str, moment: str) -> None:
    other = RemoteReplays(Files(s3, WHAT))
    other.put_all([segment(0)])
    other.put_all([segment(1)])
    hooks = {"before": nothing, "after": nothing}
    files = Interrupted(s3, **hooks)
    now = [0.0]
    joining = RemoteReplays(files, clock_s=lambda: now[0])
    joining.put(segment(2))
    setattr(files, f"_{moment}", lambda: other.delete("a", "s"))
    now[0] = QUIET_S
    joining.pack_quiet()
    assert of_session(other) == []
    other.put(segment(3))
    assert of_session(joining) == [segment(3)], "what comes later is kept"


def test_joining_does_not_make_a_recording_younger(s3: str) -> None:
    now = [0.0]
    store = RemoteReplays(Files(s3, WHAT), clock_s=lambda: now[0])
    store.put_of([segment(0)], at_ms=5 * DAY_MS)
    store.put_of([segment(1)], at_ms=6 * DAY_MS)
    (folder,) = {entry.path.rpartition("/")[0] for entry in Files(s3, WHAT).listed()}
    store._open[folder] = 0.0
    now[0] = QUIET_S
    assert store.pack_quiet() == 1
    assert store.expire(6 * DAY_MS) == 0
    assert of_session(store) == [segment(0), segment(1)]
    assert store.expire(6 * DAY_MS + 1) == 1
    assert of_session(store) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_taken_for_absent_while_the_store_fails(
    s3: str, s3_line: BadLine, fault: str
) -> None:
    replays, assets = RemoteReplays(Files(s3, WHAT)), AssetBodies(f"{s3}/assets")
    replays.put(segment(0))
    name = assets.put(b"picture")
    for ask in (
        lambda: of_session(replays),
        lambda: replays.put(segment(1)),
        lambda: replays.delete("a", "s"),
        lambda: replays.expire(10**15),
        lambda: assets.get(name),
        lambda: assets.put(b"other"),
        lambda: assets.remove(name),
    ):
        s3_line.behave(**FAULTS[fault])
        with pytest.raises(IsothermError) as refused:
            ask()
        assert refused.value.code is Code.STORE_UNAVAILABLE
        assert refused.value.retry_after_s == 10
        assert "s3cret" not in refused.value.message
    s3_line.behave()
    assert segment(0) in of_session(replays)
    if "cut_after" not in FAULTS[fault]:  # then what was asked for was done, and nobody heard
        assert assets.get(name) == b"picture"


def test_an_erasure_that_is_not_allowed_is_told(s3: str, s3_line: BadLine) -> None:
    store = RemoteReplays(Files(s3, WHAT))
    store.put(segment(0))
    refusal = f'<?xml version="1.0"?><DeleteResult>{DENIED}</DeleteResult>'
    s3_line.behave(only=b"?delete", answer=http("200 OK", refusal, "Content-Type: application/xml"))
    with pytest.raises(IsothermError, match="cannot be removed") as refused:
        store.delete("a", "s")
    assert refused.value.code is Code.STORE_UNAVAILABLE
    s3_line.behave()
    store.delete("a", "s")
    assert of_session(store) == []


@pytest.fixture
def running(s3: str, tmp_path: Path) -> Iterator[Components]:
    environ = {
        "ISOTHERM_DATA": str(tmp_path),
        "ISOTHERM_REPLAYS_URL": f"{s3}/replays",
        "ISOTHERM_PICTURES_URL": f"{s3}/pictures",
        "ISOTHERM_CAPTURE": "false",
        "ISOTHERM_QUIET_PERIOD_S": "0.1",
    }
    components = Components(load(environ)).start()
    yield components
    components.close()


def clicks(client: FlaskClient) -> float:
    query = {
        "queries": [{"refId": "A", "question": "heat", "application": "shop", "page": "/cart"}],
        "range": {"from": T0 - 3_600_000, "to": T0 + 3_600_000},
    }
    answer: Any = client.post("/api/v1/query", json=query).json
    frame = answer["results"]["A"]["frames"][0]
    found: float = frame["schema"]["meta"]["custom"]["isotherm"]["clicks"]
    return found


def test_what_comes_while_s3_is_away_is_counted_once_later(
    running: Components, s3_line: BadLine
) -> None:
    client = app_of(running).test_client()
    s3_line.behave(answer=b"")
    assert client.post("/intake/events", data=body()).status_code == 202
    while "Session recordings cannot be written" not in running.worker.state().last_error:
        running.worker.flush(0.05)
    refused = client.get("/api/v1/replays/s?application=shop")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10"), refused.text
    s3_line.behave()
    assert running.worker.flush(), running.worker.state().last_error
    assert clicks(client) == CLICKS
    assert running.counters.snapshot().dropped == {}
    assert len(running.replays.bodies("shop", "s")) == 1


def test_a_person_is_erased_from_s3(running: Components, s3: str, s3_line: BadLine) -> None:
    visit = json.loads(body()) | {"user": {"id": "u1"}}
    client = app_of(running).test_client()
    assert client.post("/intake/events", data=json.dumps(visit)).status_code == 202
    assert running.worker.flush()
    picture = msgspec.structs.replace(background("p1"), session_id="s")
    running.backgrounds.add(picture, [b"first", b"second"])
    everything = Files(s3, "Everything")
    assert len(everything.listed("replays")) == 1
    assert len(everything.listed("pictures")) == 2
    s3_line.behave(answer=b"")
    with pytest.raises(IsothermError, match="cannot be"):
        erase_user(running, "u1", "shop")
    s3_line.behave()
    erased = erase_user(running, "u1", "shop")
    assert (erased.sessions, erased.pictures) == (1, 1), "what was left is erased the next time"
    assert [entry.path for entry in everything.listed() if entry.size] == []


def test_the_doctor_tries_to_write_to_s3(s3: str, s3_line: BadLine, tmp_path: Path) -> None:
    def doctor() -> str:
        environ = {"ISOTHERM_REPLAYS_URL": f"{s3}/replays", "ISOTHERM_PORT": str(free_port())}
        return CliRunner().invoke(group, ["doctor", "--data", str(tmp_path)], env=environ).output

    assert f"✗ recordings: there is no bucket for {s3}/replays" in doctor()
    Files(s3, WHAT).write({"made": b""})
    assert f"✓ recordings: {s3}/replays can be written and read" in doctor()
    assert len(Files(s3, WHAT).listed()) == 1, "it leaves nothing there"
    s3_line.behave(only=b"?versioning", answer=http("403 Forbidden", DENIED))
    told = doctor()
    assert f"✓ recordings: {s3}/replays can be written and read" in told
    assert "does not let us ask whether it keeps versions" in told
    s3_line.behave(answer=b"")
    assert "✗ objects: does not work" in doctor()
