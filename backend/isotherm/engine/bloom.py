"""A Bloom filter: says in constant time that a text was never seen, in a few bytes per text.

Blocked kind (Putze, Sanders, Singler 2007): all bits of a key lie in one 64-bit word, so that one
look into memory decides. With 16 bits per key about one unknown key in 200 is taken for known.
"""

from typing import Any, Final

import numpy as np

BITS_PER_KEY: Final = 16
_BITS_SET: Final = 6
_WORD: Final = 64

Hashes = np.ndarray[Any, np.dtype[np.uint64]]


class Bloom:
    """A set of 64-bit hashes that may say yes wrongly, never no."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.count = 0
        self._words: Hashes = np.zeros(max(1, capacity * BITS_PER_KEY // _WORD), np.uint64)

    def add(self, hashes: Hashes) -> None:
        """Remember hashes."""
        places, masks = self._places(hashes)
        np.bitwise_or.at(self._words, places, masks)
        self.count += len(hashes)

    def may_hold(self, hashes: Hashes) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return one flag per hash; False is certain."""
        places, masks = self._places(hashes)
        known: np.ndarray[Any, np.dtype[np.bool_]] = (self._words[places] & masks) == masks
        return known

    def _places(self, hashes: Hashes) -> tuple[Hashes, Hashes]:
        places = (hashes >> np.uint64(36)) % np.uint64(len(self._words))
        masks = np.zeros(len(hashes), np.uint64)
        for bit in range(_BITS_SET):  # six groups of six low bits, each naming one of 64 places
            masks |= np.uint64(1) << ((hashes >> np.uint64(6 * bit)) & np.uint64(_WORD - 1))
        return places, masks
