// One action in depth, in place of the list: its numbers, its course over time, where people go next, and who they were.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, ClipboardButton, useStyles2 } from '@grafana/ui';

import { useWorkspace } from './context';
import { nameOf } from './elements';
import { ExploreLink, queriesOfElement } from './ExploreLink';
import { count, duration, percent, timeFormat } from './format';
import { Problem } from './Problem';
import { useQuestion } from './questions';
import { SessionList } from './SessionList';
import { SignalChips } from './SignalChips';
import { text } from './text';
import { TimeBars } from './TimeBars';

const BARS = 60;
const LATEST = 10;

export function ActionDetails() {
  const styles = useStyles2(getStyles);
  const { state, update, timeZone, readOnly } = useWorkspace();
  const element = state.action;
  const asked = useQuestion('action', { element });
  const series = useQuestion('timeseries', {
    measure: 'clicks',
    filters: [...state.filters, { key: 'element', operator: '=', value: element }],
    maxDataPoints: BARS,
  });
  const replays = useQuestion('replays', readOnly ? null : { element, limit: LATEST });
  const action = asked.value?.action;
  const { time } = timeFormat(timeZone);
  return (
    <section aria-label={text.details.label} className={styles.box} data-testid="details">
      <Button size="sm" fill="text" icon="arrow-left" onClick={() => update({ action: '' })}>
        {text.back}
      </Button>
      {asked.error && <Problem error={asked.error} retry={asked.retry} />}
      {asked.value && !action && <p>{text.details.gone}</p>}
      {action && (
        <>
          <h2 className={styles.name}>{nameOf(action)}</h2>
          <p className={styles.key}>
            <code>{action.element}</code>
            <ClipboardButton
              size="sm"
              fill="text"
              variant="secondary"
              icon="copy"
              aria-label={text.details.copyKey}
              getText={() => action.element}
            />
          </p>
          <ExploreLink queries={queriesOfElement(state, action.element)} name={nameOf(action)} />
          <dl className={styles.numbers}>
            <Number
              name={text.details.popularity}
              value={action.rank === null ? '–' : text.details.rank(action.rank, action.of)}
            />
            <Number name={text.details.clicks} value={count(action.clicks)} />
            <Number name={text.details.share} value={percent(action.share)} />
            <Number name={text.details.users} value={count(action.users)} />
            <Number name={text.details.sessions} value={count(action.sessions)} />
            <Number name={text.details.reaction} value={duration(action.median_loading_ms)} />
          </dl>
          <SignalChips row={action} />
        </>
      )}
      <h3>{text.details.overTime}</h3>
      {series.error && <Problem error={series.error} retry={series.retry} />}
      {series.value?.[0] && <TimeBars series={series.value[0]} />}
      <h3>{text.details.next}</h3>
      {asked.value && asked.value.next.length === 0 && <p className={styles.quiet}>{text.details.nextNone}</p>}
      <ol className={styles.next}>
        {asked.value?.next.map((row) => (
          <li key={row.rank}>
            <span>{row.label || text.map.unnamed}</span>
            <span className={styles.quiet}>
              {text.sessions(count(row.sessions), row.sessions)} · {percent(row.share)}
            </span>
          </li>
        ))}
      </ol>
      {!readOnly && <h3>{text.details.replays}</h3>}
      {replays.error && <Problem error={replays.error} retry={replays.retry} />}
      {replays.value && <SessionList rows={replays.value.rows} time={time} />}
    </section>
  );
}

function Number({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    padding: theme.spacing(1.5, 2),
    '& h3': { ...theme.typography.h6, margin: theme.spacing(2, 0, 0.5) },
  }),
  name: css({ ...theme.typography.h4, margin: theme.spacing(1, 0, 0), overflowWrap: 'anywhere' }),
  key: css({
    display: 'flex',
    alignItems: 'center',
    margin: 0,
    color: theme.colors.text.secondary,
    '& code': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  }),
  numbers: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(96px, 1fr))',
    gap: theme.spacing(1),
    margin: theme.spacing(1, 0),
    '& dt': { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, fontWeight: 'normal' },
    '& dd': { margin: 0, fontWeight: theme.typography.fontWeightMedium, fontVariantNumeric: 'tabular-nums' },
  }),
  next: css({
    listStyle: 'none',
    '& li': {
      display: 'flex',
      justifyContent: 'space-between',
      gap: theme.spacing(1),
      padding: theme.spacing(0.25, 0),
    },
  }),
  quiet: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
});
