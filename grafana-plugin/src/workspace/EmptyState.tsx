// What stands where the map would be when there is none: one sentence, the likely causes, a button for each cure.

import { css } from '@emotion/css';
import React, { type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import type { PageStats } from '../contract/answers';
import { useWorkspace } from './context';
import { isNarrowed } from './state';
import { text } from './text';

export type Emptiness = 'noEvents' | 'noData' | 'noClicks' | 'noReplay';

/** Why a map has nothing to show, from what the server knows; null when there is something. */
export function emptiness(
  stats: Pick<PageStats, 'views' | 'actions'> | undefined,
  heat: { clicks: number; background: unknown; placed: number } | undefined
): Emptiness | null {
  if (!heat) {
    return null;
  }
  if (heat.clicks === 0) {
    return stats && stats.views === 0 && stats.actions === 0 ? 'noData' : 'noClicks';
  }
  return !heat.background && heat.placed === 0 ? 'noReplay' : null;
}

interface EmptyStateProps {
  kind: Emptiness;
  /** Offered when another picture may help. */
  choose?: ReactNode;
}

export function EmptyState({ kind, choose }: EmptyStateProps) {
  const styles = useStyles2(getStyles);
  const { state, update, readOnly } = useWorkspace();
  const words = text.empty[kind];
  const causes: string[] = 'causes' in words ? Object.values(words.causes) : [];
  return (
    <div className={styles.box} role="status" data-testid="empty">
      <h2>{words.title}</h2>
      <p>{words.body}</p>
      {causes.length > 0 && (
        <ol>
          {causes.map((cause) => (
            <li key={cause}>{cause}</li>
          ))}
        </ol>
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
            <Button variant="secondary" onClick={() => update({ page: '', action: '' })}>
              {text.empty.cures.pages}
            </Button>
          )}
          {choose}
        </div>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    maxWidth: 560,
    margin: 'auto',
    padding: theme.spacing(4, 3),
    '& h2': { ...theme.typography.h4, marginBottom: theme.spacing(1) },
    '& ol': { margin: theme.spacing(0, 0, 2, 3) },
    '& p': { color: theme.colors.text.secondary },
  }),
  cures: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
});
