"""Moving from the embedded store to InfluxDB: what the engine has is written to the journal.

The other way needs no step of its own: a filled engine is an embedded store as soon as no InfluxDB
is named any more.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from isotherm.storage.influxdb.engine_counts import TABLES, HourStore, table_sums
from isotherm.storage.influxdb.journal import open_journal
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.ports import Rejected

_EVENTS: Final = 10_000


class Moved(Struct, frozen=True):
    """How far it is."""

    events: int
    of: int
    rejected: tuple[Rejected, ...]  # of the events moved last; positions count over all events


def move(engine: HourStore, options: JournalOptions) -> Iterator[Moved]:
    """Write everything the engine has to InfluxDB, table by table, oldest first.

    Yields the progress. It may be interrupted and begun again: what is there already stays as it
    is. The running server notes the moved hours at its next start. Raises STORE_UNAVAILABLE.
    """
    journal = open_journal(options)  # it must not ask the engine: that knows everything
    try:
        of = sum(both.rows for table in TABLES for both in table_sums(engine, table).values())
        written = 0
        for table in TABLES:
            events, place = engine.events_after(table, (-1, 0), _EVENTS)
            while events:
                rejected = tuple(
                    Rejected(written + entry.position, entry.reason)
                    for entry in journal.write(events)
                )
                written += len(events)
                yield Moved(written, of, rejected)
                events, place = engine.events_after(table, place, _EVENTS)
    finally:
        journal.close()
