// The time range where there is no Grafana to offer its own: quick ranges, or two dates.

import { css } from '@emotion/css';
import React, { useState, type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Field, Input, useStyles2 } from '@grafana/ui';

import { useWorkspace } from './context';
import { timeFormat } from './format';
import { Popover } from './Popover';
import { text } from './text';

/** A form spaces its own fields; Grafana 11.6 has no property for it. */
const FLAT = css({ marginBottom: 0 });

/** Epoch ms as the value of a datetime-local input, in the browser's zone. */
function localValue(ms: number): string {
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** `children` = how often it is asked again, which a phone's bar has no room for. */
export function TimePicker({ children }: { children?: ReactNode }) {
  const { state, range, timeZone } = useWorkspace();
  const { time } = timeFormat(timeZone);
  const quick = state.to === 'now' ? text.time.quick[state.from] : undefined;
  const label = quick ?? `${time(range.from)} – ${time(range.to)}`;
  return (
    <Popover label={label} name={`${text.time.label}: ${label}`} icon="clock-nine" side="right" width={280}>
      {(close) => <Ranges close={close}>{children}</Ranges>}
    </Popover>
  );
}

function Ranges({ close, children }: { close: () => void; children: ReactNode }) {
  const styles = useStyles2(getStyles);
  const { state, range, update } = useWorkspace();
  const [from, setFrom] = useState(localValue(range.from));
  const [to, setTo] = useState(localValue(range.to));
  const wrong = !(Date.parse(from) < Date.parse(to));
  return (
    <div className={styles.column}>
      {Object.entries(text.time.quick).map(([start, name]) => (
        <Button
          key={start}
          size="sm"
          fill="text"
          variant={state.from === start && state.to === 'now' ? 'primary' : 'secondary'}
          onClick={() => {
            update({ from: start, to: 'now' });
            close();
          }}
        >
          {name}
        </Button>
      ))}
      {children && (
        <div className={styles.refresh}>
          {text.refreshing.label}
          {children}
        </div>
      )}
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) {
            update({ from: String(Date.parse(from)), to: String(Date.parse(to)) });
            close();
          }
        }}
      >
        <Field label={text.time.from} className={FLAT}>
          <Input
            id="isotherm-from"
            type="datetime-local"
            value={from}
            onChange={(e) => setFrom(e.currentTarget.value)}
          />
        </Field>
        <Field label={text.time.to} className={FLAT} invalid={wrong} error={wrong ? text.time.order : undefined}>
          <Input id="isotherm-to" type="datetime-local" value={to} onChange={(e) => setTo(e.currentTarget.value)} />
        </Field>
        <Button type="submit" size="sm" disabled={wrong}>
          {text.apply}
        </Button>
      </form>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  column: css({ display: 'flex', flexDirection: 'column', alignItems: 'stretch', gap: theme.spacing(0.25) }),
  refresh: css({
    display: 'none',
    [theme.breakpoints.down('md')]: { display: 'grid', gap: theme.spacing(0.5), marginTop: theme.spacing(1) },
  }),
  form: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    marginTop: theme.spacing(1),
    paddingTop: theme.spacing(1),
    borderTop: `1px solid ${theme.colors.border.weak}`,
  }),
});
