// The band of window widths: one of the three of the product, or any two ends.
import { Combobox, InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { BAND_LABELS, bandName, WIDTH_BANDS, type BandName } from '../../contract/widthBands';
import { text } from '../text';
import type { RumQuery } from '../types';
import { CommitInput } from './CommitInput';
import type { ControlProps } from './control';
import { numberText } from './simple';

const bands = (): Array<{ value: BandName; label: string }> => [
  { value: 'all', label: text.choices.widths.all },
  ...(['wide', 'medium', 'narrow'] as const).map((value) => ({ value, label: `${BAND_LABELS[value]} px` })),
  { value: 'custom', label: text.choices.widths.custom },
];

function bandOf(width: RumQuery['width']): BandName {
  const { min, max } = width ?? {};
  const numbers = [min, max].every((end) => end === undefined || typeof end === 'number');
  return numbers ? bandName({ min: min as number | undefined, max: max as number | undefined }) : 'custom';
}

export function WidthControl({ id, query, change }: ControlProps) {
  const [custom, setCustom] = React.useState(false);
  const band = custom ? 'custom' : bandOf(query.width);
  const end = (which: 'min' | 'max', placeholder: string) => (
    <CommitInput
      label={placeholder}
      width={12}
      placeholder={placeholder}
      value={String(query.width?.[which] ?? '')}
      onCommit={(typed) => change({ width: { ...query.width, [which]: numberText(typed) } })}
    />
  );
  const choose = (value: BandName) => {
    setCustom(value === 'custom');
    if (value !== 'custom') {
      change({ width: value === 'all' ? undefined : { ...WIDTH_BANDS[value] } });
    }
  };
  return (
    <InlineFieldRow>
      <Combobox id={id} options={bands()} value={band} width={22} onChange={({ value }) => choose(value)} />
      {band === 'custom' && end('min', text.placeholders.min)}
      {band === 'custom' && end('max', text.placeholders.max)}
    </InlineFieldRow>
  );
}
