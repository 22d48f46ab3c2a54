// Several values of a facet.
import type { TimeRange } from '@grafana/data';
import { MultiCombobox } from '@grafana/ui';
import React from 'react';

import type { RumDataSource } from '../datasource';
import { rangeOf, type ListRequest } from '../lookups';
import { text } from '../text';

interface ValuesPickerProps {
  id: string;
  datasource: RumDataSource;
  range?: TimeRange;
  of: Omit<ListRequest, 'range'>;
  values: string[];
  onChange: (values: string[]) => void;
}

export function ValuesPicker({ id, datasource, range, of, values, onChange }: ValuesPickerProps) {
  const options = async (search: string) => {
    const choices = await datasource.choices({ ...of, search, range: rangeOf(range) });
    return choices.map(({ text: label, value }) => ({ label: label || text.empty, value }));
  };
  return (
    <MultiCombobox
      id={id}
      options={options}
      value={values}
      createCustomValue
      placeholder={text.placeholders.values}
      width={40}
      onChange={(chosen) => onChange(chosen.map(({ value }) => value))}
    />
  );
}
