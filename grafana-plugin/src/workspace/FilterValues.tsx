// The values of one field: any number of them, to be looked at or to be left out.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Checkbox, Input, useStyles2 } from '@grafana/ui';

import type { FacetInfo } from '../contract/generated/answers';
import { Choices } from './Choices';
import { useWorkspace } from './context';
import { labelOf } from './Facets';
import { isGoal } from './filterWords';
import { count, exact } from './format';
import { Problem } from './Problem';
import { useFacetValues } from './questions';
import { chosenOf, withFilter } from './state';
import { text } from './text';

interface FilterValuesProps {
  facet: Pick<FacetInfo, 'key' | 'label'>;
  /** To the choice of another field; absent where one filter is changed. */
  back?: () => void;
  done: () => void;
  /** Begin with the values that are left out, not with those that are looked at. */
  leftOut?: boolean;
}

export function FilterValues({ facet, back, done, leftOut = false }: FilterValuesProps) {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const [search, setSearch] = useState('');
  const [not, setNot] = useState(leftOut);
  const [chosen, setChosen] = useState(() => new Set(chosenOf(state.filters, facet.key, leftOut)));
  const values = useFacetValues(facet.key, search);
  const found = values.value ?? [];
  // What is chosen stays in sight, also where the search or the time range no longer finds it.
  const missing = search ? [] : [...chosen].filter((value) => !found.some((one) => one.value === value));
  const toggle = (value: string) => {
    const next = new Set(chosen);
    if (!next.delete(value)) {
      next.add(value);
    }
    setChosen(next);
  };
  const words = text.filters;
  const had = chosenOf(state.filters, facet.key, not).length > 0;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        update({ filters: withFilter(state.filters, facet.key, [...chosen], not) });
        done();
      }}
    >
      <div className={styles.head}>
        <strong>{labelOf(facet)}</strong>
        <Choices
          label={words.isOrNot}
          choices={[
            { value: 'is', label: isGoal(facet.key) ? words.reached : words.is },
            { value: 'not', label: isGoal(facet.key) ? words.notReached : words.isNot },
          ]}
          value={not ? 'not' : 'is'}
          onChange={(value) => setNot(value === 'not')}
        />
      </div>
      <Input
        autoFocus
        value={search}
        placeholder={words.searchValues}
        aria-label={words.pickValue(labelOf(facet))}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {values.error && <Problem error={values.error} retry={values.retry} />}
      <ul className={styles.list} aria-label={words.pickValue(labelOf(facet))}>
        {[...found, ...missing.map((value) => ({ value, count: 0 }))].map(({ value, count: views }) => (
          <li key={value} className={styles.entry}>
            <Checkbox label={value || words.empty} value={chosen.has(value)} onChange={() => toggle(value)} />
            <span className={styles.count} title={exact(views)}>
              {count(views)}
            </span>
          </li>
        ))}
        {!values.loading && found.length === 0 && <li className={styles.none}>{words.noValues}</li>}
      </ul>
      <div className={styles.foot}>
        <Button type="submit" size="sm" disabled={chosen.size === 0 && !had}>
          {chosen.size === 0 && !had ? text.apply : words.apply(chosen.size)}
        </Button>
        {back && (
          <Button size="sm" fill="text" variant="secondary" onClick={back}>
            {words.back}
          </Button>
        )}
      </div>
    </form>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  head: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1),
  }),
  list: css({ listStyle: 'none', maxHeight: 300, overflowY: 'auto', margin: theme.spacing(1, 0, 0) }),
  none: css({ color: theme.colors.text.secondary, padding: theme.spacing(1) }),
  entry: css({
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
    padding: theme.spacing(0.5),
    overflowWrap: 'anywhere',
  }),
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
