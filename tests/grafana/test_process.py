"""The compiled plugin, driven over Grafana's own gRPC protocol, in front of a running Isotherm."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import serve

PLUGIN = Path(__file__).parents[2] / "grafana-plugin"
TOKEN = "of-this-test"
pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(shutil.which("go") is None, reason="not run: Go is not installed"),
]


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[str]:
    """Yield the base URL of an Isotherm with a token, and nothing in it."""
    yield from serve(tmp_path, ISOTHERM_TOKEN=TOKEN)


def go_test(name: str, **surroundings: str) -> None:
    """Run one Go test; it must not be skipped."""
    run = subprocess.run(
        ["go", "test", "-count=1", "-v", "-run", f"^{name}$", "./pkg"],
        check=False,
        cwd=PLUGIN,
        env=os.environ | surroundings,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"--- PASS: {name}" in run.stdout


def test_grafana_reads_isotherm_through_the_plugins_process(served: str) -> None:
    go_test(
        "TestThePluginsProcessServesGrafana",
        ISOTHERM_TEST_URL=served,
        ISOTHERM_TEST_APPLICATION="kestrel-shop",
    )


def test_what_people_keep_goes_through_the_plugins_process(guarded: str) -> None:
    go_test(
        "TestWhatPeopleKeepGoesThroughThePluginsProcess",
        ISOTHERM_TEST_URL=guarded,
        ISOTHERM_TEST_TOKEN=TOKEN,
    )
