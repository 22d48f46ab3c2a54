"""The filter never forgets a key, and rarely takes a new one for known."""

import numpy as np
import pytest

from isotherm.storage.duckdb.bloom import Bloom


@pytest.mark.parametrize("keys", [1, 1_000, 200_000])
def test_known_keys_are_known_and_others_hardly_ever(keys: int) -> None:
    rng = np.random.default_rng(keys)
    hashes = rng.integers(0, 2**64, 2 * keys, np.uint64)
    known, unknown = hashes[:keys], hashes[keys:]
    bloom = Bloom(keys)
    bloom.add(known)
    assert bloom.may_hold(known).all()
    assert bloom.may_hold(unknown).sum() <= max(1, keys / 5_000)
    assert bloom.count == keys
