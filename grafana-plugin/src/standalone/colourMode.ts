// Dark or light: what the system asks for, until the person says otherwise; that choice is kept in the browser.

import { useCallback, useEffect, useState } from 'react';

export type ColourMode = 'dark' | 'light';

const KEY = 'isotherm.colour-mode';
const DARK = '(prefers-color-scheme: dark)';

function stored(): ColourMode | null {
  try {
    const value = window.localStorage.getItem(KEY);
    return value === 'dark' || value === 'light' ? value : null;
  } catch {
    return null; // Storage can be forbidden; then the system decides.
  }
}

const ofSystem = (): ColourMode => (window.matchMedia(DARK).matches ? 'dark' : 'light');

export function useColourMode(): [ColourMode, () => void] {
  const [mode, setMode] = useState<ColourMode>(() => stored() ?? ofSystem());
  useEffect(() => {
    const system = window.matchMedia(DARK);
    const follow = () => setMode(stored() ?? ofSystem());
    system.addEventListener('change', follow);
    return () => system.removeEventListener('change', follow);
  }, []);
  const toggle = useCallback(() => {
    const next = mode === 'dark' ? 'light' : 'dark';
    try {
      window.localStorage.setItem(KEY, next);
    } catch {
      // The choice then lasts as long as the page.
    }
    setMode(next);
  }, [mode]);
  return [mode, toggle];
}
