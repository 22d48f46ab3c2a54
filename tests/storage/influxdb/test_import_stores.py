"""`isotherm import` reads whole stores: an embedded one into InfluxDB, and back."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from isotherm.app.cli import group
from isotherm.app.demo.sessions import sample_requests
from isotherm.app.wiring import Components
from isotherm.pipeline.import_files import take_in
from tests.storage.influxdb.conftest import on
from tests.storage.influxdb.events import everything
from tests.storage.influxdb.influxd import Influxd
from tests.storage.influxdb.places import settings_of
from tests.storage.influxdb.questions import answers
from tests.storage.influxdb.test_samples import SPAN


def imported(*arguments: str | Path) -> str:
    answer = CliRunner().invoke(group, ["import", *map(str, arguments)])
    assert answer.exit_code == 0, answer.output
    return answer.output


def bodies_of(components: Components, application: str, session: str) -> dict[str, bytes]:
    return {one.segment_id: one.body for one in components.replays.bodies(application, session)}


def test_from_embedded_to_influxdb_and_back(
    influxd: Influxd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = on(influxd, tmp_path)
    with Components(settings_of(tmp_path / "embedded", None)) as embedded:
        for request in sample_requests(0):
            take_in(embedded, request)
        embedded.worker.flush()
        expected, rows = answers(embedded, SPAN), everything(embedded.engine)
        sessions = {(row[4], row[5]) for row in rows["replay_segments"]}
        bodies = {one: bodies_of(embedded, *one) for one in sessions}
    named = f'influx_url = "{options.url}"\ninflux_database = "{options.database}"\n'
    (tmp_path / "influx.toml").write_text(named)

    monkeypatch.setenv("ISOTHERM_CAPTURE", "false")  # a picture changes answers
    monkeypatch.setenv("ISOTHERM_INFLUX_URL", options.url)
    monkeypatch.setenv("ISOTHERM_INFLUX_DATABASE", options.database)
    store = tmp_path / "embedded" / "isotherm.duckdb"
    assert "\n0 events" not in imported("--data", tmp_path / "with-influx", store)
    with Components(settings_of(tmp_path / "with-influx", options)) as there:
        assert there.reconciler is not None
        assert there.reconciler.run_once().rows_read == 0
        assert everything(there.engine) == rows
        assert sum(map(len, bodies.values())) > 20
        assert answers(there, SPAN) == expected
        assert {one: bodies_of(there, *one) for one in sessions} == bodies

    monkeypatch.delenv("ISOTHERM_INFLUX_URL")
    assert "\n0 events" not in imported("--data", tmp_path / "back", tmp_path / "influx.toml")
    again = imported("--data", tmp_path / "back", tmp_path / "influx.toml")
    assert "\n0 events imported" in again
    assert "left out: duplicate" in again
    with Components(settings_of(tmp_path / "back", None)) as back:
        assert everything(back.engine) == rows
        assert answers(back, SPAN) == expected


@pytest.mark.server
def test_a_file_that_names_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "some.toml").write_text("port = 1\n")
    answer = CliRunner().invoke(
        group, ["import", "--data", str(tmp_path), str(tmp_path / "some.toml")]
    )
    assert answer.exit_code
    assert "influx_url" in answer.output + str(answer.exception)
