// The views behind an insight of the scroll map: those that got past a depth, or never scrolled, by their sessions.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { useWorkspace } from './context';
import { depthOf, ExploreLink, queriesOfReached } from './ExploreLink';
import { count, exact, px } from './format';
import { useQuestion } from './questions';
import { SessionList } from './SessionList';
import { text } from './text';
import { MOST_SESSIONS, useMore } from './useMore';
import { Waiting } from './Waiting';

const LATEST = 50;

export function ReachedViews({ reached }: { reached: number | 'still' }) {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const [limit, more] = useMore(LATEST, MOST_SESSIONS, String(reached));
  const asked = useQuestion('replays', { ...depthOf(reached), background: state.background, limit });
  const words = text.analysis.reached;
  const title = reached === 'still' ? words.still : words.past(px(reached));
  const { views, sessions } = asked.value ?? { views: null, sessions: 0 };
  return (
    <section aria-label={text.details.replays} className={styles.box} data-testid="reached">
      <Button size="sm" fill="text" icon="arrow-left" onClick={() => update({ reached: null })}>
        {words.back}
      </Button>
      <h2>{title}</h2>
      <Waiting asked={asked} what={text.analysis.slow.sessions} />
      {asked.value && views !== null && (
        <p className={styles.quiet} title={exact(views)}>
          {words.counted(count(views), views, count(sessions), sessions)}
        </p>
      )}
      <ExploreLink queries={queriesOfReached(state, reached)} name={title} />
      {asked.value && <SessionList rows={asked.value.rows} total={sessions} busy={asked.loading} more={more} />}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    padding: theme.spacing(1.5, 2),
    '& h2': { ...theme.typography.h5, margin: theme.spacing(1, 0, 0.5) },
  }),
  quiet: css({ color: theme.colors.text.secondary }),
});
