"""Sums of blocks and of the rows around them are the sums of all rows, whatever the range."""

import random

import numpy as np
import pytest

from isotherm.storage.duckdb.block_sums import Array, BlockSums, cut
from isotherm.storage.ports import Columns


def weights_by_number(columns: Columns) -> Array:
    return np.bincount(columns["number"], weights=columns["weight"]).astype(float)


@pytest.mark.parametrize("numbers", [1, 7, 400])
@pytest.mark.parametrize("seed", range(5))
def test_any_range_of_weighted_rows(seed: int, numbers: int) -> None:
    chance = random.Random(seed)
    count = chance.randint(0, 900)
    columns = {
        "number": np.array([chance.randrange(numbers) for _ in range(count)], np.int32),
        "weight": np.array([chance.choice((1, 100 / 30, 0.1)) for _ in range(count)]),
    }
    made = BlockSums.of(columns, weights_by_number, least_rows=50)
    assert made.blocks.nbytes <= 8 * count
    for _ in range(60):
        low, high = sorted(chance.randint(0, count) for _ in range(2))
        blocks, ends = made.between(low, high)
        found, truth = np.zeros(numbers), np.zeros(numbers)
        found[made.at] += blocks
        for end in ends:
            rest = weights_by_number(cut(columns, *end))
            found[: len(rest)] += rest
        sums = weights_by_number(cut(columns, low, high))
        truth[: len(sums)] += sums
        np.testing.assert_allclose(found, truth, rtol=1e-12, atol=0)
        assert (found == 0).tolist() == (truth == 0).tolist()  # no trace where there is nothing


def test_a_long_page_is_nearly_all_in_blocks() -> None:
    columns = {"number": np.zeros(1_000, np.int32), "weight": np.ones(1_000)}
    made = BlockSums.of(columns, weights_by_number, least_rows=50)
    assert made.blocks.tolist() == [[50.0]] * 20
    assert made.between(25, 990)[1] == [(25, 50), (950, 990)]
