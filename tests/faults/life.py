"""One life of the durable parts, in one thread, so that its file operations have fixed numbers.

Posts are kept in the spool, stored in replays and engine, sorted, saved, confirmed; pictures and
the images of pages are kept. What was acknowledged goes to a pipe, as to a sender. A sender whose
post is refused sends it again.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from isotherm.intake.drops import Counters
from isotherm.model import (
    Action,
    Background,
    Event,
    Segment,
    SegmentFormat,
    State,
    Tile,
    View,
)
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline import worker as workers
from isotherm.pipeline.quarantine import Quarantine
from isotherm.pipeline.sessionization import Sessionization
from isotherm.pipeline.spool import Spool
from isotherm.pipeline.worker import Worker
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.store import Options
from isotherm.storage.objects.assets import AssetBodies
from isotherm.storage.objects.replays import LocalReplays
from isotherm.storage.saved.backgrounds import StoredBackgrounds
from isotherm.storage.saved.db import open_database
from isotherm.storage.saved.heatmaps import NewHeatmap, SavedHeatmaps

T0 = 1_790_000_000_000
POSTS = 9
TRIES = 6
RESTARTED, REFUSED = 4, 5
"""Statuses: ended to be started again; ended with a sentence."""

APPLICATION = "a"


def post(number: int) -> list[Event]:
    """Return the events of a post: a click, a newer version of the view, a segment."""
    where: dict[str, Any] = {"application": APPLICATION, "session_id": f"s{number % 2}"}
    where["view_id"] = f"v{number % 2}"
    return [
        Action(event_id=f"click {number}", time_ms=T0 + number, page="/", **where),
        View(version=number + 1, time_ms=T0, page="/", actions=1 + number // 2, **where),
        Segment(
            segment_id=f"segment {number}", time_ms=T0 + number, end_ms=T0 + number + 1,
            recording_id=f"v{number % 2}", index=number, format=SegmentFormat.DATADOG,
            body=b'{"records": []}' * 20, **where,
        ),
    ]  # fmt: skip


def picture(number: int) -> tuple[Background, list[bytes]]:
    """Return a picture and the bytes of its two strips."""
    name = f"b{number}"
    tiles = tuple(Tile(top=900 * n, height=900, path=f"{name}/{n}.webp") for n in range(2))
    background = Background(
        id=name, application=APPLICATION, page="/", state=State("found"), origin="replay",
        created_ms=T0, seen_ms=T0, viewport_w=1440, viewport_h=900, width=1440, height=1800,
        tiles=tiles,
    )  # fmt: skip
    return background, [f"{tile.path} ".encode() * 500 for tile in tiles]


def image(number: int) -> bytes:
    """Return the bytes of an image of a page."""
    return f"image {number} ".encode() * 300


class RestartError(Exception):
    """The server would end here and be started again."""


class Life:
    """Everything in one folder; raises what does not open."""

    def __init__(self, folder: Path) -> None:
        workers._FIRST_PAUSE_S = 0.001  # type: ignore[misc]  # a fault lasts for one operation
        self.spool = Spool(folder / "spool", quota_bytes=2**24, segment_bytes=4_000)
        self.engine = DuckDBEngine(folder / "store.duckdb", Options(threads=1, memory_mb=256))
        self.replays = LocalReplays(folder / "replays")
        self.database = database = open_database("", folder, owner=True)
        self.saved = SavedHeatmaps(database)
        self.pictures = StoredBackgrounds(database, "", folder)
        self.images = AssetBodies(str(folder / "images"))
        self.counters = Counters()
        sessions = Sessionization(
            self.engine,
            None,
            Quarantine(database),
            [],
            None,
            quiet_period_s=60.0,  # type: ignore[arg-type]
        )
        self.worker = Worker(self.spool, self.engine, self.replays, self.counters, sessions)

    def drain(self) -> None:
        """Store what waits, as the worker's thread does."""
        for _ in range(TRIES):
            try:
                while self.worker._step():
                    pass
            except IsothermError as error:
                if error.code is not Code.STORE_UNAVAILABLE:
                    raise
                if self.engine.must_reopen:
                    raise RestartError from error
                continue
            return
        raise RuntimeError("the worker did not get over a fault of one operation")

    def sorted(self) -> None:
        """Sort what is stored, as maintenance does; after a fault it is done another time."""
        try:
            self.engine.compact(least_rows=1)
        except IsothermError as error:
            if self.engine.must_reopen:
                raise RestartError from error

    def close(self) -> None:
        self.spool.close()
        self.engine.close()
        self.database.dispose()


def again(work: Callable[[], Any]) -> Any:
    """Do what a sender or a person does when the answer is 503."""
    for left in reversed(range(TRIES)):
        try:
            return work()
        except IsothermError as error:
            if error.code is not Code.STORE_UNAVAILABLE or not left:
                raise
    return None


def live(folder: Path, say: Callable[[str], None], first: int = 0, posts: int = POSTS) -> None:
    """Open, work, close; tell what was acknowledged. Raises what a whole process would end with."""
    life = Life(folder)
    life.worker._hurry = 1  # do not gather
    for number in range(first, first + posts):
        again(lambda number=number: life.spool.append(post(number)))
        say(f"post {number}")
        if number % 3 == 2:
            life.drain()
            life.sorted()
        if number % 4 == 1:
            new = NewHeatmap(name=f"h{number}", application=APPLICATION, page="/", address="?")
            again(lambda new=new: life.saved.add(new, T0))
            say(f"saved h{number}")
            again(lambda number=number: life.images.put(image(number)))
            say(f"image {number}")
            again(lambda number=number: keep_picture(life, number))
            say(f"picture {number}")
    life.drain()
    life.close()


def keep_picture(life: Life, number: int) -> None:
    """Keep a picture, as its maker does; one that is there already is no fault."""
    try:
        life.pictures.add(*picture(number))
    except IsothermError as error:
        if error.code is not Code.CONFLICT:
            raise


Say = Callable[[str], None]


def forked(work: Callable[[Say], None], limit_s: int = 120) -> tuple[int, list[str]]:
    """Run work in another process; return its status (negative: a signal) and what it said."""
    assert threading.active_count() == 1, "a fork has locks of all threads, and no threads (023)"
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        import signal
        import traceback

        signal.alarm(limit_s)
        os.close(reading)
        status = 0
        try:
            work(lambda line: void(os.write(writing, line.encode() + b"\n")))
        except RestartError:
            status = RESTARTED
        except IsothermError as error:
            os.write(writing, f"! {error.code}: {error.message}\n".encode())
            status = REFUSED
        except BaseException:  # noqa: BLE001 - the parent is told
            os.write(
                writing, ("! " + traceback.format_exc().replace("\n", "\n! ")).encode() + b"\n"
            )
            status = 3
        os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as told:
        lines = told.read().splitlines()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), lines


def void(_: object) -> None:
    """Throw a value away."""
