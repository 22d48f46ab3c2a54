"""The embedded store is copied to ClickHouse: interrupted, resumed, and compared."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from isotherm.app.cli import group
from isotherm.app.cli.migrate import PROGRESS
from isotherm.app.stores import ENGINE_FILE
from isotherm.model import View
from isotherm.pipeline import copy_store
from isotherm.pipeline.copy_store import Copied
from isotherm.storage.clickhouse.engine import ClickHouseEngine
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.ports import Recording
from isotherm.storage.tables import TABLES
from tests.conftest import serve
from tests.storage.clickhouse.test_served import CLICKS, body, eventually, post
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
    monkeypatch.setattr(copy_store, "_EVENTS", 25)
    source, target = DuckDBEngine(filled / ENGINE_FILE), ClickHouseEngine(url)
    steps = copy_store.copy(source, target, target.name, filled / PROGRESS)
    assert [next(steps).events for _ in range(4)] == [0, 24, 40, 64]
    steps.close()  # type: ignore[attr-defined]  # it is a generator
    assert copy_store.differing(source, target, {}), "it is not whole yet"
    again = list(copy_store.copy(source, target, target.name, filled / PROGRESS))
    assert (again[0].events, again[-1].events, again[-1].of) == (0, 104, 104), "a day is there"
    same(source, target)
    assert list(copy_store.copy(source, target, target.name, filled / PROGRESS)) == [Copied(0, 0)]
    source.close()
    target.close()


def same(source: DuckDBEngine, target: ClickHouseEngine) -> None:
    """Check that both have the same events, and the same recordings to read."""
    assert [copy_store.days_of(target, table.name) for table in TABLES] == [
        copy_store.days_of(source, table.name) for table in TABLES
    ]
    for number in range(5):
        session = ("shop", f"s{number}")
        assert target.actions_of(*session) == source.actions_of(*session)
        assert by_id(target.views_of(*session)) == by_id(source.views_of(*session))
        assert target.errors_of(*session) == source.errors_of(*session)
        assert target.details_of(*session) == source.details_of(*session)
        assert target.segments_of(*session) == source.segments_of(*session)
    assert target.pending_recordings() == source.pending_recordings()


def change(source: DuckDBEngine) -> None:
    """Do everything that can be done to a store: add, replace, erase, read, and add once more."""
    ids: dict[str, Any] = {"session_id": "s3", "view_id": "v3"}
    source.append([Scenario.click("late", at=17, **ids), Scenario.view(1, at=17, **ids)])
    source.append([Scenario.view(9, depth_px=900.0, session_id="s0", view_id="v0 0")])
    known = source.actions_of("shop", "s1", "v1")
    moved = [replace(one, page="/moved", page_x=7.0) for one in known[:5]]
    source.replace(
        "shop", "s1", "v1", actions=[*moved, *known[10:]], views=[], errors=[], marks_read=True
    )
    source.append([Scenario.click("u", at=5, user_id="other", session_id="s4", view_id="v4")])
    source.mark_read(Recording("shop", "s2", "v2"))
    source.erase("shop", "other")


def test_a_second_copy_brings_what_was_added_changed_and_erased(filled: Path, url: str) -> None:
    source, target = DuckDBEngine(filled / ENGINE_FILE), ClickHouseEngine(url)
    kept = filled / PROGRESS
    list(copy_store.copy(source, target, target.name, kept))
    same(source, target)
    change(source)
    *_, last = copy_store.copy(source, target, target.name, kept)
    assert 0 < last.changed < last.events, "only rows that differ are written"
    same(source, target)
    source.erase("shop", "u")
    list(copy_store.copy(source, target, target.name, kept))
    same(source, target)
    source.append([Scenario.click("0 1", at=1, session_id="s0", view_id="v0")])
    list(copy_store.copy(source, target, target.name, kept))
    same(source, target)
    source.close()
    target.close()


def test_what_a_server_has_done_in_the_target_stays(filled: Path, url: str) -> None:
    source, target = DuckDBEngine(filled / ENGINE_FILE), ClickHouseEngine(url)
    kept = filled / PROGRESS
    list(copy_store.copy(source, target, target.name, kept))
    target.append([Scenario.click("new", at=9, session_id="s0", view_id="v0")])
    derived = [replace(one, page_x=5.0) for one in target.actions_of("shop", "s2", "v2")[1:]]
    target.replace("shop", "s2", "v2", actions=derived, views=[], errors=[])
    target.erase("shop", "nobody")
    before = {number: target.actions_of("shop", f"s{number}") for number in (0, 2)}
    kept.unlink()  # everything is looked at again
    source.append([Scenario.click("late", at=3, session_id="s1", view_id="v1")])
    list(copy_store.copy(source, target, target.name, kept))
    assert {number: target.actions_of("shop", f"s{number}") for number in (0, 2)} == before
    assert target.actions_of("shop", "s1") == source.actions_of("shop", "s1")
    source.close()
    target.close()


def test_the_command_copies_and_compares(filled: Path, url: str) -> None:
    for events in (144, 0):
        told = CliRunner().invoke(group, ["migrate", "--data", str(filled), "--to", url])
        assert told.exit_code == 0, told.output
        assert f"{events:,} events of days that differed" in told.output
        assert "No day has fewer rows in ClickHouse" in told.output
    engine = ClickHouseEngine(url)
    rows: dict[str, Any] = {
        table.name: sum(copy_store.days_of(engine, table.name).values()) for table in TABLES
    }
    assert rows == {
        "actions": 120, "views": 15, "errors": 3, "resources": 0, "long_tasks": 0, "vitals": 0,
        "replay_segments": 0,
    }, "details and recordings are older than they are kept"  # fmt: skip
    engine.close()


def test_the_command_copies_while_the_server_takes_events(filled: Path, url: str) -> None:
    settings = {"ISOTHERM_CAPTURE": "false", "ISOTHERM_REPLAY_RETENTION_DAYS": "0"}
    running = serve(filled, **settings)
    base = next(running)
    post(f"{base}/intake/events", body())
    eventually(base, CLICKS)
    command = ["migrate", "--data", str(filled), "--port", base.rsplit(":", 1)[1], "--to", url]
    told = CliRunner().invoke(group, command, env=settings)
    assert told.exit_code == 0, told.output
    assert "First stop the server, and run this again" in told.output.replace("\n", " ")
    assert list((filled / "backups").iterdir()) == [], "its copy is gone"
    other = json.loads(body()) | {"session": "later", "view": "later"}
    post(f"{base}/intake/events", json.dumps(other).encode())
    eventually(base, 2 * CLICKS)
    running.close()  # type: ignore[attr-defined]
    told = CliRunner().invoke(group, command, env=settings)
    assert told.exit_code == 0, told.output
    running = serve(filled, ISOTHERM_STORE=url, **settings)
    eventually(next(running), 2 * CLICKS)
    running.close()  # type: ignore[attr-defined]
