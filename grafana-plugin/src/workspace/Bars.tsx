// One row of bars over time, with its name and its largest number at the left.

import { css, cx } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { count } from './format';
import { text } from './text';

interface BarsProps {
  values: readonly number[];
  most: number;
  height: number;
  kind: 'clicks' | 'rage' | 'dead' | 'error';
  lit: number | null;
}

export function Bars({ values, most, height, kind, lit }: BarsProps) {
  const styles = useStyles2(getStyles);
  const full = Math.max(1, most);
  const name = kind === 'clicks' ? text.clicks(count(most), most) : text.signals[kind](count(most));
  return (
    <div className={styles.row} aria-hidden>
      <svg
        viewBox={`0 0 ${values.length} ${height}`}
        preserveAspectRatio="none"
        height={height}
        className={styles[kind]}
      >
        {values.map((value, i) => (
          <rect
            key={i}
            className={cx(i === lit && styles.lit)}
            x={i + 0.1}
            width={0.8}
            y={height * (1 - value / full)}
            height={(height * value) / full}
          />
        ))}
      </svg>
      <span className={styles.name}>{name}</span>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({
    position: 'relative',
    '& svg': { display: 'block', width: '100%', borderBottom: `1px solid ${theme.colors.border.medium}` },
  }),
  clicks: css({ fill: theme.colors.primary.main }),
  rage: css({ fill: theme.colors.error.main }),
  dead: css({ fill: theme.colors.text.secondary }),
  error: css({ fill: theme.colors.warning.main }),
  lit: css({ filter: 'brightness(1.4)' }),
  name: css({
    position: 'absolute',
    top: 0,
    left: 0,
    padding: '0 4px',
    color: theme.colors.text.secondary,
    background: theme.colors.background.primary,
    opacity: 0.85,
    fontSize: 11,
    lineHeight: '14px',
    pointerEvents: 'none',
  }),
});
