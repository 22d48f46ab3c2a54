// The data source in the browser: prepares queries; answering them is the backend's business.
import {
  CoreApp,
  type AdHocVariableFilter,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceGetTagKeysOptions,
  type DataSourceGetTagValuesOptions,
  type DataSourceInstanceSettings,
  type MetricFindValue,
  type ScopedVars,
  type TimeRange,
} from '@grafana/data';
import { config, DataSourceWithBackend, getTemplateSrv } from '@grafana/runtime';
import { map, of, switchMap, throwError, type Observable } from 'rxjs';

import { createBackend } from '../contract/backend';
import type { FacetFilter } from '../contract/query';
import { grafanaTransport, SOURCE_KEY } from '../grafana/transport';
import { annotationSupport } from './annotations';
import { interpolateQuery, variablesOf } from './interpolate';
import { lookUp, rangeOf, requestWith, type Choice, type ListRequest, type Lists } from './lookups';
import { migrateQuery } from './migrate';
import { linked } from './traces';
import { QUESTIONS } from './questions';
import { QUERY_VERSION, type RumOptions, type RumQuery } from './types';
import { ListVariableSupport } from './ListVariableSupport';
import { text } from './text';

const PANEL_ID = 'isotherm-heatmap-panel';

/** The name that dashboards of Isotherm give the variable with the application. */
const APPLICATION_VARIABLE = '${application}';

/** A map's frames say where their picture is had from; Explore, too, draws them with our panel. */
function forPanel(answer: DataQueryResponse, targets: RumQuery[], uid: string, app: string): DataQueryResponse {
  const maps = targets.filter(({ question }) => question === 'heat' || question === 'scroll').map(({ refId }) => refId);
  const panel = app === CoreApp.Explore ? { preferredVisualisationPluginId: PANEL_ID } : {};
  const described = ({ meta }: DataFrame) => ({ ...meta, ...panel, custom: { ...meta?.custom, [SOURCE_KEY]: uid } });
  return {
    ...answer,
    data: answer.data.map((frame: DataFrame) =>
      frame.refId && maps.includes(frame.refId) ? { ...frame, meta: described(frame) } : frame
    ),
  };
}

export class RumDataSource extends DataSourceWithBackend<RumQuery, RumOptions> implements Lists {
  readonly defaultApplication: string;
  private readonly traces: string | undefined;
  private readonly transport;
  private readonly backend;

  constructor(settings: DataSourceInstanceSettings<RumOptions>) {
    super(settings);
    this.defaultApplication = settings.jsonData.defaultApplication ?? '';
    this.traces = settings.jsonData.traces || undefined;
    this.transport = grafanaTransport(settings.uid);
    this.backend = createBackend(this.transport);
    this.variables = new ListVariableSupport(this);
    this.annotations = annotationSupport;
  }

  getDefaultQuery(app: CoreApp): Partial<RumQuery> {
    const question = app === CoreApp.UnifiedAlerting || app === CoreApp.CloudAlerting ? 'timeseries' : 'heat';
    return { ...QUESTIONS[question].defaults, question, version: QUERY_VERSION };
  }

  query(request: DataQueryRequest<RumQuery>): Observable<DataQueryResponse> {
    // A public dashboard answers by panel. Annotations belong to none: Grafana would ask for "panels/undefined" and fail.
    if (config.publicDashboardAccessToken && request.panelId === undefined) {
      return of({ data: [] });
    }
    try {
      const targets = request.targets.map(migrateQuery);
      const answers = super.query({ ...request, targets });
      return answers.pipe(
        switchMap((answer) => this.linked(answer, request.app)),
        map((answer) => forPanel(answer, targets, this.uid, request.app))
      );
    } catch (error) {
      return throwError(() => error);
    }
  }

  /** Trace ids lead to their traces, if the settings say where these are. */
  private linked(answer: DataQueryResponse, app: string): Observable<DataQueryResponse> {
    return this.traces
      ? linked(answer.data, this.uid, this.traces, app).pipe(map((data) => ({ ...answer, data })))
      : of(answer);
  }

  /** A query that still lacks something is an editor being filled in: nothing to ask, and nothing to complain of. */
  filterQuery(query: RumQuery): boolean {
    const { needs } = QUESTIONS[migrateQuery(query).question];
    const given = { ...query, application: query.application || this.defaultApplication };
    return !query.hide && needs.every((name) => given[name] !== undefined && given[name] !== '');
  }

  applyTemplateVariables(query: RumQuery, scopedVars: ScopedVars, filters?: AdHocVariableFilter[]): RumQuery {
    return interpolateQuery(query, getTemplateSrv(), scopedVars, filters);
  }

  interpolateVariablesInQueries(
    queries: RumQuery[],
    scopedVars: ScopedVars,
    filters?: AdHocVariableFilter[]
  ): RumQuery[] {
    return queries.map((query) => ({
      ...this.applyTemplateVariables(query, scopedVars, filters),
      datasource: this.getRef(),
    }));
  }

  getQueryDisplayText(query: RumQuery): string {
    return [text.titles[query.question], query.application, query.page].filter(Boolean).join(' · ');
  }

  choices(request: ListRequest, scopedVars: ScopedVars = {}): Promise<Choice[]> {
    const asked = requestWith(request, variablesOf(getTemplateSrv(), scopedVars));
    const application = asked.application || this.defaultApplication;
    return lookUp(this.backend, this.transport, { ...asked, application });
  }

  async getTagKeys(options?: DataSourceGetTagKeysOptions<RumQuery>): Promise<MetricFindValue[]> {
    const scope = await this.tagScope(options?.queries, options?.timeRange);
    return this.choices({ list: 'facets', ...scope });
  }

  async getTagValues(options: DataSourceGetTagValuesOptions<RumQuery>): Promise<MetricFindValue[]> {
    const scope = await this.tagScope(options.queries, options.timeRange);
    const others = options.filters.filter(({ key, value }) => key !== options.key && value !== '');
    const query = { refId: '', version: QUERY_VERSION, question: 'pages' as const };
    const filters: FacetFilter[] = interpolateQuery(query, getTemplateSrv(), {}, others).filters ?? [];
    return this.choices({ list: 'values', facet: options.key, filters, ...scope });
  }

  /** What ad hoc filters are about: the dashboard's queries, else its variable, else the only application there is. */
  private async tagScope(queries: RumQuery[] | undefined, timeRange: TimeRange | undefined) {
    const range = rangeOf(timeRange);
    const asked = queries?.find(({ application }) => application)?.application;
    const variable = getTemplateSrv().replace(APPLICATION_VARIABLE);
    const known = asked ?? (variable === APPLICATION_VARIABLE ? this.defaultApplication : variable);
    const application = known || (await this.choices({ list: 'applications', range }))[0]?.value;
    return { application, range };
  }
}
