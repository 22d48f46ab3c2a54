// What the sessions are compared by: two releases, or before and after a deployment that was noted elsewhere.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { Choices } from './Choices';
import { useWorkspace } from './context';
import { chosenMoment, type AskDeployments } from './deployment';
import { timeFormat } from './format';
import { text } from './text';
import { useAnswer } from './useAnswer';
import { Waiting } from './Waiting';

const OFFERED = 4;
const LONGEST = 40;

/** Offers the last deployments of the time range, and the one that is chosen. */
export function Deployments({ ask }: { ask: AskDeployments }) {
  const styles = useStyles2(getStyles);
  const { state, update, range, asOf, timeZone } = useWorkspace();
  const known = useAnswer(JSON.stringify([range, asOf]), (signal) => ask(range, signal));
  const { time } = timeFormat(timeZone);
  const words = text.causes.effect;
  const chosen = chosenMoment(state.moment, range);
  const inside = (known.value ?? []).filter(({ timeMs }) => chosenMoment(timeMs, range) !== null);
  const offered = inside.filter(({ timeMs }, place) => place < OFFERED || timeMs === chosen);
  const short = (name: string) => (name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name);
  return (
    <>
      <Waiting asked={known} what={words.deployments} />
      {offered.length > 0 && (
        <div className={styles.box}>
          <div className={styles.quiet}>{words.by}</div>
          <Choices
            label={words.by}
            choices={[
              { value: '', label: words.releases },
              ...offered.map(({ timeMs, name }) => ({
                value: String(timeMs),
                label: short(name) || time(timeMs),
                help: `${name} · ${time(timeMs)}`,
              })),
            ]}
            value={String(chosen ?? '')}
            onChange={(value) => update({ moment: value ? Number(value) : null }, 'replace')}
          />
        </div>
      )}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    padding: theme.spacing(1.5, 2, 0),
    '& [role=radiogroup]': { flexWrap: 'wrap' },
    '& button': { maxWidth: '100%', overflow: 'hidden', textOverflow: 'ellipsis' },
  }),
  quiet: css({
    marginBottom: theme.spacing(0.5),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
