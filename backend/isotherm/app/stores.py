"""Opens the stores that the settings name."""

import time
from typing import TYPE_CHECKING, Final

import msgspec

from isotherm.app.package_options import (
    MEBIBYTE,
    clickhouse_options,
    engine_options,
    journal_options,
)
from isotherm.app.settings import Settings
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.processes.slot import claim_alone
from isotherm.pipeline.processes.slot_files import ServerStart
from isotherm.pipeline.spool import Spool
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.influxdb.journal import InfluxJournal, open_journal
from isotherm.storage.ports import EventStore
from isotherm.storage.saved.host_locks import HostLock, is_shared

if TYPE_CHECKING:
    from isotherm.storage.clickhouse.engine import ClickHouseEngine

ENGINE_FILE: Final = "isotherm.duckdb"


def spool_quota(settings: Settings, processes: int = 1) -> int:
    """Return the disk space that the spool of one process may take, in bytes."""
    return int(settings.spool_quota_mb) * MEBIBYTE // max(1, processes)


def open_spool(settings: Settings) -> Spool:
    """Open the spool of a data folder that no server has. Raises CONFLICT."""
    return claim_alone(settings.folder, ServerStart(time.time_ns()), spool_quota(settings)).spool


def open_store(settings: Settings) -> EventStore:
    """Open the store of events that the settings name.

    Raises INVALID for what does not go together, CONFLICT, STORE_UNAVAILABLE.
    """
    if not settings.store:
        return DuckDBEngine(settings.folder / ENGINE_FILE, engine_options(settings))
    if settings.influx_url:
        message = (
            "InfluxDB in front of ClickHouse is not supported yet: set either store or influx_url"
        )
        raise IsothermError(Code.INVALID, message, field="store")
    return open_clickhouse(settings)


def open_clickhouse(settings: Settings) -> "ClickHouseEngine":
    """Open the ClickHouse that the settings name. Raises INVALID, CONFLICT, STORE_UNAVAILABLE."""
    try:  # an extra: who has no ClickHouse does not need its client
        from isotherm.storage.clickhouse.engine import ClickHouseEngine  # noqa: PLC0415
    except ModuleNotFoundError as error:
        message = "ClickHouse needs its client: pip install 'isotherm[clickhouse]'"
        raise IsothermError(Code.INVALID, message, field="store") from error
    options = clickhouse_options(settings)
    if not is_shared(settings.saved):
        return ClickHouseEngine(settings.store, options)
    # servers on other machines may use the same database: they take turns
    with HostLock(settings.saved, "tables"):
        hosts = HostLock(settings.saved, "storing")
        return ClickHouseEngine(settings.store, msgspec.structs.replace(options, hosts=hosts))


def lock_of_readers(settings: Settings) -> HostLock | None:
    """Return what lets one process of all machines read recordings; None: there is one machine."""
    return HostLock(settings.saved, "reading") if is_shared(settings.saved) else None


def journal_of(settings: Settings, engine: EventStore | None = None) -> InfluxJournal | None:
    """Return the journal that the settings name. Raises INVALID for a wrong mapping file."""
    if not settings.influx_url:
        return None
    known = engine if isinstance(engine, DuckDBEngine) else None  # only it has a journal
    return open_journal(journal_options(settings), known)
