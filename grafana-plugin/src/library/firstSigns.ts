// What has come of a new site so far, from what the server counted: nothing, something it cannot keep, views, clicks.

import type { Overview, ServerStatus } from '../contract/generated/answers';
import { HARMLESS_DROPS } from '../contract/query';

export type Stage = 'silent' | 'dropped' | 'arriving' | 'view' | 'click' | 'picture';

export interface Signs {
  stage: Stage;
  /** Requests or events since the page was opened. */
  received: number;
  dropped: Array<[reason: string, events: number]>;
}

const HARMLESS: ReadonlySet<string> = new Set(HARMLESS_DROPS);

export type SiteSeen = Overview['applications'][number];

/** What the signs say; `before` is the server's state when the waiting began; `alone` = nobody else sends here. */
export function signsOf(
  before: ServerStatus,
  now: ServerStatus,
  application: SiteSeen | undefined,
  alone: boolean
): Signs {
  const received = now.intake.received - before.intake.received;
  const dropped = Object.entries(now.intake.dropped)
    .map(([reason, events]): [string, number] => [reason, events - (before.intake.dropped[reason] ?? 0)])
    .filter(([reason, events]) => events > 0 && !HARMLESS.has(reason));
  const page = application?.pages[0];
  const lost = dropped.reduce((sum, [, events]) => sum + events, 0);
  const stage =
    page && page.clicks > 0
      ? page.background
        ? 'picture'
        : 'click'
      : application
        ? 'view'
        : lost > 0
          ? 'dropped'
          : alone && received > 0
            ? 'arriving'
            : 'silent';
  return { stage, received, dropped };
}
