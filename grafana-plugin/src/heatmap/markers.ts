// Numbered markers on the top elements: at the top left corner, stepping aside when another is there.

import type { ScreenBox } from './geometry';

export interface Marker {
  rank: number;
  /** Centre of the circle, screen px. */
  x: number;
  y: number;
  /** The corner it belongs to; a leader line is drawn when it had to step aside. */
  anchorX: number;
  anchorY: number;
  aside: boolean;
}

const DIRECTIONS = 12;
const RINGS = 8;

/** Places to try around a corner, nearest first; the first is the corner itself. */
function* candidates(x: number, y: number, step: number): Generator<[number, number]> {
  yield [x, y];
  for (let ring = 1; ring <= RINGS; ring++) {
    for (let i = 0; i < DIRECTIONS; i++) {
      const angle = -Math.PI / 2 + ((i % 2 ? -1 : 1) * Math.ceil(i / 2) * 2 * Math.PI) / DIRECTIONS;
      yield [x + Math.cos(angle) * ring * step, y + Math.sin(angle) * ring * step];
    }
  }
}

/** Place markers of a diameter on boxes, in order of rank: none over another or over what is to be read, all inside the map. */
export function placeMarkers(
  boxes: ReadonlyArray<{ rank: number; box: ScreenBox }>,
  map: { width: number; height: number },
  diameter: number,
  legible: readonly ScreenBox[] = []
): Marker[] {
  const placed: Marker[] = [];
  const half = diameter / 2;
  const inside = (x: number, y: number) => x >= half && y >= half && x <= map.width - half && y <= map.height - half;
  const apart = (x: number, y: number) => placed.every((other) => Math.hypot(other.x - x, other.y - y) >= diameter + 2);
  const beside = (x: number, y: number) =>
    legible.every(
      ({ left, top, width, height }) =>
        x + half < left || x - half > left + width || y + half < top || y - half > top + height
    );
  const free = (x: number, y: number) => apart(x, y) && beside(x, y);
  for (const { rank, box } of [...boxes].sort((a, b) => a.rank - b.rank)) {
    const anchorX = Math.max(half, Math.min(map.width - half, box.left));
    const anchorY = Math.max(half, Math.min(map.height - half, box.top));
    let spot: [number, number] = [anchorX, anchorY];
    for (const candidate of candidates(anchorX, anchorY, diameter * 0.9)) {
      if (inside(...candidate) && free(...candidate)) {
        spot = candidate;
        break;
      }
    }
    const [x, y] = spot;
    placed.push({ rank, x, y, anchorX: box.left, anchorY: box.top, aside: x !== anchorX || y !== anchorY });
  }
  return placed;
}
