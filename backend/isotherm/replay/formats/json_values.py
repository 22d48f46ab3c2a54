"""Values taken out of JSON that a stranger wrote: the right type or a harmless default."""

import gc
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MAX_PX = 33_554_432
"""The largest length Chromium's layout knows, css px; anything beyond is an error or an attack."""

MAX_ID = 2**53
"""Node ids and times above this are not numbers that a browser counts with."""

_MANY = 10_000_000
_made = [0]  # objects since the last `let_go`

MAX_TEXT = 1_000_000
"""Characters kept of one text, attribute or name (style sheets have their own limit)."""


def integer(value: object, default: int = -1) -> int:
    """Return a whole number of a browser, else the default."""
    if type(value) is int:  # nearly always
        return value if -MAX_ID <= value <= MAX_ID else default
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    if isinstance(value, float) and not math.isfinite(value):
        return default
    return int(value) if -MAX_ID <= value <= MAX_ID else default


def pixels(value: object) -> float | None:
    """Return a length or position in css px; None when it is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if -MAX_PX <= value <= MAX_PX else None  # NaN fails the comparison


def text(value: object, limit: int = MAX_TEXT) -> str:
    """Return a text (numbers as they print), cut at `limit` characters; others are empty."""
    if isinstance(value, str):
        return value[:limit]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)[:limit]
    return ""


def mapping(value: object) -> dict[str, Any]:
    """Return the object, or an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[Any]:
    """Return the array, or an empty one."""
    return value if isinstance(value, list) else []


@contextmanager
def many_objects() -> Iterator[None]:
    """Hold off the search for unreachable cycles while a recording's objects are made.

    They all stay, and looking through them again and again took more than half of the time. Nor
    are they looked through afterwards, which took a quarter, until `let_go`, or until they are
    very many.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            _made[0] += gc.get_count()[0]
            if _made[0] > _MANY:
                let_go()
            else:
                gc.freeze()
            gc.enable()


def let_go() -> None:
    """Free what is left of recordings that nobody uses any more: their trees are full of cycles."""
    gc.unfreeze()
    gc.collect()
    _made[0] = 0
