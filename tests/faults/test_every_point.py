"""Some of the points of `make faults`, which tries all: files fail, processes and power end."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.shim import compiled

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("kind", ["error", "full", "torn", "kill", "after"])
def test_a_fault_at_a_file_operation_loses_and_doubles_nothing(kind: str, tmp_path: Path) -> None:
    compiled(tmp_path)  # skips where there is no compiler
    command = [sys.executable, "-m", "tests.faults.every_point", "--kind", kind, "--every", "37"]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr[-2_000:]
    assert "operations tried" in ended.stdout


def test_after_a_power_failure_everything_acknowledged_is_there(tmp_path: Path) -> None:
    compiled(tmp_path)  # skips where there is no compiler
    command = [sys.executable, "-m", "tests.faults.power_loss", "--every", "23"]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr[-2_000:]
    assert "0 broke a promise" in ended.stdout
