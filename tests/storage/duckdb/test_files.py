"""The file behind the engine: opened again, opened twice, damaged, of another release."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.duckdb.engine import DuckDBEngine


def test_everything_is_there_after_a_restart(tmp_path: Path, story: Any) -> None:
    path = tmp_path / "s.duckdb"
    first = DuckDBEngine(path)
    first.append([story.click("a", element="#a"), story.view(4), story.segment("g")])
    first.compact(least_rows=1)
    first.append([story.click("b", element="#b")])
    actions, views = first.actions_of("shop", "s1"), first.views_of("shop", "s1")
    first.close()
    second = DuckDBEngine(path)
    assert second.actions_of("shop", "s1") == actions
    assert second.views_of("shop", "s1") == views
    assert len(second.unsettled()) == 1
    assert second.append([story.click("a"), story.view(4)]).accepted == 0
    second.append([story.click("c", element="#c")])
    assert sorted(second.terms("element").items()) == [(1, "#a"), (2, "#b"), (3, "#c")]
    second.close()


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
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.duckdb"
    path.write_bytes(content)
    with pytest.raises(IsothermError, match=r"s\.duckdb") as caught:
        DuckDBEngine(path)
    assert caught.value.code is Code.STORE_UNAVAILABLE


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
