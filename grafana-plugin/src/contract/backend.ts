// The one door between the workspace and the data: what can be asked, over any transport.

import { readAnswer, type Answers } from './answers';
import type { Frame } from './frames';
import type {
  ApplicationInfo,
  BackgroundInfo,
  FacetInfo,
  FacetValue,
  Overview,
  PageInfo,
  ServerStatus,
} from './generated/answers';
import type { ErrorCode } from './generated/queries';
import { createNames, type Names } from './names';
import { createPictures, type Pictures } from './pictures';
import { createSites, type Sites } from './sites';
import {
  QUERY_PATH,
  queryBody,
  REF,
  type AnyQuery,
  type FacetFilter,
  type QueryOf,
  type QuestionName,
  type Range,
  type WidthBand,
} from './query';
import { BackendError, type Transport } from './transport';
import { createZones, type Zones } from './zones';

export interface BackgroundList {
  backgrounds: BackgroundInfo[];
  automatic: string | null;
}

/** The automatic choice and the shares depend on what is looked at. */
export interface BackgroundsRequest {
  application: string;
  page: string;
  range: Range;
  filters: FacetFilter[];
  width: WidthBand;
}

export interface PagesRequest {
  application: string;
  range: Range;
  search?: string;
  limit?: number;
}

export interface PageList {
  pages: PageInfo[];
  total: number;
}

export interface OverviewRequest {
  range: Range;
  search?: string;
  order?: 'attention' | 'views';
  /** Applications, and pages of each, at most. */
  limit?: number;
  pages?: number;
}

export interface FacetValuesRequest {
  application: string;
  page: string;
  range?: Range;
  key: string;
  search: string;
  filters: FacetFilter[];
}

export interface Backend {
  ask<Q extends QuestionName>(query: QueryOf<Q>, range: Range, signal?: AbortSignal): Promise<Answers[Q]>;
  /** The most visited ones, 1,000 at most; `wanted` = part of the name or id. */
  applications(range: Range, signal?: AbortSignal, wanted?: string): Promise<ApplicationInfo[]>;
  /** Where to look: applications with their pages, and what changed; null where nothing but one page is there. */
  overview: null | ((request: OverviewRequest, signal?: AbortSignal) => Promise<Overview>);
  /** What applications are called. */
  names: Names;
  /** The most visited pages, and how many there are. */
  pages(request: PagesRequest, signal?: AbortSignal): Promise<PageList>;
  facets(application: string, signal?: AbortSignal): Promise<FacetInfo[]>;
  facetValues(request: FacetValuesRequest, signal?: AbortSignal): Promise<FacetValue[]>;
  /** What arrives at the server and how its parts are. */
  status(signal?: AbortSignal): Promise<ServerStatus>;
  backgrounds(request: BackgroundsRequest, signal?: AbortSignal): Promise<BackgroundList>;
  /** Making and choosing pictures; null where there is nothing to change. */
  pictures: Pictures | null;
  /** The sites of applications; null where there is nothing to change. */
  sites: Sites | null;
  /** The zones that people keep; null where there is nothing to change. */
  zones: Zones | null;
  /** Address of a background's whole picture, large enough for a width in device px; without: as it is stored. */
  pictureUrl(backgroundId: string, width?: number): string;
  /** Address of what a visitor saw first, before scrolling; width in device px. */
  thumbnailUrl(backgroundId: string, width: number): string;
  /** Address of a file that an answer names, such as a tile, large enough for a width in device px. */
  fileUrl(path: string, width?: number): string;
}

/** What the status of a failed question means: Grafana's form of an answer has no room for a code. */
const CODE_OF: Partial<Record<number, ErrorCode>> = {
  400: 'invalid',
  404: 'not_found',
  409: 'conflict',
  422: 'too_much_data',
  500: 'internal',
  503: 'store_unavailable',
};

interface QueryResponse {
  results?: Record<string, { status?: number; error?: string; frames?: Frame[] }>;
}

