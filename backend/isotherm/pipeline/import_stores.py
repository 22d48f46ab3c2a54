"""Whole stores as files to import: another Isotherm's engine file, or settings naming an InfluxDB.

Events keep their ids, so what is there already counts once.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.schema import TABLES
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.influxdb.reconcile import Reconciler
from isotherm.model import Event, Segment
from isotherm.app.wiring import ENGINE_FILE, REPLAYS, Parts, journal_of
from isotherm.storage.objects.replays import Bodies, open_replays
from isotherm.app.settings import load

_BATCH: Final = 10_000
_PATIENCE_S: Final = 3600.0
SENDER: Final = "copy"


def import_engine(parts: Parts, file: Path, _application: str) -> None:
    """Import all events of another data folder's `isotherm.duckdb`, whose server is stopped.

    The replays beside it come with them.
    """
    if file.resolve() == (parts.settings.folder / file.name).resolve():
        raise IsothermError(Code.INVALID, f"{file} is this data folder's own store", field="files")
    with closing(DuckDBEngine(file)) as engine:
        replays = file.parent / REPLAYS
        _copy(parts, engine, open_replays(str(replays)) if replays.is_dir() else None)


def import_influxdb(parts: Parts, file: Path, _application: str) -> None:
    """Import all events of an InfluxDB, given a settings file with `influx_url` and the like."""
    with tempfile.TemporaryDirectory(dir=parts.settings.folder, prefix="import-") as folder:
        settings = load({}, file).having(data=folder, retention_days=0)
        with closing(DuckDBEngine(Path(folder) / ENGINE_FILE)) as engine:
            journal = journal_of(settings, engine)
            if journal is None:
                message = f"{file} names no InfluxDB: influx_url is missing"
                raise IsothermError(Code.INVALID, message, field="influx_url")
            with closing(journal), closing(Reconciler(journal, engine)) as reconciler:
                reconciler.run_once()
            _copy(parts, engine, None)


def _copy(parts: Parts, engine: DuckDBEngine, replays: Bodies | None) -> None:
    """Send events through the spool, a batch after the other, segments after what they are of."""
    for table in TABLES:
        events, place = engine.events_after(table.name, (-1, 0), _BATCH)
        while events:
            parts.spool.append(list(_with_bodies(events, replays)) if replays else events)
            parts.counters.received(SENDER, len(events))
            parts.worker.flush(_PATIENCE_S)
            events, place = engine.events_after(table.name, place, _BATCH)


def _with_bodies(events: Iterable[Event], replays: Bodies) -> Iterator[Event]:
    bodies: dict[tuple[str, str], dict[str, bytes]] = {}
    for event in events:
        if isinstance(event, Segment):
            key = (event.application, event.session_id)
            if key not in bodies:
                bodies[key] = {one.segment_id: one.body for one in replays.bodies(*key)}
            yield replace(event, body=bodies[key].get(event.segment_id, b""))
        else:
            yield event
