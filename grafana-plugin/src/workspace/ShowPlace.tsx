// The crosshair: scrolls the map to the place of a row.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

interface ShowPlaceProps {
  /** What it says to whom does not see it. */
  name: string;
  /** What it says to a pointer that rests on it; not given = the name. */
  title?: string;
  onClick: () => void;
}

export function ShowPlace({ name, title = name, onClick }: ShowPlaceProps) {
  return <button type="button" className={useStyles2(getStyles)} title={title} aria-label={name} onClick={onClick} />;
}

/** Grafana's icons have no such shape. As a mask it is one picture for all rows, and no elements in each. */
const CROSSHAIR = `url("data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="#000" stroke-width="1.5">' +
    '<circle cx="8" cy="8" r="4.5"/><path d="M8 1v4M8 11v4M1 8h4M11 8h4"/></svg>'
)}")`;

const getStyles = (theme: GrafanaTheme2) =>
  css({
    border: 0,
    padding: 4,
    borderRadius: theme.shape.radius.default,
    background: 'transparent',
    color: theme.colors.text.secondary,
    '&::before': {
      content: '""',
      display: 'block',
      width: 16,
      height: 16,
      background: 'currentColor',
      mask: CROSSHAIR,
    },
    '&:hover': { color: theme.colors.text.primary, background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
  });
