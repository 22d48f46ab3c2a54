// What the person has chosen, and how it is written into the address so that a link shows the same.

import {
  METRICS,
  OPERATORS,
  SIGNALS,
  type FacetFilter,
  type Metric,
  type Operator,
  type ScopeFields,
  type Signal,
  type WidthBand,
} from '../contract/query';
import { bandName } from '../contract/widthBands';
import { ZOOM_STEPS, type Zoom } from '../heatmap/geometry';
import { PALETTE_NAMES, type PaletteName } from '../heatmap/palette';
import { SCALES, type ScaleName } from '../heatmap/scale';
import { intervalMs } from './refresh';
import { writeScope } from './scopeAddress';
import { COLOURS, type ColourBy } from './colours';
import { DEFAULT_FROM, DEFAULT_TO } from './timeRange';

export const MAPS = ['clicks', 'elements', 'scroll'] as const;
export type MapType = (typeof MAPS)[number];

/** The numbers of a page that can be opened. */
export const NUMBERS = ['clicks', 'rage', 'time', 'end', 'errors'] as const;
export type PageNumber = (typeof NUMBERS)[number];

/** How the heat looks; says nothing about the data. */
export interface Look {
  palette: PaletteName;
  /** 0..1 */
  opacity: number;
  /** Page px. */
  radius: number;
  scale: ScaleName;
  /** How strong the picture stays under the heat, 0..1; 0 = as much as its own tone allows. */
  picture: number;
}

/** What the list of actions can be sorted by. */
export const SORTS = ['clicks', 'rage', 'dead', 'error'] as const;
export type SortBy = (typeof SORTS)[number];

export interface WorkspaceState {
  application: string;
  page: string;
  map: MapType;
  from: string;
  to: string;
  filters: FacetFilter[];
  width: WidthBand;
  signal: Signal;
  metric: Metric;
  /** "auto" or a background's id. */
  background: string;
  /** Element key of the action whose details are open. */
  action: string;
  /** Where sessions with the action may go, as `writeTarget` says; "" = nothing chosen. */
  target: string;
  /** The version that an action is compared before and after; "" = the latest. */
  release: string;
  /** The deployment that sessions are compared before and after, epoch ms; null = releases are compared. */
  moment: number | null;
  /** The views whose sessions are listed: past a depth in page px, or "still" for those that never scrolled. */
  reached: number | 'still' | null;
  /** What the list of actions is sorted by. */
  sort: SortBy;
  /** Id of the zone that is open; "" = none. */
  zone: string;
  /** The number of the page that is explained; "" = none. */
  number: PageNumber | '';
  /** Facet that the click map is split by, side by side; "" = one map. */
  split: string;
  /** What the click map is coloured by. */
  colour: ColourBy;
  /** Where the depth bar stands, page px; null = not moved yet. */
  depth: number | null;
  zoom: Zoom;
  look: Look;
  /** How often everything is asked again, as Grafana writes it ("30s"); "" = only when somebody says so. */
  refresh: string;
}

export const DEFAULT_LOOK: Look = { palette: 'inferno', opacity: 0.82, radius: 28, scale: 'log', picture: 0 };

/** A picture that is set by hand stays at least this strong. */
export const LEAST_PICTURE = 0.1;

export const DEFAULT_STATE: WorkspaceState = {
  application: '',
  page: '',
  map: 'clicks',
  from: DEFAULT_FROM,
  to: DEFAULT_TO,
  filters: [],
  width: {},
  signal: 'all',
  metric: 'clicks',
  background: 'auto',
  action: '',
  target: '',
  release: '',
  moment: null,
  reached: null,
  number: '',
  sort: 'clicks',
  zone: '',
  split: '',
  colour: 'clicks',
  depth: null,
  zoom: 'fit',
  look: DEFAULT_LOOK,
  refresh: '',
};

/** What belongs to one page and is left behind with it. */
export const OTHER_PAGE = {
  background: 'auto',
  action: '',
  target: '',
  release: '',
  reached: null,
  zone: '',
  depth: null,
} as const satisfies Partial<WorkspaceState>;

function oneOf<T extends string>(allowed: readonly T[], value: string | null, fallback: T): T {
  return allowed.find((candidate) => candidate === value) ?? fallback;
}

function numberIn(value: string | null, low: number, high: number): number | null {
  const number = value === null || value === '' ? NaN : Number(value);
  return Number.isFinite(number) ? Math.max(low, Math.min(high, number)) : null;
}

function readFilter(written: string): FacetFilter | null {
  const [key, operator, ...values] = written.split('|').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part; // A person's own edit of the address; taken as it stands.
    }
  });
  const known = OPERATORS.find((candidate): candidate is Operator => candidate === operator);
  if (!key || !known || !values.length) {
    return null;
  }
  return known === 'in' || known === 'not in'
    ? { key, operator: known, values }
    : { key, operator: known, value: values[0] };
}

/** Filters that are a choice of values; the others are comparisons and patterns. */
export const isLeftOut = ({ operator }: FacetFilter): boolean => operator === '!=' || operator === 'not in';
export const isChoice = (filter: FacetFilter): boolean =>
  filter.operator === '=' || filter.operator === 'in' || isLeftOut(filter);

/** The values of a field that are looked at, or left out. */
export const chosenOf = (filters: readonly FacetFilter[], key: string, leftOut: boolean): string[] =>
  filters
    .filter((filter) => filter.key === key && isChoice(filter) && isLeftOut(filter) === leftOut)
    .flatMap(({ value, values }) => values ?? [value ?? '']);

