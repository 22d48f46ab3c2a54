// Written by `make contract` from the tables of the server. Do not edit.

import type { StateKind, Validity, Verdict } from './queries';

/** The columns of each frame; a question mark: it may be null. */
export const COLUMNS = {
  heat: {
    x: 'number',
    y: 'number',
    value: 'number',
  },
  actions: {
    rank: 'number',
    action_name: 'string',
    element: 'string',
    clicks: 'number',
    share: 'number',
    users: 'number',
    sessions: 'number',
    rage: 'number',
    dead: 'number',
    error: 'number',
    median_loading_ms: 'number?',
    p75_loading_ms: 'number?',
    p75_inp_ms: 'number?',
    p75_request_ms: 'number?',
    failed_requests: 'number?',
    placed: 'boolean',
    reason: 'string',
    shown_in: 'string',
    left: 'number?',
    top: 'number?',
    width: 'number?',
    height: 'number?',
  },
  action: {
    rank: 'number',
    of: 'number',
    action_name: 'string',
    element: 'string',
    clicks: 'number',
    share: 'number',
    users: 'number',
    sessions: 'number',
    rage: 'number',
    dead: 'number',
    error: 'number',
    median_loading_ms: 'number?',
    first_seen: 'number',
    last_seen: 'number',
    conversion: 'number?',
  },
  next: {
    rank: 'number',
    kind: 'string',
    label: 'string',
    element: 'string',
    page: 'string',
    sessions: 'number',
    share: 'number',
  },
  scroll: {
    depth_px: 'number',
    views: 'number',
    share: 'number',
    users: 'number',
    drop: 'number',
  },
  page_stats: {
    actions: 'number',
    clicks: 'number',
    rage_clicks: 'number',
    dead_clicks: 'number',
    error_clicks: 'number',
    rage_actions: 'number',
    dead_actions: 'number',
    error_actions: 'number',
    views: 'number',
    recorded_views: 'number',
    users: 'number',
    sessions: 'number',
    page_rank: 'number?',
    pages: 'number',
    average_time_ms: 'number?',
    session_end_ratio: 'number?',
    page_errors: 'number',
    coverage: 'number?',
    rage_ratio: 'number?',
  },
  pages: {
    rank: 'number',
    page: 'string',
    views: 'number',
    users: 'number',
    clicks: 'number',
    rage: 'number',
    background: 'string',
  },
  timeseries: {
    time: 'number',
    value: 'number?',
  },
  replays: {
    session: 'string',
    view: 'string',
    start: 'number',
    end: 'number',
    duration_ms: 'number',
    user: 'string',
    user_name: 'string',
    browser: 'string',
    os: 'string',
    device: 'string',
    country: 'string',
    page: 'string',
    clicks: 'number',
    rage: 'number',
    dead: 'number',
    error: 'number',
    at: 'number?',
    has_replay: 'boolean',
    link: 'string',
  },
  moments: {
    time: 'number',
    kind: 'string',
    label: 'string',
    page: 'string',
    view: 'string',
    element: 'string',
    clicks: 'number',
    rage: 'boolean',
    dead: 'boolean',
    error: 'boolean',
  },
  requests: {
    method: 'string',
    host: 'string',
    path: 'string',
    requests: 'number',
    failures: 'number',
    unanswered: 'number',
    p75_ms: 'number?',
    trace_id: 'string',
  },
  errors: {
    kind: 'string',
    message: 'string',
    frames: 'string',
    origin: 'string',
    errors: 'number',
    sessions: 'number',
    first: 'number',
    last: 'number',
    version: 'string',
    method: 'string',
    host: 'string',
    path: 'string',
    status: 'number',
    trace_id: 'string',
    session: 'string',
    view: 'string',
    has_replay: 'boolean',
    link: 'string',
  },
  effect: {
    page: 'string',
    element: 'string',
    action_name: 'string',
    measure: 'string',
    before: 'number?',
    after: 'number?',
    ratio: 'number?',
    ratio_low: 'number',
    ratio_high: 'number?',
    evidence: 'number',
    found: 'boolean',
    verdict: 'string',
    sessions_before: 'number',
    sessions_after: 'number',
    clicks_before: 'number',
    clicks_after: 'number',
  },
  findings: {
    text: 'string',
    page: 'string',
    element: 'string',
    evidence: 'number',
  },
  friction: {
    page: 'string',
    element: 'string',
    action_name: 'string',
    measure: 'string',
    value: 'number',
    low: 'number',
    high: 'number',
    sessions: 'number',
    certain: 'boolean',
    heat: 'number',
  },
  slow: {
    page: 'string',
    element: 'string',
    action_name: 'string',
    inp_ms: 'number',
    low: 'number',
    high: 'number',
    worst_ms: 'number',
    rating: 'string',
    sessions: 'number',
    views: 'number',
    script: 'string',
    function: 'string',
    invoker: 'string',
    tasks: 'number',
    task_ms: 'number?',
    blocking_ms: 'number?',
    script_ms: 'number?',
    layout_ms: 'number?',
  },
  funnel: {
    step: 'number',
    label: 'string',
    sessions: 'number',
    share: 'number?',
    share_of_previous: 'number?',
    median_time_ms: 'number?',
  },
  zone: {
    zone: 'string',
    clicks: 'number',
    share: 'number',
    users: 'number',
    sessions: 'number',
    rage: 'number',
    dead: 'number',
    error: 'number',
    first_clicks: 'number',
    exposed: 'number',
    clicked: 'number',
    click_rate: 'number?',
  },
  zone_value: {
    application: 'string',
    page: 'string',
    zone: 'string',
    value: 'number?',
  },
  annotations: {
    time: 'number',
    time_end: 'number?',
    title: 'string',
    text: 'string',
    tags: 'string',
  },
  picture: {
    top: 'number',
    height: 'number',
    picture: 'string',
  },
} as const;

