// The whole page in a strip beside the map; the frame on it is the screen, and can be dragged.

import { css } from '@emotion/css';
import React, { useEffect, useRef } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { BackgroundInfo } from '../contract/generated/answers';
import { frameOf, movedUp, scrollFor, scrollPerPx, stripFor } from '../heatmap/minimap';
import { useWorkspace } from './context';
import type { MapWindow } from './mapWindow';
import { text } from './text';

const MINIMAP_WIDTH = 64;

interface MinimapProps {
  page: { width: number; height: number };
  window: MapWindow;
  background: BackgroundInfo | null;
  paint?: (canvas: HTMLCanvasElement, scale: number) => void;
  scrollTo: (top: number) => void;
}

export function Minimap({ page, window, background, paint, scrollTo }: MinimapProps) {
  const styles = useStyles2(getStyles);
  const { backend } = useWorkspace();
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = Math.max(40, window.height - 8);
  const strip = stripFor(page, { width: MINIMAP_WIDTH - 8, height: room });
  const scrolled = { scrollTop: window.scrollTop, viewport: window.height, total: page.height * window.zoom };
  const frame = frameOf(strip, scrolled);

  useEffect(() => {
    if (canvas.current && paint) {
      canvas.current.width = Math.max(1, Math.round(strip.width));
      canvas.current.height = Math.max(1, Math.round(strip.height));
      paint(canvas.current, strip.scale);
    }
  }, [paint, strip.width, strip.height, strip.scale]);

  const held = useRef({ y: 0, top: 0 });
  const hold = (event: React.PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const y = event.clientY - event.currentTarget.getBoundingClientRect().top;
    const inFrame = y >= frame.top && y <= frame.top + frame.height;
    const top = inFrame ? scrolled.scrollTop : scrollFor(strip, scrolled, y);
    held.current = { y: event.clientY, top };
    scrollTo(top);
  };
  const drag = (event: React.PointerEvent<HTMLDivElement>) => {
    const { y, top } = held.current;
    scrollTo(top + (event.clientY - y) * scrollPerPx(strip, scrolled, room));
  };
  return (
    <div className={styles.column}>
      <div
        className={styles.strip}
        style={{
          width: strip.width,
          height: strip.height,
          transform: `translateY(${-movedUp(strip, scrolled, room)}px)`,
        }}
        title={text.map.minimap}
        aria-hidden // The map itself scrolls by keyboard and says where it is; this is a picture of it.
        data-testid="minimap"
        onPointerDown={hold}
        onPointerMove={(event) => event.buttons > 0 && drag(event)}
      >
        {background?.origin === 'wireframe' &&
          background.tiles.map((tile) => (
            <img
              key={tile.top}
              src={backend.fileUrl(tile.url)}
              alt=""
              draggable={false}
              style={{ top: tile.top * strip.scale, height: tile.height * strip.scale }}
            />
          ))}
        {background && background.origin !== 'wireframe' && backend.pictureUrl(background.id) && (
          <img
            src={backend.pictureUrl(background.id, strip.width * globalThis.devicePixelRatio)}
            alt=""
            draggable={false}
            loading="lazy"
          />
        )}
        <canvas ref={canvas} />
        <div className={styles.frame} style={{ top: frame.top, height: frame.height }} />
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  column: css({
    flex: `0 0 ${MINIMAP_WIDTH}px`,
    padding: 4,
    display: 'flex',
    justifyContent: 'center',
    alignItems: 'flex-start',
    overflow: 'hidden',
    background: theme.colors.background.primary,
    borderLeft: `1px solid ${theme.colors.border.weak}`,
    [theme.breakpoints.down('md')]: { display: 'none' },
  }),
  strip: css({
    position: 'relative',
    isolation: 'isolate',
    overflow: 'hidden',
    cursor: 'ns-resize',
    touchAction: 'none',
    background: theme.colors.background.secondary,
    '& img, & canvas': { position: 'absolute', top: 0, left: 0, width: '100%', height: '100%' },
    '& img': { filter: 'saturate(0.6)', opacity: 0.85 },
  }),
  frame: css({
    position: 'absolute',
    left: 0,
    right: 0,
    border: `2px solid ${theme.colors.primary.border}`,
    background: 'rgba(110, 159, 255, 0.14)',
  }),
});
