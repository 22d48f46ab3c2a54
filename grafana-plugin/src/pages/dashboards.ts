// Putting a panel on a dashboard, new or existing, through Grafana's own API, which also checks who may.

import { getBackendSrv } from '@grafana/runtime';

import type { Panel } from './panels';

export interface Found {
  uid: string;
  title: string;
  folderTitle?: string;
}

export interface Saved {
  url: string;
  title: string;
}

type Place = { title: string; folder: string } | { uid: string };

interface Dashboard {
  title: string;
  panels?: Array<Pick<Panel, 'id' | 'gridPos'>>;
  [key: string]: unknown;
}

const MOST = 50;

const find = (type: 'dash-db' | 'dash-folder', query: string): Promise<Found[]> =>
  getBackendSrv().get('/api/search', { type, query, limit: MOST, permission: 'Edit' });

/** Dashboards that the user may edit. */
export const findDashboards = (query: string): Promise<Found[]> => find('dash-db', query);

/** Folders that the user may put dashboards into. */
export const findFolders = (query: string): Promise<Found[]> => find('dash-folder', query);

/** A dashboard with one more panel, below the others and as wide as the grid allows it. */
export function withPanel(dashboard: Dashboard, panel: Panel): Dashboard {
  const panels = dashboard.panels ?? [];
  const bottom = Math.max(0, ...panels.map(({ gridPos }) => (gridPos ? gridPos.y + gridPos.h : 0)));
  const id = Math.max(0, ...panels.map((one) => one.id ?? 0)) + 1;
  return { ...dashboard, panels: [...panels, { ...panel, id, gridPos: { ...panel.gridPos, x: 0, y: bottom } }] };
}

/** Add a panel; `time` is the range of a new dashboard. Raises what Grafana answers, such as a missing permission. */
export async function addPanel(place: Place, panel: Panel, time: { from: string; to: string }): Promise<Saved> {
  const server = getBackendSrv();
  const quiet = { showErrorAlert: false, showSuccessAlert: false };
  if ('uid' in place) {
    const { dashboard, meta } = await server.get<{ dashboard: Dashboard; meta: { folderUid?: string } }>(
      `/api/dashboards/uid/${encodeURIComponent(place.uid)}`,
      undefined,
      undefined,
      quiet
    );
    const body = { dashboard: withPanel(dashboard, panel), folderUid: meta.folderUid, overwrite: false };
    const { url } = await server.post<{ url: string }>('/api/dashboards/db', body, quiet);
    return { url, title: dashboard.title };
  }
  const empty: Dashboard = {
    title: place.title,
    timezone: '',
    schemaVersion: 41,
    time,
    tags: ['isotherm'],
    panels: [],
  };
  const body = { dashboard: withPanel(empty, panel), folderUid: place.folder || undefined, overwrite: false };
  const { url } = await server.post<{ url: string }>('/api/dashboards/db', body, quiet);
  return { url, title: place.title };
}
