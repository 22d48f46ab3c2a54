"""The recorded sessions give the same answers wherever they are kept, and after any rebuilding."""

from dataclasses import replace
from pathlib import Path

from isotherm.app.demo.sessions import sample_requests
from isotherm.app.wiring import Components
from isotherm.pipeline.import_files import take_in
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.influxdb.journal import open_journal
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.influxdb.reconcile import Reconciler
from tests.storage.influxdb.events import everything
from tests.storage.influxdb.places import settings_of
from tests.storage.influxdb.questions import answers

SPAN = (1_790_000_000_000, 1_800_000_000_000)


def test_samples_give_the_same_answers_from_everywhere(
    options: JournalOptions, tmp_path: Path
) -> None:
    with Components(settings_of(tmp_path / "embedded", None)) as embedded:
        for request in sample_requests(0):
            take_in(embedded, request)
        embedded.worker.flush()
        expected, rows = answers(embedded, SPAN), everything(embedded.engine)
    with Components(settings_of(tmp_path / "first", options)) as first:
        assert first.reconciler is not None
        for request in sample_requests(0):
            take_in(first, request)
        first.worker.flush()
        assert first.reconciler.run_once().rows_read == 0
        assert answers(first, SPAN) == expected
    (tmp_path / "first" / "isotherm.duckdb").unlink()
    engine = DuckDBEngine()
    rebuilt = Reconciler(
        open_journal(replace(options, state=tmp_path / "first" / "journal.db"), engine), engine
    )
    rebuilt.run_once()
    assert everything(engine) == rows
    rebuilt.close()
    for folder in ("first", "second"):
        with Components(settings_of(tmp_path / folder, options)) as other:
            assert other.reconciler is not None
            other.reconciler.run_once()
            assert answers(other, SPAN) == expected
