// What tells two groups of sessions apart: a facet, and its values in each.
import { Combobox } from '@grafana/ui';
import React from 'react';

import { rangeOf } from '../lookups';
import type { ControlProps } from './control';
import { ValuesPicker } from './ValuesPicker';

const VERSION = 'version';

export function FacetControl({ id, query, datasource, range, change }: ControlProps) {
  const options = async (search: string) => {
    const { application } = query;
    const facets = await datasource.choices({ list: 'facets', application, range: rangeOf(range) });
    return facets
      .map(({ text: label, value }) => ({ value, label }))
      .filter(({ label }) => label.toLowerCase().includes(search.toLowerCase()));
  };
  return (
    <Combobox
      id={id}
      options={options}
      value={query.facet ?? VERSION}
      createCustomValue
      width={22}
      onChange={({ value }) => change({ facet: value, before: undefined, after: undefined })}
    />
  );
}

/** The values of one of the two groups; none: of versions the last two. */
export function groupControl(key: 'before' | 'after') {
  return function GroupControl({ id, query, datasource, range, change }: ControlProps) {
    return (
      <ValuesPicker
        id={id}
        datasource={datasource}
        range={range}
        of={{ list: 'values', application: query.application, page: query.page, facet: query.facet ?? VERSION }}
        values={query[key] ?? []}
        onChange={(values) => change({ [key]: values.length ? values : undefined })}
      />
    );
  };
}
