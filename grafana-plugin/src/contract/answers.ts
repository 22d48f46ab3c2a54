// The typed answers to the questions, and the table that reads each from its frames.

import { FrameError, firstFrame, metaOf, numbers, rows, type Frame, type RowOf } from './frames';
import { COLUMNS, type BackgroundInfo, type MetaKeys } from './generated/answers';
import type { QuestionName } from './query';

/** A row of one frame. */
export type RowIn<S extends keyof typeof COLUMNS> = RowOf<(typeof COLUMNS)[S]>;

/** How much is behind an answer and how far to trust it. */
export interface Behind {
  clicks: number;
  placed: number;
  unplaced: Record<string, number>;
  coverage: number | null;
  actions: number;
  exact: boolean;
  estimated: boolean;
  notices: string[];
}

export interface OtherPicture {
  background: BackgroundInfo;
  clicks: number;
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
  /** Other pictures of the page, with the clicks that each shows and none before it does; most first. */
  others: OtherPicture[];
  /** What the cells cover; 0 by 0 when nothing has a place. */
  canvas: { width: number; height: number };
}

export type ActionRow = RowIn<'actions'>;

export interface ActionsAnswer extends Behind {
  rows: ActionRow[];
  /** Rows that there would be without a limit. */
  total: number;
  /** What the boxes are on. */
  background: BackgroundInfo | null;
}

export interface ActionAnswer extends Behind {
  action: RowIn<'action'> | null;
  next: Array<RowIn<'next'>>;
}

export type ScrollRow = RowIn<'scroll'>;

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

export type PageStats = RowIn<'page_stats'>;

export type PageRow = RowIn<'pages'>;

export interface Series {
  labels: Record<string, string>;
  time: Float64Array;
  value: Array<number | null>;
}

export type ReplayRow = RowIn<'replays'>;

/** Where a replay starts: a session's view, and the moment of interest in epoch ms. */
export type ReplayMoment = Pick<ReplayRow, 'session' | 'view' | 'at'>;

export interface ReplaysAnswer {
  rows: ReplayRow[];
  /** Sessions in scope; `rows` has the latest of them. */
  sessions: number;
  /** Views that got to the depth asked for; null where none was. */
  views: number | null;
}

export type MomentRow = RowIn<'moments'>;

export type RequestRow = RowIn<'requests'>;

export type ErrorRow = RowIn<'errors'>;

/** What a release (or another split of the sessions) changed. */
export interface EffectAnswer {
  rows: Array<RowIn<'effect'>>;
  findings: Array<RowIn<'findings'>>;
  before: string;
  after: string;
  since: number | null;
  sessions_before: number;
  sessions_after: number;
  hypotheses: number;
  found: number;
  sessions_in_both: number;
}

export type FrictionRow = RowIn<'friction'>;

export type SlowRow = RowIn<'slow'>;

export type EffectRow = RowIn<'effect'>;

export type FunnelRow = RowIn<'funnel'>;

export type AnnotationRow = RowIn<'annotations'>;

export type ZoneRow = RowIn<'zone'>;

/** Answers that are more than the rows of one frame. */
interface Composed {
  heat: HeatAnswer;
  actions: ActionsAnswer;
  action: ActionAnswer;
  scroll: ScrollAnswer;
  page_stats: PageStats;
  timeseries: Series[];
  replays: ReplaysAnswer;
  effect: EffectAnswer;
  zone: ZoneRow;
  operations: Series[];
}

/** The answer to each question. */
export type Answers = {
  [Q in QuestionName]: Q extends keyof Composed
    ? Composed[Q]
    : Q extends keyof typeof COLUMNS
      ? Array<RowIn<Q>>
      : never;
};

/** What an answer's metadata may say. */
type Meta<Q extends keyof MetaKeys> = Partial<Record<MetaKeys[Q] | 'notices', unknown>>;

