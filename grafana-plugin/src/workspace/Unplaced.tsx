// Clicks that are not on the picture, by reason: the counterpart of what is drawn.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { Behind } from '../contract/answers';
import { count, percent } from './format';
import { text } from './text';

export function Unplaced({ answer }: { answer: Behind }) {
  const styles = useStyles2(getStyles);
  const reasons = Object.entries(answer.unplaced)
    .filter(([, clicks]) => clicks > 0)
    .sort((a, b) => b[1] - a[1]);
  const missing = reasons.reduce((sum, [, clicks]) => sum + clicks, 0);
  if (!missing || !answer.clicks) {
    return null;
  }
  return (
    <details className={styles.box} data-testid="unplaced">
      <summary>{text.unplaced.title(percent(missing / answer.clicks))}</summary>
      <ul className={styles.list}>
        {reasons.map(([reason, clicks]) => (
          <li key={reason}>
            <span>{text.unplaced.reasons[reason] ?? reason}</span>
            <span>
              {text.clicks(count(clicks), Math.round(clicks))} · {percent(clicks / answer.clicks)}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    padding: theme.spacing(1, 2),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    '& summary': { cursor: 'pointer' },
    '& summary:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
  }),
  list: css({
    listStyle: 'none',
    marginTop: theme.spacing(0.5),
    '& li': { display: 'flex', justifyContent: 'space-between', gap: theme.spacing(1) },
  }),
});
