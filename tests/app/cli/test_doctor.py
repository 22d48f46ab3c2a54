"""`isotherm doctor` names what is wrong and its cure, and fails while something is."""

from pathlib import Path

from click.testing import CliRunner

from isotherm.app.cli import group
from tests.conftest import free_port


def test_an_empty_folder_without_a_server_gets_its_cures(tmp_path: Path) -> None:
    flags = ["--data", str(tmp_path), "--port", str(free_port())]
    answer = CliRunner().invoke(group, ["doctor", *flags])
    assert answer.exit_code == 1
    assert "✗ server: not running" in answer.output
    assert "→ Start it: isotherm serve" in answer.output
    assert "✗ store: empty" in answer.output
    assert "✓ settings: can be used" in answer.output
