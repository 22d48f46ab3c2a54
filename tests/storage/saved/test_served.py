"""A running Isotherm whose saved things are in PostgreSQL, while PostgreSQL goes away."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from isotherm.app.cli import group
from isotherm.app.settings import load
from isotherm.app.web import app_of
from isotherm.app.wiring import Components
from tests.conftest import free_port
from tests.storage.clickhouse.test_served import body
from tests.storage.saved.postgres import PASSWORD, Postgres

pytestmark = pytest.mark.server

CART = {"name": "Cart", "application": "shop", "page": "/cart", "address": "?app=shop&page=/cart"}


@pytest.fixture
def server() -> Iterator[Postgres]:
    if Postgres.installed() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    made = Postgres(free_port())
    made.start()
    yield made
    made.remove()


def test_events_are_taken_while_postgres_is_away(server: Postgres, tmp_path: Path) -> None:
    environ = {"ISOTHERM_SAVED": server.new_database(), "ISOTHERM_CAPTURE": "false"}
    components = Components(load({**environ, "ISOTHERM_DATA": str(tmp_path)})).start()
    try:
        http = app_of(components).test_client()
        made = http.post("/api/v1/heatmaps", json=CART)
        assert made.status_code == 201, made.text
        server.stop()
        answer = http.get("/api/v1/heatmaps")
        assert answer.status_code == 503
        assert (answer.json["error"]["code"], answer.headers["Retry-After"]) == (
            "store_unavailable", "5",
        )  # fmt: skip
        assert PASSWORD not in answer.text
        assert http.post("/intake/events", data=body()).status_code == 202
        told = http.get("/api/v1/status")
        assert told.status_code == 200
        assert (told.json["saved"]["ok"], told.json["quarantine"]) == (False, {})
        assert "does not answer" in told.json["saved"]["last_error"]
        assert PASSWORD not in told.text
        metrics = http.get("/metrics")
        assert metrics.status_code == 200
        assert "isotherm_spool_pending" in metrics.text
        assert "isotherm_quarantine" not in metrics.text
        server.start()
        assert http.get("/api/v1/status").json["saved"] == {"ok": True, "last_error": ""}
        (found,) = http.get("/api/v1/heatmaps").json["heatmaps"]
        assert found["name"] == "Cart"
        assert components.worker.flush()
        counted = json.loads(http.get("/api/v1/status").data)["intake"]
        assert counted["accepted"] == counted["received"] > 0
    finally:
        components.close()
    assert not list(tmp_path.glob("saved.sqlite*")), "nothing is left in the data folder"


def test_the_doctor_says_whether_postgres_answers(server: Postgres, tmp_path: Path) -> None:
    def doctor() -> str:
        environ = {"ISOTHERM_SAVED": server.url(), "ISOTHERM_PORT": str(free_port())}
        return CliRunner().invoke(group, ["doctor", "--data", str(tmp_path)], env=environ).output

    assert f"✓ saved things: 127.0.0.1:{server.port}/postgres answers" in doctor()
    server.stop()
    told = doctor()
    assert "✗ saved things: does not work" in told
    assert "does not answer" in told
    assert PASSWORD not in told
