// What is under the pointer: the clicks of that spot, and the element they belong to.

import { sumAround, type Cells } from './cells';
import { contains, type PageBox, type PageX, type PageY } from './geometry';

export interface Spot<E> {
  x: PageX;
  y: PageY;
  /** Clicks (or the metric drawn) within reach of the pointer. */
  value: number;
  /** Of everything in scope, 0..1; null when nothing is in scope. */
  share: number | null;
  /** The innermost element with clicks under the pointer, else the nearest whose clicks are counted there. */
  element: E | null;
}

/** The smallest of the boxes around a point: what a person means by pointing at it. */
export function elementAt<E extends { box: PageBox | null }>(elements: readonly E[], x: PageX, y: PageY): E | null {
  let best: E | null = null;
  let area = Infinity;
  for (const element of elements) {
    if (element.box && contains(element.box, x, y)) {
      const size = element.box.width * element.box.height;
      if (size < area) {
        best = element;
        area = size;
      }
    }
  }
  return best;
}

/** The nearest box within reach of a point: what a person means by pointing at the edge of its heat. */
function elementNear<E extends { box: PageBox | null }>(elements: readonly E[], x: PageX, y: PageY, reach: number) {
  let best: E | null = null;
  let least = reach;
  for (const element of elements) {
    const { box } = element;
    const away = box
      ? Math.hypot(
          Math.max(box.left - x, 0, x - box.left - box.width),
          Math.max(box.top - y, 0, y - box.top - box.height)
        )
      : Infinity;
    if (away < least) {
      best = element;
      least = away;
    }
  }
  return best;
}

/** The spot at a point. `total` = everything in scope, also what cannot be placed: the denominator of shares. */
export function spotAt<E extends { box: PageBox | null }>(
  cells: Cells,
  elements: readonly E[],
  at: { x: PageX; y: PageY },
  radius: number,
  total: number
): Spot<E> {
  const value = sumAround(cells, at.x, at.y, radius);
  const near = () => (value > 0 ? elementNear(elements, at.x, at.y, radius) : null);
  return {
    ...at,
    value,
    share: total > 0 ? value / total : null,
    element: elementAt(elements, at.x, at.y) ?? near(),
  };
}
