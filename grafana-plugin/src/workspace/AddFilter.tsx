// Adding a filter in two steps: the field, then one of the values it has in this scope.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Checkbox, Input, useStyles2 } from '@grafana/ui';

import type { FacetInfo } from '../contract/generated/answers';
import { useWorkspace } from './context';
import { Facets, labelOf } from './Facets';
import { count, exact } from './format';
import { Popover } from './Popover';
import { Problem } from './Problem';
import { useFacetValues } from './questions';
import { text } from './text';

export function AddFilter() {
  const [facet, setFacet] = useState<FacetInfo | null>(null);
  return (
    <Popover label={text.filters.add} name={text.filters.pickFacet} icon="plus" size="sm" caret={false} width={280}>
      {(close) =>
        facet ? (
          <Values
            facet={facet}
            back={() => setFacet(null)}
            done={() => {
              setFacet(null);
              close();
            }}
          />
        ) : (
          <Facets pick={setFacet} />
        )
      }
    </Popover>
  );
}

interface ValuesProps {
  facet: FacetInfo;
  back: () => void;
  done: () => void;
}

function Values({ facet, back, done }: ValuesProps) {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const [search, setSearch] = useState('');
  const [exclude, setExclude] = useState(false);
  const { filters } = state;
  const values = useFacetValues(facet.key, search);
  const found = values.value ?? [];
  return (
    <>
      <Input
        autoFocus
        value={search}
        placeholder={text.filters.searchValues}
        aria-label={text.filters.pickValue(labelOf(facet))}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {values.error && <Problem error={values.error} retry={values.retry} />}
      <ul className={styles.list} aria-label={text.filters.pickValue(labelOf(facet))}>
        {found.map(({ value, count: clicks }) => (
          <li key={value}>
            <Button
              fullWidth
              fill="text"
              variant="secondary"
              size="sm"
              onClick={() => {
                update({ filters: [...filters, { key: facet.key, operator: exclude ? '!=' : '=', value }] });
                done();
              }}
            >
              <span className={styles.entry}>
                <span>{value || '“”'}</span>
                <span className={styles.count} title={exact(clicks)}>
                  {count(clicks)}
                </span>
              </span>
            </Button>
          </li>
        ))}
        {!values.loading && found.length === 0 && <li className={styles.none}>{text.filters.noValues}</li>}
      </ul>
      <div className={styles.foot}>
        <Checkbox label={text.filters.exclude} value={exclude} onChange={(e) => setExclude(e.currentTarget.checked)} />
        <Button size="sm" fill="text" variant="secondary" onClick={back}>
          {text.filters.back}
        </Button>
      </div>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', maxHeight: 300, overflowY: 'auto', margin: theme.spacing(1, 0, 0) }),
  none: css({ color: theme.colors.text.secondary, padding: theme.spacing(1) }),
  entry: css({ display: 'flex', width: '100%', justifyContent: 'space-between', gap: theme.spacing(2) }),
  count: css({ color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums' }),
  foot: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    marginTop: theme.spacing(1),
    paddingTop: theme.spacing(1),
    borderTop: `1px solid ${theme.colors.border.weak}`,
  }),
});
