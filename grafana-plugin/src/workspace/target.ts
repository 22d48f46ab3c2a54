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

/** The filter that tells who reached a goal from who did not. */
export const facetOf = ({ kind }: Target): 'reached_page' | 'reached_element' => `reached_${kind}`;

const GOAL = 'goal|';

/** Splitting a map into who reached a goal and who did not, as the address has it; and the goal of such a split. */
export const splitBy = (goal: Target): string => GOAL + writeTarget(goal);
export const goalOf = (split: string): Target | null =>
  split.startsWith(GOAL) ? readTarget(split.slice(GOAL.length)) : null;

export const stepTo = ({ kind, key }: Target): Step => (kind === 'page' ? { page: key } : { element: key });
