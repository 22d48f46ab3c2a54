// Density to coloured pixels: what a worker does for each tile, so it needs no canvas and knows no palette.

import type { Cells } from './cells';
import { densityWindow } from './density';

/** A piece of the page in page px, and how many canvas pixels a page px takes. */
export interface TileWindow {
  left: number;
  top: number;
  width: number;
  height: number;
  scale: number;
}

/** The colours of a page's densities. */
export interface Inks {
  /** A pixel's bytes, by the square root of its share of `max`: the weak ones differ by few units. */
  table: Uint32Array;
  /** The density of the last one. */
  max: number;
}

/** RGBA of one tile, row by row, in `into` where that is as large; null = no click reaches it. */
export function pixelsOf(
  cells: Cells,
  tile: TileWindow,
  radius: number,
  { table, max }: Inks,
  into?: Uint32Array<ArrayBuffer>
): Uint32Array<ArrayBuffer> | null {
  const density = densityWindow(cells, { ...tile, radius });
  if (!density.any) {
    return null;
  }
  const { data } = density;
  const pixels = into?.length === data.length ? into.fill(0) : new Uint32Array(data.length);
  const last = table.length - 1;
  const share = max > 0 ? 1 / max : 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] > 0) {
      pixels[i] = table[Math.min(last, Math.round(Math.sqrt(data[i] * share) * last))];
    }
  }
  return pixels;
}

/** Canvas pixels of a tile. */
export const sizeOf = (tile: TileWindow): { width: number; height: number } => ({
  width: Math.max(1, Math.round(tile.width * tile.scale)),
  height: Math.max(1, Math.round(tile.height * tile.scale)),
});
