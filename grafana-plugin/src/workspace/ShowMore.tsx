// Below a list that is cut: how much of all it shows, and the way to more.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { exact } from './format';
import { text } from './text';

interface ShowMoreProps {
  shown: number;
  total: number;
  /** All there are, in words: "2,345 elements". */
  all: string;
  busy: boolean;
  /** Not given = no more can be had at once. */
  more?: () => void;
}

/** Nothing where the list is whole. */
export function ShowMore({ shown, total, all, busy, more }: ShowMoreProps) {
  const styles = useStyles2(getStyles);
  if (total <= shown) {
    return null;
  }
  return (
    <div className={styles} data-testid="show-more">
      <span role="status">{text.more.some(exact(shown), all)}</span>
      {more && (
        <Button size="sm" variant="secondary" aria-disabled={busy} onClick={busy ? undefined : more}>
          {text.more.button}
        </Button>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1.5),
    padding: theme.spacing(1, 0),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  });
