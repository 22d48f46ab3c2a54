"""Generated traffic gives the same answers from the embedded store and from ClickHouse."""

from contextlib import closing
from pathlib import Path

import pytest

from isotherm.app.settings import Settings
from isotherm.app.stores import ENGINE_FILE
from isotherm.app.wiring import Components
from isotherm.pipeline.copy_store import copy, differing
from isotherm.storage.clickhouse.engine import ClickHouseEngine
from isotherm.storage.duckdb.engine import DuckDBEngine
from tests.bench.folders import fill
from tests.bench.generate import DAY_MS, Traffic
from tests.storage.influxdb.questions import Answers, answers

pytestmark = [pytest.mark.server, pytest.mark.thorough]

TRAFFIC = Traffic(actions=5_000, pages=12, elements_per_page=30, days=9)
SPAN = (TRAFFIC.start_ms, TRAFFIC.start_ms + (TRAFFIC.days + 2) * DAY_MS)
FOR_EVER = {"retention_days": 0, "detail_retention_days": 0, "replay_retention_days": 0}


def asked(folder: Path, store: str = "") -> Answers:
    settings = Settings({"data": str(folder), "capture": False, "store": store, **FOR_EVER})
    with closing(Components(settings)) as components:
        return answers(components, SPAN)


def test_every_question_has_the_same_answer(tmp_path: Path, url: str) -> None:
    fill(tmp_path / "data", TRAFFIC)
    expected = asked(tmp_path / "data")
    with (
        closing(DuckDBEngine(tmp_path / "data" / ENGINE_FILE)) as source,
        closing(ClickHouseEngine(url)) as target,
    ):
        *_, last = copy(source, target, target.name, tmp_path / "progress")
        assert last.events == last.of > TRAFFIC.actions
        assert differing(source, target, {}) == []
    found = asked(tmp_path / "data", url)
    assert found.keys() == expected.keys()
    for application, told in expected.items():
        assert len(told) > 60
        for question, answer in told.items():
            assert found[application][question] == answer, question
