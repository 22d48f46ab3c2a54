// The lists behind pickers, template variables and ad hoc filters.
import type { ScopedVars, TimeRange } from '@grafana/data';

import type { Backend } from '../contract/backend';
import type { ElementInfo } from '../contract/generated/answers';
import type { FacetFilter, Range } from '../contract/query';
import type { Transport } from '../contract/transport';
import type { Variables } from './interpolate';
import type { ListQuery } from './types';

/** Something that can be chosen: what people read, and what is sent. */
export interface Choice {
  text: string;
  value: string;
}

export interface ListRequest extends Pick<ListQuery, 'list' | 'application' | 'page' | 'facet'> {
  range: Range;
  search?: string;
  filters?: FacetFilter[];
}

/** What pickers need of the data source. */
export interface Lists {
  readonly defaultApplication: string;
  /** The choices of a list; variables in the request are replaced. Raises BackendError. */
  choices(request: ListRequest, scopedVars?: ScopedVars): Promise<Choice[]>;
}

/** How many pages or elements a picker offers at a time; the search narrows them down. */
const MOST = 200;

/** Lists that no time range comes with look this far back. */
const DEFAULT_SPAN_MS = 30 * 24 * 3600 * 1000;

export function rangeOf(timeRange?: TimeRange): Range {
  const to = timeRange?.to.valueOf() ?? Date.now();
  return { from: timeRange?.from.valueOf() ?? to - DEFAULT_SPAN_MS, to };
}

/** A request with its variables replaced; of several pages, what is on any of them. */
export function requestWith(request: ListRequest, variables: Variables): ListRequest {
  const { application = '', page, facet = '', filters = [] } = request;
  const pages = page ? variables.values(page) : [];
  const anyOf: FacetFilter[] = pages.length > 1 ? [{ key: 'page', operator: 'in', values: pages }] : [];
  return {
    ...request,
    application: variables.text(application),
    page: anyOf.length ? undefined : pages[0],
    facet: variables.text(facet),
    filters: [...filters, ...anyOf],
  };
}

const same = (value: string): Choice => ({ text: value, value });

async function elements(transport: Transport, request: ListRequest): Promise<Choice[]> {
  const params = new URLSearchParams({
    application: request.application ?? '',
    page: request.page ?? '',
    from: String(request.range.from),
    to: String(request.range.to),
    search: request.search ?? '',
    filters: JSON.stringify(request.filters ?? []),
  });
  const answer = (await transport.get(`api/v1/elements?${params}`)) as { elements?: ElementInfo[] } | null;
  return (answer?.elements ?? []).map(({ element }) => same(element));
}

/** Everything that can be chosen of a list. Raises BackendError. */
export async function lookUp(backend: Backend, transport: Transport, request: ListRequest): Promise<Choice[]> {
  const { list, range, application = '', page = '', facet = '', search = '', filters = [] } = request;
  if (list === 'applications') {
    return (await backend.applications(range)).map((row) => ({ text: row.name, value: row.application }));
  }
  if (!application) {
    return [];
  }
  switch (list) {
    case 'pages':
      return (await backend.pages({ application, range, search, limit: MOST })).pages.map((row) => same(row.page));
    case 'facets':
      return (await backend.facets(application)).map(({ key, label }) => ({ text: label, value: key }));
    case 'values': {
      const values = facet ? await backend.facetValues({ application, page, key: facet, search, filters }) : [];
      return values.map((row) => same(row.value));
    }
    case 'elements':
      return elements(transport, request);
  }
}