function search(params: Record<string, string | number | undefined>): string {
  const out = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== undefined && value !== '') {
      out.set(key, String(value));
    }
  }
  return out.toString();
}

/** Throws BackendError when an answer lacks its list: the address is not Isotherm's, or of another version. */
function list<T>(answer: unknown, key: string): T[] {
  const value = (answer as Record<string, unknown> | null)?.[key];
  if (!Array.isArray(value)) {
    throw new BackendError(`The server's answer has no list of ${key}.`, 502);
  }
  return value as T[];
}

/** Data URLs stay as they are. */
const sized = (path: string, width?: number): string =>
  width && !path.startsWith('data:') ? `${path}?w=${Math.ceil(width)}` : path;

/** A backend over a transport. Every method raises BackendError, FrameError, or the transport's AbortError. */
export function createBackend(transport: Transport): Backend {
  const names = createNames();
  return {
    async ask<Q extends QuestionName>(query: QueryOf<Q>, range: Range, signal?: AbortSignal): Promise<Answers[Q]> {
      const answer = (await transport.post(QUERY_PATH, queryBody(query as AnyQuery, range), signal)) as QueryResponse;
      const result = answer?.results?.[REF];
      if (!result || result.error || !result.frames) {
        const status = result?.status ?? 502;
        throw new BackendError(result?.error ?? 'The server gave no answer.', status, CODE_OF[status]);
      }
      return readAnswer<Q>(query.question as Q, result.frames);
    },
    names,
    applications: async (range, signal, wanted) => {
      const params = search({ from: range.from, to: range.to, search: wanted || undefined });
      const answer = await transport.get(`api/v1/applications?${params}`, signal);
      const found = list<ApplicationInfo>(answer, 'applications');
      names.learn(found);
      return found;
    },
    overview: async ({ range, ...rest }, signal) => {
      const answer = await transport.get(
        `api/v1/overview?${search({ ...rest, from: range.from, to: range.to })}`,
        signal
      );
      names.learn(list(answer, 'applications'));
      return answer as Overview;
    },
    pages: async ({ range, ...rest }, signal) => {
      const params = search({ ...rest, from: range.from, to: range.to });
      const answer = await transport.get(`api/v1/pages?${params}`, signal);
      const pages = list<PageInfo>(answer, 'pages');
      return { pages, total: (answer as Partial<PageList>).total ?? pages.length };
    },
    facets: async (application, signal) =>
      list(await transport.get(`api/v1/facets?${search({ application })}`, signal), 'facets'),
    facetValues: async ({ key, filters, range, ...rest }, signal) => {
      const params = search({
        ...rest,
        from: range?.from,
        to: range?.to,
        filters: filters.length ? JSON.stringify(filters) : undefined,
      });
      return list(await transport.get(`api/v1/facets/${encodeURIComponent(key)}/values?${params}`, signal), 'values');
    },
    status: async (signal) => (await transport.get('api/v1/status', signal)) as ServerStatus,
    backgrounds: async ({ application, page, range, filters, width }, signal) => {
      const params = search({
        application,
        page,
        from: range.from,
        to: range.to,
        filters: filters.length ? JSON.stringify(filters) : undefined,
        width: width.min || width.max ? `${width.min ?? ''}-${width.max ?? ''}` : undefined,
      });
      const answer = await transport.get(`api/v1/backgrounds?${params}`, signal);
      return {
        backgrounds: list<BackgroundInfo>(answer, 'backgrounds'),
        automatic: (answer as BackgroundList).automatic || null,
      };
    },
    pictures: createPictures(transport),
    sites: createSites(transport),
    zones: createZones(transport),
    pictureUrl: (id, width) => transport.url(sized(`api/v1/backgrounds/${encodeURIComponent(id)}/picture`, width)),
    thumbnailUrl: (id, width) => transport.url(sized(`api/v1/backgrounds/${encodeURIComponent(id)}/thumbnail`, width)),
    fileUrl: (path, width) => transport.url(sized(path, width)),
  };
}
