// Shapes of what is on its way, so that nothing jumps when it is there.

import { css, cx, keyframes } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { text } from './text';

const SHAPES = {
  /** A page with its heading, lead and paragraphs. */
  page: [
    ['28%', 28],
    ['46%', 14],
    ['100%', 180],
    ['100%', 14],
    ['92%', 14],
    ['64%', 14],
  ],
  /** A picture of a page. */
  map: [
    ['100%', 48],
    ['62%', 36],
    ['80%', 220],
    ['100%', 120],
    ['100%', 120],
  ],
  /** Lines of a list. */
  rows: Array.from({ length: 8 }, (_, i): [string, number] => [`${96 - 6 * (i % 4)}%`, 22]),
} satisfies Record<string, Array<[string, number]>>;

export function Skeleton({ of }: { of: keyof typeof SHAPES }) {
  const styles = useStyles2(getStyles);
  return (
    <div role="status" className={cx(styles.all, of === 'page' && styles.page)} data-testid="skeleton">
      <span className="sr-only">{text.loading}</span>
      {SHAPES[of].map(([width, height], i) => (
        <div key={i} aria-hidden className={styles.shape} style={{ width, height }} />
      ))}
    </div>
  );
}

const breathe = keyframes({ '50%': { opacity: 0.5 } });

const getStyles = (theme: GrafanaTheme2) => ({
  all: css({
    flex: 1,
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(2),
    padding: theme.spacing(2),
    overflow: 'hidden',
    // What is there at once is not announced by a flash of shapes.
    animation: `${keyframes({ from: { opacity: 0 }, '60%': { opacity: 0 }, to: { opacity: 1 } })} 400ms`,
    '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
  }),
  page: css({ width: '100%', maxWidth: 1400, margin: '0 auto', paddingTop: theme.spacing(3) }),
  shape: css({
    flex: 'none',
    borderRadius: theme.shape.radius.default,
    background: theme.colors.action.hover,
    animation: `${breathe} 1.6s ease-in-out infinite`,
    '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
  }),
});
