// The page in numbers: clicks, frustration, time, endings, errors, rank, users, and how much of it the map shows.

import { css, cx } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, Tooltip, useStyles2 } from '@grafana/ui';

import type { PageStats } from '../contract/answers';
import { count, duration, exact, percent } from './format';
import { text } from './text';

interface StatisticsProps {
  stats: PageStats;
  /** Share of clicks that the background in view shows. */
  coverage: number | null;
}

export function Statistics({ stats, coverage }: StatisticsProps) {
  const styles = useStyles2(getStyles);
  const rage = stats.rage_ratio ?? (stats.clicks ? stats.rage_clicks / stats.clicks : null);
  const tiles = [
    { name: text.stats.clicks, value: count(stats.clicks), exactly: exact(stats.clicks), hot: false },
    { name: text.stats.rage, value: percent(rage), exactly: exact(stats.rage_clicks), hot: stats.rage_clicks > 0 },
    { name: text.stats.time, value: duration(stats.average_time_ms), exactly: undefined, hot: false },
    { name: text.stats.end, value: percent(stats.session_end_ratio), exactly: undefined, hot: false },
    {
      name: text.stats.errors,
      value: count(stats.page_errors),
      exactly: exact(stats.page_errors),
      hot: stats.page_errors > 0,
    },
  ];
  return (
    <section aria-label={text.stats.label} className={styles.box}>
      <dl className={styles.tiles}>
        {tiles.map((tile) => (
          <div key={tile.name} className={styles.tile} title={tile.exactly}>
            <dt>{tile.name}</dt>
            <dd className={cx(tile.hot && styles.hot)}>{tile.value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.line}>
        {stats.page_rank !== null && <span>{text.stats.rank(stats.page_rank, stats.pages)}</span>}
        <span>{text.views(count(stats.views), stats.views)}</span>
        {stats.users > 0 ? (
          <span>{text.stats.users(count(stats.users), stats.users)}</span>
        ) : (
          <Tooltip content={text.stats.noUsersHelp}>
            <span tabIndex={0} className={styles.help}>
              {text.stats.noUsers} <Icon name="info-circle" size="sm" />
            </span>
          </Tooltip>
        )}
        {coverage !== null && <span>{text.stats.placed(percent(coverage))}</span>}
      </p>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ padding: theme.spacing(1.5, 2), borderBottom: `1px solid ${theme.colors.border.weak}` }),
  tiles: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(76px, 1fr))',
    gap: theme.spacing(1),
    margin: 0,
  }),
  tile: css({
    display: 'flex',
    flexDirection: 'column-reverse',
    justifyContent: 'flex-end',
    '& dt': { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, fontWeight: 'normal' },
    '& dd': {
      margin: 0,
      fontSize: theme.typography.h4.fontSize,
      fontWeight: theme.typography.fontWeightMedium,
      fontVariantNumeric: 'tabular-nums',
      whiteSpace: 'nowrap',
    },
  }),
  hot: css({ color: theme.colors.error.text }),
  line: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0, 1.5),
    margin: theme.spacing(1, 0, 0),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  help: css({ textDecoration: 'underline dotted', cursor: 'help' }),
});
