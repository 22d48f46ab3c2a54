// Making a new picture: starts it, follows its job, and tells what came of it.

import { useCallback, useEffect, useRef, useState } from 'react';

import type { BackgroundInfo } from '../contract/generated/answers';
import type { Pictures } from '../contract/pictures';
import { BackendError } from '../contract/transport';
import { asError } from './asError';
import { useWorkspace } from './context';

export const WAYS = ['replay', 'url', 'upload'] as const;
export type Way = (typeof WAYS)[number];

export type Stage =
  | { is: 'working'; way: Way; waiting: boolean; share: number }
  | { is: 'done'; made: string[] }
  | { is: 'failed'; error: Error };

export interface Making {
  stage: Stage | null;
  /** `begin` gives a job's id, or the picture itself. */
  start: (way: Way, begin: (pictures: Pictures) => Promise<string | BackgroundInfo>) => void;
  dismiss: () => void;
  /** Begin once more what failed. */
  again: () => void;
}

const POLL_MS = 1000;

export function useMaking(): Making {
  const { backend, state, range, refresh } = useWorkspace();
  const [stage, setStage] = useState<Stage | null>(null);
  const gone = useRef<AbortController | null>(null);
  const last = useRef<() => void>(() => undefined);
  useEffect(() => () => gone.current?.abort(), []);

  const follow = async (way: Way, pictures: Pictures, id: string, signal: AbortSignal) => {
    for (;;) {
      const job = await pictures.job(id, signal);
      if (job.state === 'failed') {
        throw new BackendError(job.message, 403, 'forbidden', job.allow ?? null);
      }
      if (job.state === 'done') {
        return job.backgrounds;
      }
      if (!signal.aborted) {
        setStage({ is: 'working', way, waiting: job.state === 'queued', share: job.progress });
      }
      await new Promise((wake) => setTimeout(wake, POLL_MS));
    }
  };

  const make = async (way: Way, pictures: Pictures, begun: Promise<string | BackgroundInfo>) => {
    const { signal } = (gone.current = new AbortController());
    const { application, page, filters, width } = state;
    try {
      const first = await begun;
      const made = typeof first === 'string' ? await follow(way, pictures, first, signal) : [first.id];
      // What shows nothing of its own was cleared away again.
      const { backgrounds } = await backend.backgrounds({ application, page, range, filters, width }, signal);
      const kept = made.filter((id) => backgrounds.some((background) => background.id === id));
      refresh();
      setStage({ is: 'done', made: kept });
    } catch (error) {
      if (!signal.aborted) {
        setStage({ is: 'failed', error: asError(error) });
      }
    }
  };

  const start: Making['start'] = (way, begin) => {
    if (backend.pictures) {
      last.current = () => start(way, begin);
      setStage({ is: 'working', way, waiting: false, share: 0 });
      void make(way, backend.pictures, begin(backend.pictures));
    }
  };
  return { stage, start, again: () => last.current(), dismiss: useCallback(() => setStage(null), []) };
}
