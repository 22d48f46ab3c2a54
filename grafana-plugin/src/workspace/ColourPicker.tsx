// Choosing what the click map is coloured by.

import React from 'react';

import { Combobox } from '@grafana/ui';

import { useWorkspace } from './context';
import { text } from './text';
import { COLOURS } from './tint';

export function ColourPicker() {
  const { state, update } = useWorkspace();
  const words = text.causes.colour;
  return (
    <label style={{ display: 'inline-flex', alignItems: 'center', gap: 8, margin: 0 }} data-testid="colour-by">
      <span style={{ whiteSpace: 'nowrap' }}>{words.label}</span>
      <Combobox
        id="isotherm-colour"
        aria-label={words.label}
        options={COLOURS.map((value) => ({ value, label: words.names[value], description: words.help[value] }))}
        value={state.colour}
        width={22}
        onChange={({ value }) => update({ colour: value, split: '' })}
      />
    </label>
  );
}
