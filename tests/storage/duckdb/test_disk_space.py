"""The file gives back what merged and deleted rows took."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sqlglot import parse_one

from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.store import Options
from isotherm.storage.tables import ACTIONS
from tests.storage.duckdb.conftest import T0

pytestmark = pytest.mark.thorough

ROWS = 60_000
TYPES = {
    "INTEGER": np.int32, "BIGINT": np.int64, "UBIGINT": np.uint64, "UINTEGER": np.uint32,
    "USMALLINT": np.uint16, "UTINYINT": np.uint8, "BOOLEAN": np.bool_, "FLOAT": np.float32,
}  # fmt: skip
SUMS = parse_one(
    "SELECT count(*) AS n, sum(event) AS event, sum(fx) AS fx, min(time_ms) AS low FROM actions",
    dialect="duckdb",
)


def rows(number: int) -> pa.Table:
    """Return rows that cannot be compressed."""
    rng = np.random.default_rng(number)
    columns = {}
    for column in ACTIONS.columns:
        values = rng.integers(0, 2**15, ROWS) if column.type != "BOOLEAN" else np.zeros(ROWS)
        columns[column.name] = values.astype(TYPES[column.type])
    columns["time_ms"] = columns["time_ms"] + T0 + number * 100_000
    return pa.table(columns)


def test_what_little_memory_cannot_sort_is_sorted_with_all_of_it(tmp_path: Path) -> None:
    engine = DuckDBEngine(tmp_path / "s.duckdb", Options(threads=2, frugal_mb=16))
    for number in range(4):
        engine.append_table("actions", rows(number))
    told = engine.run(SUMS)
    while engine.compact(least_rows=1):
        pass
    assert {name: values.tolist() for name, values in engine.run(SUMS).items()} == {
        name: values.tolist() for name, values in told.items()
    }
    [run] = [one for one in engine.run(parse_one("SELECT rows FROM runs"))["rows"].tolist() if one]
    assert run == 4 * ROWS
    engine.close()


def test_looking_for_what_is_to_be_sorted_commits_nothing() -> None:
    engine = DuckDBEngine(None)
    while engine.compact():  # it looks for free blocks once
        pass
    engine.compact()
    before = engine._store.version
    assert not engine.compact()
    assert engine._store.version == before
    engine.close()


def test_sorted_rows_take_no_more_room_than_they_need(tmp_path: Path, scenario: Any) -> None:
    file = tmp_path / "s.duckdb"
    engine = DuckDBEngine(file, Options(threads=2))
    for number in range(4):
        engine.append_table("actions", rows(number))
        engine.append([scenario.view(1, view_id=f"v{number}")])
        engine.checkpoint()
    before, told = file.stat().st_size, engine.run(SUMS)
    while engine.compact(least_rows=1):  # four runs become one, written behind them
        pass
    assert {name: values.tolist() for name, values in engine.run(SUMS).items()} == {
        name: values.tolist() for name, values in told.items()
    }
    merged = file.stat().st_size
    assert merged < before * 1.1
    engine.expire({"actions": T0 + 2 * 100_000})
    while engine.compact(least_rows=1):
        pass
    assert file.stat().st_size < merged * 0.65
    assert engine.append([scenario.view(1, view_id="v3"), scenario.click("new")]).accepted == 1
    engine.close()
    again = DuckDBEngine(file)
    assert again.run(SUMS)["n"].tolist() == [2 * ROWS + 1]
    again.close()
