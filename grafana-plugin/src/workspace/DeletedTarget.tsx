// A link may name what was deleted since: said in a sentence, and the map opens without it.

import { css } from '@emotion/css';
import React, { useEffect, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, IconButton, useStyles2 } from '@grafana/ui';

import { BackendError } from '../contract/transport';
import { useWorkspace } from './context';
import type { WorkspaceState } from './state';
import { text } from './text';
import type { PageZones } from './useZones';

type Named = 'background' | 'zone';

const NONE: Record<Named, Partial<WorkspaceState>> = { background: { background: 'auto' }, zone: { zone: '' } };

/** Whether an error says that the picture in the address is not there. */
export const isWithoutPicture = (error: Error | null, background: string): boolean =>
  background !== 'auto' && error instanceof BackendError && error.status === 404;

interface DeletedTargetProps {
  /** Of the map in view. */
  error: Error | null;
  zones: PageZones | null;
}

export function DeletedTarget({ error, zones }: DeletedTargetProps) {
  const styles = useStyles2(getStyles);
  const { state, update, readOnly } = useWorkspace();
  const place = JSON.stringify([state.application, state.page]);
  const [told, setTold] = useState<{ place: string; what: Named } | null>(null);
  // What is opened later was listed, or was kept just now.
  const [linked] = useState(state.zone);
  const kept = zones?.asked.loading || zones?.asked.error ? undefined : zones?.asked.value;
  const gone: Named | null = isWithoutPicture(error, state.background)
    ? 'background'
    : state.zone && state.zone === linked && kept && !kept.some(({ id }) => id === state.zone)
      ? 'zone'
      : null;
  if (gone && !readOnly && (told?.what !== gone || told.place !== place)) {
    setTold({ place, what: gone });
  }
  useEffect(() => {
    if (gone && !readOnly) {
      update(NONE[gone], 'replace');
    }
  }, [gone, readOnly, update]);
  if (told?.place !== place) {
    return null;
  }
  return (
    <div className={styles} role="status" data-testid="gone">
      <Icon name="info-circle" />
      <span>{text.gone[told.what]}</span>
      <IconButton name="times" aria-label={text.close} tooltip={text.close} onClick={() => setTold(null)} />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.75, 2),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    '& > svg': { flex: 'none', color: theme.colors.info.text },
    '& > span': { flex: 1 },
  });
