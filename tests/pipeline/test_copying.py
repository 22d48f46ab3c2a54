"""The embedded store is copied to ClickHouse: interrupted, resumed, and compared."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from isotherm.app.cli import group
from isotherm.app.cli.migrate import PROGRESS
from isotherm.app.stores import ENGINE_FILE
from isotherm.model import View
from isotherm.pipeline import copying
from isotherm.storage.clickhouse.engine import ClickHouseEngine
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.ports import Recording
from isotherm.storage.tables import TABLES
from tests.storage.conftest import Scenario

pytestmark = pytest.mark.server


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Return a data folder with three days of events, of which two recordings are read."""
    engine = DuckDBEngine(tmp_path / ENGINE_FILE)
    day = 86_400_000
    for number in range(3):
        ids: dict[str, Any] = {"session_id": f"s{number}", "view_id": f"v{number}"}
        who = {**ids, "at": number * day}
        clicks = [
            Scenario.click(
                f"{number} {n}", at=n + number * day, user_id="u", user_name="Ann", **ids
            )
            for n in range(40)
        ]
        others = [
            Scenario.view(n + 1, depth_px=9.0, **{**who, "view_id": f"v{number} {n}"})
            for n in range(5)
        ]
        details = [Scenario.resource(f"r{number}", host="shop.test", trace_id="0a" * 16, **who)]
        engine.append(
            [*clicks, *others, *details, Scenario.error(f"e{number}", **who),
             Scenario.segment(f"g{number}", **who)]
        )  # fmt: skip
    for number in range(2):
        engine.mark_read(Recording("shop", f"s{number}", f"v{number}"))
    engine.close()
    return tmp_path


def by_id(views: list[View]) -> list[View]:
    """Sort views: those of one moment come in any order."""
    return sorted(views, key=lambda view: view.view_id)


def test_a_copy_goes_on_where_it_was_interrupted(
    filled: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_EVENTS", 50)
    source, target = DuckDBEngine(filled / ENGINE_FILE), ClickHouseEngine(url)
    steps = copying.copy(source, target, target.name, filled / PROGRESS)
    assert [next(steps).events for _ in range(3)] == [0, 50, 100]
    steps.close()  # type: ignore[attr-defined]  # it is a generator
    assert copying.differing(source, target, {}), "it is not whole yet"
    again = list(copying.copy(source, target, target.name, filled / PROGRESS))
    assert (again[0].events, again[-1].events, again[-1].of) == (100, 144, 144)
    assert copying.differing(source, target, {}) == []
    for number in range(3):
        session = ("shop", f"s{number}")
        assert target.actions_of(*session) == source.actions_of(*session)
        assert by_id(target.views_of(*session)) == by_id(source.views_of(*session))
        assert target.errors_of(*session) == source.errors_of(*session)
        assert target.details_of(*session) == source.details_of(*session)
        assert target.segments_of(*session) == source.segments_of(*session)
    assert target.pending_recordings() == source.pending_recordings() != []
    source.close()
    target.close()


def test_the_command_copies_and_compares(filled: Path, url: str) -> None:
    for _ in ("copied", "copied once more"):
        told = CliRunner().invoke(group, ["migrate", "--data", str(filled), "--to", url])
        assert told.exit_code == 0, told.output
        assert "144 events, and no day has fewer rows" in told.output
        assert not (filled / PROGRESS).exists()
    engine = ClickHouseEngine(url)
    rows: dict[str, Any] = {
        table.name: sum(copying.days_of(engine, table.name).values()) for table in TABLES
    }
    assert rows == {
        "actions": 120, "views": 15, "errors": 3, "resources": 0, "long_tasks": 0, "vitals": 0,
        "replay_segments": 0,
    }, "details and recordings are older than they are kept"  # fmt: skip
    engine.close()
