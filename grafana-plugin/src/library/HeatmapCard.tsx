// A saved heatmap on the home page: its map in small, what it is of, and what can be done with it.

import { css } from '@emotion/css';
import React, { useMemo } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { timeFormat } from '../workspace/format';
import { readState } from '../workspace/state';
import { text } from '../workspace/text';
import { useApplicationName } from '../workspace/useApplicationName';
import { CardMap } from './CardMap';
import { chipsOf } from './chips';
import { useLibrary } from './context';
import { HeatmapTools, type HeatmapToolsProps } from './HeatmapTools';
import { linkTo, savedSearch } from './links';

export function HeatmapCard({ heatmap, ...tools }: HeatmapToolsProps) {
  const styles = useStyles2(getStyles);
  const { library, url } = useLibrary();
  const state = useMemo(() => readState(heatmap.address), [heatmap.address]);
  const name = useApplicationName(heatmap.application);
  const { time } = timeFormat(undefined);
  const link = linkTo(url, savedSearch(heatmap));
  const words = text.library;
  return (
    <article className={styles.card} aria-label={heatmap.name} data-testid="heatmap-card">
      <a
        {...link}
        className={styles.open}
        onClick={(event) => {
          void library.opened(heatmap.id).catch(() => undefined); // only the order of the list depends on it
          link.onClick(event);
        }}
      >
        <CardMap state={state} />
        <span className={styles.words}>
          <strong>{heatmap.name}</strong>
          <span className={styles.page}>{heatmap.page}</span>
          <span className={styles.quiet} title={heatmap.application}>
            {name}
          </span>
        </span>
      </a>
      <ul className={styles.chips}>
        {chipsOf(state).map((chip) => (
          <li key={chip}>{chip}</li>
        ))}
      </ul>
      <div className={styles.foot}>
        <span className={styles.quiet}>
          {[heatmap.author && words.by(heatmap.author), words.openedAt(time(heatmap.opened_ms))]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <HeatmapTools {...tools} heatmap={heatmap} />
      </div>
    </article>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({
    display: 'flex',
    flexDirection: 'column',
    height: '100%',
    overflow: 'hidden',
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.primary,
    '&:hover': { borderColor: theme.colors.border.strong },
  }),
  open: css({
    display: 'block',
    color: theme.colors.text.primary,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  words: css({
    display: 'flex',
    flexDirection: 'column',
    padding: theme.spacing(1, 1.5, 0.5),
    '& > *': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  }),
  page: css({ fontSize: theme.typography.bodySmall.fontSize }),
  quiet: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  chips: css({
    listStyle: 'none',
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0.5, 1.5),
    '& li': {
      padding: theme.spacing(0, 1),
      borderRadius: theme.shape.radius.pill,
      background: theme.colors.action.selected,
      fontSize: theme.typography.bodySmall.fontSize,
      overflowWrap: 'anywhere',
    },
  }),
  foot: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    marginTop: 'auto',
    padding: theme.spacing(0.5, 1, 1, 1.5),
  }),
});
