// The same cells drawn by Isotherm and by heatmap.js, each onto canvases of the whole page, in one thread.

import h337 from 'heatmap.js';

import { cellsOf } from '../../../grafana-plugin/src/heatmap/cells';
import { densityRange, heatPixels } from '../../../grafana-plugin/src/heatmap/density';
import { paintHeat, tilesOf } from '../../../grafana-plugin/src/heatmap/paint';
import { sizeOf } from '../../../grafana-plugin/src/heatmap/pixels';
import { makeScale } from '../../../grafana-plugin/src/heatmap/scale';

interface Points {
  x: number[];
  y: number[];
  value: number[];
}

interface Page {
  width: number;
  height: number;
  radius: number;
  tile: number;
  points: Points;
}

/** The time until pixels can be read, as drawing may be put off until then; and how many have a colour. */
function timed(work: () => HTMLCanvasElement[]): { ms: number; painted: number } {
  const start = performance.now();
  const canvases = work();
  canvases.forEach((canvas) => canvas.getContext('2d')!.getImageData(0, 0, 1, 1));
  const ms = performance.now() - start;
  return { ms, painted: canvases.map(alphaOf).reduce((sum, one) => sum + one, 0) };
}

/** How many pixels have any colour. */
function alphaOf(canvas: HTMLCanvasElement): number {
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  let painted = 0;
  for (let i = 3; i < data.length; i += 4) {
    painted += data[i] > 0 ? 1 : 0;
  }
  return painted;
}

function ours({ width, height, radius, tile, points }: Page): HTMLCanvasElement[] {
  const cells = cellsOf({ ...points, cellPx: 1 });
  const scale = makeScale('log', densityRange(cells, { width, height }, radius));
  return tilesOf(height, tile).map(({ top, height: part }) => {
    const window = { left: 0, top, width, height: part, scale: heatPixels(radius) };
    const canvas = Object.assign(document.createElement('canvas'), sizeOf(window));
    paintHeat(canvas.getContext('2d')!, cells, window, scale, { palette: 'inferno', opacity: 0.8, radius });
    return canvas;
  });
}

function theirs({ width, height, radius, points }: Page): HTMLCanvasElement[] {
  const container = document.createElement('div');
  Object.assign(container.style, { position: 'absolute', width: `${width}px`, height: `${height}px` });
  document.body.replaceChildren(container);
  const map = h337.create({ container, radius });
  const data = points.x.map((x, i) => ({ x, y: points.y[i], value: points.value[i] }));
  map.setData({ min: 0, max: Math.max(...points.value), data });
  return [container.querySelector('canvas')!];
}

Object.assign(window, {
  draw: (page: Page) => ({ isotherm: timed(() => ours(page)), 'heatmap.js': timed(() => theirs(page)) }),
});
