// One action in depth, in place of the list: its numbers, its course over time, where people go next, and who they were.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import type { Zone } from '../contract/generated/answers';
import { ActionNumbers } from './ActionNumbers';
import { ActionOverTime } from './ActionOverTime';
import { Causes } from './Causes';
import { useWorkspace } from './context';
import { Conversion } from './Conversion';
import { NextSteps } from './NextSteps';
import { useQuestion } from './questions';
import { ReleaseChange, type Release } from './ReleaseChange';
import { SessionList } from './SessionList';
import { text } from './text';
import { MOST_SESSIONS, useMore } from './useMore';
import { Waiting } from './Waiting';

const LATEST = 10;

/** An annotation of a version is called "Version <what the site says>". */
const VERSION = /^Version /;

/** `zones` are those of the page. */
export function ActionDetails({ zones }: { zones: readonly Zone[] }) {
  const styles = useStyles2(getStyles);
  const { state, update, setLit, readOnly } = useWorkspace();
  const element = state.action;
  const asked = useQuestion('action', { element });
  const versions = useQuestion('annotations', readOnly ? null : { kinds: ['version'] });
  const [limit, more] = useMore(LATEST, MOST_SESSIONS, element);
  const replays = useQuestion('replays', readOnly ? null : { element, limit });
  const action = asked.value?.action;
  const gone = asked.value !== undefined && !asked.loading && !action;
  const releases = (versions.value ?? []).map(({ time, title }): Release => ({
    time,
    version: title.replace(VERSION, ''),
  }));
  return (
    <section aria-label={text.details.label} className={styles.box} data-testid="details">
      <Button
        size="sm"
        fill="text"
        icon="arrow-left"
        onClick={() => {
          setLit({ element, from: 'map' }); // the list comes back at this row
          update({ action: '', target: '', release: '' });
        }}
      >
        {text.back}
      </Button>
      <Waiting asked={asked} what={text.analysis.slow.action} />
      {gone && <p>{text.details.gone}</p>}
      {action && <ActionNumbers action={action} zones={zones} />}
      {!gone && (
        <>
          <h3>{text.details.overTime}</h3>
          <ActionOverTime element={element} action={action ?? null} releases={releases} />
        </>
      )}
      {action && !readOnly && releases.length > 0 && <ReleaseChange element={element} releases={releases} />}
      {action && !readOnly && <Causes element={element} />}
      {asked.value && !gone && <NextSteps rows={asked.value.next} />}
      {action && !readOnly && <Conversion element={element} />}
      {!readOnly && !gone && (
        <>
          <h3>{text.details.replays}</h3>
          <Waiting asked={replays} what={text.analysis.slow.sessions} />
          {replays.value && (
            <SessionList rows={replays.value.rows} total={replays.value.sessions} busy={replays.loading} more={more} />
          )}
        </>
      )}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    padding: theme.spacing(1.5, 2),
    '& h3': { ...theme.typography.h6, margin: theme.spacing(2, 0, 0.5) },
  }),
});
