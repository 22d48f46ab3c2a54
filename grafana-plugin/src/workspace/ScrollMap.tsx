// The scroll map: bands over the picture by how many views got there, a bar to read any depth, the curve beside it.

import { css } from '@emotion/css';
import React, { useCallback, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { ScrollAnswer } from '../contract/answers';
import { depthOfShare, readDepth, scrollBands, scrollGradient, WASH, WASHED_PICTURE } from '../heatmap/scrollmap';
import { useWorkspace } from './context';
import { DepthBar, HANDLE } from './DepthBar';
import { percent, px } from './format';
import { FoldLine } from './marks';
import { MapFrame } from './MapFrame';
import type { PagePoint } from './mapWindow';
import { ScrollCurve } from './ScrollCurve';
import { text } from './text';

const LABELLED = [0.75, 0.5, 0.25];
const CURVE_WIDTH = 132;
const CURVE_WIDTH_NARROW = 72;
const NARROW = '(max-width: 640px)';
/** Page width where there is no picture: depth alone is known. */
const BLANK_WIDTH = 1280;

export function ScrollMap({ scroll, onZoom }: { scroll: ScrollAnswer; onZoom: (factor: number) => void }) {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const [pointed, setPointed] = useState<number | null>(null);
  const { background } = scroll;
  const page = {
    width: background?.width ?? BLANK_WIDTH,
    height: background?.height ?? Math.max(1, scroll.page_height_px),
  };
  const depth = Math.min(page.height, state.depth ?? scroll.median_depth_px ?? scroll.fold_px ?? 0);
  const setDepth = (next: number) => update({ depth: Math.max(0, Math.min(page.height, Math.round(next))) }, 'replace');
  const wash = scrollGradient(scroll.rows, page.height, state.look.palette, state.look.opacity * WASH);
  const width = window.matchMedia(NARROW).matches ? CURVE_WIDTH_NARROW : CURVE_WIDTH;
  const onPoint = useCallback((point: PagePoint | null) => setPointed(point?.y ?? null), []);
  const drop = scroll.biggest_drop;
  const { rows } = scroll;
  const minimap = useCallback(
    (canvas: HTMLCanvasElement, scale: number) => {
      const surface = canvas.getContext('2d');
      for (const band of scrollBands(rows, page.height, state.look.palette, 0.6)) {
        if (surface) {
          surface.fillStyle = band.colour;
          surface.fillRect(0, band.top * scale, canvas.width, band.height * scale);
        }
      }
    },
    [rows, page.height, state.look.palette]
  );
  return (
    <MapFrame
      page={page}
      background={background}
      minimap={minimap}
      onPoint={onPoint}
      onPick={(point) => setDepth(point.y)}
      onZoom={onZoom}
      strength={state.look.picture || WASHED_PICTURE}
      beside={{
        width,
        content: ({ zoom }) => (
          <ScrollCurve
            scroll={scroll}
            pageHeight={page.height}
            width={width}
            height={page.height * zoom}
            depth={depth}
          />
        ),
      }}
    >
      {({ zoom }) => (
        <>
          <div aria-hidden data-testid="bands" className={styles.wash} style={{ background: wash }} />
          {LABELLED.map((share) => {
            const at = depthOfShare(rows, share);
            const told = at !== null && Math.abs(at - depth) * zoom < HANDLE; // by the bar, which lies on it
            return at === null || at >= page.height || told ? null : (
              <div key={share} className={styles.mark} style={{ top: at * zoom }}>
                <span>{text.scroll.label(percent(share))}</span>
              </div>
            );
          })}
          {drop && (
            <div
              className={styles.drop}
              style={{ top: drop.from_px * zoom, height: (drop.to_px - drop.from_px) * zoom }}
            >
              <span>{text.scroll.dropMark(percent(drop.share))}</span>
            </div>
          )}
          <FoldLine foldPx={scroll.fold_px} zoom={zoom} />
          {pointed !== null && Math.abs(pointed - depth) * zoom > 24 && (
            <div className={styles.pointed} style={{ top: pointed * zoom }} aria-hidden>
              <span>
                {text.scroll.label(percent(readDepth(rows, pointed).share))} · {text.scroll.at(px(pointed))}
              </span>
            </div>
          )}
          <DepthBar depth={depth} page={page} zoom={zoom} rows={rows} setDepth={setDepth} />
          {!rows.length && <p className={styles.none}>{text.scroll.none}</p>}
          <span className="sr-only">{px(page.height)} px</span>
        </>
      )}
    </MapFrame>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  wash: css({ position: 'absolute', inset: 0 }),
  mark: css({
    position: 'absolute',
    left: 0,
    right: 0,
    borderTop: '2px solid #111217',
    // A light edge keeps the line visible on dark pages.
    boxShadow: '0 -1px 0 rgba(255, 255, 255, 0.7), 0 1px 0 rgba(255, 255, 255, 0.7)',
    pointerEvents: 'none',
    '& span': {
      position: 'absolute',
      left: 0,
      bottom: 0,
      zIndex: 1, // the lines of fold and drop may cross it
      padding: '2px 10px',
      borderRadius: '0 4px 0 0',
      background: '#111217',
      color: '#ffffff',
      fontWeight: theme.typography.fontWeightMedium,
      fontVariantNumeric: 'tabular-nums',
      fontSize: theme.typography.bodySmall.fontSize,
    },
  }),
  drop: css({
    position: 'absolute',
    left: 0,
    right: 0,
    minHeight: 2,
    zIndex: 1,
    background: 'repeating-linear-gradient(135deg, rgba(17,18,23,0.45) 0 3px, transparent 3px 8px)',
    pointerEvents: 'none',
    '& span': {
      position: 'absolute',
      left: '50%',
      top: '50%',
      transform: 'translate(-50%, -50%)',
      padding: '1px 8px',
      borderRadius: 10,
      background: '#ffffff',
      border: '1px solid #111217',
      color: '#111217',
      fontSize: theme.typography.bodySmall.fontSize,
      whiteSpace: 'nowrap',
    },
  }),
  pointed: css({
    position: 'absolute',
    left: 0,
    right: 0,
    borderTop: '1px dotted #111217',
    pointerEvents: 'none',
    '& span': {
      position: 'absolute',
      right: 4,
      top: 4,
      padding: '0 6px',
      background: 'rgba(17, 18, 23, 0.85)',
      color: '#ffffff',
      fontSize: theme.typography.bodySmall.fontSize,
    },
  }),
  none: css({
    position: 'absolute',
    top: theme.spacing(3),
    left: theme.spacing(3),
    padding: theme.spacing(1, 2),
    background: theme.colors.background.primary,
  }),
});
