"""Hours that are read together: of one table and one week, as many as make one good request."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from isotherm.storage.influxdb.counts import Counts
from isotherm.storage.influxdb.ledger import Key
from isotherm.storage.influxdb.read import HOUR_MS

_POINTS: Final = 125_000
_WEEK_MS: Final = 7 * 24 * HOUR_MS
_MONDAY_MS: Final = 4 * 24 * HOUR_MS
"""InfluxDB keeps a week in one shard, from Monday to Monday, if the retention is long. A statement
costs it the more, whatever it returns, the more series and shards it touches (measured: a month in
weeks takes a third less of its time than in days)."""


class Group(Struct, frozen=True):
    """Hours of one table, newest first."""

    table: str
    hours: tuple[int, ...]
    hot: bool  # may be written right now

    @property
    def from_ms(self) -> int:
        """The start of the oldest hour."""
        return self.hours[-1]

    @property
    def to_ms(self) -> int:
        """The end of the newest hour."""
        return self.hours[0] + HOUR_MS

    @property
    def keys(self) -> list[Key]:
        """Return the hours with their table."""
        return [(self.table, hour) for hour in self.hours]


def grouped(
    due: Iterable[Key],
    journal: Mapping[Key, Mapping[str, Counts]],
    untouchable: Collection[Key],
    is_hot: Callable[[int], bool],
) -> Iterator[Group]:
    """Yield groups of due hours, newest first.

    No untouchable hour of the table lies within a group, and a group has about 125,000 points at
    most unless a single hour has more. Hot hours stay alone.
    """
    groups: list[Group] = []
    walls: dict[str, set[int]] = {}
    for table, hour in untouchable:
        walls.setdefault(table, set()).add(hour)
    for table in {table for table, _ in due}:
        hours = sorted((hour for name, hour in due if name == table), reverse=True)
        groups += _of_table(table, hours, journal, walls.get(table, set()), is_hot)
    yield from sorted(groups, key=lambda group: (-group.hours[0], group.table))


def _of_table(
    table: str,
    hours: list[int],
    journal: Mapping[Key, Mapping[str, Counts]],
    walls: set[int],
    is_hot: Callable[[int], bool],
) -> Iterator[Group]:
    taken: list[int] = []
    points = 0
    was_hot = False
    for hour in hours:
        more = sum(counts.most for counts in journal.get((table, hour), {}).values())
        hot = is_hot(hour)
        if taken and (
            hot
            or was_hot
            or points + more > _POINTS
            or _week(taken[0]) != _week(hour)
            or any(between in walls for between in range(hour + HOUR_MS, taken[-1], HOUR_MS))
        ):
            yield Group(table, tuple(taken), hot=was_hot)
            taken, points = [], 0
        was_hot = hot
        taken.append(hour)
        points += more
    if taken:
        yield Group(table, tuple(taken), hot=was_hot)


def _week(hour: int) -> int:
    return (hour - _MONDAY_MS) // _WEEK_MS
