"""The least that a heat answer has to do: a C loop over the same columns in memory."""

import ctypes
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from isotherm.model import Box
from tests.bench.folders import CELL_PX, WIDTH
from tests.bench.points import Points

_LOOP = r"""
#include <stdint.h>
struct box { float left, top, width, height; };
void count(const int32_t *element, const uint16_t *fx, const uint16_t *fy, const uint16_t *clicks,
           int64_t rows, const struct box *boxes, float cell, int32_t columns, double *cells) {
  for (int64_t i = 0; i < rows; i++) {
    const struct box *b = boxes + element[i];
    int32_t x = (int32_t)((b->left + fx[i] * b->width) / cell);
    int32_t y = (int32_t)((b->top + fy[i] * b->height) / cell);
    cells[y * columns + x] += clicks[i];
  }
}
"""


class Loop:
    """The compiled loop over the busiest page's actions."""

    def __init__(self, folder: Path, points: Points, boxes: Sequence[Box]) -> None:
        """Compile it with the machine's C compiler. Raises RuntimeError when there is none.

        `boxes` are those of the elements by their rank.
        """
        compiler = shutil.which("cc")
        if compiler is None:
            raise RuntimeError("The C loop needs a C compiler (cc)")
        source, library = folder / "loop.c", folder / "loop.so"
        source.write_text(_LOOP, "ascii")
        command = [compiler, "-O3", "-march=native", "-shared", "-fPIC"]
        subprocess.run([*command, str(source), "-o", str(library)], check=True)
        self._count = ctypes.CDLL(str(library)).count
        self._points = points
        self._clicks = points.clicks.astype(np.uint16)
        self._columns = -(-WIDTH // CELL_PX)
        lowest = max(box.top + box.height for box in boxes)
        self._cells = np.zeros(self._columns * int(lowest // CELL_PX + 1))
        scaled = [(b.left, b.top, b.width / 65_535, b.height / 65_535) for b in boxes]
        self._boxes = np.array(scaled, np.float32)

    def run(self) -> np.ndarray[Any, Any]:
        """Place and count all actions; return the clicks per cell."""
        self._cells[:] = 0
        points = self._points
        self._count(
            *map(_pointer, (points.rank, points.fx, points.fy, self._clicks)),
            ctypes.c_int64(len(points.rank)),
            _pointer(self._boxes),
            ctypes.c_float(CELL_PX),
            ctypes.c_int32(self._columns),
            _pointer(self._cells),
        )
        return self._cells


def _pointer(array: np.ndarray[Any, Any]) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)
