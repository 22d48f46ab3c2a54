// How many rows of a list are asked for: more each time somebody wants more.

import { useState } from 'react';

const TIMES = 10;

/** `most` = what the server gives at once; `of` = what the list is of: another one begins anew. */
export function useMore(first: number, most: number, of: string): [number, (() => void) | undefined] {
  const [asked, setAsked] = useState({ of, limit: first });
  const limit = asked.of === of ? asked.limit : first;
  return [limit, limit < most ? () => setAsked({ of, limit: Math.min(most, limit * TIMES) }) : undefined];
}

/** Elements and pages that the server gives at once; what is beyond is found by its name. */
export const MOST_ROWS = 10_000;

/** Sessions that the server gives at once. */
export const MOST_SESSIONS = 1000;
