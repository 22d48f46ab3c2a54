// Written by `make contract` from the tables of the server. Do not edit.

/** Shape of the queries that are saved. */
export const QUERY_VERSION = 1;

export const OPERATORS = ['=', '!=', '=~', '!~', 'in', 'not in', '<', '<=', '>', '>='] as const;
export type Operator = (typeof OPERATORS)[number];
export const SIGNALS = ['all', 'rage', 'dead', 'error', 'first', 'last'] as const;
export type Signal = (typeof SIGNALS)[number];
export const METRICS = ['clicks', 'users', 'sessions'] as const;
export type Metric = (typeof METRICS)[number];
export const MEASURES = ['clicks', 'actions', 'views', 'users', 'sessions', 'errors', 'rage', 'dead', 'error', 'rage_ratio', 'dead_ratio', 'error_ratio', 'session_end_ratio', 'page_time', 'versions', 'last_action'] as const;
export type Measure = (typeof MEASURES)[number];
export const OPERATIONS = ['received', 'accepted', 'dropped', 'refused', 'pending', 'dead', 'requests', 'answer_time'] as const;
export type Operation = (typeof OPERATIONS)[number];
export const PAGE_ORDERS = ['views', 'clicks', 'rage'] as const;
export type PageOrder = (typeof PAGE_ORDERS)[number];
export const ACTION_KEYS = ['element', 'action_name'] as const;
export type ActionKey = (typeof ACTION_KEYS)[number];
export const FILLS = ['zero', 'null'] as const;
export type Fill = (typeof FILLS)[number];
export const ELEMENT_MEASURES = ['p75_ms', 'inp_ms', 'dead', 'rage', 'error', 'request_ms', 'request_failures'] as const;
export type ElementMeasure = (typeof ELEMENT_MEASURES)[number];
export const ZONE_NUMBERS = ['', 'clicks', 'share', 'users', 'sessions', 'rage', 'dead', 'error', 'first_clicks', 'exposed', 'clicked', 'click_rate'] as const;
export type ZoneNumber = (typeof ZONE_NUMBERS)[number];
export const EVENT_KINDS = ['version', 'rage_burst'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
export const VALIDITIES = ['1d', '3d', '7d', 'permanent'] as const;
export type Validity = (typeof VALIDITIES)[number];
export const STATE_KINDS = ['found', 'live', 'uploaded', 'menu', 'dialog', 'tab', 'after', 'later', 'other', 'wireframe'] as const;
export type StateKind = (typeof STATE_KINDS)[number];
export const VERDICTS = ['true', 'shifted', 'unusable'] as const;
export type Verdict = (typeof VERDICTS)[number];
export const UNPLACED_REASONS = ['no_background', 'no_selector', 'element_gone', 'other_element', 'hidden', 'clipped', 'covered', 'outside_picture', 'no_position'] as const;
export type UnplacedReason = (typeof UNPLACED_REASONS)[number];
export const ERROR_CODES = ['invalid', 'unauthorised', 'forbidden', 'not_found', 'conflict', 'too_large', 'unsupported', 'unreadable', 'too_often', 'too_much_data', 'store_unavailable', 'capture_unavailable', 'internal'] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];
export const DROP_REASONS = ['not_used', 'bot', 'duplicate', 'outdated', 'undecodable', 'invalid', 'missing_field', 'bad_time', 'refused', 'unstorable'] as const;
export type DropReason = (typeof DROP_REASONS)[number];
export const REFUSALS = ['busy', 'bodies', 'no_room', 'too_often', 'too_large', 'too_slow', 'crowded', 'broken'] as const;
export type Refusal = (typeof REFUSALS)[number];
export const HARMLESS_DROPS = ['not_used', 'bot', 'duplicate', 'outdated'] as const;
export type HarmlessDrop = (typeof HARMLESS_DROPS)[number];
export const SENDERS = ['datadog', 'guance', 'faro', 'rrweb', 'events'] as const;
export type Sender = (typeof SENDERS)[number];

export const FACET_LABELS = {
  env: 'Environment',
  service: 'Service',
  version: 'Version',
  browser: 'Browser',
  os: 'Operating system',
  device: 'Device',
  country: 'Country',
  city: 'City',
  user: 'User',
  url: 'Address',
  width: 'Window width',
  element: 'Element',
  action_name: 'Action',
  reached_page: 'Reached page',
  reached_element: 'Reached element',
} as const;

export const TITLES = {
  heat: 'Heatmap',
  actions: 'Top actions',
  action: 'Action details',
  scroll: 'Scroll depth',
  page_stats: 'Page statistics',
  pages: 'Pages',
  timeseries: 'Time series',
  replays: 'Sessions',
  moments: 'Moments of a session',
  requests: 'Requests of an element',
  errors: 'Errors of an element',
  effect: 'Effect of a release',
  friction: 'Friction',
  slow: 'Slow elements and pages',
  funnel: 'Funnel',
  zone: 'Zone',
  annotations: 'Events',
  operations: 'Isotherm server',
} as const;

