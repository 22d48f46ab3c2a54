"""Stories in data: clicks and visits in a shop, asked about through the real engine."""

import io
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

from isotherm.model import (
    FRACTION_MAX,
    Action,
    Background,
    Box,
    Event,
    Filter,
    LongTask,
    Measured,
    PageError,
    Resource,
    Scope,
    State,
    Tile,
    View,
)
from isotherm.query.context import Ask, Context
from isotherm.query.frame import Frame
from isotherm.query.questions import QUESTIONS
from isotherm.storage.clickhouse.engine import ClickHouseEngine
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.saved.backgrounds import StoredBackgrounds
from isotherm.storage.saved.db import FILE, open_database

NOON = 1_795_262_400_000  # 2026-11-21T12:00:00Z
MINUTE = 60_000
HOUR = 3_600_000
DAY = 24 * HOUR
NOW = NOON + DAY
"""When the questions are asked: all sessions of the scenarios are over."""


class Counter:
    """Numbers the events of a story, so that each has an id of its own."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        self.last += 1
        return self.last


_EVENTS = Counter()


def click(
    on: str = "#pay",
    *,
    at: tuple[float, float] | None = (0.5, 0.5),
    t: int = NOON,
    page: str = "/cart",
    session: str = "s1",
    width: int = 1440,
    **more: Any,
) -> Action:
    """Return a click on an element, at a fraction of its box."""
    fx, fy = (round(part * FRACTION_MAX) for part in at) if at else (None, None)
    facts = {"event_id": f"e{_EVENTS.next()}", "view_id": f"{session}{page}", **more}
    return Action(
        time_ms=t,
        application="shop",
        session_id=session,
        page=page,
        element=on,
        fx=fx,
        fy=fy,
        viewport_w=width,
        viewport_h=900,
        **facts,
    )


def call(*causes: Action, path: str = "/api/stock", t: int = NOON + 10, **more: Any) -> Resource:
    """Return a request that began during some clicks of one session."""
    facts: dict[str, Any] = {"kind": "fetch", "method": "GET", "host": "api.test", "status": 200}
    return Resource(
        event_id=f"e{_EVENTS.next()}",
        time_ms=t,
        application="shop",
        session_id=causes[0].session_id if causes else "s1",
        view_id="s1/cart",
        page="/cart",
        path=path,
        action_ids=("never sent", *(cause.event_id for cause in causes)),
        **{**facts, **more},
    )


def visit(
    page: str = "/cart",
    *,
    t: int = NOON,
    session: str = "s1",
    spent_ms: float = 30_000,
    depth: float | None = None,
    height: float | None = None,
    width: int = 1440,
    window: int = 900,
    **more: Any,
) -> View:
    """Return a visit to a page."""
    facts = {"view_id": f"{session}{page}", **more}
    return View(
        version=1,
        time_ms=t,
        application="shop",
        session_id=session,
        page=page,
        viewport_w=width,
        viewport_h=window,
        time_spent_ms=spent_ms,
        depth_px=depth,
        page_height_px=height,
        **facts,
    )


def long_task(*causes: Action, t: int = NOON + 10, page: str = "/cart", **more: Any) -> LongTask:
    """Return a long animation frame, linked to some clicks of one session."""
    session = more.pop("session", causes[0].session_id if causes else "s1")
    facts: dict[str, Any] = {"kind": "frame", "duration_ms": 180.0, "view_id": f"{session}{page}"}
    return LongTask(
        event_id=f"e{_EVENTS.next()}",
        time_ms=t,
        application="shop",
        session_id=session,
        page=page,
        action_ids=tuple(cause.event_id for cause in causes),
        **{**facts, **more},
    )


def error(page: str = "/cart", *, t: int = NOON, session: str = "s1", **more: Any) -> PageError:
    """Return an error that a page raised."""
    facts = {"event_id": f"e{_EVENTS.next()}", "message": "boom", **more}
    return PageError(
        time_ms=t,
        application="shop",
        session_id=session,
        view_id=f"{session}{page}",
        page=page,
        **facts,
    )


def picture(
    name: str = "initial",
    boxes: dict[str, Box] | None = None,
    *,
    page: str = "/cart",
    size: tuple[int, int] = (1440, 2000),
    **more: Any,
) -> Background:
    """Return a background with boxes, cut into strips of 1500 px."""
    tops = range(0, size[1], 1500)
    tiles = tuple(
        Tile(top, min(1500, size[1] - top), f"{name}/{n}.webp") for n, top in enumerate(tops)
    )
    known: dict[str, Any] = {
        "state": State("found") if name == "initial" else State("after", name),
        "origin": "replay",
        "created_ms": NOON,
        "seen_ms": NOON,
        "viewport_w": size[0],
        "viewport_h": 900,
        "page_height": size[1],
        "measured": Measured(verdict="true", clicks=1),
    }
    return Background(
        id=name,
        application="shop",
        page=page,
        width=size[0],
        height=size[1],
        tiles=tiles,
        boxes=boxes or {},
        **{**known, **more},
    )


def strip(width: int, height: int) -> bytes:
    """Return a white WebP of that size."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "WEBP", lossless=True, method=0)
    return out.getvalue()


