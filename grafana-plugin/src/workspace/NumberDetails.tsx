// A number of the page, opened: what it counts, the time before, and the sessions behind it.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { useWorkspace } from './context';
import { useQuestion } from './questions';
import { SessionList } from './SessionList';
import type { PageNumber } from './state';
import { text } from './text';
import { MOST_SESSIONS, useMore } from './useMore';
import { Waiting } from './Waiting';

const LATEST = 5;

interface NumberDetailsProps {
  name: PageNumber;
  /** In full, now and in the time before; null = nothing is known of it. */
  value: string;
  before: string | null;
}

export function NumberDetails({ name, value, before }: NumberDetailsProps) {
  const styles = useStyles2(getStyles);
  const { readOnly } = useWorkspace();
  const rage = name === 'rage';
  const [limit, more] = useMore(LATEST, MOST_SESSIONS, name);
  const sessions = useQuestion('replays', readOnly ? null : { limit, ...(rage ? { signal: 'rage' } : {}) });
  const words = text.number;
  return (
    <section aria-label={text.stats[name]} className={styles.box} data-testid="number">
      <p className={styles.numbers}>
        <strong>{value}</strong>
        {before !== null && <span>{words.before(before)}</span>}
      </p>
      <p>{words.meaning[name]}</p>
      {!readOnly && (
        <>
          <h2>{rage ? words.rageSessions : words.sessions}</h2>
          <Waiting asked={sessions} what={text.analysis.slow.sessions} />
          {sessions.value && (
            <SessionList
              rows={sessions.value.rows}
              total={sessions.value.sessions}
              busy={sessions.loading}
              more={more}
            />
          )}
        </>
      )}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    margin: theme.spacing(0.5, 0, 1),
    padding: theme.spacing(1, 1.5),
    borderLeft: `3px solid ${theme.colors.primary.border}`,
    background: theme.colors.background.secondary,
    '& p': { margin: theme.spacing(0, 0, 0.5) },
    '& h2': { ...theme.typography.h6, margin: theme.spacing(1, 0, 0.5) },
  }),
  numbers: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0, 1.5) }),
});
