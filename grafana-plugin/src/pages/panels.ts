// Panels for a dashboard from what the heatmap page shows. How they look is taken from the dashboard that is shipped, so
// that there is one copy of it; what they ask is the page's own state instead of the dashboard's variables.

import board from '../../../dashboards/page-heatmap.json';
import type { AnyQuery } from '../contract/query';
import { scopeOf, type WorkspaceState } from '../workspace/state';
import { SOURCE_TYPE } from '../grafana/sources';

export const PANEL_KINDS = ['map', 'list', 'scroll', 'signals', 'clicks', 'numbers'] as const;
export type PanelKind = (typeof PANEL_KINDS)[number];

/** Ids of the panels in dashboards/page-heatmap.json. */
const IDS: Record<PanelKind, number> = { map: 2, list: 3, scroll: 4, signals: 5, clicks: 6, numbers: 1 };
const SCROLL_MAP = 7;

export interface Target {
  refId: string;
  question: AnyQuery['question'];
  [key: string]: unknown;
}

export interface Panel {
  id?: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: unknown;
  targets: Target[];
  options: Record<string, unknown>;
  fieldConfig: { defaults: Record<string, unknown>; overrides: unknown[] };
  links?: Array<{ title: string; url: string }>;
}

/** A query of the dashboard with the page's state in the place of variables. What it does not ask for stays away. */
function targetOf(saved: Target, state: WorkspaceState, datasource: object): Target {
  const { application, page, filters, width, signal, metric } = scopeOf(state);
  const { in_public: _, ...asked } = saved; // nothing is left of the variables
  const target: Target = { ...asked, refId: saved.refId, question: saved.question, datasource, application, page };
  if (filters?.length) {
    target.filters = filters;
  }
  if (width) {
    target.width = width;
  }
  if ('signal' in saved) {
    target.signal = signal;
  }
  if (saved.question === 'heat' && metric !== 'clicks') {
    target.metric = metric;
  }
  if ('background' in saved) {
    target.background = state.background;
  }
  return target;
}

/** A panel of a kind that shows what the page shows; `back` is the address of the page. */
export function panelOf(
  kind: PanelKind,
  state: WorkspaceState,
  uid: string,
  back: { title: string; url: string }
): Panel {
  const id = kind === 'map' && state.map === 'scroll' ? SCROLL_MAP : IDS[kind];
  const saved = board.panels.find((panel) => panel.id === id) as unknown as Panel;
  const datasource = { type: SOURCE_TYPE, uid };
  const drawn = kind === 'map' ? { map: state.map, ...state.look, zoom: state.zoom } : {};
  return {
    type: saved.type,
    title: `${saved.title}: ${state.page}`,
    gridPos: { ...saved.gridPos, x: 0, y: 0 },
    datasource,
    targets: saved.targets.map((target) => targetOf(target, state, datasource)),
    options: { ...saved.options, ...drawn },
    // Links of the shipped dashboard name its own variables.
    fieldConfig: { ...saved.fieldConfig, defaults: { ...saved.fieldConfig.defaults, links: [] } },
    ...('transformations' in saved ? { transformations: saved.transformations } : {}),
    links: [back],
  };
}
