// Who saves and shares: who is signed in, or else the name that was last given, kept in the browser.

import { useHost } from '../workspace/host';

const KEY = 'isotherm.author';

function readAuthor(): string {
  try {
    return window.localStorage.getItem(KEY) ?? '';
  } catch {
    return ''; // Storage can be forbidden; then the name is asked for again.
  }
}

export function keepAuthor(name: string): void {
  try {
    window.localStorage.setItem(KEY, name);
  } catch {
    // As above.
  }
}

/** "" where nobody is known. */
export function useAuthor(): string {
  const { user } = useHost();
  return user || readAuthor();
}
