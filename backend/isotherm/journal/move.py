"""Moving from the embedded store to InfluxDB: what the engine has is written to the journal.

The other way needs no step of its own: a filled engine is an embedded store as soon as no InfluxDB
is named any more.
"""

from collections.abc import Iterator
from typing import Any, Final

import sqlglot
from msgspec import Struct

from isotherm.journal.held import HourStore
from isotherm.journal.influxdb import open_journal
from isotherm.journal.options import JournalOptions
from isotherm.model import Event
from isotherm.ports import Rejected

_EVENTS: Final = 5000
_SESSIONS: Final[Any] = sqlglot.parse_one(
    """SELECT a.text AS application, s.text AS session FROM (
        SELECT application, session FROM actions UNION SELECT application, session FROM views
        UNION SELECT application, session FROM errors
        UNION SELECT application, session FROM replay_segments) found
    JOIN terms a ON a.kind = 'application' AND a.id = found.application
    JOIN terms s ON s.kind = 'session' AND s.id = found.session ORDER BY found.session""",
    dialect="duckdb",
)


class Moved(Struct, frozen=True):
    """How far it is."""

    sessions: int
    of: int
    events: int
    rejected: tuple[Rejected, ...]  # positions count over all events


def move(engine: HourStore, options: JournalOptions) -> Iterator[Moved]:
    """Write everything the engine has to InfluxDB, session by session; yield the progress.

    It may be interrupted and begun again: what is there already stays as it is. The running server
    notes the moved hours at its next start. Raises STORE_UNAVAILABLE.
    """
    journal = open_journal(options)  # it must not ask the engine: that knows everything
    try:
        found = engine.run(_SESSIONS)
        pairs = list(zip(found["application"], found["session"], strict=True))
        batch: list[Event] = []
        written = 0
        rejected: list[Rejected] = []
        for number, (application, session) in enumerate(pairs, 1):
            batch += engine.actions_of(application, session)
            batch += engine.views_of(application, session)
            batch += engine.errors_of(application, session)
            batch += engine.segments_of(application, session)
            if len(batch) >= _EVENTS or number == len(pairs):
                rejected += [
                    Rejected(written + entry.position, entry.reason)
                    for entry in journal.write(batch)
                ]
                written += len(batch)
                batch = []
                yield Moved(number, len(pairs), written, tuple(rejected))
    finally:
        journal.close()
