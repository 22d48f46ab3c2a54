// How each number of a page is read: its value, in short and in full.

import type { PageStats } from '../contract/answers';
import { count, duration, exact, percent } from './format';
import type { PageNumber } from './state';
import { text } from './text';

interface Reading {
  of: (stats: PageStats) => number | null;
  /** As it stands in its tile, and in full. */
  short: (value: number | null) => string;
  full: (stats: PageStats) => string;
  /** More of it is bad news. */
  bad?: boolean;
}

const counted = (value: number | null): string => count(value ?? 0);

export const READINGS: Record<PageNumber, Reading> = {
  clicks: { of: ({ clicks }) => clicks, short: counted, full: ({ clicks }) => exact(clicks) },
  rage: {
    of: (stats) => stats.rage_ratio ?? (stats.clicks ? stats.rage_clicks / stats.clicks : null),
    short: percent,
    full: ({ rage_clicks: rage, clicks }) => text.number.part(exact(rage), exact(clicks)),
    bad: true,
  },
  time: { of: (stats) => stats.average_time_ms, short: duration, full: (stats) => duration(stats.average_time_ms) },
  end: {
    of: (stats) => stats.session_end_ratio,
    short: percent,
    full: (stats) => percent(stats.session_end_ratio),
  },
  errors: {
    of: (stats) => stats.page_errors,
    short: counted,
    full: ({ page_errors: errors }) => exact(errors),
    bad: true,
  },
};
