// Asking again, now or by itself, and how old what is on the screen is.

import { css } from '@emotion/css';
import React, { useEffect, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { Choices } from './Choices';
import { useWorkspace } from './context';
import { duration } from './format';
import { Popover } from './Popover';
import { INTERVALS, intervalMs, type Interval } from './refresh';
import { text } from './text';
import { useAutoRefresh } from './useAutoRefresh';

/** How often the age is said anew: less often as it grows. */
const TICK_MS = 1000;
const LATER_MS = 15_000;

export function RefreshTools() {
  const styles = useStyles2(getStyles);
  const { state, refresh, asOf } = useWorkspace();
  useAutoRefresh(state.refresh, asOf, refresh);
  const words = text.refreshing;
  const every = state.refresh ? duration(intervalMs(state.refresh)) : '';
  return (
    <span className={styles.tools}>
      <span className={styles.joined}>
        <Button
          fill="outline"
          variant="secondary"
          icon="sync"
          aria-label={text.refresh}
          tooltip={text.refresh}
          onClick={refresh}
        />
        <span className={styles.every}>
          <Popover label={every} name={every ? words.every(every) : words.label} side="right" width={300}>
            {() => (
              <div className={styles.column}>
                <Updated asOf={asOf} />
                <RefreshChoices />
              </div>
            )}
          </Popover>
        </span>
      </span>
      {state.refresh && (
        <span className={styles.age} data-testid="age">
          <Updated asOf={asOf} />
        </span>
      )}
    </span>
  );
}

/** How often everything is asked again. */
export function RefreshChoices() {
  const { state, update } = useWorkspace();
  const words = text.refreshing;
  return (
    <Choices
      label={words.label}
      choices={(['', ...INTERVALS] as const).map((interval) => ({
        value: interval,
        label: interval ? duration(intervalMs(interval)) : words.off,
      }))}
      value={state.refresh as Interval}
      onChange={(refresh) => update({ refresh }, 'replace')}
    />
  );
}

/** "Updated 12 sec ago". */
function Updated({ asOf }: { asOf: number }) {
  const [nowMs, setNow] = useState(() => Date.now());
  const age = Math.max(0, nowMs - asOf);
  const isFresh = age < 60_000;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), isFresh ? TICK_MS : LATER_MS);
    return () => clearInterval(timer);
  }, [isFresh]);
  return <span>{age < 1000 ? text.refreshing.now : text.refreshing.ago(duration(Math.floor(age / 1000) * 1000))}</span>;
}

const getStyles = (theme: GrafanaTheme2) => ({
  tools: css({ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.5) }),
  // Two buttons that look like one: now, and how often.
  joined: css({
    display: 'inline-flex',
    [theme.breakpoints.up('md')]: { '& > button': { borderTopRightRadius: 0, borderBottomRightRadius: 0 } },
  }),
  // A phone has it among the time ranges.
  every: css({
    display: 'inline-flex',
    marginLeft: -1,
    '& > div > button': {
      padding: theme.spacing(0, 1),
      borderTopLeftRadius: 0,
      borderBottomLeftRadius: 0,
      '& span:empty + span': { marginLeft: 0 },
    },
    [theme.breakpoints.down('md')]: { display: 'none' },
  }),
  column: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(1),
    '& > span': { color: theme.colors.text.secondary },
  }),
  age: css({
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
    [theme.breakpoints.down('lg')]: { display: 'none' },
  }),
});
