// The editor of a template variable: which list, and of what.
import type { DataSourceApi, QueryEditorProps } from '@grafana/data';
import { Combobox, InlineField } from '@grafana/ui';
import React from 'react';

import type { Lists } from './lookups';
import { Picker } from './Picker';
import type { ListName, ListQuery, RumOptions, RumQuery } from './types';

const LABEL_WIDTH = 14;

const OPTIONS: Array<{ value: ListName; label: string }> = [
  { value: 'applications', label: 'Applications' },
  { value: 'pages', label: 'Pages' },
  { value: 'facets', label: 'Facets' },
  { value: 'values', label: 'Values of a facet' },
  { value: 'elements', label: 'Elements' },
];

type Field = 'application' | 'page' | 'facet';

/** What each list is taken from. */
const FIELDS: Record<ListName, Field[]> = {
  applications: [],
  pages: ['application'],
  facets: ['application'],
  values: ['application', 'page', 'facet'],
  elements: ['application', 'page'],
};

const PICKERS = {
  application: { label: 'Application', list: 'applications' },
  page: { label: 'Page', list: 'pages' },
  facet: { label: 'Facet', list: 'facets' },
} as const satisfies Record<Field, { label: string; list: ListName }>;

/** The data source as its variables see it. */
export type ListSource = DataSourceApi<RumQuery, RumOptions> & Lists;
type Props = QueryEditorProps<ListSource, RumQuery, RumOptions, ListQuery>;

export function ListQueryEditor({ query, datasource, range, onChange }: Props) {
  const list = query.list ?? 'pages';
  return (
    <>
      <InlineField label="List" labelWidth={LABEL_WIDTH} htmlFor="isotherm-list">
        <Combobox
          id="isotherm-list"
          options={OPTIONS}
          value={list}
          width={30}
          onChange={({ value }) => onChange({ ...query, list: value })}
        />
      </InlineField>
      {FIELDS[list].map((field) => (
        <InlineField
          key={field}
          label={PICKERS[field].label}
          labelWidth={LABEL_WIDTH}
          htmlFor={`isotherm-list-${field}`}
        >
          <Picker
            id={`isotherm-list-${field}`}
            datasource={datasource}
            range={range}
            of={{ list: PICKERS[field].list, application: query.application }}
            value={query[field]}
            placeholder={field === 'application' ? datasource.defaultApplication : undefined}
            onChange={(value) => onChange({ ...query, list, [field]: value })}
            width={40}
          />
        </InlineField>
      ))}
    </>
  );
}
