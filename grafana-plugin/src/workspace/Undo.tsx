// Something was taken away: what, and the way to have it back.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { text } from './text';

interface UndoProps {
  /** What was done, as a sentence. */
  done: string;
  onUndo: () => void;
  onDismiss: () => void;
}

export function Undo({ done, onUndo, onDismiss }: UndoProps) {
  const styles = useStyles2(getStyles);
  return (
    <div role="status" className={styles}>
      <span>{done}</span>
      <Button size="sm" variant="secondary" onClick={onUndo}>
        {text.library.undo}
      </Button>
      <Button size="sm" fill="text" variant="secondary" onClick={onDismiss}>
        {text.library.dismiss}
      </Button>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    margin: theme.spacing(1, 0),
    padding: theme.spacing(1, 1.5),
    borderLeft: `3px solid ${theme.colors.info.border}`,
    background: theme.colors.background.secondary,
    overflowWrap: 'anywhere',
  });
