"""The file behind the engine: opened again, opened twice, damaged, of another release."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlglot import parse_one

from isotherm.model import Action
from isotherm.model.elements import Element, read_element
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.duckdb.damaged_files import set_aside
from isotherm.storage.duckdb.engine import DuckDBEngine

HEADERS = 3 * 4096
PAGE = 4096


def test_everything_is_there_after_a_restart(tmp_path: Path, scenario: Any) -> None:
    path = tmp_path / "s.duckdb"
    first = DuckDBEngine(path)
    first.append([scenario.click("a", element="#a"), scenario.view(4), scenario.segment("g")])
    first.compact(least_rows=1)
    first.append([scenario.click("b", element="#b")])
    actions, views = first.actions_of("shop", "s1"), first.views_of("shop", "s1")
    first.close()
    second = DuckDBEngine(path)
    assert second.actions_of("shop", "s1") == actions
    assert second.views_of("shop", "s1") == views
    assert len(second.pending_recordings()) == 1
    assert second.append([scenario.click("a"), scenario.view(4)]).accepted == 0
    second.append([scenario.click("c", element="#c")])
    assert sorted(second.terms("element").items()) == [(1, "#a"), (2, "#b"), (3, "#c")]
    second.close()


def test_a_store_closes_where_kept_metadata_cannot_be_removed(
    tmp_path: Path, scenario: Any, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "s.duckdb"
    engine = DuckDBEngine(path)
    engine.append([scenario.click("a")])
    kept = path.with_name("s.duckdb.undo")
    kept.unlink(missing_ok=True)
    kept.mkdir()  # the disk refuses to remove it as a file
    engine.close()
    assert f"{kept} cannot be removed" in caplog.text
    kept.rmdir()
    again = DuckDBEngine(path)
    assert len(again.actions_of("shop", "s1")) == 1
    again.close()
    assert not kept.exists()


def test_a_checkpoint_that_the_power_ended_is_taken_back(tmp_path: Path, scenario: Any) -> None:
    """Each block that it wrote is half there; the header that would make it count is not."""
    path, before, log = (tmp_path / name for name in ("s.duckdb", "before", "log"))
    engine = DuckDBEngine(path)
    engine.append([scenario.click("a")])
    engine.checkpoint()
    engine.append([scenario.click("b")])
    shutil.copy(path, before)
    shutil.copy(f"{path}.wal", log)
    undo = path.with_name("s.duckdb.undo").read_bytes()
    engine.checkpoint()
    engine.close()
    engine.close()  # another time does nothing
    assert not path.with_name("s.duckdb.undo").exists()  # it may tell what was deleted since
    now = before.read_bytes()
    after = path.read_bytes()[: len(now)]
    torn = bytearray(now)
    changed = [
        at for at in range(HEADERS, len(now), PAGE) if now[at : at + PAGE] != after[at : at + PAGE]
    ]
    for at in changed[::2]:
        torn[at : at + PAGE] = after[at : at + PAGE]
    assert torn != now

    def opened(content: bytes, kept: bytes) -> list[Action]:
        path.write_bytes(content)
        shutil.copy(log, f"{path}.wal")
        path.with_name("s.duckdb.undo").write_bytes(kept)
        engine = DuckDBEngine(path)
        actions = engine.actions_of("shop", "s1")
        engine.close()
        return actions

    assert len(opened(torn, undo)) == 2
    assert len(opened(torn, undo[:-1])) == 0  # it is damaged itself
    assert [file for file in tmp_path.iterdir() if ".damaged-" in file.name]


def test_a_file_of_version_3_learns_what_its_elements_were(tmp_path: Path, scenario: Any) -> None:
    path = tmp_path / "s.duckdb"
    engine = DuckDBEngine(path)
    sized = {"element_w": 90, "element_h": 20}
    engine.append(
        [
            scenario.click("a", element="#a", action_name="Pay"),
            scenario.click("b", element="#b", **sized),
        ]
    )
    engine.compact(least_rows=1)  # a run, and recent rows beside it
    engine.append([scenario.click("c", element_path="LI;nth=2"), scenario.click("d", element="#a")])
    actions = engine.actions_of("shop", "s1")
    elements = [Element.of(action) for action in actions]
    engine.close()
    with duckdb.connect(str(path)) as connection:
        runs = connection.execute("SELECT name FROM runs WHERE of = 'actions'").fetchall()
        connection.execute("DROP VIEW actions; DROP VIEW terms; DROP TABLE term_target")
        connection.execute("CREATE TABLE term_element_path (id INTEGER, text VARCHAR)")
        connection.execute("INSERT INTO term_element_path VALUES (1, 'LI;nth=2')")
        for (name,) in [*runs, ("actions_recent",)]:
            in_run = name != "actions_recent"  # ids as text are smaller there
            kind, none = ("VARCHAR", "'0'") if in_run else ("INTEGER", "0")
            connection.execute(
                f'ALTER TABLE "{name}" DROP COLUMN target;'
                f'ALTER TABLE "{name}" ADD COLUMN element_path {kind} DEFAULT {none};'
                f'UPDATE "{name}" SET element_path = 1 WHERE element = 0'
            )
        connection.execute("UPDATE meta SET value = '3' WHERE key = 'schema'")
    later = DuckDBEngine(path)
    assert later.actions_of("shop", "s1") == actions
    found = later.run(parse_one("SELECT target FROM actions ORDER BY time_ms, event"))
    known = later.terms("target")
    assert sorted(map(repr, (read_element(known[n]) for n in found["target"].tolist()))) == sorted(
        map(repr, elements)
    )
    later.append([scenario.click("e", element="#a", action_name="Pay")])
    assert len(later.terms("target")) == len(known)
    later.close()


def test_a_file_of_version_5_keeps_its_events_apart(tmp_path: Path, scenario: Any) -> None:
    path = tmp_path / "s.duckdb"
    told = [scenario.click("a"), scenario.error("e"), scenario.segment("g"), scenario.click("b")]
    engine = DuckDBEngine(path)
    engine.append(told[:3])
    engine.compact(least_rows=1)
    engine.append(told[3:])
    engine.close()
    with duckdb.connect(str(path)) as connection:
        of = "WHERE column_name IN ('event', 'segment') AND data_type = 'UBIGINT'"
        query = f"SELECT table_name, column_name FROM duckdb_columns() {of}"
        views = {
            name
            for (name,) in connection.execute("SELECT view_name FROM duckdb_views()").fetchall()
        }
        for table, column in connection.execute(query).fetchall():
            if table not in views:
                short = f'"{column}" % 4294967296'
                connection.execute(
                    f'ALTER TABLE "{table}" ALTER "{column}" TYPE UINTEGER USING {short}'
                )
        connection.execute("UPDATE meta SET value = '5' WHERE key = 'schema'")
    later = DuckDBEngine(path)
    assert later.append([*told, scenario.click("c")]).accepted == 1
    assert len(later.actions_of("shop", "s1")) == 3
    later.close()


@pytest.mark.server
def test_a_second_process_is_told_why_it_cannot_open_it(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    engine = DuckDBEngine(path)
    code = (
        "from pathlib import Path; from isotherm.storage.duckdb.engine import DuckDBEngine\n"
        f"DuckDBEngine(Path({str(path)!r}))"
    )
    second = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    engine.close()
    assert second.returncode != 0
    assert "one writing process" in second.stderr


@pytest.mark.parametrize("content", [b"not a database at all" * 1000, b""])
def test_a_damaged_file_is_set_aside(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "s.duckdb"
    path.write_bytes(content)
    DuckDBEngine(path).close()
    [kept] = tmp_path.glob("s.duckdb.damaged-*")
    assert kept.read_bytes() == content
    assert f"{path} is damaged" in caplog.text


@pytest.mark.server
@pytest.mark.parametrize("folder", ["data", "WAL checksum", "No space left"])
@pytest.mark.parametrize("at", [20, -10])
def test_a_damaged_log_is_set_aside_and_the_file_opens(
    tmp_path: Path, folder: str, at: int
) -> None:
    path = tmp_path / folder / "s.duckdb"
    path.parent.mkdir()
    log = left_with_log(path)
    body = bytearray(log.read_bytes())
    body[at] ^= 0x55
    log.write_bytes(body)
    engine = DuckDBEngine(path)
    engine.close()
    [kept] = path.parent.glob("*.damaged-*")
    assert (kept.name.split(".damaged")[0], kept.read_bytes()) == ("s.duckdb.wal", body)


@pytest.mark.server
def test_a_log_with_a_damaged_end_loses_only_that(tmp_path: Path) -> None:
    """As after the power went: the last batch was not synced, and a part of it is missing."""
    path = tmp_path / "s.duckdb"
    log = left_with_log(path)
    body = bytearray(log.read_bytes())
    body[-40:-20] = bytes(20)
    log.write_bytes(body)
    engine = DuckDBEngine(path)
    assert list(engine.terms("page").values()) == ["/a"]
    engine.close()
    assert [kept.read_bytes() for kept in path.parent.glob("*.damaged-*")] == [body]


@pytest.mark.server
@pytest.mark.parametrize(
    "error",
    [
        duckdb.OutOfMemoryException("Failure while replaying WAL file: corrupt"),
        duckdb.IOException('Failure while replaying WAL file "x": No space left on device'),
        duckdb.IOException('Cannot open file "{}.wal": Too many open files'),
        duckdb.IOException('Could not read from file "{}.wal": Input/output error'),
        duckdb.InternalException("Failure while replaying WAL file: failed to allocate"),
        duckdb.IOException('Could not set lock on file "{}": checksum'),
        duckdb.IOException('Cannot open file "{}": Is a directory'),
        duckdb.CatalogException("there is no such table"),
    ],
)
def test_a_passing_fault_leaves_file_and_log_where_they_are(
    tmp_path: Path, error: duckdb.Error
) -> None:
    path = tmp_path / "corrupt WAL" / "s.duckdb"
    path.parent.mkdir()
    left_with_log(path)
    before = sorted(path.parent.iterdir())
    assert not set_aside(path, type(error)(str(error).format(path)))
    assert sorted(path.parent.iterdir()) == before


def test_a_log_that_cannot_be_read_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    DuckDBEngine(path).close()
    log = path.with_name("s.duckdb.wal")
    log.mkdir()
    with pytest.raises(IsothermError, match="cannot be opened") as caught:
        DuckDBEngine(path)
    assert caught.value.code is Code.STORE_UNAVAILABLE
    assert log.is_dir()


def left_with_log(path: Path) -> Path:
    """Leave a file as a killed process does, with events in its log alone; return the log."""
    code = (
        "import os; from pathlib import Path\n"
        "from isotherm.storage.duckdb.engine import DuckDBEngine\n"
        f"engine = DuckDBEngine(Path({str(path)!r}))\n"
        "engine.intern('page', ['/a'])\n"
        "engine.intern('page', ['/b'])\n"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    log = path.with_name(f"{path.name}.wal")
    assert log.stat().st_size > 100
    return log


@pytest.mark.parametrize(
    "statements",
    [["CREATE TABLE meta (key VARCHAR, value VARCHAR)", "INSERT INTO meta VALUES ('schema', '0')"],
     ["CREATE TABLE theirs (x INTEGER)"]],
)  # fmt: skip
def test_a_file_of_another_schema_is_refused(tmp_path: Path, statements: list[str]) -> None:
    path = tmp_path / "s.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    with pytest.raises(IsothermError, match="schema version") as caught:
        DuckDBEngine(path)
    assert caught.value.code is Code.CONFLICT
