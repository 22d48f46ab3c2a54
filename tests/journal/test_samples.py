"""The recorded sessions give the same answers wherever they are kept, and after any rebuilding."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from isotherm.demo.loading import take_in
from isotherm.demo.sessions import sample_requests
from isotherm.engine.duckdb import DuckDBEngine
from isotherm.journal.influxdb import open_journal
from isotherm.journal.options import JournalOptions
from isotherm.journal.reconcile import Reconciler
from isotherm.parts import Parts
from isotherm.protocol.answering import answer_queries
from isotherm.settings import Settings
from tests.journal.events import everything

FROM_MS, TO_MS = 1_790_000_000_000, 1_800_000_000_000
QUESTIONS = (
    *({"question": "heat", "metric": metric} for metric in ("clicks", "users", "sessions")),
    {"question": "heat", "signal": "rage"},
    {"question": "actions"},
    {"question": "actions", "by": "action_name"},
    {"question": "scroll"},
    {"question": "page_stats"},
    {"question": "pages"},
    {"question": "timeseries", "measure": "clicks", "intervalMs": 60_000},
    {"question": "timeseries", "measure": "rage", "by": "page", "intervalMs": 60_000},
    {"question": "replays"},
    {"question": "funnel", "steps": [{"page": "/"}, {"page": "/cart"}]},
    {"question": "annotations"},
)


def settings_of(folder: Path, options: JournalOptions | None) -> Settings:
    values: dict[str, Any] = {"data": str(folder), "capture": False, "settle_s": 0.05}
    if options is not None:
        values |= {
            "influx_url": options.url,
            "influx_version": options.version,
            "influx_token": options.token,
            "influx_org": options.org,
            "influx_database": options.database,
        }
    return Settings(values)


def answers(parts: Parts) -> dict[str, Any]:
    """Ask every question about every application."""
    found: dict[str, Any] = {}
    for application in sorted(parts.engine.terms("application").values()):
        asked = [
            {"refId": str(number), "application": application} | question
            for number, question in enumerate(QUESTIONS)
        ]
        body = {"range": {"from": FROM_MS, "to": TO_MS}, "queries": asked}
        results, _ = answer_queries(parts.services(), body)
        found[application] = msgspec.json.encode(results)
    return found


def test_samples_give_the_same_answers_from_everywhere(
    options: JournalOptions, tmp_path: Path
) -> None:
    with Parts(settings_of(tmp_path / "embedded", None)) as embedded:
        for request in sample_requests(0):
            take_in(embedded, request)
        embedded.worker.flush()
        expected, rows = answers(embedded), everything(embedded.engine)
    with Parts(settings_of(tmp_path / "first", options)) as first:
        assert first.reconciler is not None
        for request in sample_requests(0):
            take_in(first, request)
        first.worker.flush()
        assert answers(first) == expected
        assert first.reconciler.run_once().rows_read == 0
    (tmp_path / "first" / "isotherm.duckdb").unlink()
    engine = DuckDBEngine()
    rebuilt = Reconciler(
        open_journal(replace(options, state=tmp_path / "first" / "journal.db"), engine), engine
    )
    rebuilt.run_once()
    assert everything(engine) == rows
    rebuilt.close()
    for folder in ("first", "second"):
        with Parts(settings_of(tmp_path / folder, options)) as other:
            assert other.reconciler is not None
            other.reconciler.run_once()
            assert answers(other) == expected
