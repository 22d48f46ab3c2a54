"""Fills a data folder for the demo: once, so that a second start shows the same."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from isotherm.api.status import Metrics
from isotherm.app.demo.marker_file import Mark
from isotherm.app.demo.outfitters.traffic import outfitters_traffic
from isotherm.app.demo.sessions import NEWEST_MS, outfitters_requests, sample_requests
from isotherm.app.demo.traffic import APPLICATION, traffic
from isotherm.app.wiring import Components
from isotherm.model import Background, Event
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.import_files import take_in

SAMPLED = "6f1c2b1e-0000-4000-8000-00000000abcd"  # the application of the Datadog samples
BATCH = 5_000
SESSIONS = 200  # generated at a time
PICTURES_S = 240.0


class Step(NamedTuple):
    """How far the demo is."""

    stage: Literal["sessions", "pictures"]
    share: float  # of the stage, 0 to 1
    text: str


Tell = Callable[[Step], None]
"""Hears of every step, at least once a second; what it raises ends the work there."""


def mark_for(folder: Path, *, generated: int, as_recorded: bool) -> Mark:
    """Return what is in the folder or is to be; a load that was begun keeps its times."""
    now_ms = time.time_ns() // 1_000_000
    shift_ms = 0 if as_recorded else now_ms - NEWEST_MS
    return Mark.of(folder) or Mark(shift_ms, generated, now_ms, complete=False)


def load_demo(components: Components, mark: Mark, tell: Tell) -> None:
    """Load the recorded sessions (moved to the last hours), then generated ones.

    Without generated sessions there is no shop with a story either.
    """
    if mark.complete:
        return
    mark.write(components.settings.folder)
    total = mark.generated_sessions
    step = Step("sessions", 0.0, "Recorded sessions of Datadog, Guance, Faro and rrweb")
    requests = [
        *(outfitters_requests(mark.shift_ms) if total else ()),
        *sample_requests(mark.shift_ms),
    ]
    for done, request in enumerate(requests):
        tell(step._replace(share=0.4 * done / len(requests)))
        take_in(components, request)
    _store(components, step._replace(share=0.4), tell)
    to_outfitters = 2 * total  # of twice as many days
    step = Step("sessions", 0.4, f"{total + to_outfitters:,} generated sessions, marked as such")
    sessions = chain(
        traffic(total, mark.loaded_ms), outfitters_traffic(to_outfitters, mark.loaded_ms)
    )
    for done in range(0, total + to_outfitters, SESSIONS):
        tell(step._replace(share=0.4 + 0.5 * done / (total + to_outfitters)))
        append_all(components, chain.from_iterable(islice(sessions, SESSIONS)))
    _store(components, step._replace(share=0.9), tell)
    note_counts(components)
    replace(mark, complete=True).write(components.settings.folder)


def note_counts(components: Components, ago_ms: int = 0) -> None:
    """Keep the counts as they are: with those of before the load, the server can tell its rates."""
    reading = Metrics(components.services()).reading
    components.history.note(time.time_ns() // 1_000_000 - ago_ms, reading)


def _store(components: Components, step: Step, tell: Tell) -> None:
    while not components.worker.flush(1.0):
        tell(step)


def make_pictures(components: Components, tell: Tell) -> None:
    """Wait for the pictures of the sample pages; the generated application has the same ones."""
    if not components.maker.status()["ok"]:
        tell(Step("pictures", 1.0, str(components.maker.status()["message"])))
        return
    deadline_s = time.monotonic() + PICTURES_S
    ready = False
    while not ready and time.monotonic() < deadline_s:
        ready = components.maker.wait_idle(1.0)
        _share_pictures(components)
        jobs = components.maker.status()["jobs"]
        done, left = jobs["done"], jobs["queued"] + jobs["running"]
        news = f"Pictures of the pages: {done} recordings seen, {left} left"
        tell(Step("pictures", done / max(1, done + left), news))


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
        notices=(*background.notices, "Taken from a recorded session of the same shop."),
    )
    try:
        tiles = [components.backgrounds.tile(background.id, i) for i in range(len(copy.tiles))]
    except IsothermError as error:
        if error.code is not Code.NOT_FOUND:
            raise
        return  # a better one has just come in its place: the next look finds that
    components.backgrounds.add(copy, tiles)