@cache
def empty_database() -> bytes:
    """Return the file of a new database of saved things: its migrations run once, not per shop."""
    with tempfile.TemporaryDirectory() as folder:
        open_database("", Path(folder)).dispose()
        return (Path(folder) / FILE).read_bytes()


class Shop:
    """A store with a story in it."""

    def __init__(
        self, folder: Path, ignore_rage: tuple[str, ...] = (), clickhouse: str = ""
    ) -> None:
        self.engine: Any = ClickHouseEngine(clickhouse) if clickhouse else DuckDBEngine()
        if not (folder / FILE).exists():
            (folder / FILE).write_bytes(empty_database())
        self.database = open_database("", folder)
        self.backgrounds = StoredBackgrounds(self.database, "", folder)
        self.ignore_rage = ignore_rage
        self.now_ms = NOW

    def tells(self, *events: Event) -> "Shop":
        """Add events."""
        self.engine.append(events)
        return self

    def shows(self, *pictures: Background) -> "Shop":
        """Add backgrounds with white pictures."""
        for one in pictures:
            self.backgrounds.add(one, [strip(one.width, tile.height) for tile in one.tiles])
        return self

    def context(self) -> Context:
        return Context(
            engine=self.engine,
            backgrounds=self.backgrounds,
            now_ms=self.now_ms,
            ignore_rage=self.ignore_rage,
        )

    def ask(self, question: str, scope: Scope | None = None, **params: Any) -> list[Frame]:
        """Ask a question about the cart on that day."""
        kind = QUESTIONS[question]
        asked = msgspec.convert(params, kind.params)
        return kind.answer(Ask.about(scope or cart(), asked, self.context()))

    def close(self) -> None:
        self.engine.close()
        self.database.dispose()


def cart(*filters: Filter, pages: Sequence[str] = ("/cart",), **more: Any) -> Scope:
    """Return the cart, from noon to midnight."""
    span = {"from_ms": NOON, "to_ms": NOON + 12 * HOUR, **more}
    return Scope(application="shop", pages=tuple(pages), filters=filters, **span)


def where(key: str, operator: Any, *values: str) -> Filter:
    """One condition."""
    return Filter(key, operator, values)


def rows(frame: Frame) -> list[dict[str, Any]]:
    """Return the rows of a frame by field name."""
    names = [field.name for field in frame.shape.fields]
    columns = [
        column.tolist() if hasattr(column, "tolist") else list(column) for column in frame.values
    ]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def cells(frame: Frame) -> dict[tuple[int, int], float]:
    """Return the cells of a heat answer."""
    return {(row["x"], row["y"]): row["value"] for row in rows(frame)}
