// The distribution beside the picture, on the page's own axis: at each height, the share of views that saw it.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { ScrollAnswer } from '../contract/answers';
import { curvePath } from '../heatmap/scrollmap';
import { percent } from './format';
import { text } from './text';

interface ScrollCurveProps {
  scroll: ScrollAnswer;
  pageHeight: number;
  /** Screen px. */
  width: number;
  height: number;
  /** Page px of the bar. */
  depth: number;
}

const GRID = [0.25, 0.5, 0.75, 1];
const PAD = 10;

export function ScrollCurve({ scroll, pageHeight, width, height, depth }: ScrollCurveProps) {
  const styles = useStyles2(getStyles);
  const size = { width: width - 2 * PAD, height };
  const y = (px: number) => (px / pageHeight) * height;
  const drop = scroll.biggest_drop;
  return (
    <div className={styles.column}>
      <svg width={width} height={height} role="img" aria-label={text.scroll.curve} data-testid="curve">
        <g transform={`translate(${PAD} 0)`}>
          {GRID.map((share) => (
            <line
              key={share}
              className={styles.grid}
              x1={share * size.width}
              x2={share * size.width}
              y1={0}
              y2={height}
            />
          ))}
          <path className={styles.area} d={curvePath(scroll.rows, size, pageHeight)} />
          {drop && (
            <rect
              className={styles.drop}
              x={0}
              width={size.width}
              y={y(drop.from_px)}
              height={Math.max(2, y(drop.to_px - drop.from_px))}
            />
          )}
          <line className={styles.bar} x1={0} x2={size.width} y1={y(depth)} y2={y(depth)} />
        </g>
      </svg>
      <div className={styles.axis} aria-hidden>
        <span>0</span>
        <span>{percent(1)}</span>
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  column: css({ position: 'relative', height: '100%', background: theme.colors.background.primary }),
  grid: css({ stroke: theme.colors.border.weak }),
  area: css({
    fill: theme.colors.primary.main,
    fillOpacity: 0.35,
    stroke: theme.colors.primary.main,
    strokeWidth: 1.5,
  }),
  drop: css({ fill: theme.colors.warning.main, fillOpacity: 0.7 }),
  bar: css({ stroke: theme.colors.text.primary, strokeWidth: 2 }),
  axis: css({
    position: 'absolute',
    top: 2,
    left: 4,
    right: 4,
    display: 'flex',
    justifyContent: 'space-between',
    color: theme.colors.text.secondary,
    fontSize: 11,
  }),
});
