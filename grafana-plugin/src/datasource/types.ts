// What Grafana saves of this data source: its settings and its queries.
import type { DataQuery } from '@grafana/schema';
import type { DataSourceJsonData } from '@grafana/data';

import type { FacetFilter, QuestionName } from '../contract/query';

export const QUERY_VERSION = 1;

/** A number, or a text with a variable that becomes one. */
export type NumberText = number | string;

/** Everything a question can be given beside its name. Texts may hold variables. */
export interface QueryParams {
  application?: string;
  page?: string;
  filters?: FacetFilter[];
  width?: { min?: NumberText; max?: NumberText };
  signal?: string;
  metric?: string;
  background?: string;
  /** Where the picture cannot be loaded by its address (public dashboards), the answer brings it. */
  inline_picture?: boolean;
  /** Values of the dashboard's variables for where there are none: public dashboards. Without it the query fails there. */
  in_public?: Record<string, string | string[]>;
  cell?: NumberText;
  limit?: NumberText;
  by?: string;
  order?: string;
  search?: string;
  measure?: string;
  fill?: string;
  element?: string;
  action_name?: string;
  target?: string;
  steps?: StepText[];
  kinds?: string[];
}

/** A step of a funnel: what happened, and on what. */
export type StepText = { page: string } | { element: string } | { action_name: string };

export interface RumQuery extends DataQuery, QueryParams {
  /** Shape of the saved query, for migrate.ts. */
  version: number;
  question: QuestionName;
}

export interface RumOptions extends DataSourceJsonData {
  defaultApplication?: string;
  /** Seconds. */
  timeout?: number;
  tlsAuth?: boolean;
  tlsAuthWithCACert?: boolean;
  tlsSkipVerify?: boolean;
}

export interface RumSecureOptions {
  token?: string;
}

export const LISTS = ['applications', 'pages', 'facets', 'values', 'elements'] as const;
export type ListName = (typeof LISTS)[number];

/** A template variable: which list, and of what. */
export interface ListQuery extends DataQuery {
  list: ListName;
  application?: string;
  page?: string;
  facet?: string;
}
