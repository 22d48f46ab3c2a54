"""Aggregates in SQL whose values do not depend on the order of rows, which no two stores share.

Between equals, the ids of texts and of sessions decide nothing either: each store counts its own.
"""

import numpy as np

from isotherm.query.counting import Array

HOW_OFTEN = "count(*) AS n, min(time_ms) AS since_ms, min(event) AS least_event"
"""What `most_frequent` reads of the groups it is given."""

_HALF = 1 << 40


def most_frequent(column: str, of: str, rows: str) -> str:
    """Return the query of the most frequent value per `of`; of those equally frequent the earliest.

    `rows` has `HOW_OFTEN` and the columns named; NULL is no value.
    """
    return f"""
SELECT {of}, arg_max({column}, (n, -since_ms, least_event)) AS {column} FROM (
  SELECT {of}, {column}, sum(n) AS n, min(since_ms) AS since_ms, min(least_event) AS least_event
  FROM {rows} GROUP BY ALL
) AS counted_up GROUP BY ALL
"""


def exact_sum(term: str) -> str:
    """Return the sum of numbers to 18 places: every order of adding them gives the same.

    They are added as whole numbers: stores differ in how they round to decimals.
    """
    return f"(sum(floor(({term}) * 1e18 + 0.5)::HUGEINT)::DOUBLE / 1e18)"


def exact_sums(group: Array, values: Array, size: int) -> Array:
    """Return the `exact_sum` of the values of each group, shape (size,)."""
    whole = np.floor(values * 1e18 + 0.5)
    high = np.floor(whole / _HALF)  # 1e18 times some million does not fit into 64 bits
    sums = np.zeros((2, size), np.int64)
    np.add.at(sums[0], group, high.astype(np.int64))
    np.add.at(sums[1], group, (whole - high * _HALF).astype(np.int64))
    pairs = zip(*sums.tolist(), strict=True)
    return np.array([(upper * _HALF + lower) / 1e18 for upper, lower in pairs], np.float64)
