// Asking again by itself: how often the address says, and when it waits.

/** As Grafana writes them. */
export const INTERVALS = ['10s', '30s', '1m', '5m'] as const;
export type Interval = (typeof INTERVALS)[number] | '';

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Of what a person writes into the address: a timer takes no more than 24 days. */
const SHORTEST_MS = 5000;
const LONGEST_MS = UNITS.d;

/** Milliseconds of an interval such as "30s", within reason; 0 = off, or not understood. */
export function intervalMs(written: string): number {
  const [, number, unit] = /^(\d{1,4})([smhd])$/.exec(written) ?? [];
  const ms = number && unit ? Number(number) * UNITS[unit as keyof typeof UNITS] : 0;
  return ms && Math.min(Math.max(ms, SHORTEST_MS), LONGEST_MS);
}

/** Whether asking again would disturb somebody, nobody looks, or what was asked before is not there yet. */
export const isBusy = (page: Document): boolean =>
  page.hidden || page.querySelector('[role=dialog], [role=alertdialog], [aria-busy=true]') !== null;
