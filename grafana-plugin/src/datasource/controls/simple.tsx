// Controls of one value: text, number, and choice.
import { Combobox, InlineSwitch, MultiCombobox } from '@grafana/ui';
import React from 'react';

import type { NumberText, QueryParams } from '../types';
import { CommitInput } from './CommitInput';
import { CHOICES, EVENTS, ROWS_BY } from './choices';
import type { ControlProps } from './control';

type KeysOf<T> = { [K in keyof QueryParams]-?: QueryParams[K] extends T | undefined ? K : never }[keyof QueryParams];

/** A number as it was typed: a number if it is one, else a text with a variable. */
export function numberText(typed: string): NumberText | undefined {
  const text = typed.trim();
  return text === '' ? undefined : Number.isNaN(Number(text)) ? text : Number(text);
}

export function numberControl(key: KeysOf<NumberText>, placeholder: string) {
  return function NumberControl({ id, query, change }: ControlProps) {
    return (
      <CommitInput
        id={id}
        width={16}
        placeholder={placeholder}
        value={String(query[key] ?? '')}
        onCommit={(typed) => change({ [key]: numberText(typed) })}
      />
    );
  };
}

export function textControl(key: KeysOf<string>, placeholder: string) {
  return function TextControl({ id, query, change }: ControlProps) {
    return (
      <CommitInput
        id={id}
        width={40}
        placeholder={placeholder}
        value={query[key] ?? ''}
        onCommit={(typed) => change({ [key]: typed || undefined })}
      />
    );
  };
}

export function choiceControl(key: KeysOf<string>, choices: keyof typeof CHOICES) {
  return function ChoiceControl({ id, query, change }: ControlProps) {
    const options = CHOICES[choices];
    return (
      <Combobox
        id={id}
        options={options}
        value={query[key] ?? options[0].value}
        createCustomValue
        width={22}
        onChange={({ value }) => change({ [key]: value })}
      />
    );
  };
}

export function KindsControl({ id, query, change }: ControlProps) {
  return (
    <MultiCombobox
      id={id}
      options={EVENTS}
      value={query.kinds ?? []}
      width={50}
      onChange={(options) => change({ kinds: options.map(({ value }) => value) })}
    />
  );
}

/** What a row of the ranking stands for. */
export function RowsByControl({ id, query, change }: ControlProps) {
  return (
    <Combobox
      id={id}
      options={ROWS_BY}
      value={query.by ?? 'element'}
      createCustomValue
      width={22}
      onChange={({ value }) => change({ by: value })}
    />
  );
}

/** Whether public dashboards show the page's picture. */
export function InlinePictureControl({ id, query, change }: ControlProps) {
  return (
    <InlineSwitch
      id={id}
      value={query.inline_picture ?? false}
      onChange={(event) => change({ inline_picture: event.currentTarget.checked })}
    />
  );
}
