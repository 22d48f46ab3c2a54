// A way into the host's Explore, where there is one: what is shown here as queries, over the same time.

import React from 'react';

import { Icon, LinkButton, Tooltip } from '@grafana/ui';

import type { AnyQuery } from '../contract/query';
import { useWorkspace } from './context';
import { useHost } from './host';
import { scopeOf, withFilter, type WorkspaceState } from './state';
import { text } from './text';

/** How an element was clicked over time, and in which sessions. */
export function queriesOfElement(state: WorkspaceState, element: string): AnyQuery[] {
  const scope = scopeOf(state);
  const filters = withFilter(state.filters, 'element', [element], false);
  return [
    { ...scope, question: 'replays', element, limit: 100 },
    { ...scope, question: 'timeseries', measure: 'clicks', filters, fill: 'zero' },
  ];
}

/** What one session did: its clicks in order of their number. */
export function queriesOfSession(state: WorkspaceState, session: string): AnyQuery[] {
  const filters = [{ key: 'session', operator: '=' as const, value: session }];
  const { application } = state;
  return [
    { application, filters, question: 'actions', limit: 100 },
    { application, filters, question: 'timeseries', measure: 'clicks', by: 'page', fill: 'zero' },
  ];
}

/** The views behind a point of the scroll curve, as a query says it. */
export const depthOf = (reached: number | 'still'): { past_px: number } | { unscrolled: true } =>
  reached === 'still' ? { unscrolled: true } : { past_px: reached };

/** The sessions whose views got to a depth. */
export const queriesOfReached = (state: WorkspaceState, reached: number | 'still'): AnyQuery[] => [
  { ...scopeOf(state), question: 'replays', ...depthOf(reached), background: state.background, limit: 100 },
];

interface ExploreLinkProps {
  queries: readonly AnyQuery[];
  /** What it is about, for those who hear it; small = an icon alone. */
  name: string;
  small?: boolean;
}

export function ExploreLink({ queries, name, small = false }: ExploreLinkProps) {
  const { state, readOnly } = useWorkspace();
  const { exploreHref } = useHost();
  if (!exploreHref || readOnly) {
    return null;
  }
  const href = exploreHref(queries, state.from, state.to);
  const words = text.explore.of(name);
  return small ? (
    <Tooltip content={text.explore.button}>
      <a href={href} aria-label={words}>
        <Icon name="compass" />
      </a>
    </Tooltip>
  ) : (
    <LinkButton size="sm" variant="secondary" icon="compass" href={href} aria-label={words}>
      {text.explore.button}
    </LinkButton>
  );
}
