// A backend that answers from a shared snapshot: what was frozen, and nothing else.

import { readAnswer, type Answers } from './answers';
import type { Backend } from './backend';
import type { Frame } from './frames';
import type { AnyQuery, QueryOf, QuestionName } from './query';
import { createNames } from './names';
import { BackendError } from './transport';

export interface Snapshot {
  name: string;
  application: string;
  page: string;
  /** The query part of the address that it was taken at. */
  address: string;
  taken_ms: number;
  time_locked: boolean;
  /** "question|from/to|signal|element" -> frames. */
  answers: Record<string, Frame[]>;
}

/** The element that a question is about, "" for the whole page. */
function elementOf(query: AnyQuery): string {
  if (query.question === 'action') {
    return query.element ?? '';
  }
  const named = query.question === 'timeseries' && query.filters?.filter((filter) => filter.key === 'element');
  return (named && named[named.length - 1]?.value) || '';
}

const noLists = async () => [];

/**
 * `span` tells the chosen time range as the address writes it ("now-7d/now"); `files` has the picture's strips by the
 * name that answers use ("tiles/0"); `missing` is said of what the snapshot does not hold.
 */
export function frozenBackend(
  snapshot: Snapshot,
  span: () => string,
  files: ReadonlyMap<string, string>,
  missing: string
): Backend {
  return {
    async ask<Q extends QuestionName>(query: QueryOf<Q>): Promise<Answers[Q]> {
      const signal = query.question === 'scroll' ? '' : (query.signal ?? 'all');
      const frames = snapshot.answers[[query.question, span(), signal, elementOf(query)].join('|')];
      if (!frames) {
        throw new BackendError(missing, 404);
      }
      return readAnswer<Q>(query.question as Q, frames);
    },
    applications: async () => [
      {
        application: snapshot.application,
        name: snapshot.application,
        views: 0,
        clicks: 0,
        last_ms: snapshot.taken_ms,
      },
    ],
    overview: null,
    names: createNames(),
    pages: async () => ({ pages: [], total: 0 }),
    facets: noLists,
    facetValues: noLists,
    pictures: null,
    sites: null,
    zones: null,
    status: () => Promise.reject(new BackendError(missing, 404)),
    backgrounds: async () => ({ backgrounds: [], automatic: null }),
    pictureUrl: () => (files.size === 1 ? (files.get('tiles/0') ?? '') : ''),
    thumbnailUrl: () => '',
    fileUrl: (path) => (path.startsWith('data:') ? path : (files.get(path) ?? '')),
  };
}

/** The distinct spans of a snapshot, its own first. */
export function spansOf(snapshot: Snapshot): string[] {
  return [...new Set(Object.keys(snapshot.answers).map((key) => key.split('|')[1]))];
}
