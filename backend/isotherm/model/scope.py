"""The scope of a question: an application's pages, a time range, filters, a width band."""

from enum import StrEnum
from typing import Final, Literal

from msgspec import Struct

Metric = Literal["clicks", "users", "sessions"]
Device = Literal["desktop", "tablet", "mobile", ""]
Operator = Literal["=", "!=", "=~", "!~", "in", "not in", "<", "<=", ">", ">="]
"""How a filter compares; `query/filters.py` gives each its condition."""

PATTERN_OPERATORS: Final = frozenset[Operator]({"=~", "!~"})
"""Those whose value is a pattern."""


class Signal(StrEnum):
    """What singles an action out: frustration, or being the first or last click of its view."""

    RAGE = "rage"
    DEAD = "dead"
    ERROR = "error"
    FIRST = "first"
    LAST = "last"


class Filter(Struct, frozen=True):
    """One condition on a facet. `in` takes several values, the others one."""

    key: str
    operator: Operator
    values: tuple[str, ...]


class Scope(Struct, frozen=True, kw_only=True):
    """What a question is asked of. The time range is [from_ms, to_ms)."""

    application: str
    from_ms: int
    to_ms: int
    pages: tuple[str, ...] = ()  # () = all pages
    filters: tuple[Filter, ...] = ()
    width_min: int | None = None  # viewport css px, both ends included
    width_max: int | None = None
    signal: Signal | None = None
    metric: Metric = "clicks"
