"""The deadline of the answer that this thread works on.

A store limits each of its statements. An answer of many statements has a limit of its own, so that
no request can occupy a thread for as long as it likes.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from isotherm.model.errors import Code, IsothermError

TOO_LONG = "The answer takes too long or too much memory. Narrow the time range or page."

_UNTIL_S: ContextVar[float] = ContextVar("until_s", default=math.inf)
"""On the monotonic clock."""


@contextmanager
def answered_within(seconds: float) -> Iterator[None]:
    """Limit what is done inside; a limit around it holds, too."""
    until_s = min(_UNTIL_S.get(), time.monotonic() + seconds)
    before = _UNTIL_S.set(until_s)
    try:
        yield
    finally:
        _UNTIL_S.reset(before)


def seconds_left(most: float) -> float:
    """Return the seconds that the next step may take, `most` at most.

    Raises TOO_MUCH_DATA when none are left.
    """
    left = _UNTIL_S.get() - time.monotonic()
    if left <= 0:
        raise IsothermError(Code.TOO_MUCH_DATA, TOO_LONG)
    return min(left, most)
