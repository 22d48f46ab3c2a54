// Heat onto a canvas: one tile of the page at a time, as density or as single points.

import { firstAt, type Cells } from './cells';
import { colourAt, cssColour, lookupTable, STEPS, type PaletteName } from './palette';
import { pixelsOf, sizeOf, type Inks, type TileWindow } from './pixels';
import type { Scale } from './scale';

/** What painting needs of a canvas context; tests record the calls. */
export type Surface = Pick<
  CanvasRenderingContext2D,
  | 'clearRect'
  | 'putImageData'
  | 'beginPath'
  | 'arc'
  | 'fill'
  | 'stroke'
  | 'fillText'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
>;

export interface HeatStyle {
  palette: PaletteName;
  /** 0..1 */
  opacity: number;
  /** Reach of a click in page px. */
  radius: number;
}

/** With fewer placed clicks than this, a click is drawn as a point of its own. */
export const FEW_CLICKS = 30;

export const drawsPoints = (cells: Cells): boolean => cells.total < FEW_CLICKS;

/** Heights at which a page of `height` page px is cut into tiles of at most `tileHeight`. */
export function tilesOf(height: number, tileHeight: number): Array<{ top: number; height: number }> {
  const count = Math.max(1, Math.ceil(height / tileHeight));
  return Array.from({ length: count }, (_, i) => ({
    top: i * tileHeight,
    height: Math.min(tileHeight, height - i * tileHeight),
  }));
}

const INKS = 4096;
const known = new WeakMap<Scale, { look: string; inks: Inks }>();

/** The colours that a scale gives, as pixels. */
export function inksOf(scale: Scale, { palette, opacity }: Pick<HeatStyle, 'palette' | 'opacity'>): Inks {
  const look = `${palette} ${opacity}`;
  const before = known.get(scale);
  if (before?.look === look) {
    return before.inks;
  }
  const colours = new Uint32Array(lookupTable(palette, opacity).buffer);
  const table = new Uint32Array(INKS);
  for (let i = 1; i < INKS; i++) {
    table[i] = colours[Math.round(scale(scale.max * (i / (INKS - 1)) ** 2) * (STEPS - 1))];
  }
  const inks = { table, max: scale.max };
  known.set(scale, { look, inks });
  return inks;
}

/** Paint the density of one tile. Returns false, leaving the tile clear, when no click reaches it. */
export function paintHeat(surface: Surface, cells: Cells, tile: TileWindow, scale: Scale, style: HeatStyle): boolean {
  const { width, height } = sizeOf(tile);
  const pixels = pixelsOf(cells, tile, style.radius, inksOf(scale, style));
  surface.clearRect(0, 0, width, height);
  if (!pixels) {
    return false;
  }
  putPixels(surface, pixels, width, height);
  return true;
}

export function putPixels(surface: Surface, pixels: Uint32Array<ArrayBuffer>, width: number, height: number): void {
  surface.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width, height), 0, 0);
}

/** Radius of a point in css px: area grows with the number of clicks. */
const pointRadius = (value: number): number => Math.min(16, 6 + 2.5 * Math.sqrt(Math.max(0, value - 1)));

/** Paint each cell of one tile as a point, with its number when it is more than one. `pixel` = canvas pixels per css px. */
export function paintPoints(surface: Surface, cells: Cells, tile: TileWindow, style: HeatStyle, pixel: number): number {
  const margin = (20 * pixel) / tile.scale;
  surface.clearRect(0, 0, Math.round(tile.width * tile.scale), Math.round(tile.height * tile.scale));
  const begin = firstAt(cells, tile.top - margin);
  const end = firstAt(cells, tile.top + tile.height + margin);
  const max = cells.value.reduce((most, value) => Math.max(most, value), 1);
  for (let i = begin; i < end; i++) {
    const value = cells.value[i];
    const x = (cells.x[i] - tile.left) * tile.scale;
    const y = (cells.y[i] - tile.top) * tile.scale;
    surface.beginPath();
    surface.arc(x, y, pointRadius(value) * pixel, 0, 2 * Math.PI);
    surface.fillStyle = cssColour(colourAt(style.palette, 0.55 + 0.2 * (value / max)), Math.max(0.75, style.opacity));
    surface.fill();
    surface.lineWidth = 2 * pixel;
    surface.strokeStyle = '#ffffff';
    surface.stroke();
    if (value > 1) {
      surface.fillStyle = '#ffffff';
      surface.font = `600 ${Math.round(11 * pixel)}px sans-serif`;
      surface.textAlign = 'center';
      surface.textBaseline = 'middle';
      surface.fillText(String(Math.round(value)), x, y);
    }
  }
  return end - begin;
}
