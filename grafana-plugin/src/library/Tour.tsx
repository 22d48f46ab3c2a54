// In the demo: four questions that its shop answers, each a link to the map that shows it.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2, type IconName } from '@grafana/ui';

import { text } from '../workspace/text';
import { useLibrary } from './context';
import { linkTo } from './links';
import { fourAcross } from './tileGrid';

const SHOP = 'Kestrel Outfitters (demo)';

type Stop = keyof typeof text.library.tour.stops;

const STOPS: Array<{ stop: Stop; icon: IconName; to: Record<string, string> }> = [
  { stop: 'release', icon: 'code-branch', to: { page: '/cart', colour: 'change' } },
  { stop: 'rage', icon: 'fire', to: { page: '/jackets/trail-jacket', signal: 'rage' } },
  { stop: 'slow', icon: 'clock-nine', to: { page: '/jackets', colour: 'inp_ms' } },
  { stop: 'variant', icon: 'columns', to: { page: '/', split: 'variant' } },
];

export function Tour() {
  const styles = useStyles2(getStyles);
  const { url } = useLibrary();
  const words = text.library.tour;
  return (
    <section aria-labelledby="isotherm-tour" data-testid="tour">
      <h2 id="isotherm-tour">{words.title}</h2>
      <p>{words.lead}</p>
      <ol className={styles}>
        {STOPS.map(({ stop, icon, to }) => (
          <li key={stop}>
            <a {...linkTo(url, new URLSearchParams({ app: SHOP, from: 'now-30d', ...to }).toString())}>
              <Icon name={icon} size="lg" />
              <strong>{words.stops[stop].title}</strong>
              <span>{words.stops[stop].text}</span>
            </a>
          </li>
        ))}
      </ol>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    ...fourAcross(theme),
    margin: theme.spacing(1.5, 0, 3),
    padding: 0,
    listStyle: 'none',
    '& a': {
      display: 'grid',
      gridTemplateColumns: 'auto 1fr',
      alignContent: 'start',
      gap: theme.spacing(0.5, 1),
      height: '100%',
      padding: theme.spacing(1.5, 2),
      background: theme.colors.background.primary,
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.default,
      color: theme.colors.text.primary,
      '&:hover': { borderColor: theme.colors.primary.border },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
      '& svg': { color: theme.colors.primary.text, marginTop: 2 },
      '& span': { gridColumn: 2, color: theme.colors.text.secondary },
    },
  });
