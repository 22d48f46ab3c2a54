// Numbers, shares, durations and times as people read them.

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const small = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** The number itself, digits grouped. */
export const exact = (value: number): string =>
  Number.isInteger(value)
    ? grouped.format(value)
    : new Intl.NumberFormat('en', { maximumFractionDigits: 2 }).format(value);

/** At most three figures once it is long: 12,480 stays, 1,234,567 becomes 1.23 M. */
export function count(value: number): string {
  if (value >= 1e9) {
    return `${small.format(value / 1e9)} bn`;
  }
  if (value >= 1e6) {
    return `${small.format(value / 1e6)} M`;
  }
  return grouped.format(Math.round(value));
}

/** A share of 1 in per cent, one decimal below ten and none when it is whole. */
export function percent(share: number | null | undefined): string {
  if (share == null || !Number.isFinite(share)) {
    return '–';
  }
  const value = share * 100;
  if (value > 0 && value < 0.1) {
    return '< 0.1 %';
  }
  return `${value.toFixed(value < 99.95 && Math.abs(value - Math.round(value)) >= 0.05 ? 1 : 0)} %`;
}

export const px = (value: number): string => grouped.format(Math.round(value));

/** Milliseconds as 180 ms, 41 s, 3 min 20 s, 2 h 5 min. */
export function duration(ms: number | null | undefined): string {
  if (ms == null || !Number.isFinite(ms)) {
    return '–';
  }
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 9950) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  }
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 60)} h`;
}

/** Formats epoch ms in a zone; "browser" and undefined mean the browser's own. */
export function timeFormat(timeZone: string | undefined): {
  day: (ms: number) => string;
  time: (ms: number) => string;
} {
  const zone = timeZone === 'browser' ? undefined : timeZone === 'utc' ? 'UTC' : timeZone;
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: zone });
  const time = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  });
  return { day: (ms) => day.format(ms), time: (ms) => time.format(ms) };
}
