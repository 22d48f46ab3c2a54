// The Isotherm data sources of this Grafana, and where the app's own pages are.
import { getDataSourceSrv } from '@grafana/runtime';

export const APP_PATH = '/a/isotherm-heatmap-app';
export const SOURCE_TYPE = 'isotherm-rum-datasource';

/** Key of the heatmap's address that names a trace instead of an application and a page. */
export const TRACE = 'trace';

export interface Source {
  uid: string;
  name: string;
}

/** Those that the viewer may use, the default one first. */
export function isothermSources(): Source[] {
  return getDataSourceSrv()
    .getList({ pluginId: SOURCE_TYPE }) // by type it adds Grafana's own
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
    .map(({ uid, name }) => ({ uid, name }));
}

/** The one that an address names, else the first; undefined where there is none. */
export function chosenSource(search: string): Source | undefined {
  const wanted = new URLSearchParams(search).get('source');
  const known = isothermSources();
  return known.find(({ uid }) => uid === wanted) ?? known[0];
}
