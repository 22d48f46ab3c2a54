// What can be asked of Isotherm: one type per question, told apart by `question`.

export const OPERATORS = ['=', '!=', '=~', '!~', 'in', 'not in', '<', '<=', '>', '>='] as const;
export type Operator = (typeof OPERATORS)[number];

/** One condition on a facet. `in` and `not in` take `values`, the others `value`. */
export interface FacetFilter {
  key: string;
  operator: Operator;
  value?: string;
  values?: string[];
}

/** Window width in css px, both ends included; an absent end is open. */
export interface WidthBand {
  min?: number;
  max?: number;
}

/** The last two keep one click of each view. */
export const SIGNALS = ['all', 'rage', 'dead', 'error', 'first', 'last'] as const;
export type Signal = (typeof SIGNALS)[number];

export const METRICS = ['clicks', 'users', 'sessions'] as const;
export type Metric = (typeof METRICS)[number];

export const MEASURES = [
  'clicks',
  'actions',
  'views',
  'users',
  'sessions',
  'errors',
  'rage',
  'dead',
  'error',
  'rage_ratio',
  'dead_ratio',
  'error_ratio',
  'session_end_ratio',
  'page_time',
  'versions',
  'last_action',
] as const;
export type Measure = (typeof MEASURES)[number];

/** What every question is asked of; the time range travels beside the queries. */
export interface ScopeFields {
  application: string;
  page?: string;
  pages?: string[];
  filters?: FacetFilter[];
  width?: WidthBand;
  signal?: Signal;
  metric?: Metric;
  timezone?: string;
}

export interface HeatQuery extends ScopeFields {
  question: 'heat';
  /** A background's id, or "auto" for the one that shows most clicks. */
  background?: string;
  /** Side of a cell in background px. */
  cell?: number;
}

export interface ActionsQuery extends ScopeFields {
  question: 'actions';
  limit?: number;
  by?: 'element' | 'action_name';
  background?: string;
}

export interface ActionQuery extends ScopeFields {
  question: 'action';
  element?: string;
  action_name?: string;
  /** A page, or else an element, that a conversion is counted to. */
  target?: string;
}

/** One step of a way through the site. */
export type FunnelStep = { element: string } | { page: string } | { action_name: string };

export interface ScrollQuery extends ScopeFields {
  question: 'scroll';
  background?: string;
}

export interface PageStatsQuery extends ScopeFields {
  question: 'page_stats';
}

export interface PagesQuery extends ScopeFields {
  question: 'pages';
  limit?: number;
  order?: 'views' | 'clicks' | 'rage';
}

export interface TimeseriesQuery extends ScopeFields {
  question: 'timeseries';
  measure: Measure;
  /** "" for one series, "page", "element", "action_name", or the key of a facet. */
  by?: string;
  limit?: number;
  intervalMs?: number;
  maxDataPoints?: number;
  fill?: 'zero' | 'null';
}

export interface ReplaysQuery extends ScopeFields {
  question: 'replays';
  element?: string;
  action_name?: string;
  limit?: number;
  /** Only views that got to this depth (px of the background) or further. */
  past_px?: number;
  /** Only views that saw no more than their first screen. */
  unscrolled?: boolean;
  background?: string;
}

export interface FunnelQuery extends ScopeFields {
  question: 'funnel';
  steps: FunnelStep[];
}

export interface AnnotationsQuery extends ScopeFields {
  question: 'annotations';
  kinds?: Array<'version' | 'rage_burst'>;
}

export const OPERATIONS = ['received', 'accepted', 'dropped', 'pending', 'dead', 'requests', 'answer_time'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** About the server itself: no application, and one series per sender, reason or endpoint. */
export interface OperationsQuery extends Partial<ScopeFields> {
  question: 'operations';
  measure: Operation;
  intervalMs?: number;
}

export type IsothermQuery =
  | HeatQuery
  | ActionsQuery
  | ActionQuery
  | ScrollQuery
  | PageStatsQuery
  | PagesQuery
  | TimeseriesQuery
  | ReplaysQuery
  | FunnelQuery
  | AnnotationsQuery
  | OperationsQuery;

export type QuestionName = IsothermQuery['question'];

/** The query type of one question. */
export type QueryOf<Q extends QuestionName> = Extract<IsothermQuery, { question: Q }>;

export const QUESTION_NAMES = [
  'heat',
  'actions',
  'action',
  'scroll',
  'page_stats',
  'pages',
  'timeseries',
  'replays',
  'funnel',
  'annotations',
  'operations',
] as const satisfies readonly QuestionName[];

/** Half-open: [from, to), epoch ms. */
export interface Range {
  from: number;
  to: number;
}

/** Ends an exhaustive switch: a new variant breaks the build here until it is handled. */
export function assertNever(value: never): never {
  throw new Error(`unexpected variant: ${JSON.stringify(value)}`);
}
