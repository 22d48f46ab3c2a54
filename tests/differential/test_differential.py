"""One seed of `make differential` for each store."""

from pathlib import Path

import pytest

from tests.differential.world import check, settings_in
from tests.storage.influxdb.conftest import on

SEED = 0


@pytest.mark.server
@pytest.mark.parametrize("place", ["duckdb", "influxdb", "clickhouse", "both"])
def test_rows_and_answers_are_those_of_events_told_once(
    place: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    journal, store = None, ""
    if place in {"influxdb", "both"}:
        journal = on(request.getfixturevalue("influxd"), tmp_path)
    if place in {"clickhouse", "both"}:
        store = request.getfixturevalue("url")
    settings = settings_in(tmp_path / place, journal, store)
    assert (
        check(SEED, tmp_path, {place: settings}, ask=place in {"duckdb", "influxdb"}, sessions=1)
        > 100
    )
