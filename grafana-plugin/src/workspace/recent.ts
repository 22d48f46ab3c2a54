// The heatmaps that were opened last in this browser.

export interface Opened {
  application: string;
  page: string;
}

const KEY = 'isotherm.recent';
const KEPT = 6;

const isOpened = (value: unknown): value is Opened =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Opened).application === 'string' &&
  typeof (value as Opened).page === 'string';

/** The last opened first; none where the browser forbids storage or something else is kept there. */
export function readRecent(): Opened[] {
  try {
    const kept: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isOpened) : [];
  } catch {
    return []; // Nothing that anyone would miss.
  }
}

export function noteOpened(opened: Opened): void {
  const others = readRecent().filter(
    ({ application, page }) => application !== opened.application || page !== opened.page
  );
  try {
    window.localStorage.setItem(KEY, JSON.stringify([opened, ...others].slice(0, KEPT)));
  } catch {
    // As above.
  }
}