/** What the metadata of each question's first frame say, beside `notices`. */
export interface MetaKeys {
  heat: 'clicks' | 'placed' | 'unplaced' | 'coverage' | 'actions' | 'exact' | 'estimated' | 'cell_px' | 'metric' | 'max_value' | 'users' | 'sessions' | 'fold_px' | 'points_below_fold_share' | 'background' | 'others' | 'canvas';
  actions: 'clicks' | 'actions' | 'total' | 'exact' | 'estimated' | 'background';
  action: 'clicks' | 'actions' | 'total' | 'exact' | 'estimated';
  scroll: 'views' | 'users' | 'unmeasured_views' | 'meaningless_views' | 'fold_px' | 'median_depth_px' | 'percentiles' | 'biggest_drop' | 'page_heights' | 'never_scrolled_share' | 'page_height_px' | 'mapped_views' | 'background' | 'estimated';
  page_stats: 'clicks' | 'actions' | 'exact' | 'estimated' | 'open_sessions';
  pages: 'total';
  timeseries: 'measure' | 'by' | 'interval_ms' | 'series';
  replays: 'sessions' | 'views';
  moments: 'total';
  requests: 'requests' | 'total';
  errors: 'errors' | 'total';
  effect: 'before' | 'after' | 'since' | 'sessions_before' | 'sessions_after' | 'hypotheses' | 'found' | 'alpha' | 'level' | 'sessions_in_both' | 'actions_without_session' | 'total' | 'notices';
  friction: 'bad' | 'total';
  slow: 'total';
  funnel: 'sessions';
  zone: 'clicks' | 'exact' | 'estimated' | 'unmeasured_views' | 'rectangle' | 'background';
  annotations: 'burst_actions' | 'burst_window_ms';
}

export interface ApplicationInfo {
  application: string;
  name: string;
  views: number;
  clicks: number;
  last_ms: number;
}

export interface Overview {
  applications: Array<{
    application: string;
    name: string;
    views: number;
    views_before: number;
    clicks: number;
    clicks_before: number;
    rage: number;
    rage_before: number;
    pages_total: number;
    release: {
      version: string;
      since_ms: number;
    } | null;
    pages: Array<{
      page: string;
      views: number;
      views_before: number;
      clicks: number;
      clicks_before: number;
      rage: number;
      rage_before: number;
      recorded_views: number;
      trend: number[];
      background: string | null;
    }>;
  }>;
  total: number;
}

export interface PageInfo {
  rank: number;
  page: string;
  views: number;
  users: number;
  clicks: number;
  rage: number;
  background: string | null;
}

export interface FacetInfo {
  key: string;
  label: string;
  custom: boolean;
}

export interface FacetValue {
  value: string;
  count: number;
}

export interface ElementInfo {
  element: string;
  count: number;
}

