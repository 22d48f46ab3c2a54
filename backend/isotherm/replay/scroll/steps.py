"""Where a page that moves by equal steps stood between two records of its scrolling.

Recorders write a scroll every 100 ms or so; a page scrolled by a script or at a steady speed moves
some six times in between. Its step is what all recorded distances are multiples of; when the steps
fall follows from all records around: each says that so many had fallen by then, and no more.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import floor, gcd, inf

AROUND = 3
"""Records looked at on either side: enough for the rhythm, too few for it to drift."""

LEAST_STEP_PX = 3
LEAST_RECORDS = 4
RHYTHM = 0.02
"""How far the time of a step may be from its mean: the records at both ends cut into steps."""
TRIES = 81


def stepped(times: Sequence[int], tops: Sequence[float], time_ms: int) -> float | None:
    """Return the position at a time within one movement; None when it is not in equal steps."""
    distances = [after - before for before, after in pairwise(tops)]
    if len(tops) < LEAST_RECORDS or any(distance != int(distance) for distance in distances):
        return None
    one_way = all(d > 0 for d in distances) or all(d < 0 for d in distances)
    step = gcd(*map(int, distances))
    if not one_way or step < LEAST_STEP_PX or abs(tops[-1] - tops[0]) == step * len(distances):
        return None  # the last: as many steps as records, so between them are none
    counts = [abs(top - tops[0]) / step for top in tops]
    mean_ms = (times[-1] - times[0]) / counts[-1]
    best = (-inf, 0.0, mean_ms)  # room, first step, time of a step
    for number in range(TRIES):
        every_ms = mean_ms * (1 - RHYTHM + 2 * RHYTHM * number / (TRIES - 1))
        latest = min(t - n * every_ms for t, n in zip(times, counts, strict=True))
        earliest = max(t - (n + 1) * every_ms for t, n in zip(times, counts, strict=True))
        best = max(best, (latest - earliest, (latest + earliest) / 2, every_ms))
    room, first_ms, every_ms = best
    if room < -every_ms:  # no rhythm
        return None
    fallen = floor((time_ms - first_ms) / every_ms)
    return tops[0] + step * fallen * (1 if distances[0] > 0 else -1)
