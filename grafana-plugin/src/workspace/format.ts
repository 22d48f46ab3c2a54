// Numbers, shares, durations and times as people read them, in the language of the page.

import { dateLocale, locale } from '../language/language';

/** Formats that are made once for each language and set of options, as making one is slow. */
function formats<Options, Format>(language: () => string, make: (language: string, options: Options) => Format) {
  const made = new Map<string, Format>();
  return (options: Options): Format => {
    const key = language() + JSON.stringify(options);
    const format = made.get(key) ?? make(language(), options);
    made.set(key, format);
    return format;
  };
}

const numberFormat = formats(
  locale,
  (language, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options)
);
const dateFormat = formats(
  dateLocale,
  (language, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options)
);

const whole = (value: number): string => numberFormat({ maximumFractionDigits: 0 }).format(Math.round(value));

/** The number itself, digits grouped. */
export const exact = (value: number): string => numberFormat({ maximumFractionDigits: 2 }).format(value);

/** At most three figures once it is long: 12,480 stays, 1,234,567 becomes 1.23M. */
export const count = (value: number): string =>
  value >= 1e6 ? numberFormat({ notation: 'compact', maximumSignificantDigits: 3 }).format(value) : whole(value);

/** A share of 1 in per cent, with one decimal unless it is whole. */
export function percent(share: number | null | undefined): string {
  if (share == null || !Number.isFinite(share)) {
    return '–';
  }
  const format = numberFormat({ style: 'percent', maximumFractionDigits: 1 });
  return share > 0 && share < 0.001 ? `< ${format.format(0.001)}` : format.format(share);
}

/** A rate or a factor: three figures. */
export const rate = (value: number): string => numberFormat({ maximumSignificantDigits: 3 }).format(value);

/** A number that is known to two figures at best. */
export const roughly = (value: number): string => numberFormat({ maximumSignificantDigits: 2 }).format(value);

export const px = whole;

/** Bytes as megabytes. */
export const megabytes = (bytes: number): string =>
  numberFormat({ style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(bytes / 1024 / 1024);

type Unit = 'millisecond' | 'second' | 'minute' | 'hour';

const amount = (value: number, unit: Unit): string =>
  numberFormat({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(value);

function both(value: number, unit: Unit, per: number, smaller: Unit): string {
  const parts = [amount(Math.floor(value / per), unit), ...(value % per ? [amount(value % per, smaller)] : [])];
  return new Intl.ListFormat(locale(), { type: 'unit', style: 'narrow' }).format(parts);
}

/** Milliseconds as 180 ms, 41 sec, 3 min 20 sec, 2 hr 5 min. */
export function duration(ms: number | null | undefined): string {
  if (ms == null || !Number.isFinite(ms)) {
    return '–';
  }
  if (ms < 1000) {
    return amount(Math.round(ms), 'millisecond');
  }
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) {
    return amount(ms < 9950 ? ms / 1000 : seconds, 'second');
  }
  return seconds < 3600 ? both(seconds, 'minute', 60, 'second') : both(Math.floor(seconds / 60), 'hour', 60, 'minute');
}

/** Formats epoch ms in a zone; "browser" and undefined mean the browser's own. A time says its year unless it is this one. */
export function timeFormat(timeZone: string | undefined): {
  day: (ms: number) => string;
  time: (ms: number) => string;
} {
  const zone = timeZone === 'browser' ? undefined : timeZone === 'utc' ? 'UTC' : timeZone;
  const year = (ms: number) => dateFormat({ year: 'numeric', timeZone: zone }).format(ms);
  const date = { day: 'numeric', month: 'short', timeZone: zone } as const;
  const minute = { ...date, hour: '2-digit', minute: '2-digit' } as const;
  return {
    day: (ms) => dateFormat({ ...date, year: 'numeric' }).format(ms),
    time: (ms) => dateFormat(year(ms) === year(Date.now()) ? minute : { ...minute, year: 'numeric' }).format(ms),
  };
}