/** Per measure of friction: the value that is coloured hottest. */
export const BAD = {
  p75_ms: 1000,
  inp_ms: 500,
  dead: 0.5,
  rage: 0.25,
  error: 0.25,
  request_ms: 2000,
  request_failures: 0.25,
} as const;

/** Width bands in css px, both ends included. */
export const BANDS = {
  narrow: { max: 767 },
  medium: { min: 768, max: 1280 },
  wide: { min: 1281 },
} as const;

/** Bytes of a picture that is uploaded, at most. */
export const UPLOAD_MAX = 33554432;

export interface FilterIn {
  key: string;
  operator?: Operator;
  value?: string | number | boolean | Array<string | number | boolean> | null;
  values?: Array<string | number | boolean> | null;
}

export interface WidthIn {
  min?: number | null;
  max?: number | null;
}

export interface Step {
  /** Page key. */
  page?: string;
  /** Element key. */
  element?: string;
  /** Action name. */
  action_name?: string;
}

export interface Area {
  left?: number;
  top?: number;
  width?: number;
  height?: number;
}

export interface Scope {
  application: string;
  page?: string | string[];
  pages?: string[];
  filters?: FilterIn[];
  width?: WidthIn;
  signal?: Signal;
  metric?: Metric;
}

/** What each question takes beside its scope. */
export interface Params {
  heat: {
    /** Id of a background, or `auto` for the best one. */
    background?: string;
    /** Side of a cell in px. */
    cell?: number;
  };
  actions: {
    /** Rows at most. */
    limit?: number;
    /** What a row stands for. */
    by?: ActionKey;
    /** Id of a background, or `auto` for the best one. */
    background?: string;
  };
  action: {
    /** Element key. */
    element?: string;
    /** Action name. */
    action_name?: string;
    /** A page, or else an element, that sessions may reach afterwards. */
    target?: string;
  };
  scroll: {
    /** Id of a background, or `auto` for the best one. */
    background?: string;
  };
  page_stats: {
    /** Background that coverage is about, or `auto`. */
    background?: string;
  };
  pages: {
    /** Rows at most. */
    limit?: number;
    /** What the rank goes by. */
    order?: PageOrder;
    /** Part of the page key, in any case. */
    search?: string;
  };
  timeseries: {
    /** What to count. */
    measure?: Measure;
    /** Split by page, element, action_name or a facet; empty: one series. */
    by?: string;
    /** Series at most, largest first. */
    limit?: number;
    /** What an interval without data is. */
    fill?: Fill;
    /** Width of an interval in ms; 0: by the range. */
    intervalMs?: number;
    /** Intervals at most; 0: no wish. */
    maxDataPoints?: number;
  };
  replays: {
    /** Element key. */
    element?: string;
    /** Action name. */
    action_name?: string;
    /** Sessions at most. */
    limit?: number;
    /** Only views that got to this depth of the background or further. */
    past_px?: number | null;
    /** Only views that saw no more than their first screen. */
    unscrolled?: boolean;
    /** Background that the depth is on, or `auto`. */
    background?: string;
  };
  moments: {
    /** Session id. */
    session?: string;
    /** Moments at most. */
    limit?: number;
  };
  requests: {
    /** Element key. */
    element?: string;
    /** Action name. */
    action_name?: string;
    /** Calls only, or also files that were loaded. */
    resources?: 'all' | 'calls';
    /** Rows at most. */
    limit?: number;
  };
  errors: {
    /** Element key. */
    element?: string;
    /** Action name. */
    action_name?: string;
    /** Rows at most. */
    limit?: number;
  };
  effect: {
    /** What distinguishes the groups: version or any other facet. */
    facet?: string;
    /** Its values in the first group. */
    before?: string[];
    /** Its values in the second group. */
    after?: string[];
    /** Compare before and after this moment instead, epoch ms. */
    at_ms?: number | null;
    /** Rows of this element only. */
    element?: string;
    /** Share of the found changes that may be chance. */
    alpha?: number;
    /** Rows at most. */
    limit?: number;
  };
  friction: {
    /** Rows of one measure only. */
    by?: 'all' | 'dead' | 'error' | 'inp_ms' | 'p75_ms' | 'rage' | 'request_failures' | 'request_ms';
    /** Rows of this element only. */
    element?: string;
    /** Rows at most. */
    limit?: number;
  };
  slow: {
    /** What a row stands for. */
    by?: 'element' | 'page';
    /** Rows at most. */
    limit?: number;
  };
  funnel: {
    /** Steps in order. */
    steps: Step[];
  };
  zone: {
    /** Its name. */
    zone?: string;
    /** Element key; the zone is this element. */
    element?: string;
    /** Left, top, width and height in px of the background. */
    area?: Area;
    /** Id of a background, or `auto` for the best one. */
    background?: string;
    /** Answer with this number only, as alert rules need it. */
    number?: ZoneNumber;
  };
  annotations: {
    /** Kinds of events. */
    kinds?: EventKind[];
    /** Rage actions that make a burst. */
    burst_actions?: number;
    /** Time within which they fall. */
    burst_window_ms?: number;
  };
  operations: {
    /** What to draw. */
    measure?: Operation;
    /** Width of an interval in ms. */
    intervalMs?: number;
  };
}
