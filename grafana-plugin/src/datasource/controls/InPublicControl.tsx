// Which values stand for the dashboard's variables in public dashboards: those at the moment, kept in the query.
import { Button, InlineSwitch, Stack } from '@grafana/ui';
import React from 'react';

import { variableValues } from '../inPublic';
import { text } from '../text';
import type { ControlProps } from './control';

export function InPublicControl({ id, query, change }: ControlProps) {
  const kept = query.in_public;
  const now = variableValues(query);
  const words = Object.entries(kept ?? {}).map(([name, value]) => `${name} = ${[value].flat().join(', ')}`);
  return (
    <Stack alignItems="center" gap={1}>
      <InlineSwitch
        id={id}
        value={kept !== undefined}
        onChange={(event) => change({ in_public: event.currentTarget.checked ? now : undefined })}
      />
      {kept !== undefined && <span>{words.join('; ') || text.publicDefaults}</span>}
      {kept !== undefined && JSON.stringify(kept) !== JSON.stringify(now) && (
        <Button size="sm" variant="secondary" fill="text" onClick={() => change({ in_public: now })}>
          {text.takePresent}
        </Button>
      )}
    </Stack>
  );
}