const asNumber = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function behind(meta: Meta<keyof MetaKeys>): Behind {
  return {
    clicks: asNumber(meta.clicks) ?? 0,
    placed: asNumber(meta.placed) ?? 0,
    unplaced: (meta.unplaced ?? {}) as Record<string, number>,
    coverage: asNumber(meta.coverage),
    actions: asNumber(meta.actions) ?? 0,
    exact: meta.exact !== false,
    estimated: meta.estimated === true,
    notices: Array.isArray(meta.notices) ? (meta.notices as string[]) : [],
  };
}

function readHeat(frames: Frame[]): HeatAnswer {
  const frame = firstFrame(frames, 'heat');
  const meta: Meta<'heat'> = metaOf(frame);
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
    others: (meta.others as OtherPicture[] | undefined) ?? [],
    canvas,
  };
}

function readActions(frames: Frame[]): ActionsAnswer {
  const frame = firstFrame(frames, 'actions');
  const meta: Meta<'actions'> = metaOf(frame);
  const found = rows(frame, COLUMNS.actions);
  return {
    ...behind(meta),
    rows: found,
    total: asNumber(meta.total) ?? found.length,
    background: (meta.background as BackgroundInfo | null) ?? null,
  };
}

function readAction(frames: Frame[]): ActionAnswer {
  const frame = firstFrame(frames, 'action');
  const next = frames.find((other) => other.schema.name === 'next');
  return {
    ...behind(metaOf(frame)),
    action: rows(frame, COLUMNS.action)[0] ?? null,
    next: next ? rows(next, COLUMNS.next) : [],
  };
}

function readScroll(frames: Frame[]): ScrollAnswer {
  const frame = firstFrame(frames, 'scroll');
  const meta: Meta<'scroll'> = metaOf(frame);
  return {
    ...behind(meta),
    rows: rows(frame, COLUMNS.scroll),
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
  const [stats] = rows(firstFrame(frames, 'page_stats'), COLUMNS.page_stats);
  if (!stats) {
    throw new FrameError('The answer to "page_stats" has no row.');
  }
  return stats;
}

function readZone(frames: Frame[]): ZoneRow {
  const [zone] = rows(firstFrame(frames, 'zone'), COLUMNS.zone);
  if (!zone) {
    throw new FrameError('The answer to "zone" has no row.');
  }
  return zone;
}

function readReplays(frames: Frame[]): ReplaysAnswer {
  const frame = firstFrame(frames, 'replays');
  const meta: Meta<'replays'> = metaOf(frame);
  return { rows: rows(frame, COLUMNS.replays), sessions: asNumber(meta.sessions) ?? 0, views: asNumber(meta.views) };
}

function readEffect(frames: Frame[]): EffectAnswer {
  const frame = firstFrame(frames, 'effect');
  const findings = frames.find((other) => other.schema.name === 'findings');
  const meta: Meta<'effect'> = metaOf(frame);
  return {
    rows: rows(frame, COLUMNS.effect),
    findings: findings ? rows(findings, COLUMNS.findings) : [],
    before: String(meta.before ?? ''),
    after: String(meta.after ?? ''),
    since: asNumber(meta.since),
    sessions_before: asNumber(meta.sessions_before) ?? 0,
    sessions_after: asNumber(meta.sessions_after) ?? 0,
    hypotheses: asNumber(meta.hypotheses) ?? 0,
    found: asNumber(meta.found) ?? 0,
    sessions_in_both: asNumber(meta.sessions_in_both) ?? 0,
  };
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

const READERS: { [Q in keyof Composed]: (frames: Frame[]) => Composed[Q] } = {
  heat: readHeat,
  actions: readActions,
  action: readAction,
  scroll: readScroll,
  page_stats: readPageStats,
  timeseries: readSeries,
  replays: readReplays,
  effect: readEffect,
  zone: readZone,
  operations: readSeries,
};

/** Read the answer to a question from its frames. Throws FrameError. */
export function readAnswer<Q extends QuestionName>(question: Q, frames: Frame[]): Answers[Q] {
  const composed: Partial<Record<QuestionName, (frames: Frame[]) => unknown>> = READERS;
  const read = composed[question];
  const answer = read ? read(frames) : frames.length ? rows(frames[0], COLUMNS[question as keyof typeof COLUMNS]) : [];
  return answer as Answers[Q];
}
