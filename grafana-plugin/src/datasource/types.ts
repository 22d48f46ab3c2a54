// What Grafana saves of this data source: its settings and its queries.
import type { DataQuery } from '@grafana/schema';
import type { DataSourceJsonData, DataSourcePluginOptionsEditorProps } from '@grafana/data';

import type { FacetFilter, Params, QuestionName, ScopeFields } from '../contract/query';

export { QUERY_VERSION } from '../contract/query';

/** A number, or a text with a variable that becomes one. */
export type NumberText = number | string;

/** A parameter as it is saved: any text may hold variables, and stand for a number. */
type Saved<T> = T extends number
  ? NumberText
  : T extends string
    ? string
    : T extends ReadonlyArray<infer One>
      ? Array<Saved<One>>
      : T extends object
        ? { [K in keyof T]: Saved<T[K]> }
        : T;

type Asked = ScopeFields | Params[QuestionName];
type KeyOf<T> = T extends unknown ? keyof T : never;
type ValueOf<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;

/** What no editor offers: Grafana's own, what becomes of `page`, and what the app alone asks for. */
type Hidden =
  | 'intervalMs'
  | 'alpha'
  | 'at_ms'
  | 'maxDataPoints'
  | 'pages'
  | 'past_px'
  | 'unscrolled'
  | 'burst_actions'
  | 'burst_window_ms';

interface Own {
  page?: string;
  filters?: FacetFilter[];
  steps?: StepText[];
  /** Where the picture cannot be loaded by its address (public dashboards), the answer brings it. */
  inline_picture?: boolean;
  /** Values of the dashboard's variables for where there are none: public dashboards. Without it the query fails there. */
  in_public?: Record<string, string | string[]>;
}

/** Everything a question can be given beside its name. */
export type QueryParams = Own & {
  [K in Exclude<KeyOf<Asked>, Hidden | keyof Own>]?: Saved<NonNullable<ValueOf<Asked, K>>>;
};

/** A step of a funnel: what happened, and on what. */
export type StepText = { page: string } | { element: string } | { action_name: string };

export type RumQuery = DataQuery &
  QueryParams & {
    /** Shape of the saved query, for migrate.ts. */
    version: number;
    question: QuestionName;
  };

export interface RumOptions extends DataSourceJsonData {
  defaultApplication?: string;
  /** Uid of the data source that has the traces. */
  traces?: string;
  /** Seconds. */
  timeout?: number;
  tlsAuth?: boolean;
  tlsAuthWithCACert?: boolean;
  tlsSkipVerify?: boolean;
  /** Where Grafana has a socks proxy to private networks: reach the server through it. */
  enableSecureSocksProxy?: boolean;
}

export interface RumSecureOptions {
  token?: string;
}

/** What an editor of the settings is given. */
export type ConfigProps = DataSourcePluginOptionsEditorProps<RumOptions, RumSecureOptions>;

export const LISTS = ['applications', 'pages', 'facets', 'values', 'elements'] as const;
export type ListName = (typeof LISTS)[number];

/** A template variable: which list, and of what. */
export interface ListQuery extends DataQuery {
  list: ListName;
  application?: string;
  page?: string;
  facet?: string;
}
