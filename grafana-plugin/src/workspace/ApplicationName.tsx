// An application's name, with its id for whoever needs it.

import React from 'react';

import { useApplicationName } from './useApplicationName';

export function ApplicationName({ of }: { of: string }) {
  return <span title={of}>{useApplicationName(of)}</span>;
}
