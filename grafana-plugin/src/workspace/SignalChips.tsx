// Signs of frustration as small chips: a letter-free shape, the number, and the word, so that colour is not needed.

import { css, cx } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { count } from './format';
import { text } from './text';

const KINDS = ['rage', 'dead', 'error'] as const;

export function SignalChips({ row }: { row: { rage: number; dead: number; error: number } }) {
  const styles = useStyles2(getStyles);
  const present = KINDS.filter((kind) => row[kind] > 0);
  if (!present.length) {
    return null;
  }
  return (
    <span className={styles.row}>
      {present.map((kind) => (
        <span key={kind} className={cx(styles.chip, styles[kind])}>
          {text.signals[kind](count(row[kind]))}
        </span>
      ))}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({ display: 'inline-flex', flexWrap: 'wrap', gap: theme.spacing(0.5) }),
  chip: css({
    padding: '0 6px',
    borderRadius: theme.shape.radius.pill,
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: '18px',
    whiteSpace: 'nowrap',
    border: '1px solid',
  }),
  rage: css({ color: theme.colors.error.text, borderColor: theme.colors.error.border }),
  dead: css({ color: theme.colors.text.primary, borderColor: theme.colors.border.strong }),
  error: css({ color: theme.colors.warning.text, borderColor: theme.colors.warning.border }),
});
