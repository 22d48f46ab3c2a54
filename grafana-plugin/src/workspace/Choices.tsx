// A row of choices of which one is on; arrow keys move between them as in a radio group.

import { css, cx } from '@emotion/css';
import React, { useRef } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

export interface Choice<T extends string> {
  value: T;
  label: string;
  help?: string;
}

interface ChoicesProps<T extends string> {
  label: string;
  choices: ReadonlyArray<Choice<T>>;
  value: T;
  onChange: (value: T) => void;
  /** "tab" for the type of map: the choices then control what is below. */
  role?: 'radio' | 'tab';
  showLabel?: boolean;
}

export function Choices<T extends string>({
  label,
  choices,
  value,
  onChange,
  role = 'radio',
  showLabel,
}: ChoicesProps<T>) {
  const styles = useStyles2(getStyles);
  const group = useRef<HTMLDivElement>(null);
  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) {
      return;
    }
    event.preventDefault();
    const at = choices.findIndex((choice) => choice.value === value);
    const next = (at + step + choices.length) % choices.length;
    onChange(choices[next].value);
    group.current?.querySelectorAll<HTMLElement>(`[role=${role}]`)[next]?.focus();
  };
  const known = choices.some((choice) => choice.value === value);
  return (
    <div className={styles.outer}>
      {showLabel && (
        <span aria-hidden className={styles.label}>
          {label}
        </span>
      )}
      <div
        ref={group}
        role={role === 'tab' ? 'tablist' : 'radiogroup'}
        aria-label={label}
        className={styles.group}
        onKeyDown={move}
      >
        {choices.map((choice, i) => {
          const on = choice.value === value;
          return (
            <button
              key={choice.value}
              type="button"
              role={role}
              title={choice.help}
              {...(role === 'tab' ? { 'aria-selected': on } : { 'aria-checked': on })}
              tabIndex={on || (!known && i === 0) ? 0 : -1}
              className={cx(styles.choice, on && styles.on)}
              onClick={() => onChange(choice.value)}
            >
              {choice.label}
            </button>
          );
        })}
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  outer: css({ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(1), minWidth: 0 }),
  label: css({
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
  }),
  group: css({
    display: 'inline-flex',
    padding: 2,
    gap: 2,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.canvas,
  }),
  choice: css({
    border: 0,
    background: 'transparent',
    color: theme.colors.text.secondary,
    borderRadius: theme.shape.radius.default,
    padding: theme.spacing(0, 1.25),
    height: 26,
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
    '&:hover': { color: theme.colors.text.primary, background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 1 },
  }),
  on: css({
    background: theme.colors.action.selected,
    color: theme.colors.text.primary,
    fontWeight: theme.typography.fontWeightMedium,
  }),
});
