"""What InfluxDB has per hour, cheaply: numbers of points and the sum of their checksums."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from isotherm.storage.influxdb.client import InfluxClient, identifier
from isotherm.storage.influxdb.line_protocol import NS_PER_MS
from isotherm.storage.influxdb.schema import LIVE, STAMP
from isotherm.storage.influxdb.source import Source

FIRST_MS: Final = 0
LAST_MS: Final = 4_102_444_800_000  # 2100: a clock beyond is wrong, its events stay unread


class Counts(Struct, frozen=True):
    """One measurement in one hour."""

    points: tuple[int, ...]  # per counted field of the source
    live: int = 0
    stamp: int = 0

    @property
    def most(self) -> int:
        """The least number of points that a whole answer has."""
        return max(self.points, default=0)


def count_hours(
    client: InfluxClient, source: Source, from_ms: int = FIRST_MS, to_ms: int = LAST_MS
) -> Mapping[int, Counts]:
    """Return the counts by hour (epoch ms) of [from, to); hours without points are left out.

    Raises JournalError.
    """
    asked = [f"count({identifier(name)})" for name in source.counted]
    if source.own:
        asked += [f"sum({LIVE})", f"sum({STAMP})"]
    statement = (
        f"SELECT {', '.join(asked)} FROM {source.address} "
        f"WHERE time >= {from_ms * NS_PER_MS} AND time < {to_ms * NS_PER_MS} "
        "GROUP BY time(1h) fill(none)"
    )
    fields = len(source.counted)
    found = {}
    for series in client.ask(statement):
        for hour, *values in series["values"]:
            numbers = [int(value or 0) for value in values]
            counts = Counts(tuple(numbers[:fields]), *numbers[fields:])
            if counts.most:
                found[int(hour)] = counts
    return found
