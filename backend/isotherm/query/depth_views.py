"""The views behind a point of the scroll curve: those that got past a depth, or never scrolled."""

from typing import Any

import numpy as np
from msgspec import Struct

from isotherm.query.context import Ask
from isotherm.query.counting import distinct
from isotherm.query.lookups import whole
from isotherm.query.pictures import wanted
from isotherm.query.questions.scroll import measured_depths, statement, still


class Reached(Struct, frozen=True):
    """Views that got there; `latest` has one view of each of the latest sessions, newest first."""

    latest: list[int]
    views: float
    sessions: int


def reached(
    ask: Ask[Any], background_id: str, past_px: float | None, *, unscrolled: bool, limit: int
) -> Reached:
    """Read the scope's views as the scroll curve does and keep those on one side of a depth."""
    background = wanted(ask, background_id)
    columns = ask.context.run(statement(ask, ("session", "view", "time_ms")))
    with ask.context.timed("place"):
        measured, _, depths = measured_depths(columns, background)
        kept = np.ones(len(depths.depth), np.bool_)
        if past_px is not None:
            kept &= depths.depth >= past_px
        if unscrolled:
            kept &= still(depths)
        found = {name: columns[name][measured][kept] for name in ("session", "view", "time_ms")}
        newest = np.lexsort((found["view"], found["time_ms"]))[::-1]
        session = found["session"][newest]
        _, first = np.unique(session, return_index=True)
        first = np.sort(first[session[first] != 0])[:limit]
        return Reached(
            latest=found["view"][newest][first].tolist(),
            views=whole(depths.weight[kept].sum()),
            sessions=distinct(session),
        )
