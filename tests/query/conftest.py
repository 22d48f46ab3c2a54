"""An empty shop for each test: over the embedded store, and over ClickHouse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario import Shop
from tests.storage.clickhouse.chdb_process import emptied


@pytest.fixture(params=["duckdb", pytest.param("clickhouse", marks=pytest.mark.server)])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    url = ""
    if request.param == "clickhouse":
        url = emptied(f"{request.getfixturevalue('clickhouse_server')}/test_questions")
    opened = Shop(tmp_path, clickhouse=url)
    yield opened
    opened.close()
