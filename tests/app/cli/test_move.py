"""`isotherm move`: what the embedded store has is in InfluxDB afterwards."""

import uuid
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from isotherm.app.cli import group
from isotherm.app.settings import Settings
from isotherm.app.stores import ENGINE_FILE
from isotherm.app.wiring import Components
from isotherm.model.errors import IsothermError
from isotherm.storage.duckdb.engine import DuckDBEngine
from tests.storage.conftest import Scenario
from tests.storage.influxdb.influxd import Influxd


def move(folder: Path, *flags: str) -> Result:
    return CliRunner().invoke(group, ["move", "--data", str(folder), *flags])


@pytest.mark.server
def test_events_moved_twice_fill_another_server_once(influxd: Influxd, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    with closing(DuckDBEngine(old / ENGINE_FILE)) as engine:
        engine.append([Scenario.click(f"c{number}") for number in range(3)])
    database = f"test_{uuid.uuid4().hex[:12]}"
    for _ in range(2):
        moved = move(old, "--influx-url", influxd.url, "--influx-database", database)
        assert moved.output.endswith("Done; 0 events were refused.\n")
    values = {"data": str(new), "influx_url": influxd.url, "influx_database": database}
    components = Components(Settings({**values, "capture": False}))
    assert components.reconciler is not None
    assert components.reconciler.run_once().state == "in step"
    assert len(components.engine.actions_of("shop", Scenario.click("c0").session_id)) == 3
    components.close()


def test_without_the_address_of_influxdb_it_names_the_setting(tmp_path: Path) -> None:
    refused = move(tmp_path).exception
    assert isinstance(refused, IsothermError)
    assert refused.field == "influx_url"
