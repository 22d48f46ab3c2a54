"""Measurements that others wrote are read as if their senders had sent them to the intake."""

import zlib
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from isotherm.intake.options import Options
from isotherm.intake.pages import page_key
from isotherm.intake.requests import IntakeRequest
from isotherm.intake.steps import Steps
from isotherm.model import Segment
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.recorded_requests import read_requests
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.influxdb.journal import open_journal
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.influxdb.other_measurements import foreign_sources
from tests.storage.influxdb.conftest import Start, on
from tests.storage.influxdb.events import NOON_MS, rows
from tests.storage.influxdb.influxd import Influxd

SAMPLES = Path(__file__).parents[2] / "samples" / "guance"
NOT_COMPARED = {"attributes", "document_version", "event"}
"""Custom keys are columns that no mapping knows; a version is any number that grows."""


def comparable(engine: DuckDBEngine, table: str) -> list[tuple[Any, ...]]:
    names = engine.run(sqlglot.parse_one(f"SELECT * FROM {table} LIMIT 0", dialect="duckdb"))
    left_out = NOT_COMPARED | ({"frames", "actions"} if table == "errors" else set())
    places = [n for n, name in enumerate(names) if name not in left_out]
    return sorted(tuple(row[n] for n in places) for row in rows(engine, table))


@pytest.mark.parametrize("started", ["duckdb"], indirect=True)  # compared with rows of one
@pytest.mark.parametrize("session", ["guance-desktop", "guance-mobile"])
def test_what_datakit_wrote_gives_the_same_rows_as_the_intake(
    influxd: Influxd, started: Start, tmp_path: Path, session: str
) -> None:
    options = on(influxd, tmp_path, mapping="guance", page_of=page_key)
    journal = open_journal(options)
    journal.prepare()
    received = DuckDBEngine()
    steps = Steps(Options())
    for request in read_requests(SAMPLES / session / "requests.json"):
        if request.path.endswith("replay"):
            continue
        body = zlib.decompress(request.body) if request.body[:1] == b"\x78" else request.body
        journal._client.request(
            "POST", "/write", params={"db": options.database, "precision": "ms"}, data=body
        )
        arrived = steps.run(
            IntakeRequest.of_path(
                request.path, query=request.query, headers=request.headers, body=request.body
            )
        )
        received.append([event for event in arrived.events if not isinstance(event, Segment)])
    isotherm = started(options)
    isotherm.reconciler.run_once()
    for table in ("actions", "views", "errors"):
        assert comparable(isotherm.engine, table) == comparable(received, table), table
    assert comparable(received, "actions")


TELEGRAF = """
[[measurement]]
name = "clicks"
as = "action"
count = ["payload"]
attributes = ["host"]

[measurement.columns]
application = "site"
session_id = { from = "payload", json = "session" }
page = "path"
element = { from = "payload", json = "target.selector" }
loading_ms = { from = "took", unit = "us" }
rage = { from = "signs", contains = "rage" }
"""


def test_any_measurement_by_a_mapping_file(
    influxd: Influxd, started: Start, tmp_path: Path
) -> None:
    (tmp_path / "mapping.toml").write_text(TELEGRAF)
    options = on(influxd, tmp_path, mapping=str(tmp_path / "mapping.toml"))
    journal = open_journal(options)
    journal.prepare()
    payload = '{\\"session\\":\\"s9\\",\\"target\\":{\\"selector\\":\\"A[b=\\\\\\"c\\\\\\"]\\"}}'
    journal._client.write(
        "\n".join(
            [
                (
                    f'clicks,host=web1,site=shop,path=/a payload="{payload}",took=1500,'
                    f'signs="rage;x" {NOON_MS * 10**6 + 1}'
                ),
                f'clicks,host=web1,site=shop,path=/a payload="no json" {NOON_MS * 10**6 + 2}',
                f'clicks,host=web1,path=/a payload="{payload}" {NOON_MS * 10**6 + 3}',
            ]
        ).encode()
    )
    isotherm = started(options)
    isotherm.reconciler.run_once()
    (found,) = isotherm.engine.actions_of("shop", "s9")
    assert (found.page, found.element, found.loading_ms) == ("/a", 'A[b="c"]', 2)
    assert (found.rage, found.clicks, found.clicks_exact) == (True, 3, False)
    assert found.attributes == {"host": "web1"}
    assert len(rows(isotherm.engine, "actions")) == 2  # one has no application


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("[[measurement]]\nname = 1\n", 2, "name"),
        ("measurement = 3", None, "[[measurement]]"),
        ("[[measurement]]\nname='a'\nas='click'\ncount=['x']\n[measurement.columns]\n", 3, "as"),
        (
            (
                "# why\n[[measurement]]\nname='a'\nas='view'\ncount=['x']\n"
                "[measurement.columns]\napplication='a'\nsession_id='s'\npage='p'\nview='v'\n"
            ),
            10,
            "view",
        ),
        (
            (
                "[[measurement]]\nname='a'\nas='action'\ncount=['x']\n"
                "[measurement.columns]\napplication='a'\nloading_ms={from='t', unit='hours'}\n"
            ),
            7,
            "hours",
        ),
        ("[[measurement]]\nname = 'a\n", 2, "line 2"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int | None, word: str
) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(text)
    with pytest.raises(IsothermError) as caught:
        foreign_sources(JournalOptions("http://127.0.0.1:1", mapping=str(file)))
    assert caught.value.code is Code.INVALID
    assert word in caught.value.message
    if line is not None:
        assert f"line {line}" in caught.value.message
