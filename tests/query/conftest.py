"""Shops to ask about: over the embedded store, and over ClickHouse."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.scenario import Shop
from tests.storage.clickhouse.chdb_process import emptied

STORES = ["duckdb", pytest.param("clickhouse", marks=pytest.mark.server)]


@contextmanager
def empty_shop(request: pytest.FixtureRequest, folder: Path, database: str) -> Iterator[Shop]:
    """Open a shop without a story on the store that the fixture is for."""
    url = ""
    if request.param == "clickhouse":
        url = emptied(f"{request.getfixturevalue('clickhouse_server')}/{database}")
    opened = Shop(folder, clickhouse=url)
    yield opened
    opened.close()


@pytest.fixture(params=STORES)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """Return an empty shop of the test's own."""
    with empty_shop(request, tmp_path, "test_questions") as opened:
        yield opened


@pytest.fixture(scope="module", params=STORES)
def shared_shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """Return one shop for all tests of a file that only ask, after one story is told."""
    with empty_shop(request, tmp_path_factory.mktemp("shop"), "test_shared") as opened:
        yield opened
