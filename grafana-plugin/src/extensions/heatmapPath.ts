// Where in Isotherm something of Grafana's leads: the heatmap of what a query asks, or of what an alert is about.

import type { AdHocVariableFilter, RawTimeRange, ScopedVars } from '@grafana/data';
import { config, getTemplateSrv } from '@grafana/runtime';
import type { DataQuery } from '@grafana/schema';

import { interpolateQuery } from '../datasource/interpolate';
import { migrateQuery } from '../datasource/migrate';
import type { NumberText, RumOptions, RumQuery } from '../datasource/types';
import { APP_PATH, SOURCE_TYPE, TRACE } from '../grafana/sources';
import { writeScope, type AddressedScope } from '../workspace/scopeAddress';

/** What the heatmap page is to show; what is not given is everything. */
export interface Place extends Partial<AddressedScope> {
  source: string;
  map?: 'scroll';
  from: string;
  to: string;
}

const EVERYTHING: AddressedScope = {
  application: '',
  page: '',
  filters: [],
  width: {},
  signal: 'all',
  metric: 'clicks',
  background: 'auto',
  action: '',
  zone: '',
};

/** The measures of time series that are a signal of actions. */
const SIGNALS: readonly unknown[] = ['rage', 'dead', 'error'];

/** An alert is about what came before it, and a trace about what is around it. */
const HOUR_MS = 3_600_000;

/** Below Grafana's own address. */
export function heatmapPath({ source, map, from, to, ...scope }: Place): string {
  const params = new URLSearchParams({ source });
  writeScope({ ...EVERYTHING, ...scope }, params);
  if (map) {
    params.set('map', map);
  }
  params.set('from', from);
  params.set('to', to);
  return `${APP_PATH}/heatmap?${params}`;
}

/** Hidden queries show nothing. */
const isOurs = ({ datasource, hide }: DataQuery): boolean => datasource?.type === SOURCE_TYPE && !hide;

/** The application that a data source takes where a query names none. */
function defaultApplication(source: string): string {
  const settings = Object.values(config.datasources).find(({ uid }) => uid === source);
  return (settings?.jsonData as RumOptions | undefined)?.defaultApplication ?? '';
}

const numberOf = (value: NumberText | undefined): number | undefined =>
  value === undefined ? undefined : Number(value);

const timeOf = (time: RawTimeRange['from']): string => (typeof time === 'string' ? time : String(time.valueOf()));

function signalOf({ signal, measure }: RumQuery): string | undefined {
  return signal ?? (SIGNALS.includes(measure) ? measure : undefined);
}

function placeOfQuery(query: RumQuery & { pages?: string[] }): Omit<Place, 'from' | 'to'> | null {
  const source = query.datasource?.uid ?? '';
  const application = query.application || defaultApplication(source);
  if (!application || query.question === 'operations') {
    return null;
  }
  return {
    source,
    application,
    page: query.page ?? query.pages?.[0] ?? '',
    filters: query.filters ?? [],
    width: { min: numberOf(query.width?.min), max: numberOf(query.width?.max) },
    signal: signalOf(query) ?? EVERYTHING.signal,
    metric: query.metric ?? EVERYTHING.metric,
    background: query.background ?? EVERYTHING.background,
    action: query.element ?? '',
    zone: query.zone ?? '',
    ...(query.question === 'scroll' ? { map: 'scroll' as const } : {}),
  };
}

/** The heatmap of what a panel or Explore asks; null where nothing is asked of Isotherm. */
export function pathOfQueries(
  targets: readonly DataQuery[],
  range: RawTimeRange,
  scopedVars: ScopedVars = {},
  adHoc: AdHocVariableFilter[] = []
): string | null {
  for (const target of targets.filter(isOurs)) {
    const query = interpolateQuery(migrateQuery(target), getTemplateSrv(), scopedVars, adHoc);
    const place = placeOfQuery({ ...query, datasource: target.datasource });
    if (place) {
      return heatmapPath({ ...place, from: timeOf(range.from), to: timeOf(range.to) });
    }
  }
  return null;
}

/** An instance of an alert: its labels say what it is about, and the rule's query what was asked. */
export interface AlertContext {
  instance: { labels: Record<string, string>; activeAt: string };
  rule?: { rulerRule?: { grafana_alert?: { data?: Array<{ model: DataQuery }> } } };
}

/** The heatmap that an alert is about, from an hour before it; null for alerts on something else. */
export function pathOfAlert({ instance, rule }: AlertContext): string | null {
  const asked = rule?.rulerRule?.grafana_alert?.data?.map(({ model }) => model).find(isOurs);
  if (!asked) {
    return null;
  }
  const query = migrateQuery(asked);
  const { application = query.application, page = query.page, element = query.element } = instance.labels;
  const place = placeOfQuery({ ...query, application, page, element });
  const since = Date.parse(instance.activeAt);
  const from = since > 0 ? String(since - HOUR_MS) : 'now-1h';
  return place && heatmapPath({ ...place, from, to: 'now' });
}

/** What Grafana's view of a trace says of it. */
export interface TraceContext {
  traceID: string;
  /** Epoch, microseconds. */
  startTime: number;
  datasource: { uid: string };
}

/** The click that caused a trace, looked up when the page opens; null where no data source of ours leads to these traces. */
export function pathOfTrace({ traceID, startTime, datasource }: TraceContext): string | null {
  const source = Object.values(config.datasources).find(
    ({ type, jsonData }) => type === SOURCE_TYPE && (jsonData as RumOptions).traces === datasource?.uid
  );
  if (!source || !traceID) {
    return null;
  }
  const at = Math.round(startTime / 1000);
  const params = { source: source.uid, [TRACE]: traceID, from: String(at - HOUR_MS), to: String(at + HOUR_MS) };
  return `${APP_PATH}/heatmap?${new URLSearchParams(params)}`;
}
