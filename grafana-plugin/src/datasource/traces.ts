// From a trace id in an answer to the trace: a data link to the tracing data source that the settings name.
import type { DataFrame, DataLink } from '@grafana/data';

import { text } from './text';

/** What finds a trace by its id: Tempo reads `query`, Jaeger and Zipkin, too. */
export const traceQuery = (trace: string) => ({ query: trace, queryType: 'traceql' });

/** The fields of answers that hold trace ids. */
const FIELDS: readonly string[] = ['trace_id'];

/** The frame with links on its trace ids; empty ids lead nowhere and are left without by Grafana. */
export function withTraceLinks(frame: DataFrame, uid: string | undefined, name: string): DataFrame {
  if (!uid || !frame.fields.some((field) => FIELDS.includes(field.name))) {
    return frame;
  }
  const link: DataLink = {
    title: text.trace,
    url: '',
    internal: { datasourceUid: uid, datasourceName: name, query: traceQuery('${__value.raw}') },
  };
  const fields = frame.fields.map((field) =>
    FIELDS.includes(field.name)
      ? { ...field, config: { ...field.config, links: [...(field.config.links ?? []), link] } }
      : field
  );
  return { ...frame, fields };
}
