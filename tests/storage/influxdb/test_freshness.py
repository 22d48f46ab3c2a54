"""Answers go on while InfluxDB is away or still being read, and say since when, or from when on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from isotherm.api.answering import answer_queries
from isotherm.app.wiring import Components
from isotherm.model.errors import IsothermError
from isotherm.storage.influxdb.journal import open_journal
from tests.storage.influxdb.bad_line import BadLine, http
from tests.storage.influxdb.conftest import on
from tests.storage.influxdb.events import HOUR_MS, NOON_MS
from tests.storage.influxdb.influxd import Influxd
from tests.storage.influxdb.places import settings_of
from tests.storage.influxdb.test_reconcile import DAY_MS, mixed


@pytest.fixture
def components(influxd: Influxd, line: BadLine, tmp_path: Path) -> Iterator[Components]:
    """Make an Isotherm over three weeks of events; it compares when it is told to."""
    options = on(influxd, tmp_path)
    journal = open_journal(options)
    journal.write(mixed(30, step_ms=DAY_MS // 2))
    made = Components(settings_of(tmp_path / "data", replace(options, url=line.url)))
    yield made
    made.close()


def asked(components: Components, from_ms: int = 0) -> tuple[int, dict[str, Any]]:
    """Return the clicks that are counted, and the meta of the frame."""
    query = {"refId": "A", "question": "heat", "application": "shop"}
    body = {"range": {"from": from_ms, "to": NOON_MS + 2 * HOUR_MS}, "queries": [query]}
    answer = msgspec.json.encode(answer_queries(components.services(), body)[0])
    (frame,) = msgspec.json.decode(answer)["results"]["A"]["frames"]
    meta = frame["schema"]["meta"]
    assert [one["text"] for one in meta.get("notices", [])] == meta["custom"]["isotherm"]["notices"]
    return meta["custom"]["isotherm"]["clicks"], meta["custom"]["isotherm"]


def test_an_answer_says_since_when_influxdb_is_away(components: Components, line: BadLine) -> None:
    assert components.reconciler is not None
    components.reconciler.run_once()
    clicks, meta = asked(components)
    assert (clicks, meta["notices"]) == (600, [])
    line.behave(answer=http("500 Internal Server Error", "panic"))
    for _ in range(2):
        with pytest.raises(IsothermError):
            components.reconciler.run_once()
        clicks, away = asked(components)
        assert clicks == 600
        assert away["stale_since_ms"] == components.reconciler.status().journal.since_ms
        assert "since 20" in away["notices"][0]
    line.behave()
    components.reconciler.run_once()
    assert asked(components) == (600, meta)


def test_an_answer_says_from_when_on_it_is_complete(components: Components) -> None:
    assert components.reconciler is not None
    assert asked(components)[1]["complete_from_ms"] is None
    seen = set()
    while (status := components.reconciler.run_once(budget_s=0)).state == "filling":
        clicks, meta = asked(components)
        complete = status.complete_from_ms
        assert meta["complete_from_ms"] == complete
        assert complete is not None
        assert "before 20" in meta["notices"][0]
        assert "complete_from_ms" not in asked(components, complete)[1]
        seen.add(clicks)
    assert len(seen) > 1
    clicks, meta = asked(components)
    assert (clicks, meta["notices"]) == (600, [])
