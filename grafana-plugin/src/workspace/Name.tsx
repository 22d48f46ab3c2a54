// An application's name, with its id for whoever needs it.

import React from 'react';

import { useName } from './useName';

export function Name({ of }: { of: string }) {
  return <span title={of}>{useName(of)}</span>;
}
