// The clicks to draw: cells of the background with a value each, found fast by height.

import { contains, pageX, pageY, type PageBox, type PageX, type PageY } from './geometry';

export interface Cells {
  /** Centres in page px, sorted by y. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly value: Float64Array;
  /** Side of a cell in page px. */
  readonly cellPx: number;
  readonly total: number;
}

/** Cells from their corners. Copies; the input may be in any order. */
export function cellsOf(corners: {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  value: ArrayLike<number>;
  cellPx: number;
}): Cells {
  const count = corners.x.length;
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => corners.y[a] - corners.y[b]);
  const half = corners.cellPx / 2;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const value = new Float64Array(count);
  let total = 0;
  order.forEach((from, to) => {
    x[to] = corners.x[from] + half;
    y[to] = corners.y[from] + half;
    value[to] = corners.value[from];
    total += corners.value[from];
  });
  return { x, y, value, cellPx: corners.cellPx, total };
}

/** Index of the first cell at or below `top`. */
export function firstAt(cells: Cells, top: number): number {
  let low = 0;
  let high = cells.y.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cells.y[middle] < top) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Sum of the values whose centre lies within `radius` page px of a point. */
export function sumAround(cells: Cells, x: PageX, y: PageY, radius: number): number {
  let sum = 0;
  for (let i = firstAt(cells, y - radius); i < cells.y.length && cells.y[i] <= y + radius; i++) {
    const dx = cells.x[i] - x;
    const dy = cells.y[i] - y;
    if (dx * dx + dy * dy <= radius * radius) {
      sum += cells.value[i];
    }
  }
  return sum;
}

/** Sum of the values whose centre lies in a box. */
export function sumInside(cells: Cells, box: PageBox): number {
  let sum = 0;
  for (let i = firstAt(cells, box.top); i < cells.y.length && cells.y[i] < box.top + box.height; i++) {
    if (contains(box, pageX(cells.x[i]), pageY(cells.y[i]))) {
      sum += cells.value[i];
    }
  }
  return sum;
}

/** Whether a cell lies between two heights of the page. */
export function isAnyBetween(cells: Cells, top: number, bottom: number): boolean {
  const first = firstAt(cells, top);
  return first < cells.y.length && cells.y[first] < bottom;
}

/** The cell with the largest value, around which most clicks lie, between two heights; null without cells there. */
export function hottest(cells: Cells, top = 0, bottom = Infinity): PageBox | null {
  let best = -1;
  for (let i = firstAt(cells, top); i < cells.value.length && cells.y[i] < bottom; i++) {
    if (best < 0 || cells.value[i] > cells.value[best]) {
      best = i;
    }
  }
  if (best < 0) {
    return null;
  }
  const half = cells.cellPx / 2;
  return {
    left: pageX(cells.x[best] - half),
    top: pageY(cells.y[best] - half),
    width: cells.cellPx,
    height: cells.cellPx,
  };
}
