"""With a full disk the server waits for room, says so, and does not start again and again."""

import errno
import threading
from pathlib import Path

import pytest
from werkzeug.test import Client

from isotherm.app.full_disk import CALM_S, LONGEST_PAUSE_S, Restarts, is_full, no_room, waiting
from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from isotherm.model.errors import Code, IsothermError


def fill(folder: Path) -> None:
    """Let the next look at the disk find it full."""
    (folder / ".room").symlink_to("/dev/full")


def test_room_is_looked_for_and_nothing_of_it_is_left(tmp_path: Path) -> None:
    assert no_room(tmp_path) is None
    fill(tmp_path)
    found = no_room(tmp_path)
    assert found is not None
    assert found.errno == errno.ENOSPC
    assert list(tmp_path.iterdir()) == []


def test_a_process_starts_again_only_with_room_and_less_and_less_often(tmp_path: Path) -> None:
    now_s = 1_790_000_000.0

    def due() -> bool:  # in a new process each time
        return Restarts(tmp_path, clock_s=lambda: now_s).due()

    fill(tmp_path)
    assert not due()
    assert due()
    pauses = []
    for _ in range(8):
        start_s = now_s
        while not due():
            now_s += 10
        pauses.append(now_s - start_s)
    assert pauses == [60, 120, 240, 480, 960, 1920, LONGEST_PAUSE_S, LONGEST_PAUSE_S]
    now_s += CALM_S
    assert due()
    now_s += 60
    assert due()


def test_the_disk_is_looked_at_once_in_a_while(tmp_path: Path) -> None:
    restarts = Restarts(tmp_path)
    fill(tmp_path)
    assert not restarts.due()
    assert not restarts.due(), "the disk has room now, but it is too soon to look"
    assert Restarts(tmp_path, every_s=0).due()


@pytest.mark.parametrize("stamp", [b"", b"{", b'{"at_s":9e99,"pause_s":60}'])
def test_a_damaged_stamp_holds_up_nothing(tmp_path: Path, stamp: bytes) -> None:
    (tmp_path / "restarts.json").write_bytes(stamp)
    assert Restarts(tmp_path).due()


def test_a_start_waits_for_room_only_when_the_disk_is_full(tmp_path: Path) -> None:
    away = IsothermError(Code.STORE_UNAVAILABLE, "The store cannot be written")
    assert not is_full(away, tmp_path)
    assert not is_full(PermissionError(errno.EACCES, "Permission denied"), tmp_path / "none")
    assert is_full(OSError(errno.ENOSPC, "No space left on device"), tmp_path)
    fill(tmp_path)
    assert is_full(away, tmp_path)
    fill(tmp_path)
    assert not is_full(IsothermError(Code.CONFLICT, "It belongs to another process"), tmp_path)


def test_while_it_waits_everything_is_answered_with_a_sentence(tmp_path: Path) -> None:
    error = OSError(errno.ENOSPC, "No space left on device")
    http = Client(waiting(error, tmp_path, lambda: None))
    for answer in (http.get("/health"), http.post("/intake/datadog", data=b"{}" * 1_000_000)):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "30"
        assert answer.json is not None
        assert answer.json["error"]["code"] == "store_unavailable"
        assert "as soon as there is room" in answer.json["error"]["message"]


def test_all_processes_start_again_as_soon_as_there_is_room(tmp_path: Path) -> None:
    error = OSError(errno.ENOSPC, "No space left on device")
    assert Restarts(tmp_path).due(), "one has just started again"
    starts = [threading.Event() for _ in range(3)]
    for start in starts:
        waiting(error, tmp_path, start.set, every_s=0.05)
    assert all(start.wait(30) for start in starts)


def test_a_store_that_was_given_up_is_opened_anew_once_there_is_room(tmp_path: Path) -> None:
    components = Components(Settings({"data": str(tmp_path), "capture": False}))
    asked: list[int] = []
    components.restart = lambda: asked.append(1)
    components._restarts = Restarts(tmp_path, every_s=0)
    components._after_fault()
    assert not asked
    components.engine._store.invalid = True  # type: ignore[attr-defined]  # as after a failed sync
    fill(tmp_path)
    components._after_fault()
    assert not asked
    for _ in range(3):
        components._after_fault()
    assert asked == [1]
    components.close()
