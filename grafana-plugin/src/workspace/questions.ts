// The questions that the screen asks, each by a hook that asks again when the scope changes.

import type { Answers } from '../contract/answers';
import type { Area, QueryOf, QuestionName, Signal } from '../contract/query';
import { useWorkspace } from './context';
import { queryOf, scopeOf } from './state';
import { useAnswer, type Asked } from './useAnswer';

type Params<Q extends QuestionName> = Omit<QueryOf<Q>, 'application' | 'page' | 'question'>;

/** Ask a question of the page in view. `params` null = do not ask. */
export function useQuestion<Q extends QuestionName>(question: Q, params: Params<Q> | null): Asked<Answers[Q]> {
  const { backend, state, range, asOf } = useWorkspace();
  const query = params && state.application && state.page ? queryOf(state, params, question) : null;
  const key = query ? JSON.stringify([query, range, asOf]) : null;
  return useAnswer(key, (signal) => backend.ask(query as unknown as QueryOf<Q>, range, signal));
}

/** The statistics of the page in the equally long time before the range; not asked where there is no such time. */
export function useStatsBefore(wanted: boolean): Asked<Answers['page_stats']> {
  const { backend, state, range, asOf } = useWorkspace();
  const before = { from: 2 * range.from - range.to, to: range.from };
  const query =
    wanted && before.from >= 0 && state.application && state.page
      ? { ...scopeOf(state), question: 'page_stats' as const }
      : null;
  return useAnswer(query && JSON.stringify([query, before, asOf]), (signal) =>
    backend.ask<'page_stats'>(query as QueryOf<'page_stats'>, before, signal)
  );
}

/** Applications with data in the time range: the most visited ones, or those whose name or id has what is searched. */
export function useApplications(search = '') {
  const { backend, range } = useWorkspace();
  return useAnswer(JSON.stringify([range, search]), (signal) => backend.applications(range, signal, search));
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

/** When a sign of frustration was first seen on an element, over all that is stored up to the range's end. */
export function useFirstSign(element: string, signal: Exclude<Signal, 'all'>, wanted: boolean) {
  const { backend, state, range, asOf } = useWorkspace();
  const scope = scopeOf(state);
  const key = wanted ? JSON.stringify([scope, element, signal, range.to, asOf]) : null;
  return useAnswer(key, async (abort) => {
    const query = { ...scope, question: 'action' as const, element, signal };
    const { action } = await backend.ask<'action'>(query, { from: 0, to: range.to }, abort);
    return action?.first_seen ?? null;
  });
}

/** Who clicked in a part of the map, counted over it: what is counted in cells cannot be added up. */
export function useZone(area: Area | null, background: string) {
  const { backend, state, range, asOf } = useWorkspace();
  const query = area && state.page ? { ...scopeOf(state), question: 'zone' as const, area, background } : null;
  return useAnswer(query && JSON.stringify([query, range, asOf]), (abort) =>
    backend.ask<'zone'>(query as QueryOf<'zone'>, range, abort)
  );
}

/** The values that a facet has among the visits in scope, most visited first. `facet` "" = do not ask. */
export function useFacetValues(facet: string, search = '') {
  const { backend, state, range } = useWorkspace();
  const { application, page } = state;
  const filters = state.filters.filter((filter) => filter.key !== facet); // or only those chosen would be offered
  const key = facet ? JSON.stringify([facet, search, application, page, filters, range]) : null;
  return useAnswer(key, (signal) =>
    backend.facetValues({ application, page, range, key: facet, search, filters }, signal)
  );
}
