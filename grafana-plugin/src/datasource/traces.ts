// From a trace id in an answer to the trace: a data link to the tracing data source that the settings name.
import { CoreApp, type DataFrame, type DataLink } from '@grafana/data';
import { getBackendSrv, getDataSourceSrv } from '@grafana/runtime';
import { firstValueFrom, from, map, of, type Observable } from 'rxjs';

import { text } from './text';

/** The fields of answers that hold trace ids. */
const FIELDS: readonly string[] = ['trace_id'];

/** What finds a trace by its id. Tempo has a type for that; Jaeger answers a query with a type it does not know by nothing. */
export const traceQuery = (trace: string, type: string | undefined) =>
  type === 'tempo' ? { query: trace, queryType: 'traceql' } : { query: trace };

const hasTraces = ({ fields }: DataFrame): boolean => fields.some(({ name }) => FIELDS.includes(name));

/** The frame with links on its trace ids; empty ids lead nowhere and are left without by Grafana. */
export function withTraceLinks(frame: DataFrame, uid: string): DataFrame {
  if (!hasTraces(frame)) {
    return frame;
  }
  const settings = getDataSourceSrv().getInstanceSettings(uid);
  const query = traceQuery('${__value.raw}', settings?.type);
  const internal = { datasourceUid: uid, datasourceName: settings?.name ?? uid, query };
  const link: DataLink = { title: text.trace, url: '', internal };
  const fields = frame.fields.map((field) =>
    FIELDS.includes(field.name)
      ? { ...field, config: { ...field.config, links: [...(field.config.links ?? []), link] } }
      : field
  );
  return { ...frame, fields };
}

interface Correlations {
  correlations?: Array<{ config: { field: string } }>;
}

/** Whether Grafana has a correlation of these trace ids. Who may not read correlations has none in Explore. */
async function correlated(source: string): Promise<boolean> {
  const url = '/api/datasources/correlations';
  const request = getBackendSrv().fetch<Correlations>({ url, params: { sourceUID: source }, showErrorAlert: false });
  try {
    const { correlations = [] } = (await firstValueFrom(request)).data;
    return correlations.some(({ config }) => FIELDS.includes(config.field));
  } catch {
    return false;
  }
}

/** The frames with links on their trace ids. Explore puts correlations there itself, and one link is enough. */
export function linked(frames: DataFrame[], source: string, traces: string, app: string): Observable<DataFrame[]> {
  const others = app === CoreApp.Explore && frames.some(hasTraces) ? from(correlated(source)) : of(false);
  return others.pipe(map((has) => (has ? frames : frames.map((frame) => withTraceLinks(frame, traces)))));
}
