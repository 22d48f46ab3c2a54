// Something that a person does and that may fail: the failure is kept until the next try, or until it is taken back.

import { useState } from 'react';

import { asError } from './asError';

interface Attempt {
  problem: Error | null;
  clear: () => void;
  /** Do something, and what follows from it when it succeeds. Never throws. */
  attempt: <T>(what: Promise<T>, then: (done: T) => void) => Promise<void>;
}

/** `again` asks anew for what is shown: after a failure it may not be as it was, for another person changed it. */
export function useAttempt(again?: () => void): Attempt {
  const [problem, setProblem] = useState<Error | null>(null);
  return {
    problem,
    clear: () => setProblem(null),
    attempt: async (what, then) => {
      try {
        then(await what);
        setProblem(null);
      } catch (thrown) {
        setProblem(asError(thrown));
        again?.();
      }
    },
  };
}
