"""Files of earlier releases are brought up to date."""

from pathlib import Path
from typing import Any

import duckdb

from isotherm.storage import tables
from isotherm.storage.duckdb.engine import DuckDBEngine
from tests.storage.test_details import told


def as_version_4(path: Path) -> None:
    """Take from a file what version 5 added, so that it is one that version 4 left."""
    views = {column.name for column in tables.VIEWS.columns[-11:]}
    errors = {column.name for column in tables.ERRORS.columns[-9:]}
    with duckdb.connect(str(path)) as connection:
        runs = connection.execute("SELECT name, of FROM runs").fetchall()
        homes = [*runs, ("views_recent", "views"), ("errors_recent", "errors")]
        connection.execute("DROP VIEW terms")
        for table in tables.TABLES:
            if table.runs:
                connection.execute(f"DROP VIEW {table.name}")
        for name, of in homes:
            for column in {"views": views, "errors": errors}.get(of, ()):
                connection.execute(f'ALTER TABLE "{name}" DROP COLUMN "{column}"')
        for table in tables.DETAILS:
            connection.execute(f"DROP TABLE {table.name}_recent")
        for kind in ("path", "host", "frames", "vital", "invoker"):
            connection.execute(f"DROP TABLE term_{kind}")
        connection.execute("UPDATE meta SET value = '4' WHERE key = 'schema'")


def test_a_file_of_the_version_before_details_is_brought_up_to_date(
    tmp_path: Path, scenario: Any
) -> None:
    path = tmp_path / "s.duckdb"
    engine = DuckDBEngine(path)
    engine.append(
        [scenario.view(1), scenario.error("e", message="boom"), scenario.click("a", rage=True)]
    )
    engine.compact(least_rows=1)
    while engine.compact(least_rows=1):
        pass
    engine.append([scenario.view(1, view_id="v2"), scenario.error("e2", message="boom")])
    before = [engine.views_of, engine.errors_of, engine.actions_of]
    expected = [read("shop", "s1") for read in before]
    engine.close()
    as_version_4(path)
    for _ in ("brought up to date", "opened again"):
        again = DuckDBEngine(path)
        assert [
            read("shop", "s1") for read in (again.views_of, again.errors_of, again.actions_of)
        ] == (expected)
        again.append(
            [*told(scenario), scenario.view(2, lcp_ms=104.0), scenario.error("e3", frames="x")]
        )
        again.compact(least_rows=1)
        assert len(again.details_of("shop", "s1")) == 3
        expected = [
            read("shop", "s1") for read in (again.views_of, again.errors_of, again.actions_of)
        ]
        again.close()
