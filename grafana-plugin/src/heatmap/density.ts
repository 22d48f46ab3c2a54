// Cells to additive density: every click adds a soft disc, at the resolution that is asked for.
//
// A disc is a five-fold box blur, close to a Gaussian, whose cost does not depend on how many clicks there are. Its middle is
// scaled to the click's value, so a density means the same at every zoom, and one maximum serves the whole page.

import { firstAt, type Cells } from './cells';

/** Density over a window: `data[row * width + column]`, in the unit of the cells' values. */
export interface DensityWindow {
  data: Float32Array;
  width: number;
  height: number;
  /** False when nothing reaches into the window. */
  any: boolean;
}

export interface WindowRequest {
  /** Page px of the window's corner and size. */
  left: number;
  top: number;
  width: number;
  height: number;
  /** Output pixels per page px. */
  scale: number;
  /** Reach of a click in page px. */
  radius: number;
}

/** With fewer, the outermost colour of a hot click is a square. */
const PASSES = 5;
/** Pixels that a click must reach for the density to be counted in pixels twice as large: it has no finer edges. */
const SOFT = 16;
/** Pixels that a click must reach to look like a disc, and how much larger than a screen px they may be. */
const ROUND = 9;
const LARGEST = 4;
/** Canvas pixels per screen px for heat whose clicks reach so many screen px: with more of them it would look the same. */
export const heatPixels = (radius: number): number => 1 / Math.max(1, Math.min(LARGEST, Math.floor(radius / ROUND)));
/** More values than these tell no more about how densities are spread. */
const SAMPLED = 20_000;

/** How wide a disc spreads around its middle (standard deviation), as a share of the reach of a click. */
const SPREAD = 0.31;
/** What putting a click between pixels and reading between them spreads by itself (variance, in pixels). */
const BETWEEN = 1 / 3;

/**
 * Half-widths in pixels of the box passes whose spread together is nearest to that of a reach of `radius` pixels: a disc looks the
 * same however many pixels it has. A box of half-width h has a variance of h (h + 1) / 3.
 */
function halfBoxes(radius: number): number[] {
  const each = (3 * Math.max(0, (SPREAD * radius) ** 2 - BETWEEN)) / PASSES; // h (h + 1)
  const least = Math.floor((Math.sqrt(1 + 4 * each) - 1) / 2);
  const wider = Math.round(((each - least * (least + 1)) * PASSES) / (2 * (least + 1)));
  return Array.from({ length: PASSES }, (_, pass) => Math.max(1, pass < wider ? least + 1 : least));
}

/**
 * What one unit in the middle of nothing becomes at its own place after all passes, along one axis. Where pixels are counted
 * twice as large, the middle of one that is put out is a quarter off: it is added to two of them, and read from two.
 */
function peak(halves: number[], step: number): number {
  const size = halves.reduce((sum, half) => sum + half * 2 + 1, 0);
  let line = new Float64Array(size);
  line[size >> 1] = 1;
  for (const half of halves) {
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      for (let j = Math.max(0, i - half); j <= Math.min(size - 1, i + half); j++) {
        next[i] += line[j] / (half * 2 + 1);
      }
    }
    line = next;
  }
  const middle = size >> 1;
  return step === 1 ? line[middle] : 0.625 * line[middle] + 0.375 * line[middle + 1];
}

function blurRows(from: Float32Array, to: Float32Array, width: number, height: number, half: number): void {
  const share = 1 / (half * 2 + 1);
  const full = Math.min(half + 1, width);
  const short = Math.max(full, width - half);
  for (let row = 0; row < height; row++) {
    const start = row * width;
    let sum = 0;
    for (let i = 0; i < Math.min(half, width); i++) {
      sum += from[start + i];
    }
    for (let i = 0; i < full; i++) {
      sum += i + half < width ? from[start + i + half] : 0;
      to[start + i] = sum * share;
    }
    for (let i = start + full; i < start + short; i++) {
      sum += from[i + half] - from[i - half - 1];
      to[i] = sum * share;
    }
    for (let i = start + short; i < start + width; i++) {
      sum -= from[i - half - 1];
      to[i] = sum * share;
    }
  }
}

function blurColumns(from: Float32Array, to: Float32Array, width: number, height: number, half: number): void {
  const share = 1 / (half * 2 + 1);
  const sums = new Float32Array(width);
  const nothing = new Float32Array(width);
  const unseen = new Float32Array(width);
  const rowAt = (row: number) => (row >= 0 && row < height ? from.subarray(row * width, (row + 1) * width) : nothing);
  for (let row = -half; row < height; row++) {
    const entering = rowAt(row + half);
    const leaving = rowAt(row - half - 1);
    const out = row < 0 ? unseen : to.subarray(row * width, (row + 1) * width);
    for (let i = 0; i < width; i++) {
      const sum = sums[i] + entering[i] - leaving[i];
      sums[i] = sum;
      out[i] = sum * share;
    }
  }
}

/** Add a value to the four pixels around a point, by nearness. */
function deposit(data: Float32Array, width: number, height: number, x: number, y: number, value: number): void {
  const column = Math.floor(x - 0.5);
  const row = Math.floor(y - 0.5);
  const fx = x - 0.5 - column;
  const fy = y - 0.5 - row;
  const isLeft = column >= 0 && column < width;
  const isRight = column + 1 >= 0 && column + 1 < width;
  for (let down = 0; down <= 1; down++) {
    if (row + down >= 0 && row + down < height) {
      const at = (row + down) * width + column;
      const part = value * (down ? fy : 1 - fy);
      if (isLeft) {
        data[at] += part * (1 - fx);
      }
      if (isRight) {
        data[at + 1] += part * fx;
      }
    }
  }
}

