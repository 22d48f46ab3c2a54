"""What happened at a moment: a version was seen for the first time, or people raged in numbers."""

from typing import Annotated, Any, Literal

import numpy as np
from msgspec import Meta, Struct

from isotherm.query.context import Ask
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.statement import Statement, all_of, condition

EVENTS = Shape(
    "annotations",
    "One row per event, by time.",
    (
        Field("time", "time", "When it began"),
        Field("time_end", "time", "When it was over; empty for a moment", nullable=True),
        Field("title", "string", "What it is"),
        Field("text", "string", "More about it"),
        Field("tags", "string", "Tags, separated by commas"),
    ),
)
META = {"burst_actions": "rage actions that make a burst", "burst_window_ms": "within this time"}

Kind = Literal["version", "rage_burst"]
_VERSIONS = """
SELECT version, min(time_ms) AS first_ms FROM views
WHERE slot_application AND version <> 0 GROUP BY version
HAVING first_ms >= {start} AND first_ms < {end} ORDER BY first_ms, version
"""
_RAGE = """
SELECT page, time_ms, session FROM actions WHERE slot_scope AND slot_rage ORDER BY page, time_ms
"""


class Params(Struct, frozen=True):
    """Which events."""

    kinds: Annotated[tuple[Kind, ...], Meta(description="Kinds of events.", max_length=100)] = (
        "version",
        "rage_burst",
    )
    burst_actions: Annotated[
        int, Meta(description="Rage actions that make a burst.", ge=2, le=1_000_000)
    ] = 5
    burst_window_ms: Annotated[
        int, Meta(description="Time within which they fall.", ge=1000, le=86_400_000)
    ] = 300_000


class Burst(Struct, frozen=True):
    """A time in which one page made many people rage."""

    page: int
    start_ms: int
    end_ms: int
    actions: int
    sessions: int


def answer(ask: Ask[Params]) -> list[Frame]:
    """Return versions first seen in the range, and bursts of rage in scope, by time."""
    rows: list[dict[str, Any]] = []
    if "version" in ask.params.kinds:
        rows += _versions(ask)
    if "rage_burst" in ask.params.kinds:
        rows += _bursts(ask)
    rows.sort(key=lambda row: (row["time"], row["title"]))
    meta = {
        "burst_actions": ask.params.burst_actions,
        "burst_window_ms": ask.params.burst_window_ms,
    }
    return [frame_of_rows(EVENTS, rows, meta=meta)]


def version_statement(ask: Ask[Params]) -> Statement:
    """Find each version's first view in all history; those in the range are new."""
    conditions = ask.conditions
    template = _VERSIONS.format(
        start=conditions.bind(ask.scope.from_ms), end=conditions.bind(ask.scope.to_ms)
    )
    until = all_of(
        [conditions.application(), condition(f"time_ms < {conditions.bind(ask.scope.to_ms)}")]
    )
    return conditions.build(template, application=until)


def find_bursts(
    page: np.ndarray[Any, Any],
    time_ms: np.ndarray[Any, Any],
    session: np.ndarray[Any, Any],
    *,
    actions: int,
    window_ms: int,
) -> list[Burst]:
    """Return the times in which any window held enough actions of one page.

    Rows are sorted by page and time. Windows that overlap are one burst.
    """
    found = []
    for one in np.unique(page):
        at, who = time_ms[page == one], session[page == one]
        first = np.arange(len(at) - actions + 1)
        if not len(first):
            continue
        full = first[at[first + actions - 1] - at[first] < window_ms]
        for run in np.split(full, np.flatnonzero(np.diff(full) >= actions) + 1):
            if len(run):
                rows = slice(int(run[0]), int(run[-1]) + actions)
                sessions = len(np.unique(who[rows]))
                count = rows.stop - rows.start
                found.append(Burst(int(one), int(at[rows][0]), int(at[rows][-1]), count, sessions))
    return found


def _versions(ask: Ask[Params]) -> list[dict[str, Any]]:
    columns = ask.context.run(version_statement(ask))
    texts = ask.context.engine.terms("version")
    return [
        {
            "time": int(first),
            "time_end": None,
            "title": f"Version {texts[int(version)]}",
            "text": f"First visit with version {texts[int(version)]} of {ask.scope.application}",
            "tags": "version",
        }
        for version, first in zip(
            columns["version"].tolist(), columns["first_ms"].tolist(), strict=True
        )
        if int(version) in texts  # else it was deleted meanwhile
    ]


def _bursts(ask: Ask[Params]) -> list[dict[str, Any]]:
    statement = ask.conditions.build(_RAGE, scope=ask.conditions.actions())
    columns = ask.context.run(statement)
    bursts = find_bursts(
        columns["page"],
        columns["time_ms"],
        columns["session"],
        actions=ask.params.burst_actions,
        window_ms=ask.params.burst_window_ms,
    )
    pages = ask.context.engine.terms("page")
    return [
        {
            "time": burst.start_ms,
            "time_end": burst.end_ms,
            "title": f"Rage on {pages.get(burst.page, '')}",
            "text": f"{burst.actions} rage actions in {burst.sessions} sessions",
            "tags": "rage",
        }
        for burst in bursts
    ]
