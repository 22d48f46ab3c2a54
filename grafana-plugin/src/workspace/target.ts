// The goal of a conversion as the address has it: "page|%2Fcheckout" or "element|%23buy|Buy now".

import type { Step } from '../contract/query';

export interface Target {
  kind: 'page' | 'element';
  key: string;
  /** What people call it. */
  name: string;
}

export const writeTarget = ({ kind, key, name }: Target): string =>
  [kind, key, ...(name === key ? [] : [name])].map(encodeURIComponent).join('|');

/** Null for what names no goal. */
export function readTarget(written: string): Target | null {
  const [kind, key = '', name = key] = written.split('|').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part; // A person's own edit of the address; taken as it stands.
    }
  });
  return (kind === 'page' || kind === 'element') && key ? { kind, key, name } : null;
}

export const stepTo = ({ kind, key }: Target): Step => (kind === 'page' ? { page: key } : { element: key });
