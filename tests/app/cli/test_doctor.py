"""`isotherm doctor` names what is wrong and its cure, and fails while something is."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from isotherm.app.cli import group
from isotherm.app.cli.doctor import of_processes
from tests.conftest import free_port


def test_an_empty_folder_without_a_server_gets_its_cures(tmp_path: Path) -> None:
    flags = ["--data", str(tmp_path), "--port", str(free_port())]
    answer = CliRunner().invoke(group, ["doctor", *flags])
    assert answer.exit_code == 1
    assert "✗ server: not running" in answer.output
    assert "→ Start it: isotherm serve" in answer.output
    assert "✗ store: empty" in answer.output
    assert "✓ settings: can be used" in answer.output


@pytest.mark.parametrize(
    ("keeps_house", "elsewhere", "text", "is_sick"),
    [
        (
            True,
            False,
            "1 of 1 run; process 7 reads recordings, makes pictures and tidies up",
            False,
        ),
        (False, True, "1 of 1 run; another server on this data folder reads recordings", False),
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
