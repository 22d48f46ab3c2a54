"""The places that events can be asked in: the embedded store, and every engine on an InfluxDB."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from isotherm.app.settings import Settings
from isotherm.app.stores import ENGINE_FILE
from isotherm.app.wiring import Components
from isotherm.pipeline.move_to_influxdb import move
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.influxdb.options import JournalOptions


def settings_of(folder: Path, options: JournalOptions | None) -> Settings:
    """Return settings that name an InfluxDB, or none."""
    values: dict[str, Any] = {"data": str(folder), "capture": False, "quiet_period_s": 0.05}
    if options is not None:
        values |= {
            "influx_url": options.url,
            "influx_version": options.version,
            "influx_token": options.token,
            "influx_org": options.org,
            "influx_database": options.database,
        }
    return Settings(values)


def moved(embedded: Path, options: JournalOptions) -> None:
    """Write all events of a stopped embedded store to an InfluxDB."""
    with closing(DuckDBEngine(embedded / ENGINE_FILE)) as engine:
        for step in move(engine, options):
            assert not step.rejected, step.rejected[0]


def places(embedded: Path, options: JournalOptions, root: Path) -> Iterator[tuple[str, Components]]:
    """Lend the Isotherms that read the events which were moved from an embedded store.

    The first started on the filled InfluxDB; the same after its engine's file was deleted; and a
    second one with a data folder of its own. Pages have the pictures of the embedded store.
    """
    for name in ("first", "rebuilt", "second"):
        folder = root / ("second" if name == "second" else "first")
        if name == "rebuilt":
            for file in folder.glob(ENGINE_FILE + "*"):
                file.unlink()
        else:
            left = shutil.ignore_patterns(ENGINE_FILE + "*", "journal.db*")
            shutil.copytree(embedded, folder, ignore=left)
        with _in_step(settings_of(folder, options)) as components:
            yield name, components


@contextmanager
def _in_step(settings: Settings) -> Iterator[Components]:
    components = Components(settings)  # not started: compared here, once
    try:
        assert components.reconciler is not None
        assert components.reconciler.run_once().state == "in step"
        yield components
    finally:
        components.close()
