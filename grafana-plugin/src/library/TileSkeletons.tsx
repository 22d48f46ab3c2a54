// Shapes where tiles will be, while the overview is on its way.

import { css, keyframes } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { text } from '../workspace/text';

const SHOWN = 4;

export function TileSkeletons() {
  const styles = useStyles2(getStyles);
  return (
    <div role="status" className={styles.tiles}>
      <span className="sr-only">{text.loading}</span>
      {Array.from({ length: SHOWN }, (_, i) => (
        <div key={i} className={styles.tile} aria-hidden />
      ))}
    </div>
  );
}

const breathe = keyframes({ '50%': { opacity: 0.5 } });

const getStyles = (theme: GrafanaTheme2) => ({
  tiles: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 260px), 1fr))',
    gap: theme.spacing(2),
    marginTop: theme.spacing(5),
  }),
  tile: css({
    height: 260,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.secondary,
    animation: `${breathe} 1.6s ease-in-out infinite`,
    '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
  }),
});
