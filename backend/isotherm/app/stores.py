"""Opens the stores that the settings name."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

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

    Raises INVALID for a wrong address, CONFLICT, STORE_UNAVAILABLE.
    """
    return kind_of_store(settings.store).open(settings)


def open_duckdb(settings: Settings) -> DuckDBEngine:
    """Open the embedded store, a file of the data folder. Raises CONFLICT, STORE_UNAVAILABLE."""
    return DuckDBEngine(settings.folder / ENGINE_FILE, engine_options(settings))


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


class StoreKind(Struct, frozen=True):
    """A kind of store of events."""

    title: str
    open: Callable[[Settings], EventStore]


STORES: Final = {
    "": StoreKind("the embedded store", open_duckdb),
    "clickhouse": StoreKind("ClickHouse", open_clickhouse),
}
"""The stores of events by how an address in the setting `store` begins; "" = no address."""


def kind_of_store(address: str) -> StoreKind:
    """Return the kind of store that an address is of; its own reader says what is wrong with it."""
    if not address:
        return STORES[""]
    named = (kind for scheme, kind in STORES.items() if scheme and address.startswith(scheme))
    return next(named, STORES["clickhouse"])


def lock_of_readers(settings: Settings) -> HostLock | None:
    """Return what lets one process of all machines read recordings; None: there is one machine."""
    return HostLock(settings.saved, "reading") if is_shared(settings.saved) else None


def journal_of(settings: Settings, engine: EventStore | None = None) -> InfluxJournal | None:
    """Return the journal that the settings name, in front of an engine.

    Raises INVALID for a wrong mapping file.
    """
    if not settings.influx_url:
        return None
    return open_journal(journal_options(settings), engine)
