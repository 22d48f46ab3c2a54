// The heat above the picture: canvases for the part on the screen only, painted at its resolution.

import { css } from '@emotion/css';
import React, { memo, useEffect, useLayoutEffect, useMemo, useRef } from 'react';

import type { Cells } from '../heatmap/cells';
import { densityRange, heatPixels } from '../heatmap/density';
import { drawsPoints, inksOf, paintPoints, putPixels, tilesOf } from '../heatmap/paint';
import { sizeOf } from '../heatmap/pixels';
import { makeScale, type Scale } from '../heatmap/scale';
import { colourTile } from './heatPainter';
import type { MapWindow } from './mapWindow';
import type { Look } from './state';

/** Height of a tile in screen px: small enough to be painted within a frame, where no worker does it. Whole canvas pixels. */
const TILE = 240;

interface HeatLayerProps {
  cells: Cells;
  page: { width: number; height: number };
  window: MapWindow;
  look: Look;
  most?: number;
}

/** The colour scale of a page: the same whatever part of it is on the screen. `most` = density of the hottest colour. */
export function useHeatScale(cells: Cells, page: { width: number; height: number }, look: Look, most?: number) {
  const { width, height } = page;
  const range = useMemo(() => {
    const own = densityRange(cells, { width, height }, look.radius);
    return most === undefined ? own : { ...own, max: most };
  }, [cells, width, height, look.radius, most]);
  const scale = useMemo(() => makeScale(look.scale, range), [look.scale, range]);
  return { range, scale };
}

export function HeatLayer({ cells, page, window, look, most }: HeatLayerProps) {
  const { scale } = useHeatScale(cells, page, look, most);
  const height = page.height * window.zoom;
  const from = window.scrollTop - window.height / 2;
  const to = window.scrollTop + window.height * 1.5;
  // A canvas that scrolls out comes in again as another tile: each new one is memory that scrolling waits for to be freed.
  const canvases = Math.ceil((to - from) / TILE) + 1;
  return (
    <div aria-hidden data-testid="heat" className={styles.layer}>
      {tilesOf(height, TILE)
        .filter((tile) => tile.top + tile.height > from && tile.top < to)
        .map((tile) => (
          <HeatTile
            key={(tile.top / TILE) % canvases}
            cells={cells}
            pageWidth={page.width}
            zoom={window.zoom}
            top={tile.top}
            height={tile.height}
            look={look}
            scale={scale}
          />
        ))}
    </div>
  );
}

interface HeatTileProps {
  cells: Cells;
  pageWidth: number;
  zoom: number;
  /** Screen px. */
  top: number;
  height: number;
  look: Look;
  scale: Scale;
}

/** Drawn anew only when something of it changes: scrolling changes nothing but which tiles there are. */
const HeatTile = memo(function HeatTile({ cells, pageWidth, zoom, top, height, look, scale }: HeatTileProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const element = canvas.current;
    element?.getContext('2d')?.clearRect(0, 0, element.width, element.height);
  }, [top]);
  useEffect(() => {
    const element = canvas.current;
    const surface = element?.getContext('2d');
    if (!element || !surface) {
      return undefined;
    }
    const points = drawsPoints(cells);
    const pixel = points ? window.devicePixelRatio || 1 : heatPixels(look.radius * zoom);
    const tile = { left: 0, top: top / zoom, width: pageWidth, height: height / zoom, scale: zoom * pixel };
    const { width, height: rows } = sizeOf(tile);
    const fit = () => {
      if (element.width !== width || element.height !== rows) {
        element.width = width;
        element.height = rows;
      }
    };
    if (points) {
      fit();
      paintPoints(surface, cells, tile, look, pixel);
      return undefined;
    }
    const done = (pixels: Uint32Array<ArrayBuffer> | null) => {
      fit();
      if (pixels) {
        putPixels(surface, pixels, width, rows);
      } else {
        surface.clearRect(0, 0, width, rows);
      }
    };
    return colourTile({ cells, tile, radius: look.radius, inks: inksOf(scale, look), done });
  }, [cells, pageWidth, zoom, top, height, look, scale]);
  return <canvas ref={canvas} style={{ top, height, width: pageWidth * zoom }} />;
});

const styles = {
  layer: css({
    position: 'absolute',
    inset: 0,
    pointerEvents: 'none',
    '& canvas': { position: 'absolute', left: 0 },
  }),
};
