// The fields of the application, to be searched and picked from.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Input, useStyles2 } from '@grafana/ui';

import type { FacetInfo } from '../contract/generated/answers';
import { useWorkspace } from './context';
import { Problem } from './Problem';
import { text } from './text';
import { useAnswer } from './useAnswer';

/** A field by its name in the language of the page; the site's own keep the name they have. */
export const labelOf = (facet: Pick<FacetInfo, 'key' | 'label'>): string =>
  text.filters.facets[facet.key] ?? facet.label;

interface FacetsProps {
  pick: (facet: FacetInfo) => void;
  /** Fields that make no sense here. */
  without?: readonly string[];
}

export function Facets({ pick, without = [] }: FacetsProps) {
  const styles = useStyles2(getStyles);
  const { backend, state } = useWorkspace();
  const [search, setSearch] = useState('');
  const facets = useAnswer(state.application, (signal) => backend.facets(state.application, signal));
  const wanted = search.toLowerCase();
  const found = (facets.value ?? [])
    .filter((facet) => !without.includes(facet.key))
    .filter((facet) => `${facet.key} ${labelOf(facet)}`.toLowerCase().includes(wanted));
  return (
    <>
      <Input
        value={search}
        placeholder={text.filters.searchFacets}
        aria-label={text.filters.searchFacets}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {facets.error && <Problem error={facets.error} retry={facets.retry} />}
      <ul className={styles.list}>
        {found.map((facet) => (
          <li key={facet.key}>
            <Button fullWidth fill="text" variant="secondary" size="sm" onClick={() => pick(facet)}>
              {labelOf(facet)}
            </Button>
          </li>
        ))}
        {!facets.loading && found.length === 0 && <li className={styles.none}>{text.filters.noFacets}</li>}
      </ul>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', maxHeight: 300, overflowY: 'auto', margin: theme.spacing(1, 0, 0) }),
  none: css({ color: theme.colors.text.secondary, padding: theme.spacing(1) }),
});
