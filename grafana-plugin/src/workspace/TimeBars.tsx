// A small bar chart over time, with its numbers in words for those who cannot see it.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { Series } from '../contract/answers';
import { useWorkspace } from './context';
import { count, timeFormat } from './format';
import { text } from './text';

const HEIGHT = 96;

export function TimeBars({ series }: { series: Series }) {
  const styles = useStyles2(getStyles);
  const { timeZone } = useWorkspace();
  const { time } = timeFormat(timeZone);
  const values = series.value.map((value) => value ?? 0);
  const most = Math.max(1, ...values);
  const peak = values.indexOf(Math.max(...values));
  const total = values.reduce((sum, value) => sum + value, 0);
  const last = series.time.length - 1;
  if (last < 0) {
    return null;
  }
  const summary = text.details.seriesSummary(count(total), count(values[peak]), time(series.time[peak]));
  return (
    <figure className={styles.figure}>
      <svg
        viewBox={`0 0 ${values.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        height={HEIGHT}
        role="img"
        aria-label={summary}
      >
        {values.map((value, i) => (
          <rect
            key={series.time[i]}
            x={i + 0.1}
            width={0.8}
            y={HEIGHT * (1 - value / most)}
            height={(HEIGHT * value) / most}
          >
            <title>{`${time(series.time[i])}: ${count(value)}`}</title>
          </rect>
        ))}
      </svg>
      <figcaption className={styles.axis}>
        <span>{time(series.time[0])}</span>
        <span>{count(most)}</span>
        <span>{time(series.time[last])}</span>
      </figcaption>
    </figure>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  figure: css({
    margin: 0,
    '& svg': { width: '100%', borderBottom: `1px solid ${theme.colors.border.medium}` },
    '& rect': { fill: theme.colors.primary.main },
  }),
  axis: css({
    display: 'flex',
    justifyContent: 'space-between',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
