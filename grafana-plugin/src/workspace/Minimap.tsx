// The whole page in a strip beside the map; the frame on it is the screen, and can be dragged.

import { css } from '@emotion/css';
import React, { useEffect, useRef } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { BackgroundInfo } from '../contract/generated/answers';
import { frameOf, scrollFor, stripFor } from '../heatmap/minimap';
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
  const strip = stripFor(page, { width: MINIMAP_WIDTH - 8, height: Math.max(40, window.height - 8) });
  const scrolled = { scrollTop: window.scrollTop, viewport: window.height, total: page.height * window.zoom };
  const frame = frameOf(strip, scrolled);

  useEffect(() => {
    if (canvas.current && paint) {
      canvas.current.width = Math.max(1, Math.round(strip.width));
      canvas.current.height = Math.max(1, Math.round(strip.height));
      paint(canvas.current, strip.scale);
    }
  }, [paint, strip.width, strip.height, strip.scale]);

  const drag = (event: React.PointerEvent<HTMLDivElement>) => {
    const top = event.currentTarget.getBoundingClientRect().top;
    scrollTo(scrollFor(strip, scrolled, event.clientY - top));
  };
  return (
    <div className={styles.column}>
      <div
        className={styles.strip}
        style={{ width: strip.width, height: strip.height }}
        title={text.map.minimap}
        aria-hidden // The map itself scrolls by keyboard and says where it is; this is a picture of it.
        data-testid="minimap"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag(event);
        }}
        onPointerMove={(event) => event.buttons > 0 && drag(event)}
      >
        {background && backend.pictureUrl(background.id) && (
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
    background: theme.colors.background.primary,
    borderLeft: `1px solid ${theme.colors.border.weak}`,
    [theme.breakpoints.down('md')]: { display: 'none' },
  }),
  strip: css({
    position: 'relative',
    overflow: 'hidden',
    cursor: 'ns-resize',
    touchAction: 'none',
    background: theme.colors.background.secondary,
    '& img, & canvas': { position: 'absolute', inset: 0, width: '100%', height: '100%' },
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
