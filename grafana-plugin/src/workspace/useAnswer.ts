// Asking a question from a component: the old answer stays until the new one is there, slow ones can be cancelled.

import { useCallback, useEffect, useRef, useState } from 'react';

export interface Asked<T> {
  /** The latest answer; may belong to an earlier question while `loading`. */
  value: T | undefined;
  loading: boolean;
  /** Loading for more than three seconds. */
  slow: boolean;
  error: Error | null;
  cancel: () => void;
  retry: () => void;
}

const SLOW_MS = 3000;

interface Progress<T> {
  value: T | undefined;
  loading: boolean;
  slow: boolean;
  error: Error | null;
}

/** Load again whenever `key` changes; null = ask nothing and forget the answer. */
export function useAnswer<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const [progress, setProgress] = useState<Progress<T>>({
    value: undefined,
    loading: key !== null,
    slow: false,
    error: null,
  });
  const [attempt, setAttempt] = useState(0);
  const abort = useRef<AbortController | null>(null);
  const latestLoad = useRef(load);
  latestLoad.current = load;

  useEffect(() => {
    if (key === null) {
      setProgress({ value: undefined, loading: false, slow: false, error: null });
      return;
    }
    const controller = new AbortController();
    abort.current = controller;
    setProgress((old) => ({ ...old, loading: true, slow: false, error: null }));
    const timer = setTimeout(() => setProgress((old) => ({ ...old, slow: old.loading })), SLOW_MS);
    latestLoad.current(controller.signal).then(
      (value) => {
        clearTimeout(timer);
        if (!controller.signal.aborted) {
          setProgress({ value, loading: false, slow: false, error: null });
        }
      },
      (error: unknown) => {
        clearTimeout(timer);
        if (!controller.signal.aborted) {
          const reason = error instanceof Error ? error : new Error(String(error));
          setProgress((old) => ({ ...old, loading: false, slow: false, error: reason }));
        }
      }
    );
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [key, attempt]);

  const cancel = useCallback(() => {
    abort.current?.abort();
    setProgress((old) => ({ ...old, loading: false, slow: false }));
  }, []);
  const retry = useCallback(() => setAttempt((n) => n + 1), []);
  return { ...progress, cancel, retry };
}
