// How the name that opens a row of a list looks: a button like text, which is cut where the column ends.

import type { CSSObject } from '@emotion/css';

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
