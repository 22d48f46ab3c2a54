// A searchable list from the backend, which also takes a variable or any other text.
import type { TimeRange } from '@grafana/data';
import { Combobox, type ComboboxOption } from '@grafana/ui';
import React from 'react';

import { rangeOf, type ListRequest, type Lists } from './lookups';
import { text } from './text';

export interface PickerProps {
  id: string;
  datasource: Lists;
  range?: TimeRange;
  /** Which list, and of what; null offers nothing but what is typed. */
  of: Omit<ListRequest, 'range'> | null;
  value?: string;
  placeholder?: string;
  onChange: (value: string | undefined) => void;
  /** In units of the grid. */
  width?: number;
}

export function Picker({ id, datasource, range, of, value, placeholder, onChange, width = 30 }: PickerProps) {
  const options = async (search: string): Promise<Array<ComboboxOption<string>>> => {
    if (!of) {
      return [];
    }
    const choices = await datasource.choices({ ...of, search, range: rangeOf(range) });
    const wanted = search.toLowerCase();
    return choices
      .filter((choice) => choice.text.toLowerCase().includes(wanted))
      .map(({ text: label, value: key }) => ({
        label: label || text.empty,
        value: key,
        description: key === label ? undefined : key,
      }));
  };
  return (
    <Combobox
      id={id}
      options={options}
      value={value ?? null}
      placeholder={placeholder}
      createCustomValue
      isClearable
      width={width}
      onChange={(option) => onChange(option?.value)}
    />
  );
}
