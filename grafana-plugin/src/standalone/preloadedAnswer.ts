// What the page's head has asked for (preload.ts), handed to the page.

import type { Begun } from '../contract/httpTransport';

/** A question that was posted before the page was there. */
export interface Asked {
  path: string;
  body: string;
  /** What it was asked as of, epoch ms. */
  nowMs: number;
  answer: Promise<Response>;
  /** What is in it. */
  read: Promise<unknown>;
}

declare global {
  interface Window {
    isothermAsked?: Asked | null;
  }
}

/** Each answer can be read once; what is asked again is asked of the server. */
export const begun: Begun = (path, body) => {
  const asked = window.isothermAsked;
  if (asked?.path !== path || asked.body !== body) {
    return null;
  }
  window.isothermAsked = null;
  return asked.answer;
};

/** What a page counts as now, so that it asks the same; undefined when nothing waits for it. */
export const askedMs = (): number | undefined => window.isothermAsked?.nowMs;
