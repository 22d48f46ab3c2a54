// What Grafana lends to the workspace: its user and their role, its frame around pages, and Explore.

import { urlUtil } from '@grafana/data';
import { config } from '@grafana/runtime';

import type { AnyQuery, QueryOf } from '../contract/query';
import { asExpression } from '../datasource/migrate';
import { traceQuery } from '../datasource/traces';
import { QUERY_VERSION, type RumOptions } from '../datasource/types';
import type { Host } from '../workspace/host';
import { GrafanaPage } from './GrafanaPage';
import { SOURCE_TYPE } from '../grafana/sources';

const EXPLORE = 'datasources:explore';
const ALERT = 'alert.rules:create';
const FRUSTRATION: ReadonlySet<string> = new Set(['rage', 'dead', 'error']);

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

/**
 * Grafana's form of a new alert rule, filled in: clicks in a zone that fall to nothing within an hour, or many with a
 * signal of frustration.
 *
 * Grafana 12.3 keeps only the keys of a query that it knows. `expression` is one of them, so the query is in it, too;
 * what is no query of Prometheus or Loki (`range` must be a boolean there) is taken for an expression, which needs all
 * of these conditions.
 */
export function alertHref(uid: string, zone: QueryOf<'zone'>, name: string): string {
  const datasource = { type: SOURCE_TYPE, uid };
  const expression = { type: '__expr__', uid: '__expr__' };
  const query = { version: QUERY_VERSION, ...zone, number: 'clicks' };
  const condition = {
    type: 'query',
    evaluator: zone.signal && FRUSTRATION.has(zone.signal) ? { type: 'gt', params: [10] } : { type: 'lt', params: [1] },
    operator: { type: 'and' },
    query: { params: ['B'] },
    reducer: { type: 'last', params: [] },
  };
  const defaults = {
    name,
    condition: 'B',
    queries: [
      {
        refId: 'A',
        queryType: '',
        datasourceUid: uid,
        relativeTimeRange: { from: 3600, to: 0 },
        model: { refId: 'A', datasource, ...query, expression: asExpression(query) },
      },
      {
        refId: 'B',
        queryType: '',
        datasourceUid: expression.uid,
        model: {
          refId: 'B',
          datasource: expression,
          type: 'threshold',
          expression: 'A',
          conditions: [condition],
          range: null,
        },
      },
    ],
  };
  return urlUtil.renderUrl(`${config.appSubUrl}/alerting/new`, { defaults: JSON.stringify(defaults) });
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
  const queries = [{ refId: 'A', datasource: source, ...traceQuery(trace, source.type) }];
  const panes = JSON.stringify({ trace: { datasource: source.uid, queries, range: { from, to } } });
  return urlUtil.renderUrl(`${config.appSubUrl}/explore`, { schemaVersion: 1, panes });
}

export function grafanaHost(uid: string): Host {
  const { orgRole, login, permissions } = config.bootData.user;
  const mayExplore = config.exploreEnabled && Boolean(permissions?.[EXPLORE]);
  const mayAlert = config.unifiedAlertingEnabled && Boolean(permissions?.[ALERT]);
  const traces = mayExplore ? traceSourceOf(uid) : null;
  return {
    may: { edit: orgRole === 'Editor' || orgRole === 'Admin', configure: orgRole === 'Admin' },
    user: login,
    Page: GrafanaPage,
    ...(mayExplore ? { exploreHref: (queries, from, to) => exploreHref(uid, queries, from, to) } : {}),
    ...(mayAlert ? { alertHref: (zone, name) => alertHref(uid, zone, name) } : {}),
    ...(traces ? { traceHref: (trace, from, to) => traceHref(traces, trace, from, to) } : {}),
  };
}
