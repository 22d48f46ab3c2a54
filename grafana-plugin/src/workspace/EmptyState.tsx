// What stands where the map would be when there is none: one sentence, the likely causes, a button for each cure.

import { css, cx } from '@emotion/css';
import React, { type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Icon, LinkButton, useStyles2, type IconName } from '@grafana/ui';

import type { HeatAnswer, PageStats } from '../contract/answers';
import { useWorkspace } from './context';
import { causesOf, type Emptiness, type Verdict } from './emptiness';
import { isNarrowed, OTHER_PAGE } from './state';
import { text } from './text';
import { useFacts } from './useFacts';

const SIGNS: Record<Verdict, IconName> = { likely: 'arrow-right', unknown: 'question-circle', ruledOut: 'check' };

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
  const causes = causesOf(kind, facts);
  if (kind === 'noEvents' && facts.status?.demo?.stage === 'sessions') {
    return null; // they are on their way, and DemoProgress says so
  }
  return (
    <div className={styles.box} role="status" data-testid="empty">
      <h2>{words.title}</h2>
      <p>{words.body}</p>
      {!readOnly && (
        <ul>
          {causes.map(({ words: cause, verdict, found }) => (
            <li key={cause} className={cx(styles.cause, styles[verdict])} data-verdict={verdict}>
              <Icon name={SIGNS[verdict]} title={text.analysis.causes.checked[verdict]} />
              <span>
                {cause}
                {found ? ` – ${found}.` : '.'}
              </span>
            </li>
          ))}
        </ul>
      )}
      {!readOnly && (
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
          {state.page && (
            <Button variant="secondary" onClick={() => update({ ...OTHER_PAGE, page: '' })}>
              {text.empty.cures.pages}
            </Button>
          )}
          {choose}
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
    '& ul': { listStyle: 'none', margin: theme.spacing(0, 0, 2) },
    '& p': { color: theme.colors.text.secondary },
  }),
  cause: css({
    display: 'flex',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 0),
    '& svg': { flex: 'none', marginTop: 2 },
  }),
  likely: css({ fontWeight: theme.typography.fontWeightMedium, '& svg': { color: theme.colors.warning.text } }),
  unknown: css({ color: theme.colors.text.secondary }),
  ruledOut: css({ color: theme.colors.text.secondary, '& svg': { color: theme.colors.success.text } }),
  cures: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
});
