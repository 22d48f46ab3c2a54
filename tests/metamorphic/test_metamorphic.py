"""Some seeds of `make metamorphic`."""

from pathlib import Path

import pytest

from tests.metamorphic.run import ask_one

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("seed", range(3))
def test_answers_agree_with_answers_of_parts_and_of_another_order(
    seed: int, tmp_path: Path
) -> None:
    assert ask_one(seed, tmp_path) > 300


@pytest.mark.server
def test_answers_of_clickhouse_do(clickhouse_server: str, tmp_path: Path) -> None:
    assert ask_one(0, tmp_path, clickhouse_server) > 300
