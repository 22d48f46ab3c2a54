"""Files that can be imported, distinguished by their names.

What SDKs sent goes through the intake; whole stores are copied.
"""

import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from isotherm.app.settings import load
from isotherm.app.stores import ENGINE_FILE, journal_of
from isotherm.app.wiring import Components
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.backup import REPLAYS
from isotherm.pipeline.import_files import (
    import_datadog,
    import_events,
    import_line_protocol,
    import_requests,
    import_rrweb,
)
from isotherm.pipeline.import_stores import copy_store
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.influxdb.reconcile import Reconciler
from isotherm.storage.objects.replays import open_replays


def import_engine(components: Components, file: Path, _application: str) -> None:
    """Import all events of another data folder's `isotherm.duckdb`, whose server is stopped.

    The replays beside it come with them.
    """
    if file.resolve() == (components.settings.folder / file.name).resolve():
        raise IsothermError(Code.INVALID, f"{file} is this data folder's own store", field="files")
    with closing(DuckDBEngine(file)) as engine:
        replays = file.parent / REPLAYS
        copy_store(components, engine, open_replays(str(replays)) if replays.is_dir() else None)


def import_influxdb(components: Components, file: Path, _application: str) -> None:
    """Import all events of an InfluxDB, given a settings file with `influx_url` and the like."""
    with tempfile.TemporaryDirectory(dir=components.settings.folder, prefix="import-") as folder:
        settings = load({}, file).having(data=folder, **_FOR_EVER)
        with closing(DuckDBEngine(Path(folder) / ENGINE_FILE)) as engine:
            journal = journal_of(settings, engine)
            if journal is None:
                message = f"{file} does not name an InfluxDB: influx_url is missing"
                raise IsothermError(Code.INVALID, message, field="influx_url")
            with closing(journal), closing(Reconciler(journal, engine)) as reconciler:
                reconciler.run_once()
            copy_store(components, engine, None)


_FOR_EVER: Final = {
    "retention_days": 0,
    "detail_retention_days": 0,
    "replay_retention_days": 0,
}
"""What is copied is what there is, however old."""

Import = Callable[[Components, Path, str], None]
IMPORTERS: dict[str, Import] = {
    "requests": import_requests,
    "datadog": import_datadog,
    "line-protocol": import_line_protocol,
    "events": import_events,
    "rrweb": import_rrweb,
    "engine": import_engine,
    "influxdb": import_influxdb,
}
GROWING = {"engine", "influxdb"}
"""Kinds whose file does not tell by its size whether there is something new."""

ENDINGS = {
    "requests.json": "requests",
    ".rum.ndjson": "datadog",
    ".lp": "line-protocol",
    ".ndjson": "events",
    ".events.json": "rrweb",
    ".duckdb": "engine",
    ".toml": "influxdb",
}


def kind_of(file: Path) -> str:
    """Return the importer for a file's name. Raises INVALID when it tells nothing."""
    for ending, kind in ENDINGS.items():
        if file.name.endswith(ending):
            return kind
    message = f"The name of {file.name} does not tell what it contains: use --kind"
    raise IsothermError(Code.INVALID, message, field="kind")
