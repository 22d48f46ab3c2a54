// Asking a question from a component: the old answer stays until the new one is there, slow ones can be cancelled.

import { useCallback, useEffect, useRef, useState } from 'react';

import { asError } from './asError';

export interface Asked<T> {
  /** The latest answer; may belong to an earlier question while `loading`. */
  value: T | undefined;
  loading: boolean;
  /** Loading for more than three seconds. */
  slow: boolean;
  error: Error | null;
  /** Cancelled by the person before the answer came. */
  stopped: boolean;
  cancel: () => void;
  retry: () => void;
}

const SLOW_MS = 3000;

/** Load again whenever `key` changes; null = ask nothing. */
export function useAnswer<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<{ value: T }>();
  const [ended, setEnded] = useState<{ token: string; error: Error | null; stopped?: boolean }>();
  const [slowToken, setSlow] = useState('');
  const abort = useRef<AbortController | null>(null);
  const latestLoad = useRef(load);
  const token = key === null ? null : `${attempt} ${key}`;

  useEffect(() => {
    latestLoad.current = load;
  });

  useEffect(() => {
    if (token === null) {
      return;
    }
    const controller = new AbortController();
    abort.current = controller;
    const timer = setTimeout(() => setSlow(token), SLOW_MS);
    const end = (error: Error | null) => {
      clearTimeout(timer);
      setEnded({ token, error });
    };
    latestLoad.current(controller.signal).then(
      (value) => {
        if (!controller.signal.aborted) {
          setAnswer({ value });
          end(null);
        }
      },
      (error: unknown) => {
        if (!controller.signal.aborted) {
          end(asError(error));
        }
      }
    );
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [token]);

  const cancel = useCallback(() => {
    abort.current?.abort();
    if (token !== null) {
      setEnded({ token, error: null, stopped: true });
    }
  }, [token]);
  const retry = useCallback(() => setAttempt((n) => n + 1), []);
  const over = token !== null && ended?.token === token;
  const loading = token !== null && !over;
  return {
    value: token === null ? undefined : answer?.value,
    loading,
    slow: loading && slowToken === token,
    error: over ? ended.error : null,
    stopped: over && ended.stopped === true,
    cancel,
    retry,
  };
}