/** Filters with this choice in the place of the field's former one; no value takes it away. */
export function withFilter(
  filters: readonly FacetFilter[],
  key: string,
  values: readonly string[],
  leftOut: boolean
): FacetFilter[] {
  const same = (filter: FacetFilter) => filter.key === key && isChoice(filter) && isLeftOut(filter) === leftOut;
  const choice = (): FacetFilter =>
    values.length === 1
      ? { key, operator: leftOut ? '!=' : '=', value: values[0] }
      : { key, operator: leftOut ? 'not in' : 'in', values: [...values] };
  const first = filters.find(same);
  const kept = filters.flatMap((filter) =>
    !same(filter) ? [filter] : filter === first && values.length ? [choice()] : []
  );
  return first || !values.length ? kept : [...kept, choice()];
}

function readWidth(value: string | null): WidthBand {
  const match = /^(\d*)-(\d*)$/.exec(value ?? '');
  const band: WidthBand = {};
  if (match?.[1]) {
    band.min = Number(match[1]);
  }
  if (match?.[2]) {
    band.max = Number(match[2]);
  }
  return band;
}

const readReached = (value: string | null): WorkspaceState['reached'] =>
  value === 'still' ? value : numberIn(value, 0, 1e6);

function readZoom(value: string | null): Zoom {
  return value === 'page' ? 'page' : (numberIn(value, ZOOM_STEPS[0], 2) ?? 'fit');
}

/** State from the query part of an address; unknown or broken parts fall back to their default. */
export function readState(search: string): WorkspaceState {
  const params = new URLSearchParams(search);
  const get = (key: string, fallback: string) => params.get(key) || fallback;
  const { look } = DEFAULT_STATE;
  return {
    application: get('app', ''),
    page: get('page', ''),
    map: oneOf(MAPS, params.get('map'), DEFAULT_STATE.map),
    from: get('from', DEFAULT_FROM),
    to: get('to', DEFAULT_TO),
    filters: params
      .getAll('filter')
      .map(readFilter)
      .filter((filter): filter is FacetFilter => filter !== null),
    width: readWidth(params.get('width')),
    signal: oneOf(SIGNALS, params.get('signal'), 'all'),
    metric: oneOf(METRICS, params.get('metric'), 'clicks'),
    background: get('background', 'auto'),
    action: get('action', ''),
    target: get('target', ''),
    release: get('release', ''),
    moment: numberIn(params.get('moment'), 0, 1e15),
    reached: readReached(params.get('reached')),
    number: oneOf(['', ...NUMBERS], params.get('number'), ''),
    sort: oneOf(SORTS, params.get('sort'), 'clicks'),
    zone: get('zone', ''),
    split: get('split', ''),
    colour: oneOf(COLOURS, params.get('colour'), DEFAULT_STATE.colour),
    depth: numberIn(params.get('depth'), 0, 1e6),
    zoom: readZoom(params.get('zoom')),
    refresh: intervalMs(get('refresh', '')) > 0 ? get('refresh', '') : '',
    look: {
      palette: oneOf(PALETTE_NAMES, params.get('palette'), look.palette),
      opacity: numberIn(params.get('opacity'), 0.1, 1) ?? look.opacity,
      radius: numberIn(params.get('radius'), 4, 120) ?? look.radius,
      scale: oneOf(SCALES, params.get('scale'), look.scale),
      picture: numberIn(params.get('picture'), LEAST_PICTURE, 1) ?? look.picture,
    },
  };
}

/** The query part of the address for a state. Keys that are not ours are kept; defaults are left out. */
export function writeState(state: WorkspaceState, search: string): string {
  const params = new URLSearchParams(search);
  const set = (key: string, value: string, fallback: string) =>
    value === fallback ? params.delete(key) : params.set(key, value);
  const number = (value: number) => String(Math.round(value * 100) / 100);
  const { look } = DEFAULT_STATE;
  writeScope(state, params);
  set('map', state.map, DEFAULT_STATE.map);
  set('from', state.from, DEFAULT_FROM);
  set('to', state.to, DEFAULT_TO);
  set('target', state.target, '');
  set('release', state.release, '');
  set('moment', state.moment === null ? '' : number(state.moment), '');
  set('reached', typeof state.reached === 'number' ? number(state.reached) : (state.reached ?? ''), '');
  set('number', state.number, '');
  set('sort', state.sort, 'clicks');
  set('split', state.split, '');
  set('colour', state.colour, DEFAULT_STATE.colour);
  set('depth', state.depth === null ? '' : number(state.depth), '');
  set('zoom', typeof state.zoom === 'number' ? number(state.zoom) : state.zoom, 'fit');
  set('refresh', state.refresh, '');
  set('palette', state.look.palette, look.palette);
  set('opacity', number(state.look.opacity), number(look.opacity));
  set('radius', number(state.look.radius), number(look.radius));
  set('scale', state.look.scale, look.scale);
  set('picture', number(state.look.picture), number(look.picture));
  return params.toString();
}

/** What the questions are asked of. */
export function scopeOf(state: WorkspaceState): ScopeFields {
  return {
    application: state.application,
    page: state.page,
    filters: state.filters,
    ...(state.width.min !== undefined || state.width.max !== undefined ? { width: state.width } : {}),
    // Depth is of views, which no signal singles out; and only the click map is counted in several ways.
    signal: state.map === 'scroll' ? 'all' : state.signal,
    metric: state.map === 'clicks' ? state.metric : 'clicks',
  };
}

/** A question about the page in view. */
export const queryOf = <P extends object, Q extends string>(state: WorkspaceState, params: P, question: Q) => ({
  ...scopeOf(state),
  ...params,
  question,
});

/** Whether the scope is narrower than all there is of the page in the time range. */
export const isNarrowed = (state: WorkspaceState): boolean =>
  state.filters.length > 0 || bandName(state.width) !== 'all' || state.signal !== 'all';
