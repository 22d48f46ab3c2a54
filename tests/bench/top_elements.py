"""The 100 elements with most clicks, users and sessions, against the same SQL elsewhere."""

import itertools
import json
from pathlib import Path

import duckdb
from chdb.session import Session

from isotherm.app.stores import ENGINE_FILE
from tests.bench.figures import Figure, interleaved, own_cpu_ms
from tests.bench.folders import PAGE, asked
from tests.bench.servers import Api, isotherm
from tests.bench.work import Work

LIMIT = 100
_ROWS = """
COPY (
  SELECT a.time_ms, page.text AS page, e.text AS element, n.text AS action_name, a.target,
    a.session, a."user" AS person, a.clicks, a.rage, a.dead, a.error
  FROM actions a JOIN term_page page ON page.id = a.page
  JOIN term_element e ON e.id = a.element JOIN term_action_name n ON n.id = a.action_name
  ORDER BY page, a.time_ms
) TO '{to}' (FORMAT parquet)
"""
_STATEMENT = """
SELECT element, action_name, sum(clicks) AS n, count(DISTINCT person) AS users,
  count(DISTINCT session) AS sessions, sum(CASE WHEN rage THEN clicks ELSE 0 END) AS of_rage,
  sum(CASE WHEN dead THEN clicks ELSE 0 END) AS of_dead,
  sum(CASE WHEN error THEN clicks ELSE 0 END) AS of_errors
FROM clicks WHERE page = '{page}'
GROUP BY element, action_name, target ORDER BY n DESC LIMIT {limit}
"""
STATEMENT = _STATEMENT.format(page=PAGE, limit=LIMIT)


def measure(work: Work) -> list[Figure]:
    """Measure the busiest page. Raises RuntimeError when they do not count the same."""
    traffic, folder = work.traffic, work.folder()
    parquet = work.root / "top.parquet"
    with duckdb.connect(str(folder / ENGINE_FILE), read_only=True) as connection:
        connection.execute(_ROWS.format(to=parquet))
    house, duck = _chdb(work.root / "chdb_top", parquet), _duckdb(work.root / "top.db", parquet)
    parquet.unlink()
    number = itertools.count()
    try:
        with isotherm(folder) as server:
            api = Api(server.port)

            def ours() -> bytes:
                query = {"question": "actions", "limit": LIMIT}
                return api.query(asked(traffic, [query], next(number)))

            values = json.loads(ours())["results"]["A"]["frames"][0]["data"]["values"]
            theirs = duck.execute(STATEMENT).fetchall()
            if not any(len(one) == len(theirs) and one == [r[2] for r in theirs] for one in values):
                raise RuntimeError("The clicks of the first elements are not the same")
            times = interleaved(
                {
                    "isotherm": ours,
                    "chDB": lambda: house.query(STATEMENT, "Native"),
                    "DuckDB": lambda: duck.execute(STATEMENT).fetchnumpy(),
                },
                {"isotherm": server.cpu_ms, "chDB": own_cpu_ms, "DuckDB": own_cpu_ms},
            )
    finally:
        house.close()
        duck.close()
    return [
        Figure(
            f"{LIMIT} elements with users and sessions, over HTTP",
            str(times["isotherm"]),
            f"the same SQL on {peer} {times[peer]}",
            ratio=times[peer].median / times["isotherm"].median,
            least=2.0,
            unit="x faster",
        )
        for peer in ("chDB", "DuckDB")
    ]


def _chdb(folder: Path, parquet: Path) -> Session:
    session = Session(str(folder))  # type: ignore[no-untyped-call]  # chDB ships no types
    session.query("CREATE DATABASE bench ENGINE = Atomic")
    session.query("USE bench")
    session.query(
        "CREATE TABLE clicks ENGINE = MergeTree ORDER BY (page, time_ms) AS "
        f"SELECT * FROM file('{parquet}', Parquet)"
    )
    session.query("OPTIMIZE TABLE clicks FINAL")
    return session


def _duckdb(file: Path, parquet: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(file))
    connection.execute(f"CREATE TABLE clicks AS FROM '{parquet}'")
    return connection
