// Which key does what. Single keys can be switched off (WCAG 2.1.4); what the host uses itself is left to it.

export type KeyAction = 'palette' | 'keys' | 'clicks' | 'elements' | 'scroll' | 'fit' | 'whole' | 'refresh' | 'back';

export interface KeyPress {
  does: KeyAction;
  /** A printable key alone, without Ctrl or Cmd. */
  single: boolean;
}

const SINGLE: Readonly<Record<string, KeyAction>> = {
  '/': 'palette',
  '?': 'keys',
  '1': 'clicks',
  '2': 'elements',
  '3': 'scroll',
  f: 'fit',
  w: 'whole',
  r: 'refresh',
};

/** Grafana has its own palette and its own help under these. */
const OF_HOST = new Set(['?']);

/** Where keys are typed, or answer to something else. */
const TAKEN = 'input, textarea, select, [contenteditable=true], dialog, [role=dialog], [role=slider]';

export function keyOf(event: KeyboardEvent, inHost: boolean): KeyPress | null {
  const inside = event.target instanceof Element && event.target.closest(TAKEN) !== null;
  if (event.defaultPrevented || event.isComposing || event.altKey || inside) {
    return null;
  }
  if (event.ctrlKey || event.metaKey) {
    return event.key.toLowerCase() === 'k' && !inHost ? { does: 'palette', single: false } : null;
  }
  if (event.key === 'Escape') {
    return { does: 'back', single: false };
  }
  const does = inHost && OF_HOST.has(event.key) ? undefined : SINGLE[event.key];
  return does ? { does, single: true } : null;
}

const KEPT = 'isotherm.single-keys';

/** Whether single keys do something; kept in the browser. */
export const singleKeys = {
  read(): boolean {
    try {
      return window.localStorage.getItem(KEPT) !== 'off';
    } catch {
      return true; // Storage can be forbidden.
    }
  },
  write(on: boolean): void {
    try {
      window.localStorage.setItem(KEPT, on ? 'on' : 'off');
    } catch {
      // As above: it lasts as long as nobody can remember it.
    }
  },
};
