// A line of numbers over time, small enough to stand in a sentence.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { exact } from '../workspace/format';
import { text } from '../workspace/text';

const WIDTH = 72;
const HEIGHT = 20;
const EDGE = 2;

export function Trend({ values }: { values: readonly number[] }) {
  const styles = useStyles2(getStyles);
  const most = Math.max(1, ...values);
  const points = values.map((value, i) => {
    const x = EDGE + (i / Math.max(1, values.length - 1)) * (WIDTH - 2 * EDGE);
    const y = HEIGHT - EDGE - (value / most) * (HEIGHT - 2 * EDGE);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg
      className={styles}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={text.library.overview.trend(exact(Math.max(0, ...values)))}
    >
      <polygon points={`${EDGE},${HEIGHT} ${points.join(' ')} ${WIDTH - EDGE},${HEIGHT}`} />
      <polyline points={points.join(' ')} />
    </svg>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    flex: 'none',
    display: 'block',
    '& polyline': { fill: 'none', stroke: theme.colors.primary.text, strokeWidth: 1.5, strokeLinejoin: 'round' },
    '& polygon': { fill: theme.colors.primary.main, fillOpacity: 0.15 },
  });
