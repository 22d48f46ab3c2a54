"""Counting: exact numbers, compared with plain Python over the same rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isotherm.query.counting import Tally, added, distinct, distinct_per_cell
from isotherm.query.measures import MEASURES, Measure

IDS = st.lists(st.integers(0, 40), max_size=30)
ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6)), max_size=60)
LARGE = 1 << 28


@given(parts=st.lists(IDS, min_size=1, max_size=3))
@settings(max_examples=60)
def test_different_ids_are_counted_once_over_all_parts(parts: list[list[int]]) -> None:
    arrays = [np.array(ids, np.int32) for ids in parts]
    assert distinct(*arrays) == len({one for ids in parts for one in ids if one})


@pytest.mark.parametrize("first", [0, 7])
@pytest.mark.parametrize("largest", [LARGE - 1, LARGE, LARGE + 5])
def test_ids_beyond_the_bitmap_are_counted_alike(largest: int, first: int) -> None:
    ids = np.array([first, 7, largest, largest], np.int64)
    assert distinct(ids, np.array([largest, 3], np.int64)) == 3


def test_nothing_has_no_ids() -> None:
    assert distinct(np.empty(0, np.int32)) == 0
    assert distinct() == 0
    assert distinct(np.zeros(3, np.int32)) == 0


@given(rows=ROWS)
@settings(max_examples=60)
def test_ids_are_counted_once_in_each_cell(rows: list[tuple[int, int]]) -> None:
    cells = np.array([cell for cell, _ in rows], np.int32)
    ids = np.array([one for _, one in rows], np.int32)
    expected = [len({one for cell, one in rows if cell == number and one}) for number in range(12)]
    assert distinct_per_cell(cells, ids, 12).tolist() == expected


@given(rows=ROWS)
@settings(max_examples=30)
def test_ids_that_are_hashes_are_counted_alike(rows: list[tuple[int, int]]) -> None:
    """As ClickHouse numbers texts: by eight bytes, of which the upper ones tell them apart."""
    cells = np.array([cell for cell, _ in rows], np.int32)
    ids = np.array([one << 60 for _, one in rows], np.int64)
    expected = [len({one for cell, one in rows if cell == number and one}) for number in range(12)]
    assert distinct_per_cell(cells, ids, 12).tolist() == expected


def test_large_cells_and_ids_do_not_run_into_each_other() -> None:
    cells = np.array([1, 1, 2], np.int32)
    ids = np.array([2**31 - 1, 1, 2**31 - 1], np.int32)
    assert distinct_per_cell(cells, ids, 3).tolist() == [0, 2, 1]


def test_sums_of_different_lengths_are_added() -> None:
    sums = [np.array([1.0, 2.0, 3.0]), np.array([10.0]), np.array([100.0, 200.0])]
    assert added(sums).tolist() == [111.0, 202.0, 3.0]
    assert added([]).tolist() == []


@given(
    rows=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 7)), max_size=40),
    weighted=st.booleans(),
)
@settings(max_examples=80)
def test_clicks_are_added_up_by_cell(rows: list[tuple[int, int]], *, weighted: bool) -> None:
    cells = np.array([cell for cell, _ in rows], np.int32)
    clicks = np.array([count for _, count in rows], np.uint16)
    weights = [1.25 if number % 3 else 4.0 for number in range(len(rows))]
    factors = weights if weighted else [1.0] * len(rows)
    tally = Tally(clicks, np.array(weights, np.float32) if weighted else None)
    expected = [
        sum(
            count * factor for (cell, count), factor in zip(rows, factors, strict=True) if cell == n
        )
        for n in range(8)
    ]
    found = tally.per_cell(cells, 8)
    assert found.dtype == np.float64 or not rows
    assert found.tolist() == expected


def test_cells_beyond_the_size_are_there_too() -> None:
    tally = Tally(np.array([3, 1], np.uint16))
    assert tally.per_cell(np.array([5, 0]), 2).tolist() == [1, 0, 0, 0, 0, 3]


def test_a_weight_of_single_precision_is_multiplied_exactly() -> None:
    """65,535 clicks of weight 100.5 do not fit into a float of 32 bits."""
    tally = Tally(np.array([65_535], np.uint16), np.array([100.5], np.float32))
    assert tally.per_cell(np.array([0]), 1).tolist() == [65_535 * 100.5]


@pytest.mark.parametrize(("name", "one"), MEASURES.items())
def test_ratios_have_the_unit_of_a_ratio(name: str, one: Measure) -> None:
    ratio = name.endswith("_ratio")
    assert (one.unit == "percentunit") is ratio
    assert bool(one.over) is (ratio or name == "page_time")
    assert one.doc
    if one.table == "actions":
        assert one.by_element == one.value, "can be split by element"
