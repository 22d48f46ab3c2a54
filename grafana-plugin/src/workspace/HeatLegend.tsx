// What the colours mean: the ramp, and round numbers where the scale has them.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { ticksOf } from '../heatmap/legend';
import { cssGradient, type PaletteName } from '../heatmap/palette';
import type { Scale } from '../heatmap/scale';
import { count, exact } from './format';
import { text } from './text';

interface HeatLegendProps {
  palette: PaletteName;
  scale: Scale;
  /** Clicks add up. People and sessions do not: who clicks twice is one, so colours in between have no number. */
  adds: boolean;
  /** The number of the hottest colour; null = not counted. */
  max: number | null;
  /** What is counted, in the plural. */
  unit: string;
}

/** Of the ramp's width, what a number needs. */
const GAP = 0.2;

export function HeatLegend({ palette, scale, adds, max, unit }: HeatLegendProps) {
  const styles = useStyles2(getStyles);
  const words = max === null ? text.legend.more(unit) : text.legend.to(count(Math.max(1, Math.round(max))), unit);
  const ticks = max === null ? [] : adds ? ticksOf(scale, max, GAP) : [{ value: Math.round(max), at: 1 }];
  return (
    <span
      className={styles.legend}
      role="img"
      data-testid="legend"
      title={max === null ? words : `${words} (${exact(max)})`}
      aria-label={words}
    >
      <span className={styles.scale}>
        <span className={styles.ramp} style={{ background: cssGradient(palette) }} />
        {ticks.map(({ value, at }) => (
          <span key={value} className={styles.tick} style={{ left: `${at * 100}%` }}>
            {count(value)}
          </span>
        ))}
      </span>
      <span className={styles.unit}>{max === null ? text.legend.more(unit) : text.legend.unit(unit)}</span>
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    minWidth: 0,
    color: theme.colors.text.secondary,
    whiteSpace: 'nowrap',
  }),
  scale: css({
    position: 'relative',
    flex: '0 1 auto',
    width: 200,
    minWidth: 90,
    height: 24,
    marginLeft: theme.spacing(0.5),
    marginRight: theme.spacing(1),
    [theme.breakpoints.down('md')]: { width: 150 },
  }),
  ramp: css({ position: 'absolute', top: 0, left: 0, right: 0, height: 8, borderRadius: 2 }),
  tick: css({
    position: 'absolute',
    top: 8,
    transform: 'translateX(-50%)',
    paddingTop: 3,
    fontSize: 11,
    lineHeight: '13px',
    fontVariantNumeric: 'tabular-nums',
    '&::before': {
      content: '""',
      position: 'absolute',
      top: 0,
      left: '50%',
      width: 1,
      height: 4,
      background: theme.colors.text.secondary,
    },
  }),
  unit: css({ overflow: 'hidden', textOverflow: 'ellipsis', [theme.breakpoints.down('md')]: { display: 'none' } }),
});
