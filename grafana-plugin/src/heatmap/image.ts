// A map as one picture: the page, what is drawn on it, a line above that says what it is, and the legend below.

import { cellsOf, type Cells } from './cells';
import { drawsPoints, paintHeat, paintPoints, type HeatStyle } from './paint';
import { colourAt, cssColour, type PaletteName } from './palette';
import type { Scale } from './scale';
import type { Band } from './scrollmap';
import { pictureFilter } from './tone';

/** Browsers refuse canvases that are longer; more pixels take more memory than a tab has. */
const MAX_SIDE = 32_000;
const MAX_PIXELS = 60e6;
/** A browser that gives no picture of a size, as those of phones, is asked for a smaller one this many times. */
const TRIES = 3;
/** Of the smaller format. */
const QUALITY = 0.88;
const TILE = 512;
const MARGIN = 24;
const LINE = 22;
const FONT = '14px sans-serif';
const SMALL_FONT = '11px sans-serif';
const MARKER = 14;
/** Height of the legend's numbers. */
const TICKS = 16;

export interface Strip {
  top: number;
  height: number;
  url: string;
}

export interface Marked {
  rank: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What is drawn on the page; absent parts are left out. Sizes in page px. */
export interface MapImage {
  page: { width: number; height: number };
  strips: readonly Strip[];
  /** How strong the picture stays, 0..1. */
  strength?: number;
  heat?: { x: ArrayLike<number>; y: ArrayLike<number>; value: ArrayLike<number>; cellPx: number; scale: Scale };
  bands?: readonly Band[];
  marked?: readonly Marked[];
  fold?: { px: number; words: string };
  style: HeatStyle;
  lines: readonly string[];
  /** What is said where the picture is smaller than the page, by its share of the size. */
  scaled?: (share: number) => string;
  /** In a format that takes less room, and loses a little. */
  small?: boolean;
  legend?: { from: string; to: string; palette: PaletteName; ticks?: ReadonlyArray<{ at: number; words: string }> };
}

/** The scale that a picture of this size fits into a canvas at. */
export const fittingScale = (width: number, height: number): number =>
  Math.min(1, MAX_SIDE / height, MAX_SIDE / width, Math.sqrt(MAX_PIXELS / (height * width)));

/** Draw the map as a picture. Rejects when a strip cannot be loaded or the browser gives no picture of any size. */
export async function mapImage(map: MapImage): Promise<Blob> {
  const full = map.page.height + MARGIN * 2 + LINE * (map.lines.length + 2) + TICKS;
  const fitting = fittingScale(map.page.width, full);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const scale = fitting / 2 ** attempt;
    const lines = scale < 1 && map.scaled && map.lines.length ? [...map.lines, map.scaled(scale)] : map.lines;
    const blob = await drawn({ ...map, lines }, scale);
    if (blob) {
      return blob;
    }
  }
  throw new Error('no picture');
}

/** Null when the browser gives no picture of this size. */
async function drawn(map: MapImage, scale: number): Promise<Blob | null> {
  const { page, lines } = map;
  const head = lines.length ? MARGIN + lines.length * LINE : 0;
  const foot = map.legend ? MARGIN + LINE + (map.legend.ticks ? TICKS : 0) : 0;
  const full = page.height + head + foot;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(page.width * scale);
  canvas.height = Math.round(full * scale);
  const context = canvas.getContext('2d');
  if (!context) {
    throw new Error('no canvas');
  }
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  drawLines(context, lines);
  context.save();
  context.translate(0, head);
  context.beginPath();
  context.rect(0, 0, page.width, page.height);
  context.clip();
  context.filter = pictureFilter(map.strength ?? 1);
  for (const strip of map.strips) {
    const image = await loaded(strip.url);
    context.drawImage(image, 0, strip.top, page.width, strip.height);
  }
  context.filter = 'none';
  drawBands(context, map.bands ?? [], page.width);
  if (map.heat) {
    drawHeat(context, map, cellsOf(map.heat), map.heat.scale, scale);
  }
  drawFold(context, map);
  drawMarked(context, map.marked ?? []);
  context.restore();
  if (map.legend) {
    drawLegend(context, map.legend, head + page.height + MARGIN / 2);
  }
  return new Promise((resolve) => canvas.toBlob(resolve, map.small ? 'image/jpeg' : 'image/png', QUALITY));
}

