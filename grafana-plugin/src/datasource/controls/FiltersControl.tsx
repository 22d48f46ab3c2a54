// Conditions on facets: key, operator and value or values, each of which may be a variable.
import { Combobox, IconButton, InlineFieldRow, Button } from '@grafana/ui';
import React from 'react';

import { OPERATORS, type FacetFilter } from '../../contract/query';
import { Picker } from '../Picker';
import { OPERATOR_CHOICES } from './choices';
import { text } from '../text';
import type { ControlProps } from './control';
import { ValuesPicker } from './ValuesPicker';

const takesMany = (operator: string) => operator === 'in' || operator === 'not in';

export function FiltersControl({ id, query, datasource, range, change }: ControlProps) {
  const filters = query.filters ?? [];
  const replace = (index: number, patch: Partial<FacetFilter>) =>
    change({ filters: filters.map((filter, at) => (at === index ? { ...filter, ...patch } : filter)) });
  return (
    <div>
      {filters.map((filter, index) => {
        const others = filters.filter((other, at) => at !== index && other.key);
        const of = {
          list: 'values' as const,
          application: query.application,
          page: query.page,
          facet: filter.key,
          filters: others,
        };
        return (
          <InlineFieldRow key={index}>
            <Picker
              id={`${id}-key-${index}`}
              datasource={datasource}
              range={range}
              of={{ list: 'facets', application: query.application }}
              value={filter.key || undefined}
              placeholder={text.placeholders.facet}
              onChange={(key) => replace(index, { key: key ?? '' })}
              width={20}
            />
            <Combobox
              id={`${id}-operator-${index}`}
              options={OPERATOR_CHOICES}
              value={filter.operator}
              width={11}
              onChange={({ value }) => replace(index, { operator: OPERATORS.find((known) => known === value) ?? '=' })}
            />
            {takesMany(filter.operator) ? (
              <ValuesPicker
                id={`${id}-value-${index}`}
                datasource={datasource}
                range={range}
                of={of}
                values={filter.values ?? (filter.value ? [filter.value] : [])}
                onChange={(values) => replace(index, { values, value: undefined })}
              />
            ) : (
              <Picker
                id={`${id}-value-${index}`}
                datasource={datasource}
                range={range}
                of={of}
                value={filter.value ?? filter.values?.[0]}
                placeholder={text.placeholders.value}
                onChange={(value) => replace(index, { value: value ?? '', values: undefined })}
              />
            )}
            <IconButton
              name="trash-alt"
              aria-label={text.removeCondition}
              onClick={() => change({ filters: filters.filter((_, at) => at !== index) })}
            />
          </InlineFieldRow>
        );
      })}
      <Button
        id={id}
        variant="secondary"
        size="sm"
        icon="plus"
        onClick={() => change({ filters: [...filters, { key: '', operator: '=', value: '' }] })}
      >
        {text.condition}
      </Button>
    </div>
  );
}
