"""Fills a data folder for the demo: once, so that a second start shows the same."""

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from isotherm.app.demo.sessions import NEWEST_MS, sample_requests
from isotherm.app.demo.traffic import APPLICATION, traffic
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.import_files import take_in
from isotherm.model import Background, Event
from isotherm.app.wiring import Parts
from isotherm.api.history import EVERY_MS
from isotherm.api.status import Metrics

MARK = "demo.json"
SAMPLED = "6f1c2b1e-0000-4000-8000-00000000abcd"  # the application of the Datadog samples
BATCH = 5_000
PICTURES_S = 240.0
Say = Callable[[str], None]


def loaded(folder: Path) -> bool:
    """Whether the demo was loaded into this data folder before."""
    return (folder / MARK).exists()


def load_demo(parts: Parts, *, generated: int, as_recorded: bool, say: Say) -> None:
    """Load the recorded sessions (moved to the last hours), then generated ones."""
    now_ms = time.time_ns() // 1_000_000
    shift_ms = 0 if as_recorded else now_ms - NEWEST_MS
    services = parts.services()
    reading = Metrics(services).reading
    services.history.note(now_ms - EVERY_MS, reading)
    say("Recorded sessions of Datadog, Guance, Faro and rrweb ...")
    for request in sample_requests(shift_ms):
        take_in(parts, request)
    parts.worker.flush()
    if generated:
        say(f"{generated:,} generated sessions, marked as such ...")
        append_all(parts, (event for one in traffic(generated, now_ms) for event in one))
        parts.worker.flush(600)
    # What came in is part of what the server says about itself, though another process loaded it.
    services.history.note(time.time_ns() // 1_000_000, reading)
    mark = {"shift_ms": shift_ms, "generated_sessions": generated, "loaded_ms": now_ms}
    (parts.settings.folder / MARK).write_text(json.dumps(mark), encoding="utf-8")


def make_pictures(parts: Parts, say: Say) -> None:
    """Wait for the pictures of the sample pages; the generated application has the same ones."""
    if not parts.maker.status()["ok"]:
        say(str(parts.maker.status()["message"]))
        return
    deadline_s = time.monotonic() + PICTURES_S
    ready = False
    said = ""
    while not ready and time.monotonic() < deadline_s:
        ready = parts.maker.wait_idle(1.0)
        _share_pictures(parts)
        jobs = parts.maker.status()["jobs"]
        news = f"Pictures of the pages: {jobs['done']} recordings seen, {jobs['queued']} left"
        if news != said:
            say(said := news)


def append_all(parts: Parts, events: Iterable[Event]) -> None:
    """Put events into the spool in batches."""
    batch: list[Event] = []
    for event in events:
        batch.append(event)
        if len(batch) == BATCH:
            _append(parts, batch)
            batch = []
    _append(parts, batch)


def _append(parts: Parts, events: list[Event]) -> None:
    if events:
        parts.spool.append(events)
        parts.counters.received("events", len(events))


def _share_pictures(parts: Parts) -> None:
    """Give the generated application the pictures of the shop: it is the same site."""
    for page in ("/", "/checkout"):
        there = {item.id for item in parts.backgrounds.of_page(APPLICATION, page)}
        shared = {f"{item.id}-generated": item for item in parts.backgrounds.of_page(SAMPLED, page)}
        for name in shared.keys() - there:
            _add_copy(parts, name, shared[name])
        for name in there - shared.keys():  # a better one has come in its place
            if name.endswith("-generated"):
                parts.backgrounds.delete(name)


def _add_copy(parts: Parts, name: str, background: Background) -> None:
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
        tiles = [parts.backgrounds.tile(background.id, i) for i in range(len(copy.tiles))]
    except IsothermError as error:
        if error.code is not Code.NOT_FOUND:
            raise
        return  # a better one has just come in its place: the next look finds that
    parts.backgrounds.add(copy, tiles)
