"""Each event counts once in ClickHouse, whoever sends it, how often and when."""

import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlglot import parse_one

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.clickhouse.engine import ClickHouseEngine
from isotherm.storage.clickhouse.pending_recordings import Growth
from isotherm.storage.ports import Recording
from tests.storage.clickhouse.chdb_process import URL

BLOCKS = 10_000
STEP = 250


def counts(engine: ClickHouseEngine) -> tuple[int, float]:
    """Return how many actions there are, and how many clicks."""
    statement = parse_one(
        "SELECT count(*) AS n, sum(clicks) AS clicks FROM actions", dialect="duckdb"
    )
    found = engine.run(statement)
    return int(found["n"][0]), float(found["clicks"][0])


@pytest.fixture
def engine(url: str) -> Any:
    made = ClickHouseEngine(url)
    yield made
    made.close()


@pytest.mark.thorough
def test_a_resend_after_ten_thousand_other_blocks(engine: ClickHouseEngine, scenario: Any) -> None:
    batch = [scenario.click(str(n), at=n, clicks=2) for n in range(50)]
    assert engine.append(batch).accepted == len(batch)
    server = engine._server
    server.command(
        f"ALTER TABLE actions MODIFY SETTING parts_to_throw_insert = {2 * BLOCKS}, "
        f"parts_to_delay_insert = {2 * BLOCKS}, max_parts_in_total = {2 * BLOCKS}"
    )
    for first in range(0, BLOCKS, STEP):
        server.command(
            "INSERT INTO actions (application, page, session, time_ms, event, clicks, row_version) "
            f"SELECT 1, 1, number, {scenario.T0} + number, number, 1, 1 "
            f"FROM numbers({first}, {STEP}) SETTINGS max_block_size = 1, max_insert_threads = 1, "
            "min_insert_block_size_rows = 1, min_insert_block_size_bytes = 1"
        )
    whole = (len(batch) + BLOCKS, 2.0 * len(batch) + BLOCKS)
    assert counts(engine) == whole
    told = engine.append(batch)
    assert (told.accepted, len(told.duplicates)) == (0, len(batch))
    for event in batch:  # as a process that has not looked would add it
        _add_unseen(engine, event)
    assert counts(engine) == whole


def _add_unseen(engine: ClickHouseEngine, event: Any) -> None:
    """Add an event's row whether it is there or not."""
    engine._server.command(
        "INSERT INTO actions SELECT * FROM actions FINAL WHERE time_ms = {time: Int64} "
        "AND application != 1",
        {"time": event.time_ms},
    )


TWO = """
import sys
from isotherm.storage.clickhouse.engine import ClickHouseEngine
from tests.storage.conftest import Scenario
engine = ClickHouseEngine(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for part in range(3):
    events = [Scenario.click(f"{part} {n}", at=n, clicks=3) for n in range(200)]
    engine.append([*events, Scenario.view(part + 1), Scenario.segment(f"g{part}")])
engine.close()
"""


