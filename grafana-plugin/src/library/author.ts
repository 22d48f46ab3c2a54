// Who saves and shares, where nobody has signed in: the name that was last given, kept in the browser.

const KEY = 'isotherm.author';

export function readAuthor(): string {
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
