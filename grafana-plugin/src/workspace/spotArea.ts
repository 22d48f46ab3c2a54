// The part of the page that a spot stands for.

import type { Area } from '../contract/query';

/** The square around a spot, as far as it lies on the page. */
export function areaAround(
  { x, y }: { x: number; y: number },
  radius: number,
  page: { width: number; height: number }
): Area {
  const [left, top] = [Math.max(0, Math.round(x - radius)), Math.max(0, Math.round(y - radius))];
  return {
    left,
    top,
    width: Math.max(1, Math.min(page.width, Math.round(x + radius)) - left),
    height: Math.max(1, Math.min(page.height, Math.round(y + radius)) - top),
  };
}
