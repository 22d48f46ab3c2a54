"""Takes the stored actions out as plain points, and counts the busiest page's with NumPy."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from isotherm.app.stores import ENGINE_FILE
from tests.bench.folders import CELL_PX, PAGE, WIDTH

Array = np.ndarray[Any, Any]

_POINTS = """
COPY (
  WITH named AS (
    SELECT id, regexp_extract(text, 'p(\\d+)>', 1)::INTEGER AS page_number,
      regexp_extract(text, 'type.(\\d+)', 1)::INTEGER AS rank FROM term_element
  ), box AS (
    SELECT id, rank, rank * 40 AS top, page_number * {elements} + rank AS number,
      number * 71 % 1200 AS "left", 24 + number * 37 % 300 AS width,
      20 + number * 13 % 60 AS height FROM named
  )
  SELECT a.time_ms, page.text AS page, a.session, a."user" AS person, a.viewport_w, a.viewport_h,
    a.clicks, (box."left" + a.fx * box.width / 65535)::FLOAT AS x,
    (box.top + a.fy * box.height / 65535)::FLOAT AS y,
    box.rank, a.fx, a.fy
  FROM actions a JOIN term_page page ON page.id = a.page JOIN box ON box.id = a.element
) TO '{to}' (FORMAT parquet)
"""


def write_points(folder: Path, to: Path, elements: int) -> None:
    """Write every action of a folder that no server has open as a point in page px (Parquet)."""
    with duckdb.connect(str(folder / ENGINE_FILE), read_only=True) as connection:
        connection.execute(_POINTS.format(elements=elements, to=to))


@dataclass(frozen=True)
class Points:
    """The busiest page's actions in memory: px and clicks, one entry each."""

    x: Array  # float32
    y: Array  # float32
    clicks: Array  # float64, as bincount takes its weights
    rank: Array  # int32; of the element on the page
    fx: Array  # uint16
    fy: Array

    @classmethod
    def read(cls, parquet: Path) -> "Points":
        """Read them out of the file of all points."""
        asked = f"SELECT x, y, clicks, rank, fx, fy FROM '{parquet}' WHERE page = $page"
        with duckdb.connect() as connection:
            columns: dict[str, Any] = connection.execute(asked, {"page": PAGE}).fetchnumpy()
        return cls(
            columns["x"],
            columns["y"],
            columns["clicks"].astype(np.float64),
            *(np.ascontiguousarray(columns[name]) for name in ("rank", "fx", "fy")),
        )

    def histogram(self) -> Array:
        """Count clicks per cell of the picture: the least that a heat answer has to do."""
        columns = -(-WIDTH // CELL_PX)
        cells = self.y.astype(np.int32) // CELL_PX * columns + self.x.astype(np.int32) // CELL_PX
        return np.bincount(cells, weights=self.clicks)
