"""The compiled plugin, driven over Grafana's own gRPC protocol, in front of a running Isotherm."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parents[2] / "grafana-plugin"


@pytest.mark.skipif(shutil.which("go") is None, reason="not run: Go is not installed")
def test_grafana_reads_isotherm_through_the_plugins_process(served: str) -> None:
    surroundings = {"ISOTHERM_TEST_URL": served, "ISOTHERM_TEST_APPLICATION": "kestrel-shop"}
    run = subprocess.run(
        ["go", "test", "-count=1", "-run", "TestThePluginsProcessServesGrafana", "./pkg"],
        check=False,
        cwd=PLUGIN,
        env=os.environ | surroundings,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert run.returncode == 0, run.stdout + run.stderr
