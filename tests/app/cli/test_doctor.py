"""`isotherm doctor` names what is wrong and its cure, and fails while something is."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from isotherm.app.cli import group
from isotherm.app.cli.doctor import of_processes
from isotherm.storage.files import Files
from isotherm.storage.saved.db import open_database
from tests.conftest import free_port


@pytest.mark.server
def test_an_empty_folder_without_a_server_gets_its_cures(tmp_path: Path) -> None:
    flags = ["--data", str(tmp_path), "--port", str(free_port())]
    answer = CliRunner().invoke(group, ["doctor", *flags])
    assert answer.exit_code == 1
    assert "✗ server: not running" in answer.output
    assert "→ Start it: isotherm serve" in answer.output
    assert "✗ store: empty" in answer.output
    assert "✓ settings: can be used" in answer.output


@pytest.mark.server
def test_what_is_left_in_the_folder_after_a_move_is_named(tmp_path: Path) -> None:
    def doctor() -> str:
        environ = {
            "ISOTHERM_SAVED": f"sqlite:///{tmp_path}/elsewhere.sqlite",
            "ISOTHERM_REPLAYS_URL": "memory://replays",
            "ISOTHERM_PORT": str(free_port()),
        }
        return CliRunner().invoke(group, ["doctor", "--data", str(data)], env=environ).output

    data = tmp_path / "data"
    assert "is still there" not in doctor()
    open_database("", data).dispose()
    Files(str(data / "replays"), "Recordings").write({"ab/abc.replay": b"body"})
    told = doctor()
    for name in ("saved.sqlite", "replays"):
        assert f"✗ data folder: {data / name} is still there" in told


@pytest.mark.parametrize(
    ("keeps_house", "elsewhere", "text", "is_sick"),
    [
        (
            True,
            False,
            "1 of 1 run; process 7 does the housekeeping",
            False,
        ),
        (
            False,
            True,
            "1 of 1 run; another server on this data folder does the housekeeping",
            False,
        ),
        (False, False, "1 of 1 run", True),
    ],
)
def test_who_keeps_house_is_said(
    keeps_house: bool, elsewhere: bool, text: str, is_sick: bool
) -> None:
    running = [{"pid": 7, "pending": 0, "keeps_house": keeps_house}]
    found = of_processes({"running": running, "wanted": 1, "kept_elsewhere": elsewhere})
    assert found.state.startswith(text)
    assert bool(found.cure) is is_sick
