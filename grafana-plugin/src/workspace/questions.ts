// The questions that the screen asks, each by a hook that asks again when the scope changes.

import type { Answers } from '../contract/answers';
import type { QueryOf, QuestionName } from '../contract/query';
import { useWorkspace } from './context';
import { scopeOf } from './state';
import { useAnswer, type Asked } from './useAnswer';

type Params<Q extends QuestionName> = Omit<QueryOf<Q>, 'application' | 'page' | 'question'>;

/** Ask a question of the page in view. `params` null = do not ask. */
export function useQuestion<Q extends QuestionName>(question: Q, params: Params<Q> | null): Asked<Answers[Q]> {
  const { backend, state, range, asOf } = useWorkspace();
  const query = params && state.application && state.page ? { ...scopeOf(state), ...params, question } : null;
  const key = query ? JSON.stringify([query, range, asOf]) : null;
  return useAnswer(key, (signal) => backend.ask(query as unknown as QueryOf<Q>, range, signal));
}

/** Applications with data in the time range. */
export function useApplications() {
  const { backend, range } = useWorkspace();
  return useAnswer(JSON.stringify(range), (signal) => backend.applications(range, signal));
}

/** Pages of the application by visits. `application` "" = do not ask. */
export function usePages(application: string, search: string, limit: number) {
  const { backend, range } = useWorkspace();
  const key = application ? JSON.stringify([application, search, limit, range]) : null;
  return useAnswer(key, (signal) => backend.pages({ application, search, limit, range }, signal));
}

/** Stored pictures of the page in view. */
export function useBackgrounds() {
  const { backend, state, range, asOf } = useWorkspace();
  const { application, page, filters, width } = state;
  const request = { application, page, range, filters, width };
  const key = application && page ? JSON.stringify([request, asOf]) : null;
  return useAnswer(key, (signal) => backend.backgrounds(request, signal));
}
