// A link may name a screen or a snapshot that there is not: Home opens, and says why.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, IconButton, useStyles2 } from '@grafana/ui';

import { text } from '../workspace/text';
import { useLibrary } from './context';
import { SCREENS, searchOf } from './links';

/** Snapshots have addresses of their own; nobody gets to one by this key. */
const SNAPSHOT = 'snapshot';

/** What an address names that leads nowhere; null = it names nothing of the kind. */
export function nowhere(search: string): 'snapshot' | 'screen' | null {
  const params = new URLSearchParams(search);
  const screen = params.get('screen');
  if (params.has(SNAPSHOT)) {
    return 'snapshot';
  }
  return screen && !SCREENS.some((known) => known === screen) ? 'screen' : null;
}

export function NoSuchPlace() {
  const styles = useStyles2(getStyles);
  const { url, search } = useLibrary();
  const what = nowhere(search);
  if (!what) {
    return null;
  }
  return (
    <div className={styles} role="status" data-testid="nowhere">
      <Icon name="info-circle" />
      <span>{text.library.nowhere[what]}</span>
      <IconButton
        name="times"
        aria-label={text.close}
        tooltip={text.close}
        onClick={() => url.write(searchOf('home', search), 'replace')}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(2),
    padding: theme.spacing(1, 2),
    borderLeft: `3px solid ${theme.colors.info.border}`,
    background: theme.colors.background.secondary,
    '& > svg': { flex: 'none', color: theme.colors.info.text },
    '& > span': { flex: 1 },
  });
