"""Files of earlier releases are brought up to date."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from msgspec.structs import replace

from isotherm.storage import tables
from isotherm.storage.duckdb.engine import DuckDBEngine
from tests.scenario import call, click, error, visit
from tests.storage.test_details import told

HERE = Path(__file__).parent
T = 1_795_262_400_000


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


FACETS = {"browser": "Chrome", "version": "1.4.0"}
STORY = [
    visit("/cart", t=T, depth=900, height=2000, facets=FACETS),
    click("#pay", t=T + 1000, event_id="a1", action_name="Pay", facets=FACETS),
    click("#pay", t=T + 2000, event_id="a2", action_name="Pay", dead=True),
    click("#pay", t=T + 3000, session="s2", event_id="a3", action_name="Pay", rage=True, clicks=4),
    click("#menu", t=T + 4000, session="s2", event_id="a4", action_name="Menu"),
    click("", t=T + 5000, session="s2", event_id="a5", at=None),
    error(t=T + 2100, event_id="e1", message="stock is undefined", kind="TypeError"),
]


@pytest.mark.parametrize("version", [3, 5])
def test_a_file_that_an_earlier_release_wrote_tells_what_it_told(
    tmp_path: Path, version: int
) -> None:
    """The statements are those of a file which the code of that time made of `STORY`."""
    with duckdb.connect(str(tmp_path / "old.duckdb")) as connection:
        connection.execute((HERE / f"version_{version}.sql").read_text())
    upgraded, new = (DuckDBEngine(tmp_path / f"{name}.duckdb") for name in ("old", "new"))
    new.append(STORY)
    assert upgraded.append([*STORY, call(STORY[1], t=T + 1100)]).accepted == 1, "the request"
    for session in ("s1", "s2"):
        assert upgraded.views_of("shop", session) == new.views_of("shop", session)
        for read in (DuckDBEngine.actions_of, DuckDBEngine.errors_of):
            old, same = (
                [replace(event, event_id="") for event in read(engine, "shop", session)]
                for engine in (upgraded, new)
            )
            assert old == same
    assert len(upgraded.details_of("shop", "s1")) == 1
    upgraded.close()
    new.close()
