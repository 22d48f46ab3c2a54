"""Counting a page's actions in memory, with the same results as the statements about them.

Rows are numbered by what they were: each different combination of element, name and target. There
are few of those, so what follows from them is worked out for combinations instead of rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from msgspec import Struct

from isotherm.query.context import Ask
from isotherm.query.counting import Array, distinct_per_cell
from isotherm.query.deterministic import exact_sums
from isotherm.query.whole_page import rows_of_page
from isotherm.storage.ports import Columns

_READ = (
    "element", "action_name", "target", "session", "user", "clicks", "weight", "clicks_exact",
    "rage", "dead", "error", "loading_ms", "time_ms", "event",
)  # fmt: skip
SIGNALS: tuple[Literal["rage", "dead", "error"], ...] = ("rage", "dead", "error")
_MOST_BITS = 63
_SPARSE = 4  # values that go up to more than so many times their number are sorted instead


class Combinations(Struct, frozen=True):
    """Each different element, name and target of some actions, and how often there is which."""

    element: Array
    action_name: Array
    target: Array
    n: Array
    since_ms: Array
    until_ms: Array
    least_event: Array

    def most_frequent(self, group: Array, values: Array, *, known: bool = False) -> Array:
        """Return for each group of combinations its most frequent value (`deterministic.py`).

        With `known` 0 is no value, and told only where there is none.
        """
        number, (groups, different) = numbered(group, values)
        n = np.bincount(number, self.n)
        since, least = np.full(len(n), np.inf), np.zeros(len(n), np.uint64)
        np.minimum.at(since, number, self.since_ms)
        least[number] = self.least_event
        np.minimum.at(least, number, self.least_event)
        first = different != 0 if known else np.zeros_like(different)
        order = np.lexsort((least, -since, n, first, groups))
        last = np.flatnonzero(np.diff(groups[order], append=-1))
        found: Array = different[order[last]]
        return found


class PageActions:
    """The actions of a scope; there is at least one."""

    def __init__(self, rows: Columns, ignored: Sequence[int]) -> None:
        """`ignored` are elements whose rage does not count."""
        self.rows = rows
        self.of, (element, action_name, target) = numbered(
            rows["element"], rows["action_name"], rows["target"]
        )
        n = np.bincount(self.of)
        order = by_number(self.of, len(n))
        starts = np.cumsum(n) - n
        times, events = rows["time_ms"][order], rows["event"][order]
        self.combinations = Combinations(
            element=element,
            action_name=action_name,
            target=target,
            n=n,
            since_ms=np.minimum.reduceat(times, starts),
            until_ms=np.maximum.reduceat(times, starts),
            least_event=np.minimum.reduceat(events, starts),
        )
        self.marked = {sign: rows[sign] for sign in SIGNALS}
        if ignored:
            counts = ~np.isin(self.combinations.element, ignored)
            self.marked["rage"] = rows["rage"] & counts[self.of]
        self.weight = rows["weight"].astype(np.float64)
        self.clicks = rows["clicks"] * self.weight

    def targets(self) -> Columns:
        """Return the clicks by element and target of elements that have several targets."""
        known = (self.combinations.element != 0) & (self.combinations.target != 0)
        number, (element, target) = numbered(
            self.combinations.element[known], self.combinations.target[known]
        )
        clicks = np.bincount(self.of, self.rows["clicks"])[known]
        several = np.bincount(element, minlength=1)[element] > 1
        found = {"element": element, "target": target, "clicks": np.bincount(number, clicks)}
        return {name: values[several] for name, values in found.items()}

    def ranked(
        self,
        parts: Mapping[int, int],
        texts: Mapping[int, str],
        names: Mapping[int, str],
        limit: int,
        *,
        by: Literal["element", "action_name"],
    ) -> Columns:
        """Sum up by element and part, or by name, most clicked first.

        `texts` are those of what it is by, `names` those of names.
        """
        different = self.combinations
        name, nothing = different.action_name, np.zeros_like(different.element)
        part = np.array([parts.get(one, 0) for one in different.target.tolist()], np.int64)
        keys = (different.element, np.where(different.element == 0, name, 0), part)
        if by == "action_name":
            keys = (name, nothing, part)
        group, (key, nameless, part) = numbered(*keys)
        columns = self._summed(group, len(key)) | {"key": key, "nameless": nameless, "part": part}
        ranks = [
            (-clicks, -actions, since, *_text(texts, one), *_text(names, other), third, position)
            for position, (clicks, actions, since, one, other, third) in enumerate(
                zip(
                    *(
                        columns[column].tolist()
                        for column in ("clicks", "actions", "first_seen", "key", "nameless", "part")
                    ),
                    strict=True,
                )
            )
        ]
        order = np.array([rank[-1] for rank in sorted(ranks)[:limit]], np.intp)
        whole = {
            "all_clicks": self.clicks.sum(),
            "all_actions": self.weight.sum(),
            "all_exact": self.rows["clicks_exact"].all(),
            "all_even": (self.weight == 1).all(),
            "total": len(key),
        }
        return {column: values[order] for column, values in columns.items()} | {
            column: np.full(len(order), value) for column, value in whole.items()
        }

    def _summed(self, group: Array, size: int) -> Columns:
        """Sum up for groups of combinations."""
        different, of = self.combinations, group[self.of]
        since, until = np.full(size, np.iinfo(np.int64).max), np.zeros(size, np.int64)
        np.minimum.at(since, group, different.since_ms)
        np.maximum.at(until, group, different.until_ms)
        session = self.rows["session"]
        absent = np.zeros(size, np.int64)
        absent[of[session == 0]] = 1  # all actions without one count as one more
        return {
            "clicks": np.bincount(of, self.clicks, size),
            "actions": np.bincount(of, self.weight, size),
            "users": distinct_per_cell(of, self.rows["user"], size),
            "sessions": distinct_per_cell(of, session, size) + absent,
            **{
                sign: np.bincount(of[marked], self.clicks[marked], size)
                for sign, marked in self.marked.items()
            },
            "median_loading_ms": self._medians(of, size),
            "first_seen": since,
            "last_seen": until,
            "action_name": different.most_frequent(group, different.action_name),
            "element": different.most_frequent(group, different.element),
            "target": different.most_frequent(group, different.target, known=True),
        }

    def _medians(self, of: Array, size: int) -> Array:
        reacted = self.reacted()
        of, times = sorted_columns(of[reacted], self.rows["loading_ms"][reacted])
        return _middles(times, np.bincount(of, minlength=size))

    def reacted(self) -> Array:
        """Return the rows with a time to react (`reaction.py`)."""
        return np.flatnonzero((self.rows["clicks"] < 2) & ~np.isnan(self.rows["loading_ms"]))

    def reactions(self, page: int) -> pd.DataFrame:
        """Return the middle time to react by element and session."""
        group, elements = self._elements()
        rows = self.reacted()
        rows = rows[self.rows["session"][rows] != 0]
        times = group[self.of[rows]], self.rows["session"][rows], self.rows["loading_ms"][rows]
        return middles_by_session(page, elements, times, self.weight[rows])

    def signals(self, page: int) -> pd.DataFrame:
        """Return by element the sum over sessions of the share of clicks with each signal.

        All actions must be of sessions. `w` and `w2` are sums of the sessions' weights.
        """
        group, (element, nameless) = self._elements()
        of, session = group[self.of], self.rows["session"]
        order = sorted_rows(of, session)
        starts = _starts(of[order], session[order])
        of, clicks = of[order][starts], self.rows["clicks"][order].astype(np.int64)
        weight = np.maximum.reduceat(self.weight[order], starts)
        every = np.add.reduceat(clicks, starts)
        terms = {"w": weight, "w2": weight * weight}
        for sign, marked in self.marked.items():
            signed = np.add.reduceat(np.where(marked[order], clicks, 0), starts)
            terms[sign] = weight * (signed / every)
        name = self.combinations.most_frequent(group, self.combinations.action_name)
        known = {"page": page, "element": element, "nameless": nameless, "action_name": name}
        return pd.DataFrame(
            known | {what: exact_sums(of, term, len(element)) for what, term in terms.items()}
        )

    def _elements(self) -> tuple[Array, list[Array]]:
        """Return the number of each combination's element, and its key, or name without one."""
        different = self.combinations
        nameless = np.where(different.element == 0, different.action_name, 0)
        return numbered(different.element, nameless)


