"""The conditions of a scope as tests of rows in memory, where that needs no statement."""

import operator
from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct

from isotherm.query.counting import Array
from isotherm.storage.ports import Columns, Computed

_COMPARE: dict[str, Callable[[Array, float], Array]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class RowTest(Struct, frozen=True):
    """A condition on one column that is never NULL."""

    column: str
    condition: str  # the condition in ids and numbers: it stays true of a row for good
    passes: Callable[[Array], Array]

    @classmethod
    def one_of(cls, column: str, values: Sequence[float]) -> "RowTest":
        """Select rows with one of these values."""
        known = sorted(set(values))
        if len(known) == 1:
            return cls(column, f"{column} = {known[0]}", lambda rows: rows == known[0])
        return cls(column, f"{column} in {known}", lambda rows: np.isin(rows, known))

    @classmethod
    def compared(cls, column: str, how: str, value: float) -> "RowTest":
        """Select rows by comparison with a number; 0 means unknown and never passes."""
        compare = _COMPARE[how]
        condition = f"{column} > 0 and {column} {how} {value}"
        return cls(column, condition, lambda rows: (rows > 0) & compare(rows, value))

    @classmethod
    def true(cls, column: str) -> "RowTest":
        """Select rows with a flag."""
        return cls(column, column, lambda rows: rows)

    def negated(self) -> "RowTest":
        """Select the other rows."""
        return RowTest(self.column, f"not ({self.condition})", lambda rows: ~self.passes(rows))


def all_passed(tests: Sequence[RowTest]) -> Computed | None:
    """Describe the column of whether a row passes all tests; None without any."""
    if not tests:
        return None

    def compute(columns: Columns) -> Array:
        passed: Array = tests[0].passes(columns[tests[0].column])
        for test in tests[1:]:
            passed = passed & test.passes(columns[test.column])
        return passed

    needs = tuple(dict.fromkeys(test.column for test in tests))
    return Computed(" and ".join(sorted(test.condition for test in tests)), needs, compute)
