"""One process after the other is killed, then all are replaced: every event is there, once."""

from pathlib import Path

import pytest

from tests.processes.kill import check, run

pytestmark = [pytest.mark.server, pytest.mark.thorough, pytest.mark.measures]


def test_events_count_once_while_processes_are_killed(tmp_path: Path, url: str) -> None:
    figures, faults = run([tmp_path], url, turns=range(4), every_s=4, workers=4, clients=3)
    check(figures, faults)
    assert figures.kills == 3
    assert figures.restarts == 1
    assert figures.questions > 0