def test_two_processes_send_the_same_batches_at_once(url: str) -> None:
    engine = ClickHouseEngine(url)
    root = Path(__file__).parents[3]
    both = [
        subprocess.Popen(
            [sys.executable, "-c", TWO, url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root,
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in both:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert counts(engine) == (600, 1800.0)
    assert len(engine.actions_of("shop", "s1")) == 600
    assert [view.version for view in engine.views_of("shop", "s1")] == [3]
    assert len(engine.segments_of("shop", "s1")) == 3
    assert engine.pending_recordings() == [Recording("shop", "s1", "v1")]
    engine.close()


@pytest.mark.skipif(URL in os.environ, reason="only the server of the tests can lose an answer")
@pytest.mark.parametrize("lost", [1, 2, 3])
def test_an_acknowledgement_that_is_lost(
    engine: ClickHouseEngine, clickhouse_server: str, scenario: Any, lost: int
) -> None:
    """The inserts of marks, actions and views are done, but not acknowledged, one after another."""
    batch = [*(scenario.click(str(n), at=n) for n in range(20)), scenario.view(1)]
    batch.append(scenario.segment("g"))
    lose = clickhouse_server.replace("clickhouse://", "http://") + f"/lose/{lost}"
    urllib.request.urlopen(urllib.request.Request(lose, method="POST"), timeout=10).close()
    for _ in range(lost):
        with pytest.raises(IsothermError) as failed:
            engine.append(batch)
        assert failed.value.code is Code.STORE_UNAVAILABLE
    engine.append(batch)
    assert counts(engine) == (20, 20.0)
    assert len(engine.views_of("shop", "s1")) == len(engine.segments_of("shop", "s1")) == 1
    assert engine.pending_recordings() == [Recording("shop", "s1", "v1")]


def test_what_another_process_adds_while_a_recording_is_written_back_stays(
    engine: ClickHouseEngine, url: str, scenario: Any
) -> None:
    other = ClickHouseEngine(url)
    engine.append([scenario.click("a"), scenario.click("b", at=1)])
    with engine.write_lock():
        found = engine.actions_of("shop", "s1", "v1")
        engine.views_of("shop", "s1")
        engine.errors_of("shop", "s1")
        other.append([scenario.click("c", at=2), scenario.view(1)])
        engine.replace("shop", "s1", "v1", actions=found[:1], views=[], errors=[])
    assert [action.time_ms - scenario.T0 for action in engine.actions_of("shop", "s1")] == [0, 2]
    assert len(engine.views_of("shop", "s1")) == 1
    other.close()


def test_what_another_process_changes_while_a_recording_is_written_back_stays(
    engine: ClickHouseEngine, url: str, scenario: Any
) -> None:
    other, recording = ClickHouseEngine(url), Recording("shop", "s1", "v1")
    engine.append([scenario.view(1, depth_px=10.0), scenario.click("a"), scenario.segment("g")])
    for page in ("/", "/moved"):
        with engine.write_lock():
            assert engine.marks_of(recording) > 0
            actions, views = engine.actions_of("shop", "s1", "v1"), engine.views_of("shop", "s1")
            engine.errors_of("shop", "s1")
            newer = views[0].version + 1
            other.append([scenario.view(newer, page=page, depth_px=20.0)])
            read = {"actions": [replace(actions[0], rage=True)], "views": views, "errors": []}
            engine.replace("shop", "s1", "v1", marks_read=True, **read)
        assert [view.version for view in engine.views_of("shop", "s1")] == [newer]
        assert [action.rage for action in engine.actions_of("shop", "s1")] == [True]
        assert engine.pending_recordings() == [recording], "it is read again with what is new"
    other.close()


def test_a_text_is_known_to_every_process(
    engine: ClickHouseEngine, url: str, scenario: Any
) -> None:
    other = ClickHouseEngine(url)
    assert other.terms("page") == {}
    assert other.term_id("page", "/new") == 0
    engine.append([scenario.click("a", page="/new", user_id="ann")])
    number = other.term_id("page", "/new")
    assert other.terms("page") == {number: "/new"} == engine.terms("page")
    assert engine.erase("shop", "ann") == ["s1"]
    assert other.terms("page") == {}, "what was erased leaves the memory of others, too"
    other.append([scenario.click("b", page="/new")])
    assert other.actions_of("shop", "s1")[0].page == "/new"
    other.close()


def test_which_recordings_have_grown_is_read_from_the_last_marks(
    engine: ClickHouseEngine, scenario: Any
) -> None:
    """As the process that does the housekeeping asks, whoever has stored what."""
    now_s, growth = [1.0], Growth(lambda: now_s[0])

    def grown() -> list[str]:
        return [one.session_id for one in growth.look(engine._server, engine._terms)]

    def segment(name: str, session: str) -> Any:
        return replace(scenario.segment(name, body=b"[]"), session_id=session)

    engine.append([segment("g1", "s1")])
    assert grown() == ["s1"], "what was there before"
    engine.append([segment("g2", "s2")])
    assert sorted(grown()) == ["s1", "s2"]
    assert grown() == []
    engine.append([segment("g3", "s2")])
    assert grown() == ["s2"]
    _, second = sorted(engine.pending_recordings(), key=lambda one: one.session_id)
    engine.mark_read(second)
    assert grown() == [], "what was read has not grown"
    engine._server.command(  # as when the clock was set back
        "INSERT INTO unsettled (application, session, view, mark, at, version, gone) "
        "SELECT application, session, view, mark + 1, at - 3600, 0, 0 FROM unsettled FINAL"
    )
    assert grown() == [], "no look reads old marks"
    now_s[0] += 300
    assert grown() == ["s1"]
