// Asks everything again every so often, while somebody looks and no dialog is open.

import { useEffect } from 'react';

import { intervalMs, isBusy } from './refresh';

/** How soon it is looked again whether what held it back is over. */
const RETRY_MS = 1000;

/** `asOf` = when everything was last asked. */
export function useAutoRefresh(every: string, asOf: number, refresh: () => void): void {
  const ms = intervalMs(every);
  useEffect(() => {
    if (!ms) {
      return;
    }
    let timer: ReturnType<typeof setTimeout>;
    const due = () => {
      if (isBusy(document)) {
        timer = setTimeout(due, RETRY_MS);
      } else {
        refresh();
      }
    };
    timer = setTimeout(due, Math.max(0, asOf + ms - Date.now()));
    return () => clearTimeout(timer);
  }, [ms, asOf, refresh]);
}
