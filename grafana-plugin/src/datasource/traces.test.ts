import { CoreApp, toDataFrame } from '@grafana/data';
import { setBackendSrv, setDataSourceSrv, type BackendSrv, type DataSourceSrv } from '@grafana/runtime';
import { firstValueFrom, of, throwError, type Observable } from 'rxjs';

import { beginLanguage } from '../language/language';
import { linked } from './traces';

beginLanguage('en');

const TYPES: Record<string, string> = { t: 'tempo', j: 'jaeger', z: 'zipkin' };
const FRAMES = [
  toDataFrame({ fields: [{ name: 'trace_id', values: ['ab', ''] }] }),
  toDataFrame({ fields: [{ name: 'page' }] }),
];

setDataSourceSrv({
  getInstanceSettings: (uid: string) => (TYPES[uid] ? { name: `the ${TYPES[uid]}`, type: TYPES[uid] } : undefined),
} as unknown as DataSourceSrv);

const links = async (traces: string, app: string) => {
  const frames = await firstValueFrom(linked(FRAMES, 'u1', traces, app));
  expect(frames[1]).toBe(FRAMES[1]);
  return frames[0]?.fields[0]?.config.links ?? [];
};
const grafanaHas = (answer: Observable<unknown>) => setBackendSrv({ fetch: () => answer } as unknown as BackendSrv);
const correlationOf = (field: string) => of({ data: { correlations: [{ config: { field } }] } });

test.each([
  ['t', { query: '${__value.raw}', queryType: 'traceql' }],
  ['j', { query: '${__value.raw}' }],
  ['z', { query: '${__value.raw}' }],
])('a trace is asked for as its data source reads it: %s', async (uid, query) => {
  const [link] = await links(uid, CoreApp.Dashboard);
  expect(link?.internal).toEqual({ datasourceUid: uid, datasourceName: `the ${TYPES[uid]}`, query });
});

test('Explore has the link of a correlation, or else ours', async () => {
  grafanaHas(correlationOf('trace_id'));
  expect(await links('t', CoreApp.Explore)).toHaveLength(0);
  expect(await links('t', CoreApp.Dashboard)).toHaveLength(1);
  grafanaHas(correlationOf('page'));
  expect(await links('t', CoreApp.Explore)).toHaveLength(1);
  grafanaHas(throwError(() => ({ status: 403 })));
  expect(await links('t', CoreApp.Explore)).toHaveLength(1);
});
