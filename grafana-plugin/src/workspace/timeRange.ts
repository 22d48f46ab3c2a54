// Time ranges as Grafana writes them into URLs: "now-7d", "now", or epoch ms.

import type { Range } from '../contract/query';

const UNIT_MS: Record<string, number> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  M: 30 * 86_400_000,
  y: 365 * 86_400_000,
};

export const DEFAULT_FROM = 'now-7d';
export const DEFAULT_TO = 'now';

/** Epoch ms of one end of a range; null when it cannot be read. */
export function resolveTime(value: string, nowMs: number): number | null {
  if (/^\d+$/.test(value)) {
    return Number(value);
  }
  const match = /^now(?:-(\d+)([smhdwMy]))?$/.exec(value);
  if (match) {
    return nowMs - (match[1] ? Number(match[1]) * UNIT_MS[match[2]] : 0);
  }
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? null : parsed;
}

/** The range in epoch ms; what cannot be read falls back to the default range. */
export function resolveRange(from: string, to: string, nowMs: number): Range {
  const start = resolveTime(from, nowMs);
  const end = resolveTime(to, nowMs);
  if (start === null || end === null || start >= end) {
    return { from: nowMs - 7 * UNIT_MS.d, to: nowMs };
  }
  return { from: start, to: end };
}
