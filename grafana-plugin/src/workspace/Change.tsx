// How a number changed against the time before: an arrow and per cent; the colour says nothing that the arrow does not.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { exact, percent } from './format';
import { text } from './text';

interface ChangeProps {
  now: number;
  before: number;
  /** More of it is bad news. */
  bad?: boolean;
  /** How the number is written; else as a count. */
  written?: (value: number) => string;
}

/** Below this it is as before. */
const SAME = 0.02;
/** A growth beyond this is a factor, not per cent. */
const MANIFOLD = 10;

export function Change({ now, before, bad, written = exact }: ChangeProps) {
  const styles = useStyles2(getStyles);
  if (before <= 0) {
    return null;
  }
  const change = now / before - 1;
  const words = text.library.overview;
  if (Math.abs(change) < SAME) {
    return null;
  }
  const amount =
    change >= MANIFOLD ? `×${Math.round(now / before)}` : percent(Math.round(Math.abs(change) * 100) / 100);
  return (
    <span className={bad && change > 0 ? styles.bad : styles.plain} title={words.before(written(before))}>
      <span aria-hidden>{change > 0 ? '▲' : '▼'}</span>
      <span className="sr-only">{change > 0 ? words.more : words.fewer}</span> {amount}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  plain: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }),
  bad: css({ color: theme.colors.error.text, whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }),
});
