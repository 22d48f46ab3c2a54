// What stands where an answer would be that the person did not wait for.

import React from 'react';

import { Button } from '@grafana/ui';

import { text } from './text';

export function Cancelled({ again }: { again: () => void }) {
  return (
    <p role="status" style={{ margin: 'auto', padding: 16 }}>
      {text.analysis.stopped.title}{' '}
      <Button size="sm" variant="secondary" onClick={again}>
        {text.analysis.stopped.again}
      </Button>
    </p>
  );
}
