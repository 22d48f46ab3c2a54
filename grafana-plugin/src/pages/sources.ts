// The Isotherm data sources of this Grafana.
import { getDataSourceSrv } from '@grafana/runtime';

export const SOURCE_TYPE = 'isotherm-rum-datasource';

export interface Source {
  uid: string;
  name: string;
}

/** Those that the viewer may use, the default one first. */
export function isothermSources(): Source[] {
  return getDataSourceSrv()
    .getList({ type: SOURCE_TYPE })
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
    .map(({ uid, name }) => ({ uid, name }));
}
