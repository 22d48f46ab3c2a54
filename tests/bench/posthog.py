"""The peer: PostHog's heatmap table and the shape of its statement, on ClickHouse's engine (chDB).

Written after the published design, in our own words: one row per click, positions and window
sizes divided by 16 in Int16, sorted by kind, team, day, address and window width; an answer groups
by whether the target is fixed, the share of the window's width to two decimals, and the height.
"""

from pathlib import Path
from typing import Any

from chdb.session import Session

from tests.bench.folders import PAGE
from tests.bench.generate import DAY_MS, Traffic

SCALE = 16

_TABLE = """
CREATE TABLE heatmaps (
  session_id String, team_id Int64, distinct_id String, timestamp DateTime64(3, 'UTC'),
  x Int16, y Int16, scale_factor Int16, viewport_width Int16, viewport_height Int16,
  pointer_target_fixed Bool, current_url String, type LowCardinality(String)
) ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp)
ORDER BY (type, team_id, toDate(timestamp), current_url, viewport_width)
"""
_LOAD = """
INSERT INTO heatmaps
SELECT toString(session), 1, toString(person), fromUnixTimestamp64Milli(time_ms, 'UTC'),
  toInt16(round(x / {scale})), toInt16(round(y / {scale})), {scale},
  toInt16(round(viewport_w / {scale})), toInt16(round(viewport_h / {scale})), false, page, 'click'
FROM file('{parquet}', Parquet)
"""
_STATEMENT = """
SELECT pointer_target_fixed, round(x / viewport_width, 2) AS share_of_width,
  y * scale_factor AS page_y, count() AS clicks
FROM heatmaps
WHERE type = 'click' AND team_id = 1 AND current_url = '{page}'
  AND timestamp >= fromUnixTimestamp64Milli({start}, 'UTC')
  AND timestamp < fromUnixTimestamp64Milli({end}, 'UTC')
GROUP BY pointer_target_fixed, share_of_width, page_y
"""


class PostHog:
    """The table with all points in it."""

    def __init__(self, folder: Path, parquet: Path, traffic: Traffic) -> None:
        """Load and merge; the table lies in `folder`."""
        self._session = _opened(folder)
        self._session.query("CREATE DATABASE bench ENGINE = Atomic")
        self._session.query("USE bench")
        self._session.query(_TABLE)
        self._session.query(_LOAD.format(scale=SCALE, parquet=parquet))
        self._session.query("OPTIMIZE TABLE heatmaps FINAL")
        end = traffic.start_ms + (traffic.days + 2) * DAY_MS
        self._statement = _STATEMENT.format(page=PAGE, start=traffic.start_ms, end=end)

    def answer(self) -> None:
        """Run the statement; the engine's own binary format is its quickest."""
        self._session.query(self._statement, "Native")

    def actions(self) -> int:
        """Return how many rows the statement counts in all."""
        total = self._session.query(f"SELECT sum(clicks) FROM ({self._statement})", "CSV")
        return int(str(total))

    def close(self) -> None:
        """Close the table."""
        self._session.close()


def _opened(folder: Path) -> Any:
    return Session(str(folder))  # type: ignore[no-untyped-call]  # chDB ships no types
