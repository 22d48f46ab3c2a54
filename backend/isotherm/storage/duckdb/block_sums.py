"""Sums over any range of rows, of which most are added up already: by blocks of rows."""

from collections.abc import Callable
from typing import Any

import numpy as np
from msgspec import Struct

from isotherm.storage.ports import Columns

Array = np.ndarray[Any, Any]
Add = Callable[[Columns], Array]


class BlockSums(Struct, frozen=True):
    """What `add` says of each block; a page with fewer rows than two blocks has none.

    A block has at least as many rows as there are sums, so that they take 8 bytes a row at most.
    """

    rows: int  # in a block
    at: Array  # positions in what `add` returns that are not 0 everywhere, ascending
    blocks: Array  # shape (blocks, len(at))

    @classmethod
    def of(cls, columns: Columns, add: Add, least_rows: int) -> "BlockSums":
        """Add up all blocks of some rows; how large they are follows from the sums of all."""
        count = min(map(len, columns.values()))
        at = np.flatnonzero(add(columns)) if count >= 2 * least_rows else np.empty(0, np.intp)
        rows = max(least_rows, len(at))
        blocks = np.zeros((count // rows if len(at) else 0, len(at)))
        for number, block in enumerate(blocks):
            sums = add(cut(columns, number * rows, (number + 1) * rows))
            reached = np.searchsorted(at, len(sums))
            block[:reached] = sums[at[:reached]]
        return cls(rows, at, blocks)

    def between(self, low: int, high: int) -> tuple[Array, list[tuple[int, int]]]:
        """Add up the blocks that lie between two rows, shape (len(at),).

        Returns also the ranges of rows that no block covers.
        """
        first, last = -(-low // self.rows), min(high // self.rows, len(self.blocks))
        if first >= last:
            return np.zeros(len(self.at)), [(low, high)]
        ends = [(low, first * self.rows), (last * self.rows, high)]
        return self.blocks[first:last].sum(axis=0), ends


def cut(columns: Columns, low: int, high: int) -> Columns:
    """Return rows `low` to `high` of some columns, as they lie there."""
    return {name: column[low:high] for name, column in columns.items()}
