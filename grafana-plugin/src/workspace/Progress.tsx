// A line at the top of the old map while the new one is on its way; what is slow says so and can be cancelled.

import { css, keyframes } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { text } from './text';
import type { Asked } from './useAnswer';

export function Progress({ asked, what }: { asked: Asked<unknown>; what: string }) {
  const styles = useStyles2(getStyles);
  if (!asked.loading) {
    return null;
  }
  return (
    <div role="status" className={styles.box}>
      <div className={styles.line} />
      {asked.slow ? (
        <div className={styles.slow}>
          {what}
          <Button size="sm" variant="secondary" onClick={asked.cancel}>
            {text.cancel}
          </Button>
        </div>
      ) : (
        <span className="sr-only">{text.loading}</span>
      )}
    </div>
  );
}

const slide = keyframes({ from: { transform: 'translateX(-100%)' }, to: { transform: 'translateX(300%)' } });

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ position: 'absolute', top: 0, left: 0, right: 0, zIndex: 5, overflow: 'hidden' }),
  line: css({
    height: 3,
    width: '33%',
    background: theme.colors.primary.main,
    animation: `${slide} 1.2s linear infinite`,
    '@media (prefers-reduced-motion: reduce)': { animation: 'none', width: '100%', opacity: 0.6 },
  }),
  slow: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    gap: theme.spacing(2),
    margin: `${theme.spacing(2)} auto`,
    width: 'fit-content',
    padding: theme.spacing(1, 2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
  }),
});
