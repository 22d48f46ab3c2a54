// What a map is about, as its address has it. Apart from the rest of the state, so that a link to a map can be written
// where none is drawn.

import type { FacetFilter, WidthBand } from '../contract/query';

/** The parts of the state that say what is counted; texts may be anything, and are checked by whoever reads them. */
export interface AddressedScope {
  application: string;
  page: string;
  filters: FacetFilter[];
  width: WidthBand;
  signal: string;
  metric: string;
  background: string;
  /** Element key. */
  action: string;
  zone: string;
}

export const writeFilter = (filter: FacetFilter): string =>
  [filter.key, filter.operator, ...(filter.values ?? [filter.value ?? ''])].map(encodeURIComponent).join('|');

/** Write a scope into the query part of an address; defaults are left out. */
export function writeScope(scope: AddressedScope, params: URLSearchParams): void {
  const set = (key: string, value: string, fallback: string) =>
    value === fallback ? params.delete(key) : params.set(key, value);
  set('app', scope.application, '');
  set('page', scope.page, '');
  params.delete('filter');
  scope.filters.forEach((filter) => params.append('filter', writeFilter(filter)));
  set('width', `${scope.width.min ?? ''}-${scope.width.max ?? ''}`, '-');
  set('signal', scope.signal, 'all');
  set('metric', scope.metric, 'clicks');
  set('background', scope.background, 'auto');
  set('action', scope.action, '');
  set('zone', scope.zone, '');
}
