// A rectangle on the picture of a page.
import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { text } from '../text';
import { CommitInput } from './CommitInput';
import type { ControlProps } from './control';
import { numberText } from './simple';

const SIDES = ['left', 'top', 'width', 'height'] as const;

export function AreaControl({ query, change }: ControlProps) {
  return (
    <InlineFieldRow>
      {SIDES.map((side) => (
        <CommitInput
          key={side}
          label={text.sides[side]}
          width={12}
          placeholder={text.sides[side]}
          value={String(query.area?.[side] ?? '')}
          onCommit={(typed) => change({ area: { ...query.area, [side]: numberText(typed) } })}
        />
      ))}
    </InlineFieldRow>
  );
}
