"""Exact counts of different ids, faster than the engine's own (measured: 10 against 180 ms)."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_BITMAP_LIMIT = 1 << 28
"""Above this id a bitmap would take more memory than sorting the ids."""


def distinct(*parts: Array) -> int:
    """Count the different ids in some arrays; 0 means absent and does not count."""
    largest = max((int(ids.max()) for ids in parts if len(ids)), default=0)
    if largest >= _BITMAP_LIMIT:
        different = np.unique(np.concatenate(parts))
        return len(different) - int(different[0] == 0)
    seen = np.zeros(largest + 1, np.bool_)
    for ids in parts:
        seen[ids] = True
    seen[0] = False
    return int(np.count_nonzero(seen))


def distinct_per_cell(cells: Array, ids: Array, size: int) -> Array:
    """Count the different ids in each cell, shape (size,); 0 does not count."""
    present = ids != 0
    if ids.dtype.itemsize > 4:  # of a store whose ids are hashes
        ids = np.unique(ids, return_inverse=True)[1]
    room = int(ids.max(initial=0)).bit_length()
    few = room + max(size - 1, 0).bit_length() <= 32
    kind = np.uint32 if few else np.int64  # sorted twice as fast
    pairs = (cells[present].astype(kind) << room) | ids[present].astype(kind)
    pairs.sort()  # a quarter of the time of `np.unique`
    new = np.ones(len(pairs), np.bool_)
    np.not_equal(pairs[1:], pairs[:-1], out=new[1:])
    return np.bincount(pairs[new] >> room, minlength=size)


def added(sums: Sequence[Array]) -> Array:
    """Add arrays of different lengths; what an array does not reach is 0."""
    total = np.zeros(max(map(len, sums), default=0))
    for one in sums:
        total[: len(one)] += one
    return total


class Tally:
    """Clicks of many actions, to be added up by cell, by element, by anything numbered.

    `weight` None means one each. Nearly all actions are one click then, so those are counted and
    only the others summed up (measured: half the time).
    """

    def __init__(self, clicks: Array, weight: Array | None = None) -> None:
        self._weighted = None if weight is None else clicks * weight.astype(np.float64)
        self._other = np.flatnonzero(clicks != 1)
        self._extra = clicks[self._other].astype(np.float64) - 1

    def per_cell(self, cells: Array, size: int) -> Array:
        """Return the clicks of each cell, shape (at least `size`,)."""
        if self._weighted is not None:
            return np.bincount(cells, weights=self._weighted, minlength=size)
        counts = np.bincount(cells, minlength=size).astype(np.float64)
        if len(self._other):
            counts += np.bincount(cells[self._other], weights=self._extra, minlength=len(counts))
        return counts