def middles_by_session(
    page: int, elements: Sequence[Array], times: tuple[Array, Array, Array], weight: Array
) -> pd.DataFrame:
    """Return the middle time by element and session.

    `elements` are their keys, and names without one; `times` say which element's a time is, which
    session's, and how long it is in ms; `weight` is that of the session.
    """
    if len(weight) and weight.min() == weight.max():
        of, session, ms = sorted_columns(*times)
    else:
        order = sorted_rows(*times)
        of, session, ms, weight = (column[order] for column in (*times, weight))
    starts = _starts(of, session)
    element, nameless = (key[of[starts]] for key in elements)
    return pd.DataFrame(
        {
            "page": page,
            "element": element,
            "nameless": nameless,
            "weight": np.maximum.reduceat(weight, starts) if len(starts) else weight,
            "value": _middles(ms, np.diff(starts, append=len(of))),
        }
    )


def _starts(of: Array, session: Array) -> Array:
    """Return where the rows of another element or session begin."""
    new = (np.diff(of, prepend=-1) != 0) | (np.diff(session, prepend=-1) != 0)
    return np.flatnonzero(new)


def actions_of_page(ask: Ask[Any], *, of_sessions: bool = False) -> PageActions | None:
    """Return the actions in scope; None if they are not to be had in memory, or there are none.

    With `of_sessions` those that belong to a session.
    """
    parts = rows_of_page(ask, "actions", _READ, kept=True)
    if parts and of_sessions:
        parts = [_of_sessions(part) for part in parts]
    parts = [part for part in parts or () if len(part["element"])]
    if not parts:
        return None
    rows = parts[0]
    if len(parts) > 1:
        rows = {name: np.concatenate([part[name] for part in parts]) for name in _READ}
    with ask.context.timed("place"):
        return PageActions(rows, ask.conditions.ignored)


