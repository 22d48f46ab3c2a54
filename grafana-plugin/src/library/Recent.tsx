// The heatmaps that were opened last in this browser, as links.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';

import { readRecent, type Opened } from '../workspace/recent';
import { text } from '../workspace/text';
import { useApplicationName } from '../workspace/useApplicationName';
import { useLibrary } from './context';
import { linkTo, searchOf } from './links';

export function Recent() {
  const styles = useStyles2(getStyles);
  const recent = readRecent();
  if (!recent.length) {
    return null;
  }
  return (
    <nav aria-label={text.library.recent} className={styles}>
      <span>{text.library.recent}</span>
      {recent.map((one) => (
        <One key={`${one.application} ${one.page}`} {...one} />
      ))}
    </nav>
  );
}

function One({ application, page }: Opened) {
  const { url, search } = useLibrary();
  const name = useApplicationName(application);
  return (
    <a title={`${name} · ${page}`} {...linkTo(url, searchOf('heatmap', search, { app: application, page }))}>
      <Icon name="history" size="sm" /> {page} <small>{name}</small>
    </a>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginTop: theme.spacing(1.5),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    '& a': {
      maxWidth: 280,
      padding: theme.spacing(0.25, 1),
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.pill,
      color: theme.colors.text.primary,
      '&:hover': { borderColor: theme.colors.border.strong },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
    },
    '& small': { color: theme.colors.text.secondary },
    [theme.breakpoints.down('sm')]: { flexWrap: 'nowrap', overflowX: 'auto', '& a': { flex: 'none' } },
  });
