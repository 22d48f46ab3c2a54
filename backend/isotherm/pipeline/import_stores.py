"""Copies all events of another store. They keep their ids, so what is there already counts once."""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from isotherm.model import Event, Segment
from isotherm.pipeline.installation import Installation
from isotherm.storage.objects.replays import Bodies
from isotherm.storage.ports import EventStore
from isotherm.storage.tables import TABLES

_BATCH: Final = 10_000
_PATIENCE_S: Final = 3600.0
SENDER: Final = "copy"


def copy_store(into: Installation, engine: EventStore, replays: Bodies | None) -> None:
    """Send all events of `engine` through the spool, segments after what they are of.

    `replays` has the bodies of the segments; None: they are not to be had.
    """
    for table in TABLES:
        events, place = engine.events_after(table.name, (-1, 0), _BATCH)
        while events:
            into.spool.append(list(_with_bodies(events, replays)) if replays else events)
            into.counters.received(SENDER, len(events))
            into.worker.flush(_PATIENCE_S)
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
