"""Events for the journal's tests, told briefly, and what an engine knows, in comparable form."""

from typing import Any

import sqlglot

from isotherm.model import (
    Action,
    LongTask,
    PageError,
    Resource,
    Segment,
    SegmentFormat,
    View,
    ViewPart,
    Vital,
)
from isotherm.storage.influxdb.engine_counts import HourStore
from isotherm.storage.tables import TABLES, Shape

HOUR_MS = 3_600_000
NOON_MS = 1_795_363_200_000
"""A full hour."""


def click(name: str, at_ms: int = NOON_MS, **more: Any) -> Action:
    told: dict[str, Any] = {"session_id": "s1", "view_id": "v1", "page": "/", "fx": 1, "fy": 2}
    told |= {"element": "BUTTON.buy", "viewport_w": 1440, "viewport_h": 900}
    return Action(event_id=name, time_ms=at_ms, application="shop", **(told | more))


def view(name: str, version: int, at_ms: int = NOON_MS, **more: Any) -> View:
    told: dict[str, Any] = {"session_id": "s1", "page": "/", "viewport_w": 1440}
    return View(view_id=name, version=version, time_ms=at_ms, application="shop", **(told | more))


def part(name: str, version: int, at_ms: int = NOON_MS, **changed: Any) -> ViewPart:
    return ViewPart(
        view_id=name,
        version=version,
        time_ms=at_ms,
        application="shop",
        session_id="s1",
        changed=changed,
    )


def error(name: str, at_ms: int = NOON_MS, **more: Any) -> PageError:
    told: dict[str, Any] = {"session_id": "s1", "view_id": "v1", "page": "/", "message": "x is y"}
    return PageError(event_id=name, time_ms=at_ms, application="shop", **(told | more))


def resource(name: str, at_ms: int = NOON_MS, **more: Any) -> Resource:
    told: dict[str, Any] = {"session_id": "s1", "view_id": "v1", "page": "/", "path": "/api/stock"}
    return Resource(event_id=name, time_ms=at_ms, application="shop", **(told | more))


def long_task(name: str, at_ms: int = NOON_MS, **more: Any) -> LongTask:
    told: dict[str, Any] = {"session_id": "s1", "view_id": "v1", "page": "/", "duration_ms": 70.0}
    return LongTask(event_id=name, time_ms=at_ms, application="shop", **(told | more))


def vital(name: str, at_ms: int = NOON_MS, **more: Any) -> Vital:
    told: dict[str, Any] = {"session_id": "s1", "view_id": "v1", "page": "/", "name": "checkout"}
    return Vital(event_id=name, time_ms=at_ms, application="shop", **(told | more))


def segment(name: str, at_ms: int = NOON_MS, **more: Any) -> Segment:
    told: dict[str, Any] = {"session_id": "s1", "view_id": "v1", "format": SegmentFormat.DATADOG}
    return Segment(
        segment_id=name, time_ms=at_ms, end_ms=at_ms + 5, application="shop", **(told | more)
    )


def rows(engine: HourStore, table: str) -> list[tuple[Any, ...]]:
    """Return a table's rows with texts in place of their numbers, in an order of their own."""
    declared = next(one for one in TABLES if one.name == table)
    names = ", ".join(f'"{one.name}"' for one in declared.columns)
    found = engine.run(sqlglot.parse_one(f"SELECT {names} FROM {table}", dialect="duckdb"))
    terms = engine.run(sqlglot.parse_one("SELECT kind, id, text FROM terms", dialect="duckdb"))
    texts = {
        (kind, number): text
        for kind, number, text in zip(*(column.tolist() for column in terms.values()), strict=True)
    }
    kinds = {one.name: one.kind for one in declared.columns if one.shape is Shape.TERM}
    columns = []
    for name, column in found.items():
        kind = kinds.get(name)
        if kind is not None:
            columns.append([texts.get((kind, number), "") for number in column.tolist()])
        else:
            columns.append([repr(value) for value in column.tolist()])
    return sorted(zip(*columns, strict=True))


def everything(engine: HourStore) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables."""
    return {name: rows(engine, name) for name in (table.name for table in TABLES)}
