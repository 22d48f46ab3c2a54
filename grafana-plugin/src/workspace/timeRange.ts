// Time ranges as Grafana writes them into URLs: "now-7d", "now/d", or epoch ms; here in the browser's own time zone.

import type { Range } from '../contract/query';

const DEFAULT_SPAN_MS = 7 * 86_400_000;

export const DEFAULT_FROM = 'now-7d';
export const DEFAULT_TO = 'now';

/** Epoch ms of one end of a range; null when it cannot be read. `roundUp`: "now/d" is the end of the day, not its start. */
export type ResolveTime = (value: string, nowMs: number, roundUp?: boolean) => number | null;

const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };
const STEPS = /([+-])(\d{0,9})f?([smhdwMQy])|\/f?([smhdwMQy])/g;
const MATH = /^now((?:[+-]\d{0,9}f?[smhdwMQy]|\/f?[smhdwMQy])*)$/;

/** Days, and longer: of the calendar, so that the clock says the same where it was put forward in between. */
function moved(ms: number, amount: number, unit: string): number {
  if (UNIT_MS[unit]) {
    return ms + amount * UNIT_MS[unit];
  }
  const date = new Date(ms);
  if (unit === 'd' || unit === 'w') {
    date.setDate(date.getDate() + amount * (unit === 'w' ? 7 : 1));
    return date.getTime();
  }
  const day = date.getDate();
  date.setDate(1);
  date.setMonth(date.getMonth() + amount * (unit === 'y' ? 12 : unit === 'Q' ? 3 : 1));
  const last = new Date(date.getFullYear(), date.getMonth() + 1, 0).getDate(); // there is no 31st of June
  date.setDate(Math.min(day, last));
  return date.getTime();
}

/** The start of the minute, day, ..., year that a moment is in. A week starts on Sunday. */
function startOf(ms: number, unit: string): number {
  const date = new Date(ms);
  const [year, month] = [date.getFullYear(), date.getMonth()];
  switch (unit) {
    case 'y':
      return new Date(year, 0, 1).getTime();
    case 'Q':
      return new Date(year, month - (month % 3), 1).getTime();
    case 'M':
      return new Date(year, month, 1).getTime();
    case 'w':
      return new Date(year, month, date.getDate() - date.getDay()).getTime();
    case 'd':
      return new Date(year, month, date.getDate()).getTime();
    default: {
      const zone = date.getTimezoneOffset() * 60_000; // some are half an hour off
      return Math.floor((ms - zone) / UNIT_MS[unit]) * UNIT_MS[unit] + zone;
    }
  }
}

/** Reads what Grafana's time controls write. A fiscal year starts in January. */
export const resolveTime: ResolveTime = (value, nowMs, roundUp) => {
  if (/^\d+$/.test(value)) {
    return Number(value);
  }
  const math = MATH.exec(value);
  if (math) {
    let ms = nowMs;
    for (const [, sign, amount, unit, rounded] of math[1].matchAll(STEPS)) {
      if (sign) {
        ms = moved(ms, (sign === '-' ? -1 : 1) * Number(amount || 1), unit);
      } else {
        ms = roundUp ? moved(startOf(ms, rounded), 1, rounded) - 1 : startOf(ms, rounded);
      }
    }
    return ms;
  }
  const date = Date.parse(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00` : value);
  return /^\d{4}-\d\d/.test(value) && Number.isFinite(date) ? date : null;
};

/** The range in epoch ms; what cannot be read falls back to the default range. */
export function resolveRange(from: string, to: string, nowMs: number, resolve: ResolveTime = resolveTime): Range {
  const start = resolve(from, nowMs, false);
  const end = resolve(to, nowMs, true);
  if (start === null || end === null || start >= end) {
    return { from: nowMs - DEFAULT_SPAN_MS, to: nowMs };
  }
  return { from: start, to: end };
}