function loaded(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  return image.decode().then(() => image);
}

function drawLines(context: CanvasRenderingContext2D, lines: readonly string[]): void {
  context.fillStyle = '#111217';
  lines.forEach((line, i) => {
    context.font = i === 0 ? `600 ${FONT}` : FONT;
    context.fillText(line, MARGIN / 2, MARGIN / 2 + LINE * (i + 0.7));
  });
}

function drawBands(context: CanvasRenderingContext2D, bands: readonly Band[], width: number): void {
  for (const band of bands) {
    context.fillStyle = band.colour;
    context.fillRect(0, band.top, width, band.height);
  }
}

/** Tile by tile: painting writes pixels and does not blend, so each tile has a canvas of its own. */
function drawHeat(context: CanvasRenderingContext2D, map: MapImage, cells: Cells, colours: Scale, scale: number): void {
  const tile = document.createElement('canvas');
  const surface = tile.getContext('2d');
  if (!surface) {
    throw new Error('no canvas');
  }
  for (let top = 0; top < map.page.height; top += TILE) {
    const height = Math.min(TILE, map.page.height - top);
    const window = { left: 0, top, width: map.page.width, height, scale };
    tile.width = Math.max(1, Math.round(window.width * scale));
    tile.height = Math.max(1, Math.round(height * scale));
    if (drawsPoints(cells)) {
      paintPoints(surface, cells, window, map.style, scale);
    } else {
      paintHeat(surface, cells, window, colours, map.style);
    }
    context.drawImage(tile, 0, top, window.width, height);
  }
}

function drawFold(context: CanvasRenderingContext2D, { fold, page }: MapImage): void {
  if (!fold) {
    return;
  }
  context.strokeStyle = '#1f60c4';
  context.lineWidth = 2;
  context.setLineDash([8, 6]);
  context.beginPath();
  context.moveTo(0, fold.px);
  context.lineTo(page.width, fold.px);
  context.stroke();
  context.setLineDash([]);
  context.font = FONT;
  const width = context.measureText(fold.words).width + 16;
  context.fillStyle = '#1f60c4';
  context.fillRect(page.width - width, fold.px - LINE, width, LINE);
  context.fillStyle = '#ffffff';
  context.fillText(fold.words, page.width - width + 8, fold.px - 6);
}

function drawMarked(context: CanvasRenderingContext2D, marked: readonly Marked[]): void {
  context.textAlign = 'center';
  for (const { rank, left, top, width, height } of marked) {
    context.strokeStyle = '#1f60c4';
    context.lineWidth = 2;
    context.strokeRect(left, top, width, height);
    context.fillStyle = '#1f60c4';
    context.beginPath();
    context.arc(Math.max(MARKER, left), Math.max(MARKER, top), MARKER, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = '#ffffff';
    context.font = `600 ${FONT}`;
    context.fillText(String(rank), Math.max(MARKER, left), Math.max(MARKER, top) + 5);
  }
  context.textAlign = 'start';
}

const RAMP = 240;

function drawLegend(context: CanvasRenderingContext2D, legend: NonNullable<MapImage['legend']>, top: number): void {
  context.font = FONT;
  context.fillStyle = '#111217';
  context.fillText(legend.from, MARGIN / 2, top + 14);
  const left = MARGIN / 2 + context.measureText(legend.from).width + 8;
  for (let i = 0; i < RAMP; i++) {
    context.fillStyle = cssColour(colourAt(legend.palette, i / (RAMP - 1)), 1);
    context.fillRect(left + i, top, 1.5, 16);
  }
  context.fillStyle = '#111217';
  context.fillText(legend.to, left + RAMP + 8, top + 14);
  context.font = SMALL_FONT;
  context.textAlign = 'center';
  for (const { at, words } of legend.ticks ?? []) {
    context.fillRect(left + at * RAMP, top + 16, 1, 4);
    context.fillText(words, left + at * RAMP, top + 32);
  }
  context.textAlign = 'start';
}
