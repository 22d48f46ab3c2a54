"""Processes whose events, saved things and recordings are all in services that they share."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from isotherm.storage.files import Files
from isotherm.storage.saved.db import open_database
from isotherm.storage.saved.heatmaps import SavedHeatmaps
from tests.conftest import serve
from tests.storage.clickhouse.test_served import CLICKS, body, eventually, post
from tests.storage.saved.postgres import Postgres

pytestmark = pytest.mark.server

ASKED = 30  # often enough for each process to answer some


def names(base: str) -> list[str]:
    with urllib.request.urlopen(f"{base}/api/v1/heatmaps", timeout=30) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return [one["name"] for one in found["heatmaps"]]


def test_a_server_starts_with_an_empty_folder_and_has_everything(
    tmp_path: Path, url: str, postgres: Postgres, s3: str
) -> None:
    database = postgres.new_database()
    settings = {
        "ISOTHERM_STORE": url,
        "ISOTHERM_SAVED": database,
        "ISOTHERM_REPLAYS_URL": f"{s3}/replays",
        "ISOTHERM_PICTURES_URL": f"{s3}/pictures",
        "ISOTHERM_CAPTURE": "false",
        "WEB_CONCURRENCY": "2",
    }
    first = tmp_path / "first"
    first.mkdir()
    running = serve(first, **settings)
    base = next(running)
    post(f"{base}/intake/events", body())
    eventually(base, CLICKS)
    new = {"name": "Cart", "application": "shop", "page": "/cart"}
    post(f"{base}/api/v1/heatmaps", json.dumps(new | {"address": "?app=shop&page=/cart"}).encode())
    assert [names(base) for _ in range(ASKED)] == [["Cart"]] * ASKED
    running.close()  # type: ignore[attr-defined]
    assert [one.name for one in SavedHeatmaps(open_database(database, first)).all()] == ["Cart"]
    assert len(Files(s3, "Recordings").listed("replays")) == 1
    assert not [path for path in first.rglob("*") if path.suffix in {".replay", ".sqlite"}]

    second = tmp_path / "second"  # as on another machine, after the first one is lost
    second.mkdir()
    running = serve(second, **settings)
    base = next(running)
    eventually(base, CLICKS)
    assert names(base) == ["Cart"]
    post(f"{base}/intake/events", body())
    with urllib.request.urlopen(f"{base}/api/v1/replays/s?application=shop", timeout=60) as answer:
        assert answer.status == 200
    eventually(base, CLICKS)
    running.close()  # type: ignore[attr-defined]
