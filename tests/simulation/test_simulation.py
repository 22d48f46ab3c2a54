"""Some schedules of `make simulate`."""

from pathlib import Path

import pytest

from tests.simulation.world import World

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("seed", range(20))
def test_accepted_is_counted_once_whatever_breaks(seed: int, tmp_path: Path) -> None:
    World(tmp_path, seed).run()
