"""An empty shop for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = Shop(tmp_path)
    yield opened
    opened.close()
