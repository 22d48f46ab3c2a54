"""Fills a data folder for the demo: once, so that a second start shows the same."""

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from isotherm.api.history import EVERY_MS
from isotherm.api.status import Metrics
from isotherm.app.demo.sessions import NEWEST_MS, sample_requests
from isotherm.app.demo.traffic import APPLICATION, traffic
from isotherm.app.wiring import Components
from isotherm.model import Background, Event
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.import_files import take_in

MARK = "demo.json"
SAMPLED = "6f1c2b1e-0000-4000-8000-00000000abcd"  # the application of the Datadog samples
BATCH = 5_000
PICTURES_S = 240.0
Say = Callable[[str], None]


def loaded(folder: Path) -> bool:
    """Whether the demo was loaded into this data folder before."""
    return (folder / MARK).exists()


def load_demo(components: Components, *, generated: int, as_recorded: bool, say: Say) -> None:
    """Load the recorded sessions (moved to the last hours), then generated ones."""
    now_ms = time.time_ns() // 1_000_000
    shift_ms = 0 if as_recorded else now_ms - NEWEST_MS
    services = components.services()
    reading = Metrics(services).reading
    services.history.note(now_ms - EVERY_MS, reading)
    say("Recorded sessions of Datadog, Guance, Faro and rrweb ...")
    for request in sample_requests(shift_ms):
        take_in(components, request)
    components.worker.flush()
    if generated:
        say(f"{generated:,} generated sessions, marked as such ...")
        append_all(components, (event for one in traffic(generated, now_ms) for event in one))
        components.worker.flush(600)
    # What came in is part of what the server says about itself, though another process loaded it.
    services.history.note(time.time_ns() // 1_000_000, reading)
    mark = {"shift_ms": shift_ms, "generated_sessions": generated, "loaded_ms": now_ms}
    (components.settings.folder / MARK).write_text(json.dumps(mark), encoding="utf-8")


def make_pictures(components: Components, say: Say) -> None:
    """Wait for the pictures of the sample pages; the generated application has the same ones."""
    if not components.maker.status()["ok"]:
        say(str(components.maker.status()["message"]))
        return
    deadline_s = time.monotonic() + PICTURES_S
    ready = False
    said = ""
    while not ready and time.monotonic() < deadline_s:
        ready = components.maker.wait_idle(1.0)
        _share_pictures(components)
        jobs = components.maker.status()["jobs"]
        news = f"Pictures of the pages: {jobs['done']} recordings seen, {jobs['queued']} left"
        if news != said:
            say(said := news)


def append_all(components: Components, events: Iterable[Event]) -> None:
    """Put events into the spool in batches."""
    batch: list[Event] = []
    for event in events:
        batch.append(event)
        if len(batch) == BATCH:
            _append(components, batch)
            batch = []
    _append(components, batch)


def _append(components: Components, events: list[Event]) -> None:
    if events:
        components.spool.append(events)
        components.counters.received("events", len(events))


def _share_pictures(components: Components) -> None:
    """Give the generated application the pictures of the shop: it is the same site."""
    for page in ("/", "/checkout"):
        there = {item.id for item in components.backgrounds.of_page(APPLICATION, page)}
        shared = {
            f"{item.id}-generated": item for item in components.backgrounds.of_page(SAMPLED, page)
        }
        for name in shared.keys() - there:
            _add_copy(components, name, shared[name])
        for name in there - shared.keys():  # a better one has come in its place
            if name.endswith("-generated"):
                components.backgrounds.delete(name)


def _add_copy(components: Components, name: str, background: Background) -> None:
    copy = msgspec.structs.replace(
        background,
        id=name,
        application=APPLICATION,
        tiles=tuple(
            msgspec.structs.replace(tile, path=f"generated/{tile.path}")
            for tile in background.tiles
        ),
        notes=(*background.notes, "Taken from a recorded session of the same shop."),
    )
    try:
        tiles = [components.backgrounds.tile(background.id, i) for i in range(len(copy.tiles))]
    except IsothermError as error:
        if error.code is not Code.NOT_FOUND:
            raise
        return  # a better one has just come in its place: the next look finds that
    components.backgrounds.add(copy, tiles)