/** The density over a window of the page. Clicks outside that reach into it count. */
export function densityWindow(cells: Cells, request: WindowRequest): DensityWindow {
  const { left, top } = request;
  const outWidth = Math.max(1, Math.round(request.width * request.scale));
  const outHeight = Math.max(1, Math.round(request.height * request.scale));
  const step = request.radius * request.scale < SOFT ? 1 : 2;
  const scale = request.scale / step;
  const halves = halfBoxes(request.radius * scale);
  const margin = halves.reduce((sum, half) => sum + half, 1);
  const width = Math.ceil(outWidth / step) + 2 * margin;
  const height = Math.ceil(outHeight / step) + 2 * margin;
  const reach = margin / scale;

  const begin = firstAt(cells, top - reach);
  const end = firstAt(cells, top + request.height + reach);
  const inReach = (i: number) => cells.x[i] >= left - reach && cells.x[i] < left + request.width + reach;
  let any = false;
  for (let i = begin; i < end && !any; i++) {
    any = inReach(i);
  }
  if (!any) {
    return { data: new Float32Array(0), width: outWidth, height: outHeight, any: false };
  }

  const data: Float32Array = new Float32Array(width * height);
  const spare: Float32Array = new Float32Array(width * height);
  for (let i = begin; i < end; i++) {
    if (inReach(i)) {
      deposit(
        data,
        width,
        height,
        (cells.x[i] - left) * scale + margin,
        (cells.y[i] - top) * scale + margin,
        cells.value[i]
      );
    }
  }
  for (const half of halves) {
    blurRows(data, spare, width, height, half);
    blurColumns(spare, data, width, height, half);
  }
  const gain = 1 / peak(halves, step) ** 2;
  const out = new Float32Array(outWidth * outHeight);
  for (let row = 0; row < outHeight; row++) {
    // The middle of this pixel, in counted ones, lies between two rows and two columns of them.
    const y = (row + 0.5) / step - 0.5;
    const upper = Math.floor(y);
    const below = (y - upper) * gain;
    const above = gain - below;
    const from = (upper + margin) * width + margin;
    for (let i = 0; i < outWidth; i++) {
      const x = (i + 0.5) / step - 0.5;
      const column = Math.floor(x);
      const at = from + column;
      const right = x - column;
      const first = data[at] * above + data[at + width] * below;
      const second = data[at + 1] * above + data[at + 1 + width] * below;
      // Sliding sums leave residues of about 1e-6 of the largest value: nothing, but it may be below zero.
      out[row * outWidth + i] = Math.max(0, first + (second - first) * right);
    }
  }
  return { data: out, width: outWidth, height: outHeight, any: true };
}

/** What the colour scale needs to know of a page: the largest density and a sample of all that are not nothing. */
export interface DensityRange {
  max: number;
  /** Ascending. */
  sample: Float32Array;
}

/** The densities of a page, and where the largest is. */
export interface PageDensity extends DensityRange {
  /** Page px; the page's corner when there is nothing. */
  hottest: { x: number; y: number };
  /** Clicks lie about as thick wherever there are any, over a good part of the page: there is no hot spot. */
  even: boolean;
}

/** Parts of a page that are counted to tell whether clicks are spread evenly, and clicks in each to tell it from chance. */
const EVEN = { parts: 64, clicks: 5 };

/** No part has more than twice the clicks of the middle one, but for chance. */
function areEven({ x, y, value, total }: Cells, page: { width: number; height: number }): boolean {
  const columns = Math.max(1, Math.round(Math.sqrt((EVEN.parts * page.width) / page.height)));
  const rows = Math.max(1, Math.round(EVEN.parts / columns));
  const parts = new Float64Array(columns * rows);
  value.forEach((clicks, i) => {
    const column = Math.min(columns - 1, Math.max(0, Math.floor((x[i] / page.width) * columns)));
    const row = Math.min(rows - 1, Math.max(0, Math.floor((y[i] / page.height) * rows)));
    parts[row * columns + column] += clicks;
  });
  parts.sort();
  const middle = parts[parts.length >> 1];
  return total >= EVEN.clicks * parts.length && parts[parts.length - 1] <= 2 * middle + 4 * Math.sqrt(middle);
}

const COARSE_PIXELS = 400_000;

/** Density range of the whole page, measured on a coarse grid; independent of what is on the screen. */
export function densityRange(cells: Cells, page: { width: number; height: number }, radius: number): PageDensity {
  const finest = Math.min(1, 6 / radius);
  const scale = Math.min(finest, Math.sqrt(COARSE_PIXELS / (page.width * page.height)));
  const coarse = densityWindow(cells, { left: 0, top: 0, width: page.width, height: page.height, scale, radius });
  let max = 0;
  let hottest = { x: 0, y: 0 };
  coarse.data.forEach((value, i) => {
    if (value > max) {
      max = value;
      hottest = { x: ((i % coarse.width) + 0.5) / scale, y: (Math.floor(i / coarse.width) + 0.5) / scale };
    }
  });
  // No spot is weaker than its strongest cell, which a coarse grid may step over.
  cells.value.forEach((value, i) => {
    if (value > max) {
      max = value;
      hottest = { x: cells.x[i], y: cells.y[i] };
    }
  });
  const some = coarse.data.filter((value) => value > max * 0.01);
  const step = Math.ceil(some.length / SAMPLED);
  const sample = (step > 1 ? some.filter((_, i) => i % step === 0) : some).sort();
  return { max, sample, hottest, even: areEven(cells, page) };
}
