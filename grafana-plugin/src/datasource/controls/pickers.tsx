// Controls whose choices come from the backend.
import { Combobox, type ComboboxOption } from '@grafana/ui';
import React from 'react';

import { rangeOf } from '../lookups';
import { Picker } from '../Picker';
import type { ControlProps } from './control';

export function ApplicationControl({ id, query, datasource, range, change }: ControlProps) {
  return (
    <Picker
      id={id}
      datasource={datasource}
      range={range}
      of={{ list: 'applications' }}
      value={query.application}
      placeholder={datasource.defaultApplication || 'Choose an application'}
      onChange={(application) => change({ application })}
    />
  );
}

export function PageControl({ id, query, datasource, range, change }: ControlProps) {
  return (
    <Picker
      id={id}
      datasource={datasource}
      range={range}
      of={{ list: 'pages', application: query.application }}
      value={query.page}
      placeholder="All pages"
      onChange={(page) => change({ page })}
      width={40}
    />
  );
}

export function ElementControl({ id, query, datasource, range, change }: ControlProps) {
  return (
    <Picker
      id={id}
      datasource={datasource}
      range={range}
      of={{ list: 'elements', application: query.application, page: query.page }}
      value={query.element}
      placeholder="Any element"
      onChange={(element) => change({ element })}
      width={50}
    />
  );
}

const SPLITS: Array<ComboboxOption<string>> = [
  { value: '', label: 'One series' },
  { value: 'page', label: 'Page' },
  { value: 'element', label: 'Element' },
  { value: 'action_name', label: 'Action name' },
];

/** What a time series is split by: nothing, page, element or any facet. */
export function SplitControl({ id, query, datasource, range, change }: ControlProps) {
  const options = async (search: string) => {
    const { application } = query;
    const facets = await datasource.choices({ list: 'facets', application, range: rangeOf(range) });
    const rest = facets.map(({ text, value }) => ({ value, label: text }));
    const all = [...SPLITS, ...rest.filter(({ value }) => !SPLITS.some((split) => split.value === value))];
    return all.filter(({ label }) => label?.toLowerCase().includes(search.toLowerCase()));
  };
  const chosen = SPLITS.find(({ value }) => value === (query.by ?? ''));
  return (
    <Combobox
      id={id}
      options={options}
      value={chosen ?? query.by ?? ''}
      createCustomValue
      width={22}
      onChange={({ value }) => change({ by: value })}
    />
  );
}
