// Controls whose choices come from the backend.
import { Combobox, type ComboboxOption } from '@grafana/ui';
import React from 'react';

import { rangeOf } from '../lookups';
import { Picker } from '../Picker';
import { text } from '../text';
import type { ControlProps } from './control';

export function ApplicationControl({ id, query, datasource, range, change }: ControlProps) {
  return (
    <Picker
      id={id}
      datasource={datasource}
      range={range}
      of={{ list: 'applications' }}
      value={query.application}
      placeholder={datasource.defaultApplication || text.placeholders.application}
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
      placeholder={text.placeholders.page}
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
      placeholder={text.placeholders.element}
      onChange={(element) => change({ element })}
      width={50}
    />
  );
}

const splits = (): Array<ComboboxOption<string>> => [
  { value: '', label: text.choices.splits.none },
  { value: 'page', label: text.choices.splits.page },
  { value: 'element', label: text.choices.splits.element },
  { value: 'action_name', label: text.choices.splits.action_name },
];

/** What a time series is split by: nothing, page, element or any facet. */
export function SplitControl({ id, query, datasource, range, change }: ControlProps) {
  const options = async (search: string) => {
    const { application } = query;
    const facets = await datasource.choices({ list: 'facets', application, range: rangeOf(range) });
    const rest = facets.map(({ text: label, value }) => ({ value, label }));
    const fixed = splits();
    const all = [...fixed, ...rest.filter(({ value }) => !fixed.some((split) => split.value === value))];
    return all.filter(({ label }) => label?.toLowerCase().includes(search.toLowerCase()));
  };
  const chosen = splits().find(({ value }) => value === (query.by ?? ''));
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
