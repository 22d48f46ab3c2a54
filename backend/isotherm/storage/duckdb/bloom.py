"""A Bloom filter: says in constant time that a text was never seen, in a few bytes per text.

Blocked kind (Putze, Sanders, Singler 2007): the bits of a key lie in two 64-bit words, so that two
looks into memory decide. A wrong yes costs a scan of the texts, so it must be rare: with 24 bits
per key about one unknown key in 20,000 is taken for known.
"""

from typing import Any, Final

import numpy as np

BITS_PER_KEY: Final = 24
_BITS_PER_WORD: Final = 4
_WORD: Final = 64
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio: spreads all bits upwards

Hashes = np.ndarray[Any, np.dtype[np.uint64]]


class Bloom:
    """A set of 64-bit hashes that may say yes wrongly, never no."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.count = 0
        self._words: Hashes = np.zeros(max(1, capacity * BITS_PER_KEY // _WORD), np.uint64)

    def add(self, hashes: Hashes) -> None:
        """Remember hashes."""
        for mixed in (hashes, hashes * _MIX):
            places, masks = self._places(mixed)
            np.bitwise_or.at(self._words, places, masks)
        self.count += len(hashes)

    def may_hold(self, hashes: Hashes) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return one flag per hash; False is certain."""
        held = np.ones(len(hashes), np.bool_)
        for mixed in (hashes, hashes * _MIX):
            places, masks = self._places(mixed)
            held &= (self._words[places] & masks) == masks
        return held

    def _places(self, hashes: Hashes) -> tuple[Hashes, Hashes]:
        places = (hashes >> np.uint64(6 * _BITS_PER_WORD)) % np.uint64(len(self._words))
        masks = np.zeros(len(hashes), np.uint64)
        for bit in range(_BITS_PER_WORD):  # groups of six low bits, each naming one of 64 places
            masks |= np.uint64(1) << ((hashes >> np.uint64(6 * bit)) & np.uint64(_WORD - 1))
        return places, masks
