// Time ranges as Grafana writes them into URLs: "now-7d", "now/d", or epoch ms.

import { dateMath } from '@grafana/data';

import type { Range } from '../contract/query';

const DEFAULT_SPAN_MS = 7 * 86_400_000;

export const DEFAULT_FROM = 'now-7d';
export const DEFAULT_TO = 'now';

/** Epoch ms of one end of a range; null when it cannot be read. `roundUp`: "now/d" is the end of the day, not its start. */
export function resolveTime(value: string, nowMs: number, timezone?: string, roundUp = false): number | null {
  if (/^\d+$/.test(value)) {
    return Number(value);
  }
  const moment = dateMath.toDateTime(value, { now: nowMs, timezone, roundUp });
  return moment?.isValid() ? moment.valueOf() : null;
}

/** The range in epoch ms; what cannot be read falls back to the default range. */
export function resolveRange(from: string, to: string, nowMs: number, timezone?: string): Range {
  const start = resolveTime(from, nowMs, timezone);
  const end = resolveTime(to, nowMs, timezone, true);
  if (start === null || end === null || start >= end) {
    return { from: nowMs - DEFAULT_SPAN_MS, to: nowMs };
  }
  return { from: start, to: end };
}
