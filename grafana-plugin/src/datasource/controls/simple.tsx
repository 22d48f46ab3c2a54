// Controls of one value: text, number, and choice.
import { Combobox, InlineSwitch, MultiCombobox } from '@grafana/ui';
import React from 'react';

import { text } from '../text';
import type { NumberText, QueryParams } from '../types';
import { CommitInput } from './CommitInput';
import { CHOICES, events } from './choices';
import type { ControlProps } from './control';

type KeysOf<T> = { [K in keyof QueryParams]-?: QueryParams[K] extends T | undefined ? K : never }[keyof QueryParams];

/** A number as it was typed: a number if it is one, else a text with a variable. */
export function numberText(typed: string): NumberText | undefined {
  const written = typed.trim();
  return written === '' ? undefined : Number.isNaN(Number(written)) ? written : Number(written);
}

const placeholderOf = (key: string): string => (text.placeholders as Partial<Record<string, string>>)[key] ?? '';

export function numberControl(key: KeysOf<NumberText>) {
  return function NumberControl({ id, query, change }: ControlProps) {
    return (
      <CommitInput
        id={id}
        width={16}
        placeholder={placeholderOf(key)}
        value={String(query[key] ?? '')}
        onCommit={(typed) => change({ [key]: numberText(typed) })}
      />
    );
  };
}

export function textControl(key: KeysOf<string>) {
  return function TextControl({ id, query, change }: ControlProps) {
    return (
      <CommitInput
        id={id}
        width={40}
        placeholder={placeholderOf(key)}
        value={query[key] ?? ''}
        onCommit={(typed) => change({ [key]: typed || undefined })}
      />
    );
  };
}

export function choiceControl(key: KeysOf<string>, choices: keyof typeof CHOICES) {
  return function ChoiceControl({ id, query, change }: ControlProps) {
    const options = CHOICES[choices]();
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
      options={events()}
      value={query.kinds ?? []}
      width={50}
      onChange={(options) => change({ kinds: options.map(({ value }) => value) })}
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
