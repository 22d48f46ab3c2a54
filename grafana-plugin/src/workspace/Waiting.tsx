// A question on its way, inside a list or a card: silent at first, then what it does and a way to stop it.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { Problem } from './Problem';
import { Cancelled } from './Cancelled';
import { text } from './text';
import type { Asked } from './useAnswer';

interface WaitingProps {
  asked: Asked<unknown>;
  what: string;
  /** A failure that is told beside it: the same one is not told again. */
  told?: Error | null;
}

/** Says how a question fares; nothing while it is answered soon. */
export function Waiting({ asked, what, told = null }: WaitingProps) {
  const styles = useStyles2(getStyles);
  if (asked.error && asked.error.message === told?.message) {
    return null;
  }
  if (asked.error) {
    return <Problem error={asked.error} retry={asked.retry} />;
  }
  if (asked.stopped && asked.value === undefined) {
    return <Cancelled again={asked.retry} />;
  }
  if (!asked.slow) {
    return null;
  }
  return (
    <div role="status" className={styles.slow}>
      <span>{what}</span>
      <Button size="sm" variant="secondary" onClick={asked.cancel}>
        {text.cancel}
      </Button>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  slow: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    padding: theme.spacing(1, 2),
    color: theme.colors.text.secondary,
  }),
});
