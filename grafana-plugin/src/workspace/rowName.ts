// The name that opens a row of a list: a button like text, which is cut where the column ends. A click beside it opens
// the row, too.

import type { CSSObject } from '@emotion/css';
import type { MouseEvent } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';

export const rowName = (theme: GrafanaTheme2): CSSObject => ({
  display: 'block',
  maxWidth: '100%',
  border: 0,
  padding: 0,
  background: 'transparent',
  color: theme.colors.text.primary,
  textAlign: 'left',
  overflow: 'hidden',
  textOverflow: 'ellipsis',
  whiteSpace: 'nowrap',
  '&:hover': { color: theme.colors.text.link, textDecoration: 'underline' },
  '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -1 },
});

/** Of a table whose rows open. */
export const rowsOpen: CSSObject = { '& tr:has([data-opens])': { cursor: 'pointer' } };

/** A click on a row is one on its button with `data-opens`, unless it was on something of its own, or marked text. */
export function openByName(event: MouseEvent<HTMLTableRowElement>): void {
  if (!(event.target as Element).closest('button, a') && !window.getSelection()?.toString()) {
    event.currentTarget.querySelector<HTMLElement>('[data-opens]')?.click();
  }
}
