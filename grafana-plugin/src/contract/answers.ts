// The typed answers to the questions, and the table that reads each from its frames.

import { FrameError, firstFrame, metaOf, numbers, rows, type Frame, type RowOf, type RowSpec } from './frames';
import type { QuestionName } from './query';

/** A strip of a picture; `url` is relative to the backend. */
export interface PictureTile {
  top: number;
  height: number;
  url: string;
}

/** A stored picture of one state of a page. Sizes in css px of the page. */
export interface BackgroundInfo {
  id: string;
  page: string;
  state: string;
  origin: 'replay' | 'url' | 'upload';
  width: number;
  height: number;
  viewport_w: number;
  viewport_h: number;
  fit: number | null;
  seen_ms: number;
  page_height: number;
  notes: string[];
  picture: string;
  tiles: PictureTile[];
  coverage?: number | null;
  pinned?: boolean;
}

/** How much is behind an answer and how far to trust it. */
export interface Behind {
  clicks: number;
  placed: number;
  unplaced: Record<string, number>;
  coverage: number | null;
  actions: number;
  exact: boolean;
  estimated: boolean;
  notes: string[];
}

export interface HeatAnswer extends Behind {
  x: Float64Array;
  y: Float64Array;
  value: Float64Array;
  cell_px: number;
  metric: string;
  users: number;
  sessions: number;
  fold_px: number | null;
  points_below_fold_share: number | null;
  background: BackgroundInfo | null;
  /** What the cells cover; 0 by 0 when nothing has a place. */
  canvas: { width: number; height: number };
}

const ACTION_ROW = {
  rank: 'number',
  action_name: 'string',
  element: 'string',
  clicks: 'number',
  share: 'number?',
  users: 'number',
  sessions: 'number',
  rage: 'number',
  dead: 'number',
  error: 'number',
  median_loading_ms: 'number?',
  placed: 'boolean',
  reason: 'string?',
  shown_in: 'string?',
  left: 'number?',
  top: 'number?',
  width: 'number?',
  height: 'number?',
} as const satisfies RowSpec;
export type ActionRow = RowOf<typeof ACTION_ROW>;

export interface ActionsAnswer extends Behind {
  rows: ActionRow[];
}

const ACTION = {
  rank: 'number?',
  of: 'number',
  action_name: 'string',
  element: 'string',
  clicks: 'number',
  share: 'number?',
  users: 'number',
  sessions: 'number',
  rage: 'number',
  dead: 'number',
  error: 'number',
  median_loading_ms: 'number?',
  first_seen: 'number?',
  last_seen: 'number?',
  conversion: 'number?',
} as const satisfies RowSpec;

const NEXT_ROW = {
  rank: 'number',
  kind: 'string',
  label: 'string',
  element: 'string?',
  page: 'string?',
  sessions: 'number',
  share: 'number?',
} as const satisfies RowSpec;

export interface ActionAnswer extends Behind {
  action: RowOf<typeof ACTION> | null;
  next: Array<RowOf<typeof NEXT_ROW>>;
}

const SCROLL_ROW = {
  depth_px: 'number',
  views: 'number',
  share: 'number?',
  users: 'number',
  drop: 'number?',
} as const;
export type ScrollRow = RowOf<typeof SCROLL_ROW>;

export interface ScrollAnswer extends Behind {
  rows: ScrollRow[];
  fold_px: number | null;
  median_depth_px: number | null;
  percentiles: Record<string, number | null>;
  biggest_drop: { from_px: number; to_px: number; share: number } | null;
  page_heights: { p10: number | null; p50: number | null; p90: number | null } | null;
  views: number;
  users: number;
  never_scrolled_share: number | null;
  meaningless_views: number;
  unmeasured_views: number;
  /** Height that the depths are on. */
  page_height_px: number;
  mapped_views: number;
  background: BackgroundInfo | null;
}

const PAGE_STATS = {
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
} as const satisfies RowSpec;
export type PageStats = RowOf<typeof PAGE_STATS>;

const PAGE_ROW = {
  rank: 'number',
  page: 'string',
  views: 'number',
  users: 'number',
  clicks: 'number',
  rage: 'number',
  background: 'string?',
} as const satisfies RowSpec;
export type PageRow = RowOf<typeof PAGE_ROW>;

export interface Series {
  labels: Record<string, string>;
  time: Float64Array;
  value: Array<number | null>;
}

const REPLAY_ROW = {
  session: 'string',
  view: 'string?',
  start: 'number',
  end: 'number',
  duration_ms: 'number',
  user: 'string?',
  user_name: 'string?',
  browser: 'string?',
  os: 'string?',
  device: 'string?',
  country: 'string?',
  page: 'string?',
  clicks: 'number',
  rage: 'number',
  dead: 'number',
  error: 'number',
  at: 'number?',
  has_replay: 'boolean',
  link: 'string?',
} as const satisfies RowSpec;
export type ReplayRow = RowOf<typeof REPLAY_ROW>;

export interface ReplaysAnswer {
  rows: ReplayRow[];
  /** Sessions in scope; `rows` has the latest of them. */
  sessions: number;
  /** Views that got to the depth asked for; null where none was. */
  views: number | null;
}

const FUNNEL_ROW = {
  step: 'number',
  label: 'string',
  sessions: 'number',
  share: 'number?',
  share_of_previous: 'number?',
  median_time_ms: 'number?',
} as const satisfies RowSpec;
export type FunnelRow = RowOf<typeof FUNNEL_ROW>;