def _of_sessions(rows: Columns) -> Columns:
    belong = rows["session"] != 0
    if belong.all():
        return rows
    return {name: column[belong] for name, column in rows.items()}


def numbered(*columns: Array) -> tuple[Array, list[Array]]:
    """Return the number of each row's combination of values (none below 0), and those values.

    The latter are one array per column.
    """
    number, first = _numbered(columns[0])
    found = [first]
    for column in columns[1:]:
        other, values = _numbered(column)
        number, pairs = _numbered(number * len(values) + other)
        before, here = np.divmod(pairs, max(len(values), 1))
        found = [*(one[before] for one in found), values[here]]
    return number, found


def _numbered(values: Array) -> tuple[Array, Array]:
    most = int(values.max(initial=0))
    if most > _SPARSE * len(values) + 1_000_000:
        different, number = np.unique(values, return_inverse=True)
        return number, different
    seen = np.zeros(most + 1, np.bool_)
    seen[values] = True
    return (np.cumsum(seen) - 1)[values], np.flatnonzero(seen)


def sorted_rows(*columns: Array) -> Array:
    """Return the order of rows by some columns of whole numbers (none below 0), first by first."""
    rows = np.arange(len(columns[0]))
    bits = _bits((*columns, rows))
    if sum(bits) > _MOST_BITS:
        return np.lexsort(columns[::-1])
    packed = _packed((*columns, rows), bits)  # sorted with them: a third of the time of argsort
    packed.sort()
    return (packed & ((1 << bits[-1]) - 1)).astype(np.intp)


def sorted_columns(*columns: Array) -> list[Array]:
    """Return columns of whole numbers (none below 0) with their rows in order, first by first.

    That takes a third of the time of finding the order.
    """
    bits = _bits(columns)
    if sum(bits) > _MOST_BITS:
        order = np.lexsort(columns[::-1])
        return [column[order] for column in columns]
    packed, found = _packed(columns, bits), list[Array]()
    packed.sort()
    for room in reversed(bits):
        found.append((packed & ((1 << room) - 1)).astype(np.int64))
        packed >>= room
    return found[::-1]


def _bits(columns: Sequence[Array]) -> list[int]:
    return [int(column.max(initial=0)).bit_length() for column in columns]


def _packed(columns: Sequence[Array], bits: Sequence[int]) -> Array:
    kind = np.uint32 if sum(bits) <= 32 else np.int64  # sorted twice as fast
    packed: Array = np.zeros(len(columns[0]), kind)
    for column, room in zip(columns, bits, strict=True):
        packed = (packed << room) | column.astype(kind)
    return packed


def by_number(numbers: Array, size: int) -> Array:
    """Return the order of numbers below `size`; equal ones stay in theirs."""
    small = numbers.astype(np.uint16) if size <= 1 << 16 else numbers  # sorted in one pass then
    return np.argsort(small, kind="stable")


def _middles(values: Array, counts: Array) -> Array:
    """Return the median of each group of rising values, NaN of none."""
    starts = np.cumsum(counts) - counts
    some = counts > 0
    found = np.full(len(counts), np.nan)
    low, high = starts + (counts - 1) // 2, starts + counts // 2
    found[some] = (values[low[some]].astype(np.float64) + values[high[some]]) / 2
    return found


def _text(texts: Mapping[int, str], number: int) -> tuple[bool, str]:
    """Return what sorts a text, after all others when there is none."""
    return number not in texts or not number, texts.get(number, "")
