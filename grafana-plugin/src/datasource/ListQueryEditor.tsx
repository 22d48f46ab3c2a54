// The editor of a template variable: which list, and of what.
import type { DataSourceApi, QueryEditorProps } from '@grafana/data';
import { Combobox, InlineField } from '@grafana/ui';
import React from 'react';

import type { Lists } from './lookups';
import { Picker } from './Picker';
import { text } from './text';
import { LISTS, type ListName, type ListQuery, type RumOptions, type RumQuery } from './types';

const LABEL_WIDTH = 14;

type Field = 'application' | 'page' | 'facet';

/** What each list is taken from. */
const FIELDS: Record<ListName, Field[]> = {
  applications: [],
  pages: ['application'],
  facets: ['application'],
  values: ['application', 'page', 'facet'],
  elements: ['application', 'page'],
};

const PICKERS = { application: 'applications', page: 'pages', facet: 'facets' } as const satisfies Record<
  Field,
  ListName
>;

/** The data source as its variables see it. */
export type ListSource = DataSourceApi<RumQuery, RumOptions> & Lists;
type Props = QueryEditorProps<ListSource, RumQuery, RumOptions, ListQuery>;

export function ListQueryEditor({ query, datasource, range, onChange }: Props) {
  const list = query.list ?? 'pages';
  return (
    <>
      <InlineField label={text.list} labelWidth={LABEL_WIDTH} htmlFor="isotherm-list">
        <Combobox
          id="isotherm-list"
          options={LISTS.map((value) => ({ value, label: text.lists[value] }))}
          value={list}
          width={30}
          onChange={({ value }) => onChange({ ...query, list: value })}
        />
      </InlineField>
      {FIELDS[list].map((field) => (
        <InlineField
          key={field}
          label={field === 'facet' ? text.placeholders.facet : text.controls[field].label}
          labelWidth={LABEL_WIDTH}
          htmlFor={`isotherm-list-${field}`}
        >
          <Picker
            id={`isotherm-list-${field}`}
            datasource={datasource}
            range={range}
            of={{ list: PICKERS[field], application: query.application }}
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
