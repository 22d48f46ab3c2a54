// What Grafana lends to the workspace: its user and their role, its frame around pages, and Explore.

import { urlUtil } from '@grafana/data';
import { config } from '@grafana/runtime';

import type { AnyQuery } from '../contract/query';
import { traceQuery } from '../datasource/traces';
import { QUERY_VERSION, type RumOptions } from '../datasource/types';
import type { Host } from '../workspace/host';
import { GrafanaPage } from './GrafanaPage';
import { SOURCE_TYPE } from './sources';

const EXPLORE = 'datasources:explore';

/** The time zone in the address, as dashboards keep it, else the user's own. */
export function timeZoneOf(search: string): string | undefined {
  return new URLSearchParams(search).get('timezone') || config.bootData.user.timezone || undefined;
}

/** Explore with these queries, each of one data source. */
export function exploreHref(uid: string, queries: readonly AnyQuery[], from: string, to: string): string {
  const datasource = { type: SOURCE_TYPE, uid };
  const numbered = queries.map((query, at) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + at),
    datasource,
    version: QUERY_VERSION,
    ...query,
  }));
  const panes = JSON.stringify({ isotherm: { datasource: uid, queries: numbered, range: { from, to } } });
  return urlUtil.renderUrl(`${config.appSubUrl}/explore`, { schemaVersion: 1, panes });
}

interface TraceSource {
  uid: string;
  type: string;
}

/** The tracing data source that the settings of ours name. */
export function traceSourceOf(uid: string): TraceSource | null {
  const sources = Object.values(config.datasources);
  const wanted = (sources.find((source) => source.uid === uid)?.jsonData as RumOptions | undefined)?.traces;
  const found = wanted ? sources.find((source) => source.uid === wanted) : undefined;
  return found ? { uid: found.uid, type: found.type } : null;
}

/** Explore with one trace. */
export function traceHref(source: TraceSource, trace: string, from: string, to: string): string {
  const queries = [{ refId: 'A', datasource: source, ...traceQuery(trace) }];
  const panes = JSON.stringify({ trace: { datasource: source.uid, queries, range: { from, to } } });
  return urlUtil.renderUrl(`${config.appSubUrl}/explore`, { schemaVersion: 1, panes });
}

export function grafanaHost(uid: string): Host {
  const { orgRole, login, permissions } = config.bootData.user;
  const mayExplore = config.exploreEnabled && Boolean(permissions?.[EXPLORE]);
  const traces = mayExplore ? traceSourceOf(uid) : null;
  return {
    may: { edit: orgRole === 'Editor' || orgRole === 'Admin', configure: orgRole === 'Admin' },
    user: login,
    Page: GrafanaPage,
    ...(mayExplore ? { exploreHref: (queries, from, to) => exploreHref(uid, queries, from, to) } : {}),
    ...(traces ? { traceHref: (trace, from, to) => traceHref(traces, trace, from, to) } : {}),
  };
}
