"""The embedded engine in every way it may run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.store import Options
from tests.storage.conftest import EMBEDDED, T0, WHERE, Scenario

__all__ = ["T0", "WHERE", "Scenario"]


@pytest.fixture(params=EMBEDDED)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DuckDBEngine]:
    """Return the embedded engine, for what only it has to do."""
    path = None if request.param == "memory" else tmp_path / "store.duckdb"
    few = {"terms_in_memory": 4} if request.param == "few terms in memory" else {}
    made = DuckDBEngine(path, Options(threads=2, **few))
    yield made
    made.close()