const ANNOTATION_ROW = {
  time: 'number',
  time_end: 'number?',
  title: 'string',
  text: 'string?',
} as const satisfies RowSpec;
export type AnnotationRow = RowOf<typeof ANNOTATION_ROW>;

export interface Answers {
  heat: HeatAnswer;
  actions: ActionsAnswer;
  action: ActionAnswer;
  scroll: ScrollAnswer;
  page_stats: PageStats;
  pages: PageRow[];
  timeseries: Series[];
  replays: ReplaysAnswer;
  funnel: FunnelRow[];
  annotations: AnnotationRow[];
  operations: Series[];
}

const asNumber = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function behind(meta: Record<string, unknown>): Behind {
  return {
    clicks: asNumber(meta.clicks) ?? 0,
    placed: asNumber(meta.placed) ?? 0,
    unplaced: (meta.unplaced ?? {}) as Record<string, number>,
    coverage: asNumber(meta.coverage),
    actions: asNumber(meta.actions) ?? 0,
    exact: meta.exact !== false,
    estimated: meta.estimated === true,
    notes: Array.isArray(meta.notes) ? (meta.notes as string[]) : [],
  };
}

function readHeat(frames: Frame[]): HeatAnswer {
  const frame = firstFrame(frames, 'heat');
  const meta = metaOf(frame);
  const canvas = meta.canvas as { width: number; height: number } | undefined;
  if (typeof canvas?.width !== 'number' || typeof canvas.height !== 'number') {
    throw new FrameError('The answer to "heat" names no canvas size.');
  }
  return {
    ...behind(meta),
    x: numbers(frame, 'x'),
    y: numbers(frame, 'y'),
    value: numbers(frame, 'value'),
    cell_px: asNumber(meta.cell_px) ?? 1,
    metric: String(meta.metric ?? 'clicks'),
    users: asNumber(meta.users) ?? 0,
    sessions: asNumber(meta.sessions) ?? 0,
    fold_px: asNumber(meta.fold_px),
    points_below_fold_share: asNumber(meta.points_below_fold_share),
    background: (meta.background as BackgroundInfo | null) ?? null,
    canvas,
  };
}

function readActions(frames: Frame[]): ActionsAnswer {
  const frame = firstFrame(frames, 'actions');
  return { ...behind(metaOf(frame)), rows: rows(frame, ACTION_ROW) };
}

function readAction(frames: Frame[]): ActionAnswer {
  const frame = firstFrame(frames, 'action');
  const next = frames.find((other) => other.schema.name === 'next');
  return {
    ...behind(metaOf(frame)),
    action: rows(frame, ACTION)[0] ?? null,
    next: next ? rows(next, NEXT_ROW) : [],
  };
}

function readScroll(frames: Frame[]): ScrollAnswer {
  const frame = firstFrame(frames, 'scroll');
  const meta = metaOf(frame);
  return {
    ...behind(meta),
    rows: rows(frame, SCROLL_ROW),
    fold_px: asNumber(meta.fold_px),
    median_depth_px: asNumber(meta.median_depth_px),
    percentiles: (meta.percentiles ?? {}) as ScrollAnswer['percentiles'],
    biggest_drop: (meta.biggest_drop as ScrollAnswer['biggest_drop']) ?? null,
    page_heights: (meta.page_heights as ScrollAnswer['page_heights']) ?? null,
    views: asNumber(meta.views) ?? 0,
    users: asNumber(meta.users) ?? 0,
    never_scrolled_share: asNumber(meta.never_scrolled_share),
    meaningless_views: asNumber(meta.meaningless_views) ?? 0,
    unmeasured_views: asNumber(meta.unmeasured_views) ?? 0,
    page_height_px: asNumber(meta.page_height_px) ?? 0,
    mapped_views: asNumber(meta.mapped_views) ?? 0,
    background: (meta.background as BackgroundInfo | null) ?? null,
  };
}

function readPageStats(frames: Frame[]): PageStats {
  const [stats] = rows(firstFrame(frames, 'page_stats'), PAGE_STATS);
  if (!stats) {
    throw new FrameError('The answer to "page_stats" has no row.');
  }
  return stats;
}

function readReplays(frames: Frame[]): ReplaysAnswer {
  const frame = firstFrame(frames, 'replays');
  const meta = metaOf(frame);
  return { rows: rows(frame, REPLAY_ROW), sessions: asNumber(meta.sessions) ?? 0, views: asNumber(meta.views) };
}

function readSeries(frames: Frame[]): Series[] {
  return frames
    .filter((frame) => frame.schema.fields.length > 1)
    .map((frame) => ({
      labels: frame.schema.fields.find((field) => field.labels)?.labels ?? {},
      time: numbers(frame, frame.schema.fields[0].name),
      value: (frame.data.values[1] ?? []) as Array<number | null>,
    }));
}

const table =
  <S extends RowSpec>(spec: S) =>
  (frames: Frame[]): Array<RowOf<S>> =>
    frames.length ? rows(frames[0], spec) : [];

/** How the answer to each question is read. */
export const READERS: { [Q in QuestionName]: (frames: Frame[]) => Answers[Q] } = {
  heat: readHeat,
  actions: readActions,
  action: readAction,
  scroll: readScroll,
  page_stats: readPageStats,
  pages: table(PAGE_ROW),
  timeseries: readSeries,
  replays: readReplays,
  funnel: table(FUNNEL_ROW),
  annotations: table(ANNOTATION_ROW),
  operations: readSeries,
};
