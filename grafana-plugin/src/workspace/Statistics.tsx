// The page in numbers: clicks, frustration, time, endings, errors, rank, users, and how much of it the map shows.
// Each number says how it changed against the time before, and opens to say what it counts.

import { css, cx } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, Tooltip, useStyles2 } from '@grafana/ui';

import type { PageStats } from '../contract/answers';
import type { Signal } from '../contract/query';
import { Change } from './Change';
import { useWorkspace } from './context';
import { count, percent } from './format';
import { NumberDetails } from './NumberDetails';
import { useStatsBefore } from './questions';
import { READINGS } from './readings';
import { NUMBERS, type PageNumber } from './state';
import { text } from './text';

/** With a signal chosen, only its clicks are counted; the share of rage is always of all. */
function nameOf(name: PageNumber, signal: Signal): string {
  if (name === 'clicks') {
    return text.stats.clicksOf[signal];
  }
  return name === 'rage' && signal === 'rage' ? text.stats.ofAll : text.stats[name];
}

interface StatisticsProps {
  stats: PageStats;
  /** Share of clicks that the background in view shows. */
  coverage: number | null;
}

export function Statistics({ stats, coverage }: StatisticsProps) {
  const styles = useStyles2(getStyles);
  const { state, update, readOnly } = useWorkspace();
  const before = useStatsBefore(!readOnly).value;
  const open = state.number;
  return (
    <section aria-label={text.stats.label} className={styles.box}>
      <div className={styles.tiles}>
        {NUMBERS.map((name) => {
          const { of, short, bad } = READINGS[name];
          const value = of(stats);
          const past = before && before.views > 0 ? of(before) : null;
          return (
            <button
              key={name}
              type="button"
              className={cx(styles.tile, open === name && styles.open)}
              aria-expanded={open === name}
              title={text.number.open}
              onClick={() => update({ number: open === name ? '' : name }, 'replace')}
            >
              <span className={cx(styles.value, bad && (value ?? 0) > 0 && styles.hot)}>{short(value)}</span>{' '}
              <span className={styles.name}>{nameOf(name, state.signal)}</span>{' '}
              {value !== null && past !== null && (
                <span className={styles.change}>
                  <Change now={value} before={past} bad={bad} written={short} />
                </span>
              )}
            </button>
          );
        })}
      </div>
      {open && (
        <NumberDetails
          name={open}
          value={READINGS[open].full(stats)}
          before={before && before.views > 0 ? READINGS[open].full(before) : null}
        />
      )}
      <p className={styles.line}>
        {stats.page_rank !== null && <span>{text.stats.rank(stats.page_rank, stats.pages)}</span>}
        <span>{text.views(count(stats.views), stats.views)}</span>
        {stats.users > 0 ? (
          <span>{text.stats.users(count(stats.users), stats.users)}</span>
        ) : stats.views === 0 ? null : (
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
  box: css({
    containerType: 'inline-size',
    padding: theme.spacing(1, 2, 1.5),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  tiles: css({
    display: 'grid',
    // All in one row, or in two that are about as long.
    gridTemplateColumns: 'repeat(5, auto)',
    justifyContent: 'space-between',

    margin: theme.spacing(0, -0.5),
    '@container (max-width: 319px)': { gridTemplateColumns: 'repeat(3, auto)', justifyContent: 'start' },
  }),
  tile: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    padding: theme.spacing(0.5),
    border: 0,
    borderRadius: theme.shape.radius.default,
    background: 'transparent',
    color: theme.colors.text.primary,
    textAlign: 'left',
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
  }),
  // Light enough for the colour of rage on it.
  open: css({
    background: theme.colors.background.secondary,
    boxShadow: `inset 0 0 0 1px ${theme.colors.border.medium}`,
  }),
  value: css({
    fontSize: theme.typography.h4.fontSize,
    lineHeight: 1.3,
    fontWeight: theme.typography.fontWeightMedium,
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  }),
  name: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  change: css({ fontSize: theme.typography.bodySmall.fontSize }),
  hot: css({ color: theme.colors.error.text }),
  line: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0, 1.5),
    margin: theme.spacing(0.5, 0, 0),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  help: css({ textDecoration: 'underline dotted', cursor: 'help' }),
});
