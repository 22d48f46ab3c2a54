"""One seed of `make differential` for each store."""

from pathlib import Path

import pytest

from tests.differential.world import check, settings_in
from tests.storage.influxdb.conftest import influxd, on

__all__ = ["influxd"]

SEED = 0


@pytest.mark.server
@pytest.mark.parametrize("place", ["duckdb", "influxdb", "clickhouse"])
def test_rows_and_answers_are_those_of_events_told_once(
    place: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    journal, store = None, ""
    if place == "influxdb":
        journal = on(request.getfixturevalue("influxd"), tmp_path)
    if place == "clickhouse":
        store = request.getfixturevalue("url")
    settings = settings_in(tmp_path / place, journal, store)
    assert check(SEED, tmp_path, {place: settings}, ask=place != "clickhouse", sessions=1) > 100
