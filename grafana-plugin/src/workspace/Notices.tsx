// What to keep in mind about the numbers: few clicks, estimates, and what the server notices.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';

import type { Behind } from '../contract/answers';
import type { Metric } from '../contract/query';
import { count } from './format';
import { serverText } from './serverText';
import { text } from './text';

/** A share is within ±5 points, 19 times of 20, from this many clicks on: 1.96² × 0.25 / 0.05². */
const ENOUGH = 385;

/** `views` = visits that the clicks come from, from which it follows how many more are needed. */
export function noticesOf(answer: Behind, metric: Metric, views = 0): string[] {
  const notices = answer.notices.map(serverText);
  if (answer.clicks > 0 && answer.clicks < ENOUGH && views > 0) {
    const more = Math.ceil(((ENOUGH - answer.clicks) * views) / answer.clicks);
    notices.unshift(text.analysis.few(count(more), more));
  }
  if (metric !== 'clicks') {
    notices.push(text.map.usersPerSpot);
  }
  return [...new Set(notices)];
}

export function Notices({ notices }: { notices: string[] }) {
  const styles = useStyles2(getStyles);
  if (!notices.length) {
    return null;
  }
  return (
    <ul className={styles.list} data-testid="notices">
      {notices.map((note) => (
        <li key={note}>
          <Icon name="info-circle" size="sm" />
          <span>{note}</span>
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    listStyle: 'none',
    padding: theme.spacing(1, 2),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    '& li': { display: 'flex', gap: theme.spacing(0.75), alignItems: 'flex-start' },
    '& svg': { flex: 'none', marginTop: 3 },
  }),
});