export interface BackgroundInfo {
  id: string;
  application: string;
  page: string;
  state: {
    kind: StateKind;
    what: string;
  };
  origin: 'replay' | 'url' | 'upload' | 'wireframe';
  width: number;
  height: number;
  viewport_w: number;
  viewport_h: number;
  measured: {
    verdict: Verdict;
    clicks: number;
    apart: number;
    size_px: number;
    point_px: number;
    height_px: number | null;
    from_px: number | null;
    by_px: number;
    lacking: Record<string, number>;
  } | null;
  created_ms: number;
  seen_ms: number;
  page_height: number;
  pinned: boolean;
  notices: string[];
  missing: Array<{
    url: string;
    kind: 'image' | 'font' | 'stylesheet' | 'page';
    site: string;
    why: 'not_allowed' | 'private' | 'refused' | 'unreachable' | 'status' | 'wrong_type' | 'too_large' | 'too_many';
    detail: string;
  }>;
  lacks: number;
  picture: string;
  thumbnail: string;
  tiles: Array<{
    top: number;
    height: number;
    url: string;
  }>;
  coverage?: number | null;
}

export interface CaptureRequest {
  application: string;
  page: string;
  url?: string;
  source?: string;
  viewport_w?: number;
  viewport_h?: number;
  hide?: string[];
  click?: string[];
}

export interface PictureJob {
  id: string;
  state: 'queued' | 'running' | 'done' | 'failed';
  progress: number;
  message: string;
  backgrounds: string[];
  allow?: {
    site: string;
    private: boolean;
  } | null;
}

export interface SavedHeatmap {
  id: string;
  name: string;
  application: string;
  page: string;
  address: string;
  author: string;
  created_ms: number;
  opened_ms: number;
}

export interface NewHeatmap {
  name: string;
  application: string;
  page: string;
  address: string;
  author?: string;
}

export interface Share {
  id: string;
  heatmap_id: string;
  name: string;
  author: string;
  created_ms: number;
  expires_ms: number | null;
  password: boolean;
}

export interface Missing {
  url: string;
  kind: 'image' | 'font' | 'stylesheet' | 'page';
  site: string;
  why: 'not_allowed' | 'private' | 'refused' | 'unreachable' | 'status' | 'wrong_type' | 'too_large' | 'too_many';
  detail: string;
}

export interface Site {
  site: string;
  private: boolean;
  origin: 'saved' | 'file' | 'settings';
  id: string;
}

export interface Suggestion {
  site: string;
  why: 'own' | 'assets';
  assets: number;
  views: number;
  private: boolean;
  id: string;
}

export interface Zone {
  id: string;
  application: string;
  page: string;
  name: string;
  element: string;
  left: number;
  top: number;
  width: number;
  height: number;
  background: string;
  author: string;
  created_ms: number;
}

export interface NewZone {
  application: string;
  page: string;
  name: string;
  element?: string;
  left?: number;
  top?: number;
  width?: number;
  height?: number;
  background?: string;
  author?: string;
}

export interface Quarantined {
  id: string;
  application: string;
  session: string;
  view: string | null;
  stage: 'reading' | 'picture' | 'playback';
  reason: string;
  version: string;
  at_ms: number;
  tries: number;
  sender: string;
  size_bytes: number;
  events: number;
}

export interface ShareRequest {
  validity?: Validity;
  password?: string;
  time_locked?: boolean;
  author?: string;
}

export interface ServerStatus {
  version: string;
  public_url: string;
  intake: {
    received: number;
    accepted: number;
    dropped: Record<string, number>;
    senders: Record<string, {
      received: number;
      last_event_ms: number | null;
    }>;
    refused?: Record<string, number>;
  };
  spool: {
    pending: number;
    dead: number;
  };
  quarantine: Record<string, {
    recordings: number;
    events: number;
  }>;
  store?: {
    kind?: string;
    ok?: boolean;
    health?: {
      why: string;
      what_to_do: string;
    };
    progress?: {
      fault: string;
    };
  };
  trace_url?: string;
  saved?: {
    ok?: boolean;
  };
  worker?: {
    ok?: boolean;
  };
  readers?: {
    ok?: boolean;
  };
  capture?: {
    ok?: boolean;
  };
  demo?: {
    stage: 'sessions' | 'pictures' | 'done' | 'failed';
    share: number;
    message: string;
    ok?: boolean;
  };
}

