// What stands where the map would be when there is none: one sentence, the likely causes, a button for each cure.

import { css } from '@emotion/css';
import React, { type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, LinkButton, useStyles2 } from '@grafana/ui';

import type { HeatAnswer, PageStats } from '../contract/answers';
import { CauseList } from './CauseList';
import { useWorkspace } from './context';
import { causesOf, isUnvisited, type Emptiness } from './emptiness';
import { isNarrowed, OTHER_PAGE } from './state';
import { text } from './text';
import { useFacts } from './useFacts';

interface EmptyStateProps {
  kind: Emptiness;
  stats?: PageStats;
  heat?: HeatAnswer;
  /** Offered when another picture may help. */
  choose?: ReactNode;
}

export function EmptyState({ kind, stats, heat, choose }: EmptyStateProps) {
  const styles = useStyles2(getStyles);
  const { state, update, readOnly, healthHref, sitesHref } = useWorkspace();
  const words = text.empty[kind];
  const facts = useFacts(stats, heat);
  if (kind === 'noEvents' && facts.status?.demo?.stage === 'sessions') {
    return null; // they are on their way, and DemoProgress says so
  }
  return (
    <div className={styles.box} role="status" data-testid="empty">
      <h2>{kind === 'noData' && isUnvisited(facts) ? text.empty.never : words.title}</h2>
      <p>{words.body}</p>
      {!readOnly && (
        <div className={styles.causes}>
          <CauseList causes={causesOf(kind, facts)} />
        </div>
      )}
      {!readOnly && (
        <>
          <div className={styles.cures}>
            {isNarrowed(state) && (
              <Button onClick={() => update({ filters: [], width: {}, signal: 'all' })}>
                {text.empty.cures.filters}
              </Button>
            )}
            {state.from !== 'now-365d' && (
              <Button variant="secondary" onClick={() => update({ from: 'now-365d', to: 'now' })}>
                {text.empty.cures.range}
              </Button>
            )}
            {facts.application === false && (
              <Button variant="secondary" onClick={() => update({ ...OTHER_PAGE, application: '', page: '' })}>
                {text.empty.cures.applications}
              </Button>
            )}
            {state.page && facts.application !== false && (
              <Button variant="secondary" onClick={() => update({ ...OTHER_PAGE, page: '' })}>
                {text.empty.cures.pages}
              </Button>
            )}
            {choose}
          </div>
          <div className={styles.links}>
            {kind === 'noReplay' && sitesHref && (
              <LinkButton variant="secondary" fill="text" icon="link" href={sitesHref(state.application)}>
                {text.sites.all}
              </LinkButton>
            )}
            {healthHref && (
              <LinkButton variant="secondary" fill="text" icon="tachometer-fast" href={healthHref(state.application)}>
                {text.analysis.causes.health}
              </LinkButton>
            )}
          </div>
        </>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    maxWidth: 600,
    margin: 'auto',
    padding: theme.spacing(4, 3),
    '& h2': { ...theme.typography.h4, marginBottom: theme.spacing(1) },
    '& p': { color: theme.colors.text.secondary },
  }),
  causes: css({ marginBottom: theme.spacing(2) }),
  cures: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
  links: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0, 3), '& a': { padding: 0 } }),
});
